package web_test

import (
	"bytes"
	"context"
	"database/sql"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"kuulas.example/cmd/kuulas-demo/data"
	"kuulas.example/internal/archive"
	"kuulas.example/internal/auth"
	"kuulas.example/internal/evidence"
	"kuulas.example/internal/i18n"
	"kuulas.example/internal/paths"
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
	t       testing.TB
	base    string
	db      *store.DB
	file    string
	people  []data.Person
	log     *logged
	clock   *clock
	ready   error
	metrics *web.Metrics
	level   slog.Level
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

func newHouse(t testing.TB) *house {
	t.Helper()
	people, err := data.People()
	must(t, err)
	h := &house{t: t, people: people, log: &logged{}, metrics: web.NewMetrics(), level: slog.LevelDebug}
	if _, ok := t.(*testing.B); ok {
		h.level = slog.LevelError
	}
	// The provider's own clock is the machine's: the portal's begins there too.
	h.clock = &clock{at: time.Now().Truncate(time.Second)}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	h.base = "http://" + listener.Addr().String()
	keys, err := seal.New([]byte("a data key for tests, 32 bytes: x"[:32]))
	must(t, err)
	h.file = filepath.Join(t.TempDir(), "kuulas.db")
	h.db, err = store.Open(t.Context(), h.file, keys, store.WithClock(h.clock.now))
	must(t, err)
	definitions, _, err := sosmeta.Load(sosmeta.Embedded())
	must(t, err)
	h.fill(keys, definitions)
	server := &http.Server{Handler: h.pages(keys, definitions), ReadHeaderTimeout: time.Minute}
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(func() {
		must(t, server.Close())
		must(t, h.db.Close())
	})
	return h
}

func (h *house) fill(keys *seal.Keys, definitions *sosmeta.Set) {
	h.t.Helper()
	folder := h.t.TempDir()
	must(h.t, os.CopyFS(folder, data.Files()))
	summary, err := archive.Import(h.t.Context(), archive.Options{
		DB: h.db, Keys: keys, Definitions: definitions, Parser: archive.Parser{ArtificialOnly: true},
	}, folder)
	must(h.t, err)
	if !summary.OK() {
		h.t.Fatalf("demo data: %v", summary.Problems)
	}
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
	server, err := web.New(web.Config{
		BaseURL: base, ProviderOrigin: h.base, Auth: login, Texts: texts, Log: log, Metrics: h.metrics, Now: h.clock.now,
		Portal:   portal.New(portal.Config{Store: h.db, Definitions: definitions, Evidence: book, Now: h.clock.now}),
		Operator: web.Operator{ExitURL: exitURL, Idle: 15 * time.Minute, Absolute: 8 * time.Hour},
		Mounts:   map[string]http.Handler{"/id": h.provider(), "/panic": http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("Lehtonen") })}, Ready: func(context.Context) error { return h.ready },
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

// browser is one person's browser as far as HTTP sees it. It follows no redirect by itself.
type browser struct {
	h      *house
	client *http.Client
	header http.Header // sent with every request
}

func (b *browser) cookies() []*http.Cookie {
	base, err := url.Parse(b.h.base)
	must(b.h.t, err)
	return b.client.Jar.Cookies(base)
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   string
}

func (a answer) location() string { return a.header.Get("Location") }

func (h *house) browser() *browser {
	h.t.Helper()
	jar, err := cookiejar.New(nil)
	must(h.t, err)
	return &browser{h: h, header: http.Header{}, client: &http.Client{
		Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

func (b *browser) do(method, address string, form url.Values) answer {
	b.h.t.Helper()
	if strings.HasPrefix(address, "/") {
		address = b.h.base + address
	}
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	r, err := http.NewRequestWithContext(b.h.t.Context(), method, address, body)
	must(b.h.t, err)
	r.Header = b.header.Clone()
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	w, err := b.client.Do(r)
	must(b.h.t, err)
	defer func() { _ = w.Body.Close() }()
	content, err := io.ReadAll(w.Body)
	must(b.h.t, err)
	return answer{w.StatusCode, w.Header, string(content)}
}

func (b *browser) get(address string) answer { return b.do(http.MethodGet, address, nil) }

func (b *browser) post(address string, pairs ...string) answer {
	form := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	return b.do(http.MethodPost, address, form)
}

var tokenForm = regexp.MustCompile(`name="token" value="([^"]+)"`)

// token is the form token on a page of a logged-in person.
func (b *browser) token() string {
	b.h.t.Helper()
	found := tokenForm.FindStringSubmatch(b.get("/fi/p/self").body)
	if found == nil {
		b.h.t.Fatal("no form token on the overview")
	}
	return found[1]
}

// login goes through the provider's pages as a person would, from an address that needs a
// session, and gives the address that the portal leads to in the end.
func (b *browser) login(address, family string) string {
	b.h.t.Helper()
	return b.pick(address, url.Values{"person": {strconv.Itoa(b.h.person(family))}}).location()
}

func (b *browser) pick(address string, choice url.Values) answer {
	b.h.t.Helper()
	a := b.get(address)
	for !strings.Contains(a.location(), "/id/login") {
		if a.status/100 != 3 {
			b.h.t.Fatalf("on the way to the login page: %d", a.status)
		}
		a = b.get(a.location())
	}
	page, err := url.Parse(a.location())
	must(b.h.t, err)
	choice.Set("id", page.Query().Get("id"))
	a = b.do(http.MethodPost, b.h.base+page.Path, choice)
	for strings.Contains(a.location(), "/id/") {
		a = b.get(a.location())
	}
	return b.get(a.location())
}

func (h *house) person(family string) int {
	h.t.Helper()
	for i, p := range h.people {
		if p.Family == family {
			return i
		}
	}
	h.t.Fatalf("the demo has nobody named %s", family)
	return 0
}

// loggedIn is a browser in which a person of the demo is logged in.
func (h *house) loggedIn(family string) *browser {
	h.t.Helper()
	b := h.browser()
	if got := b.login("/fi/login", family); got != "/fi/p/self" {
		h.t.Fatalf("login led to %q", got)
	}
	return b
}

var documentForm = regexp.MustCompile(`/p/self/documents/([a-z2-7]{26})`)

// documents are the identifiers on a person's list.
func (b *browser) documents() []string {
	b.h.t.Helper()
	var ids []string
	for _, found := range documentForm.FindAllStringSubmatch(b.get("/fi/p/self/documents").body, -1) {
		ids = append(ids, found[1])
	}
	if len(ids) == 0 {
		b.h.t.Fatal("no documents on the list")
	}
	return ids
}

// recorder keeps what a handler writes.
type recorder struct {
	header http.Header
	body   bytes.Buffer
}

func newRecorder() *recorder { return &recorder{header: http.Header{}} }

func (r *recorder) Header() http.Header         { return r.header }
func (r *recorder) Write(p []byte) (int, error) { return r.body.Write(p) }
func (r *recorder) WriteHeader(int)             {}
