package auth

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"kuulas.example/internal/record"
	"kuulas.example/internal/standin"
	"kuulas.example/internal/store"
)

func TestACitizenLogsInAndComesBackToThePageFirstAskedFor(t *testing.T) {
	h := newHouse(t)
	b := h.browser()
	page := b.begin("?to=" + url.QueryEscape("/fi/p/self/documents?task=disability"))
	if !strings.Contains(page.body, `<html lang="fi">`) || !strings.Contains(page.body, "Kuusimäki") {
		t.Fatalf("not the provider's Finnish page: %s", page.body)
	}
	got := b.pick(page, ilona)
	if got.url.RequestURI() != "/fi/p/self/documents?task=disability" || b.name() != "Ilona Kuusimäki" {
		t.Errorf("ended at %s as %q", got.url, b.name())
	}
	if got, want := h.log.actions(), []record.Action{record.ActionLogin}; !slices.Equal(got, want) || h.count("event") != 1 {
		t.Errorf("recorded %v, want %v", got, want)
	}
	e := h.log.events[0]
	if e.Actor.Person == "" || e.Subject != e.Actor.Person || e.Role != record.Self || e.Address == "" {
		t.Errorf("event %+v lacks who, whose, role or address", e)
	}
}

func TestTheProvidersPageIsInTheLanguageOfThePortalsPage(t *testing.T) {
	h := newHouse(t)
	b := h.browser()
	if page := b.get(h.portal.URL + "/sv/login"); !strings.Contains(page.body, `<html lang="sv">`) {
		t.Errorf("not Swedish: %s", page.body)
	}
}

func TestProvidersOfOtherHabitsWork(t *testing.T) {
	for name, c := range map[string]change{
		"claims in userinfo":   func(_ *Config, s *standin.Config) { s.UserinfoOnly = true },
		"secret in the body":   func(_ *Config, s *standin.Config) { s.SecretInBody = true },
		"RSA keys":             func(_ *Config, s *standin.Config) { s.RSA = true },
		"several levels asked": func(c *Config, s *standin.Config) { c.ACR = slices.Clone(s.ACR) },
		"another identity claim": func(c *Config, s *standin.Config) {
			c.Claims.ID, s.IdentityClaim = "personal_identity_code", "personal_identity_code"
		},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t, c)
			b := h.browser()
			if b.login(arvid); b.name() != "Arvid Björk" {
				_, err := h.result()
				t.Errorf("logged in as %q: %v", b.name(), err)
			}
		})
	}
}

// set changes one claim; a nil value removes it.
func set(name string, value any) func(map[string]any) {
	return func(claims map[string]any) {
		if value == nil {
			delete(claims, name)
			return
		}
		claims[name] = value
	}
}

