package web_test

import (
	"bytes"
	"cmp"
	"context"
	"database/sql"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"kuulas.example/cmd/kuulas-demo/data"
	"kuulas.example/internal/acting"
	"kuulas.example/internal/archive"
	"kuulas.example/internal/auth"
	"kuulas.example/internal/evidence"
	"kuulas.example/internal/i18n"
	"kuulas.example/internal/paths"
	"kuulas.example/internal/pdf"
	"kuulas.example/internal/portal"
	"kuulas.example/internal/record"
	"kuulas.example/internal/seal"
	"kuulas.example/internal/sosmeta"
	"kuulas.example/internal/standin"
	"kuulas.example/internal/store"
	"kuulas.example/locales"
	"kuulas.example/web"
)

// house is the whole portal behind a real listener: store, evidence, login at the stand-in
// provider, the demo's data. Nothing in it is a mock.
type house struct {
	t          testing.TB
	base       string
	db         *store.DB
	file       string
	folder     string // where the file lies; empty: anywhere
	people     []data.Person
	log        *logged
	clock      *clock
	ready      error
	metrics    *web.Metrics
	level      slog.Level
	provided   string // the provider's origin as the policy of forms names it
	register   *standin.Authorizations
	rights     *acting.Rights
	patience   time.Duration // for one call of the register; zero: the usual
	guardian   bool          // guardians give the permit (D10)
	notice     portal.Notice
	noMachines bool                                // there is no machine interface
	makeFile   func(*pdf.Document) ([]byte, error) // nil: the usual
}

const exitURL = "https://exit.example/"

type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// logged keeps everything that was logged.
type logged struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func newHouse(t testing.TB, options ...func(*house)) *house {
	t.Helper()
	people, err := data.People(record.Today(time.Now()))
	must(t, err)
	h := &house{t: t, people: people, log: &logged{}, metrics: web.NewMetrics(), level: slog.LevelDebug, notice: testNotice}
	if _, ok := t.(*testing.B); ok {
		h.level = slog.LevelError
	}
	// The provider's own clock is the machine's: the portal's begins there too.
	h.clock = &clock{at: time.Now().Truncate(time.Second)}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	h.base = "http://" + listener.Addr().String()
	h.provided = h.base
	h.register = h.newRegister()
	for _, option := range options {
		option(h)
	}
	keys, definitions := filledOnce(t)
	h.file = filepath.Join(cmp.Or(h.folder, t.TempDir()), "kuulas.db")
	content, err := os.ReadFile(filled.file)
	must(t, err)
	must(t, os.WriteFile(h.file, content, 0o600))
	h.db, err = store.Open(t.Context(), h.file, keys, store.WithClock(h.clock.now))
	must(t, err)
	server := &http.Server{Handler: h.pages(keys, definitions), ReadHeaderTimeout: time.Minute}
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(func() {
		h.rights.Wait()
		must(t, server.Close())
		must(t, h.db.Close())
	})
	return h
}

// filled is a database with the demo's data, made once: every house begins with a copy.
var filled struct {
	once        sync.Once
	file        string
	keys        *seal.Keys
	definitions *sosmeta.Set
}

func filledOnce(t testing.TB) (*seal.Keys, *sosmeta.Set) {
	t.Helper()
	filled.once.Do(func() { fill(t) })
	return filled.keys, filled.definitions
}

// filledVariable names the database for a test in a process of its own, which need not fill another.
const filledVariable = "KUULAS_TEST_FILLED"

func fill(t testing.TB) {
	t.Helper()
	var err error
	filled.keys, err = testKeys()
	must(t, err)
	filled.definitions, _, err = sosmeta.Load(sosmeta.Embedded())
	must(t, err)
	if filled.file = os.Getenv(filledVariable); filled.file != "" {
		return
	}
	folder := filepath.Join(shared, "data")
	must(t, os.CopyFS(folder, data.Files(record.Today(time.Now()))))
	filled.file = filepath.Join(shared, "kuulas.db")
	db, err := store.Open(context.Background(), filled.file, filled.keys)
	must(t, err)
	summary, err := archive.Import(context.Background(), archive.Options{
		DB: db, Keys: filled.keys, Definitions: filled.definitions, Parser: archive.Parser{ArtificialOnly: true},
	}, folder)
	must(t, err)
	must(t, db.Close())
	if !summary.OK() {
		t.Fatalf("demo data: %v", summary.Problems)
	}
}

