package acting_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"regexp"
	"strconv"
	"sync"
	"testing"
	"time"

	"kuulas.example/internal/acting"
	"kuulas.example/internal/evidence"
	"kuulas.example/internal/mandate"
	"kuulas.example/internal/record"
	"kuulas.example/internal/seal"
	"kuulas.example/internal/standin"
	"kuulas.example/internal/store"
	"kuulas.example/internal/testkit"
)

// The persons of the tests: two adults who act, and those for whom they do.
const (
	theAgent   = "241285-9015"
	theOther   = "290296+9026" // acts too
	theChild   = "060615A9131"
	theSibling = "060615A9142" // information only
	theAdult   = "150852-998R"
	theDead    = "010399+900M"
)

const (
	theTheme = "http://valtuusrekisteri.suomi.fi/kokeilun_sosiaaliasiat"
	infoRole = "TIEDONSAANTI"
	restKey  = "a key for the system-level query"
	apiKey   = "5f0c2b1e-0000-4000-8000-9d3e7a61c0de"
)

// turnsAdult is a child who turns 18 on 22 November 2026, ten hours after the tests begin.
var turnsAdult = identity("221108A", 913)

// identity completes a code by its check character.
func identity(day string, number int) string {
	n, err := strconv.Atoi(fmt.Sprintf("%s%03d", day[:6], number))
	if err != nil {
		panic(err) // written in this file
	}
	return fmt.Sprintf("%s%03d%c", day, number, "0123456789ABCDEFHJKLMNPRSTUVWXY"[n%31])
}

func code(t testing.TB, s string) record.IdentityCode {
	t.Helper()
	c, err := record.ParseIdentityCode(s)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// house is the rights under test with a database, an evidence log, the stand-in of the register
// and a clock.
type house struct {
	t        testing.TB
	path     string
	db       *store.DB
	keys     *seal.Keys
	log      *brittle
	fake     *standin.Authorizations
	server   *httptest.Server
	register mandate.Config
	rights   *acting.Rights
	logins   int

	mu   sync.Mutex
	time time.Time
}

func (h *house) now() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.time
}

func (h *house) pass(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.time = h.time.Add(d)
}

func pairs(t testing.TB) []standin.Pair {
	agent, other := code(t, theAgent), code(t, theOther)
	return []standin.Pair{
		{Delegate: agent, Principal: code(t, theChild), Name: "Kuusimäki Aino", Roles: []string{"ALL"}},
		{Delegate: agent, Principal: code(t, theSibling), Name: "Kuusimäki Onni", Roles: []string{infoRole}},
		{Delegate: agent, Principal: code(t, theAdult), Name: "Veikko Kuusimäki", Roles: []string{theTheme}},
		{Delegate: agent, Principal: code(t, turnsAdult), Roles: []string{"ALL", theTheme}},
		{Delegate: agent, Principal: code(t, theDead), Name: "Vanha Vainaja"},
		{Delegate: other, Principal: code(t, theChild), Name: "Kuusimäki Aino", Roles: []string{"ALL"}},
	}
}

func newHouse(t testing.TB, changes ...func(*mandate.Config)) *house {
	t.Helper()
	h := &house{t: t, path: filepath.Join(t.TempDir(), "test.db"), time: time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)}
	var err error
	if h.keys, err = seal.New(append([]byte("1"), bytes.Repeat([]byte("k"), seal.KeySize-1)...)); err != nil {
		t.Fatal(err)
	}
	testkit.EmptyDatabase(t, h.path, h.keys)
	if h.db, err = store.Open(t.Context(), h.path, h.keys); err != nil {
		t.Fatal(err)
	}
	h.log = &brittle{Evidence: evidence.New(h.db, h.keys, evidence.NewNode())}
	h.open()
	base, back := h.server.URL+"/demo/authorizations", h.server.URL+"/auth/mandates/callback"
	h.fake, err = standin.NewAuthorizations(standin.AuthorizationsConfig{
		BaseURL: base, ClientID: "a1b2c3d4", APIKey: apiKey, OAuthPassword: "pass", RESTKey: restKey, RedirectURI: back, Now: h.now, Pairs: pairs(t),
	})
	if err != nil {
		t.Fatal(err)
	}
	h.register = mandate.Config{
		BaseURL: base, ClientID: "a1b2c3d4", APIKey: apiKey, OAuthPassword: "pass", RESTKey: restKey, Theme: theTheme, InfoRole: infoRole,
		RedirectURI: back, Timeout: time.Minute,
	}
	for _, change := range changes {
		change(&h.register)
	}
	h.rights = h.newRights(h.register)
	t.Cleanup(h.close)
	return h
}

func (h *house) newRights(register mandate.Config) *acting.Rights {
	h.t.Helper()
	r, err := acting.New(acting.Config{Store: h.db, Keys: h.keys, Evidence: h.log, Now: h.now, Register: register})
	if err != nil {
		h.t.Fatal(err)
	}
	return r
}