func TestAnAnswerThatIsWrongInAnyPartGivesNoSession(t *testing.T) {
	long := time.Now().Add(-time.Hour).Unix()
	cases := []struct {
		name   string
		faults standin.Faults
		want   error
		reason string
	}{
		{"no level", standin.Faults{IDToken: set("acr", nil)}, ErrFailed, "level"},
		{"a level that was not asked", standin.Faults{IDToken: set("acr", "http://ftn.ficora.fi/2017/loatest3")}, ErrFailed, "level"},
		{"a level with the right beginning", standin.Faults{IDToken: set("acr", testACR+"0")}, ErrFailed, "level"},
		{"a level that is no text", standin.Faults{IDToken: set("acr", []string{testACR})}, ErrFailed, "claims"},
		{"another nonce", standin.Faults{IDToken: set("nonce", "another")}, ErrFailed, "nonce"},
		{"no nonce", standin.Faults{IDToken: set("nonce", nil)}, ErrFailed, "nonce"},
		{"another audience", standin.Faults{IDToken: set("aud", "other")}, ErrFailed, "not verified"},
		{"another party", standin.Faults{IDToken: set("azp", "other")}, ErrFailed, "party"},
		{"two audiences without a party", standin.Faults{IDToken: func(c map[string]any) {
			c["aud"], c["azp"] = []string{"kuulas", "other"}, ""
		}}, ErrFailed, "party"},
		{"another issuer", standin.Faults{IDToken: set("iss", "https://evil.example")}, ErrFailed, "not verified"},
		{"an expired token", standin.Faults{IDToken: set("exp", long)}, ErrFailed, "not verified"},
		{"no subject", standin.Faults{IDToken: set("sub", nil)}, ErrFailed, "nobody"},
		{"no time of issue", standin.Faults{IDToken: set("iat", nil)}, ErrFailed, "future"},
		{"not valid yet", standin.Faults{IDToken: set("nbf", time.Now().Add(2*time.Minute).Unix())}, ErrFailed, "yet"},
		{"a clock far ahead", standin.Faults{Skew: 5 * time.Minute}, ErrFailed, "future"},
		{"a clock far behind", standin.Faults{Skew: -time.Hour}, ErrFailed, "not verified"},
		{"no signature", standin.Faults{Unsigned: true}, ErrFailed, "not verified"},
		{"a foreign key under a known name", standin.Faults{ForeignKey: true}, ErrFailed, "not verified"},
		{"a callback of another issuer", standin.Faults{CallbackIssuer: "https://evil.example"}, ErrFailed, "issuer"},
		{"an error of the provider", standin.Faults{AuthorizeError: "invalid_scope"}, ErrFailed, "error"},
		{"a cancelled login", standin.Faults{AuthorizeError: "access_denied"}, ErrCancelled, ""},
		{"a login cancelled in another word", standin.Faults{AuthorizeError: "cancel"}, ErrCancelled, ""},
		{"a provider in maintenance", standin.Faults{AuthorizeError: "temporarily_unavailable"}, ErrUnreachable, ""},
		{"a token endpoint that is down", standin.Faults{TokenStatus: 503}, ErrUnreachable, ""},
		{"a token endpoint that refuses", standin.Faults{TokenStatus: 400}, ErrFailed, "code"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			h := newHouse(t)
			h.provider.SetFaults(c.faults)
			b := h.browser()
			if page := b.begin(""); strings.Contains(page.body, "name=\"id\"") {
				b.pick(page, ilona)
			}
			_, err := h.result()
			if !errors.Is(err, c.want) || !strings.Contains(err.Error(), c.reason) {
				t.Errorf("ended with %v, want %v (%s)", err, c.want, c.reason)
			}
			if b.cookie(sessionCookie) != "" || b.name() != "" {
				t.Error("there is a session")
			}
			saysNothing(t, err)
			refusals := slices.Index(h.log.actions(), record.ActionLoginRefused) >= 0
			if want := errors.Is(c.want, ErrFailed); refusals != want {
				t.Errorf("refusal recorded: %v, want %v", refusals, want)
			}
		})
	}
}

// saysNothing checks that an error repeats nothing that the provider sent.
func saysNothing(t *testing.T, err error) {
	t.Helper()
	if err == nil {
		return
	}
	for _, secret := range []string{"010190-900P", "Ilona", "Kuusimäki", "eyJ", "evil", realCode(), testSecret} {
		if strings.Contains(err.Error(), secret) {
			t.Errorf("the error repeats %q", secret)
		}
	}
}

func TestClocksMayDifferByTheLeeway(t *testing.T) {
	for _, skew := range []time.Duration{leeway - 5*time.Second, -(leeway - 5*time.Second)} {
		h := newHouse(t)
		h.provider.SetFaults(standin.Faults{Skew: skew})
		b := h.browser()
		if b.login(ilona); b.name() == "" {
			t.Errorf("no login with clocks %s apart", skew)
		}
	}
}

func TestATokenIsGoodUntilItsEndAndTheLeeway(t *testing.T) {
	for past, want := range map[time.Duration]bool{leeway - 10*time.Second: true, leeway + 10*time.Second: false} {
		h := newHouse(t)
		h.provider.SetFaults(standin.Faults{IDToken: set("exp", time.Now().Add(-past).Unix())})
		b := h.browser()
		if b.login(ilona); (b.name() != "") != want {
			t.Errorf("%s after its end: logged in %v", past, !want)
		}
	}
}

func TestUserinfoMustSpeakOfTheSameSubject(t *testing.T) {
	h := newHouse(t, func(_ *Config, s *standin.Config) { s.UserinfoOnly = true })
	h.provider.SetFaults(standin.Faults{Userinfo: set("sub", "another")})
	b := h.browser()
	b.login(ilona)
	if _, err := h.result(); !errors.Is(err, ErrFailed) || b.name() != "" {
		t.Errorf("login ended with %v as %q", err, b.name())
	}
}