// testKeys are the keys of every database of the tests.
func testKeys() (*seal.Keys, error) {
	return seal.New([]byte("a data key for tests, 32 bytes: x"[:32]))
}

// shared is a folder for what all tests of the package begin with.
var shared string

func TestMain(m *testing.M) {
	var err error
	if shared, err = os.MkdirTemp("", "kuulas-web-*"); err != nil {
		panic(err)
	}
	code := m.Run()
	_ = os.RemoveAll(shared)
	os.Exit(code)
}

func (h *house) pages(keys *seal.Keys, definitions *sosmeta.Set) http.Handler {
	h.t.Helper()
	log := slog.New(slog.NewJSONHandler(h.log, &slog.HandlerOptions{Level: h.level}))
	book := evidence.New(h.db, keys, "test")
	login, err := auth.New(auth.Config{
		Issuer: h.base + "/id", ClientID: "kuulas", ClientSecret: "secret", ACR: []string{"loa3"}, BaseURL: h.base,
		SessionKeys: [][]byte{bytes.Repeat([]byte{9}, 32)}, Idle: 15 * time.Minute, Absolute: 8 * time.Hour, Now: h.clock.now,
	}, h.db, keys, book)
	must(h.t, err)
	texts, err := i18n.Load(locales.Files)
	must(h.t, err)
	base, err := url.Parse(h.base)
	must(h.t, err)
	rights, err := acting.New(acting.Config{Store: h.db, Keys: keys, Evidence: book, Now: h.clock.now, Register: h.registerAgreement()})
	must(h.t, err)
	h.rights = rights
	server, err := web.New(web.Config{
		BaseURL: base, ProviderOrigin: h.provided, RegisterOrigin: h.base, Auth: login, Acting: rights, Texts: texts, Log: log, Metrics: h.metrics, Now: h.clock.now,
		Portal:       portal.New(portal.Config{Store: h.db, Definitions: definitions, Evidence: book, Now: h.clock.now, Notice: h.notice, GuardianPermit: h.guardian, Entries: entriesOf(h.db, keys, definitions)}),
		Machine:      h.machine(keys, book),
		Operator:     web.Operator{ExitURL: exitURL, Idle: 15 * time.Minute, Absolute: 8 * time.Hour},
		InformedRole: true, MakeFile: h.makeFile,
		Mounts: map[string]http.Handler{"/id": h.provider(), "/register": h.register, "/panic": http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("Lehtonen") })}, Ready: func(context.Context) error { return h.ready },
	})
	must(h.t, err)
	return server
}

// outside is another program's connection to the database.
func (h *house) outside() *sql.DB {
	h.t.Helper()
	db, err := sql.Open("sqlite", "file:"+h.file+"?_pragma=busy_timeout(5000)")
	must(h.t, err)
	h.t.Cleanup(func() { must(h.t, db.Close()) })
	return db
}

func (h *house) provider() http.Handler {
	h.t.Helper()
	var people []standin.Person
	for _, p := range h.people {
		person := standin.Person{Given: p.Given, Family: p.Family, About: p.About}
		if p.Code != "" {
			code, err := record.ParseIdentityCode(p.Code)
			must(h.t, err)
			person.Code = code
		}
		people = append(people, person)
	}
	provider, err := standin.New(standin.Config{
		Issuer: h.base + "/id", ClientID: "kuulas", ClientSecret: "secret", RedirectURI: h.base + paths.Callback,
		PostLogoutURI: h.base + "/", BackchannelURI: h.base + paths.BackchannelLogout, ACR: []string{"loa3"}, People: people,
	})
	must(h.t, err)
	return provider
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