// open starts the register's server, which also stands for the portal's callback.
func (h *house) open() {
	h.server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/auth/mandates/callback" {
			_, _ = io.WriteString(w, "portal")
			return
		}
		h.fake.ServeHTTP(w, r)
	}))
}

func (h *house) close() {
	h.rights.Wait()
	h.server.Close()
	if err := h.db.Close(); err != nil {
		h.t.Errorf("close: %v", err)
	}
}

// login makes a login of a person, with its session in the database as the portal has it.
func (h *house) login(who string) acting.Login {
	h.t.Helper()
	h.logins++
	session := sha256.Sum256([]byte("session " + strconv.Itoa(h.logins)))
	c := code(h.t, who)
	l := acting.Login{
		Viewer: record.Viewer{Code: c, Given: "Kaisa Testi", Family: "Kuusimäki"}, Session: session[:], Address: "192.0.2.17",
		Handle: func(p record.PersonID) string {
			m := hmac.New(sha256.New, session[:])
			_, _ = io.WriteString(m, "handle "+string(p)) // a hash never returns an error
			return hex.EncodeToString(m.Sum(nil)[:20])
		},
	}
	h.change(func(tx *store.Tx) (err error) {
		if l.Viewer.Person, err = h.db.EnsurePerson(tx, c); err != nil {
			return err
		}
		at := h.now()
		return tx.CreateSession(store.SessionRow{Hash: l.Session, Person: l.Viewer.Person, ProviderSubject: session[:4], Created: at, Touched: at})
	})
	return l
}

func (h *house) change(apply func(tx *store.Tx) error) {
	h.t.Helper()
	if err := h.db.Change(h.t.Context(), apply); err != nil {
		h.t.Fatal(err)
	}
}

// sql changes the database behind the portal's back.
func (h *house) sql(statement string, args ...any) {
	h.t.Helper()
	h.change(func(tx *store.Tx) error {
		_, err := tx.Exec(statement, args...)
		return err
	})
}

func (h *house) count(query string, args ...any) (n int) {
	h.t.Helper()
	if err := h.db.Read(h.t.Context(), func(r *store.Read) error { return r.QueryRow(query, args, &n) }); err != nil {
		h.t.Fatal(err)
	}
	return n
}

// rows counts the rights that are kept.
func (h *house) rows() int { return h.count("SELECT count(*) FROM acting") }

// person is who an identity code belongs to; whoever is not known yet becomes known.
func (h *house) person(who string) (p record.PersonID) {
	h.t.Helper()
	h.change(func(tx *store.Tx) (err error) {
		p, err = h.db.EnsurePerson(tx, code(h.t, who))
		return err
	})
	return p
}

// mark puts a protection mark on a person.
func (h *house) mark(who string) {
	h.t.Helper()
	p := h.person(who)
	h.change(func(tx *store.Tx) error { return tx.MarkProtectedByLogin(p) })
}

// wire carries what the tests send. It keeps no connections, since the end of any test's server
// closes those of the common one.
var (
	wire    = &http.Transport{DisableKeepAlives: true}
	visitor = &http.Client{Transport: wire}
)

var choiceID = regexp.MustCompile(`name="id" value="([A-Z0-9]+)"`)

// pick goes to the register's selection page, chooses a person there, or nobody, and gives the
// parameters of the callback.
func (h *house) pick(l acting.Login, address, who string) url.Values {
	h.t.Helper()
	body, _ := h.visit(visitor.Get(address))
	id := choiceID.FindStringSubmatch(body)
	if id == nil {
		h.t.Fatalf("no selection page: %s", body)
	}
	form := url.Values{"id": {id[1]}, "cancel": {"1"}}
	number := 0
	for _, p := range pairs(h.t) {
		if p.Delegate != l.Viewer.Code {
			continue
		}
		if who != "" && p.Principal == code(h.t, who) {
			form = url.Values{"id": {id[1]}, "person": {strconv.Itoa(number)}}
		}
		number++
	}
	_, back := h.visit(visitor.PostForm(h.register.BaseURL+"/choose", form))
	return back
}

func (h *house) visit(answer *http.Response, err error) (body string, query url.Values) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	b, err := io.ReadAll(answer.Body)
	if err != nil {
		h.t.Fatal(err)
	}
	return string(b), answer.Request.URL.Query()
}

// callback goes to the register for a person and comes back, before the portal took it.
func (h *house) callback(l acting.Login, who string) url.Values {
	h.t.Helper()
	address, err := h.rights.Begin(h.t.Context(), l, record.Swedish)
	if err != nil {
		h.t.Fatalf("begin: %v", err)
	}
	return h.pick(l, address, who)
}

// choose goes the whole way.
func (h *house) choose(l acting.Login, who string) (acting.Finished, error) {
	h.t.Helper()
	return h.rights.Finish(h.t.Context(), l, h.callback(l, who))
}