func TestPeopleWhoMayNotComeInGetNoSessionAndAWayOutOfTheProvider(t *testing.T) {
	for person, want := range map[int]error{stranger: ErrNoIdentity, real: ErrNotAdmitted} {
		h := newHouse(t)
		b := h.browser()
		b.login(person)
		login, err := h.result()
		if !errors.Is(err, want) || b.cookie(sessionCookie) != "" {
			t.Errorf("login ended with %v, want %v", err, want)
		}
		saysNothing(t, err)
		if login.Language != record.Finnish || !strings.HasPrefix(login.ProviderLogout, h.config.Issuer+"/end_session?") {
			t.Errorf("no way out: %+v", login)
		}
		if got := h.log.actions(); !slices.Equal(got, []record.Action{record.ActionLoginRefused}) {
			t.Errorf("recorded %v", got)
		}
	}
}

func TestAClaimedProtectionMarkIsKeptAndNeverClearedByALogin(t *testing.T) {
	h := newHouse(t)
	b := h.browser()
	b.login(guarded)
	login, err := h.result()
	if err != nil || !login.Viewer.Protected {
		t.Fatalf("login %v, protected %v", err, login.Viewer.Protected)
	}
	h.restart(func(c Config) Config { c.Claims.Protected = ""; return c }(h.config))
	other := h.browser()
	other.login(guarded)
	if login, err = h.result(); err != nil || login.Viewer.Protected {
		t.Fatalf("second login %v, protected %v", err, login.Viewer.Protected)
	}
	var marks int
	err = h.db.Read(t.Context(), func(r *store.Read) error {
		return r.QueryRow("SELECT count(*) FROM protection WHERE person_id = ?1 AND source = 'login' AND mark = 2", []any{string(login.Viewer.Person)}, &marks)
	})
	if err != nil || marks != 1 {
		t.Errorf("%d marks kept: %v", marks, err)
	}
}

func TestWithoutEvidenceThereIsNoSession(t *testing.T) {
	for name, broken := range map[string]func(h *house){
		"an event that cannot be prepared": func(h *house) { h.log.setBroken(true) },
		"a log that cannot be written": func(h *house) {
			err := h.db.Change(t.Context(), func(tx *store.Tx) error {
				_, err := tx.Exec("ALTER TABLE event RENAME TO lost")
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		},
	} {
		h := newHouse(t)
		b := h.browser()
		broken(h)
		b.login(ilona)
		if _, err := h.result(); !errors.Is(err, record.ErrNotRecorded) && !errors.Is(err, ErrUnavailable) || b.cookie(sessionCookie) != "" {
			t.Errorf("%s: login ended with %v, cookie %q", name, err, b.cookie(sessionCookie))
		}
		if n := h.count("session"); n != 0 {
			t.Errorf("%s: %d sessions in the database", name, n)
		}
	}
}

func TestAProvidersNewKeyIsFollowed(t *testing.T) {
	h := newHouse(t)
	h.browser().login(ilona) // the old key is known now
	for range 3 {
		if err := h.provider.Rotate(); err != nil {
			t.Fatal(err)
		}
		b := h.browser()
		if b.login(arvid); b.name() != "Arvid Björk" {
			_, err := h.result()
			t.Fatalf("no login after a rotation: %v", err)
		}
	}
}

func TestThePortalStartsWhileTheProviderIsDownAndFindsItLater(t *testing.T) {
	h := newHouse(t)
	c := h.config
	up := false
	c.Transport = roundTrip(func(r *http.Request) (*http.Response, error) {
		if !up {
			return nil, errors.New("connection refused")
		}
		return http.DefaultTransport.RoundTrip(r)
	})
	h.restart(c)
	b := h.browser()
	for range 2 {
		if page := b.begin(""); page.status != 503 {
			t.Fatalf("status %d while the provider is down", page.status)
		}
		if _, err := h.result(); !errors.Is(err, ErrUnreachable) {
			t.Fatalf("ended with %v", err)
		}
	}
	up = true
	h.advance(lastRetry)
	if b.login(ilona); b.name() == "" {
		t.Error("no login after the provider came back")
	}
}

// roundTrip is a transport made of a function.
type roundTrip func(*http.Request) (*http.Response, error)

// RoundTrip calls the function.
func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
