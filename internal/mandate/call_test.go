package mandate

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"regexp"
	"strings"
	"testing"
	"time"

	"kuulas.example/internal/record"
	"kuulas.example/internal/standin"
)

var uuidForm = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)

func TestEveryCallIsKeptWithItsOwnRequestID(t *testing.T) {
	w := newWorld(t)
	u := w.user(theAgent)
	g := w.grant(u, 1)
	w.pass(time.Hour)
	if _, err := w.client.Check(t.Context(), u, g); err != nil {
		t.Fatal(err)
	}
	_ = w.client.End(t.Context(), g) // an hour later the session is over; the call is kept anyway
	seen := map[string]bool{}
	kept, sent := w.kept(), w.fake.Calls()
	want := []Operation{Register, Token, Delegates, AuthorizationList, Authorization, SystemQuery, Unregister}
	if len(kept) != len(want) || len(sent) != len(want) {
		t.Fatalf("%d calls kept of %d", len(kept), len(sent))
	}
	for i, c := range kept {
		if c.Operation != want[i] || string(c.Operation) != sent[i].Operation || c.RequestID != sent[i].RequestID || c.Status != sent[i].Status {
			t.Errorf("call %d is %s, status %d, request %q", i, c.Operation, c.Status, c.RequestID)
		}
		if c.Operation != Token && (!uuidForm.MatchString(c.RequestID) || seen[c.RequestID]) {
			t.Errorf("%s: request id %q", c.Operation, c.RequestID)
		}
		seen[c.RequestID] = true
		if c.Agent != u.Code || c.Asked.IsZero() || c.Answered.Before(c.Asked) {
			t.Errorf("%s: agent or times are missing", c.Operation)
		}
		if about := i >= 3 && i <= 5; (c.Principal == g.Principal) != about {
			t.Errorf("%s: principal %v", c.Operation, c.Principal.IsZero())
		}
		if c.Operation == Authorization || c.Operation == SystemQuery {
			if c.Matter != testTheme || !strings.Contains(c.Answer, `"ALLOWED"`) {
				t.Errorf("%s: matter %q, answer %q", c.Operation, c.Matter, c.Answer)
			}
		}
		if secret := c.Operation == Register || c.Operation == Token; secret && c.Answer != "" {
			t.Errorf("%s: its answer is a secret and was kept", c.Operation)
		}
	}
}

// Why it exists: without evidence no page (L1); a yes that is not on record must not be used.
func TestAnAnswerThatCannotBeKeptIsNotUsed(t *testing.T) {
	for _, at := range []Operation{Register, Token, Delegates, AuthorizationList, Authorization} {
		w := newWorld(t, func(c *Config) {
			c.Exchange = func(_ context.Context, c Call) error {
				if c.Operation == at {
					return record.ErrNotRecorded
				}
				return nil
			}
		})
		chosen, err := w.attempt(standin.AuthorizationsFaults{})
		refuses(t, string(at), chosen, err, record.ErrNotRecorded)
	}
}

func TestCallsCarryWhatTheProtocolAsks(t *testing.T) {
	for _, inQuery := range []bool{false, true} {
		w := newWorld(t)
		if inQuery {
			w.fake.SetFaults(standin.AuthorizationsFaults{TokenIn: "query"})
			w.grant(w.user(theAgent), 1) // finds out
			w.fake.ForgetCalls()
		}
		g := w.grant(w.user(theAgent), 1)
		w.pass(time.Hour)
		if _, err := w.client.Check(t.Context(), w.user(theAgent), g); err != nil {
			t.Fatal(err)
		}
		signatures := map[string]bool{}
		for _, c := range w.fake.Calls() {
			signed, bearer := c.Header.Get(signatureHeader), strings.HasPrefix(c.Header.Get("Authorization"), "Bearer ")
			switch Operation(c.Operation) {
			case Token:
				if signed != "" || c.Form == inQuery || strings.Contains(c.Target, "code=") != inQuery {
					t.Errorf("token, in the query %v: %s", inQuery, c.Target)
				}
				continue
			case Register, SystemQuery:
				if bearer {
					t.Errorf("%s carries a token", c.Operation)
				}
			default:
				if !bearer {
					t.Errorf("%s carries no token", c.Operation)
				}
			}
			if signatures[signed] {
				t.Errorf("%s: a signature was used twice", c.Operation)
			}
			signatures[signed] = true
		}
		matters(t, w.fake.Calls())
	}
}

// matters checks the two names of the parameter (H14.2).
func matters(t *testing.T, calls []standin.AuthorizationsCall) {
	t.Helper()
	for _, c := range calls {
		const theme = "http%3A%2F%2Fvaltuusrekisteri.suomi.fi%2Fkokeilun_sosiaaliasiat"
		switch Operation(c.Operation) {
		case Authorization:
			if !strings.HasSuffix(c.Target, "&issues="+theme) {
				t.Errorf("authorization: %s", c.Target)
			}
		case SystemQuery:
			if !strings.HasSuffix(c.Target, "&issue="+theme) || c.Header.Get("X-userId") == "" {
				t.Errorf("system-level query: %s", c.Target)
			}
		}
	}
}

func TestWhatIsPersonalDoesNotPrintItself(t *testing.T) {
	w := newWorld(t)
	u := w.user(theAgent)
	choice, address := w.begin(u)
	chosen, err := w.client.Finish(t.Context(), u, choice, w.pick(address, 0))
	if err != nil {
		t.Fatal(err)
	}
	g := chosen.Grants[0]
	kept := w.kept()
	for _, v := range []any{choice, &choice, chosen, &chosen, Chosen{Refused: []Right{g.Right}}, g, &g, g.Right, &g.Right, kept, kept[2], map[string]any{"g": g, "c": choice}} {
		var log strings.Builder
		slog.New(slog.NewTextHandler(&log, nil)).Info("x", "v", v)
		slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "v", v)
		b, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		all := log.String() + string(b) + fmt.Sprintf("%v %+v %#v %s %q %d", v, v, v, v, v, v)
		for _, secret := range []string{theAgent, theChild, "Aino", g.session, g.token, choice.State, choice.session} {
			if strings.Contains(all, secret) {
				t.Errorf("%T prints %q", v, secret)
			}
		}
	}
}

func TestAChoiceAndAGrantComeBackFromTheirBytes(t *testing.T) {
	w := newWorld(t)
	u := w.user(theAgent)
	choice, address := w.begin(u)
	again, err := ReadChoice(choice.Bytes())
	if err != nil || again.State != choice.State {
		t.Fatalf("choice: %v", err)
	}
	chosen, err := w.client.Finish(t.Context(), u, again, w.pick(address, 0))
	if err != nil {
		t.Fatal(err)
	}
	g, err := ReadGrant(chosen.Grants[0].Bytes())
	if err != nil || g.Principal != chosen.Grants[0].Principal || g.Name != chosen.Grants[0].Name || g.Role != chosen.Grants[0].Role || !g.CheckedAt.Equal(chosen.Grants[0].CheckedAt) {
		t.Fatalf("grant: %v", err)
	}
	if _, err := w.client.Check(t.Context(), u, g); err != nil {
		t.Errorf("check: %v", err)
	}
	if _, err := ReadGrant(choice.Bytes()); err == nil {
		t.Error("a choice was read as a grant")
	}
	if _, err := ReadChoice(g.Bytes()); err == nil {
		t.Error("a grant was read as a choice")
	}
	for _, b := range []string{"", "{}", "null", `{"kind":"grant","session":"s"}`, `{"kind":"grant","session":"s","code":"` + theAgent + `","principal":"` + theChild + `","role":"self"}`} {
		if _, err := ReadGrant([]byte(b)); err == nil {
			t.Errorf("%s was read", b)
		}
	}
}

func TestAConfigurationThatCannotBeSafeIsRefused(t *testing.T) {
	good := Config{
		BaseURL: "https://asiointivaltuustarkistus.suomi.fi/", ClientID: "a1b2c3d4", APIKey: "k", OAuthPassword: "p", Theme: testTheme,
		RedirectURI: "https://portal.example/auth/mandates/callback",
	}
	if _, err := New(good); err != nil {
		t.Fatal(err)
	}
	home := good
	home.RedirectURI = "http://kuulas.localhost:8080/auth/mandates/callback" // a browser's own machine
	if _, err := New(home); err != nil {
		t.Error(err)
	}
	for name, change := range map[string]func(*Config){
		"no address": func(c *Config) { c.BaseURL = "" }, "plain http": func(c *Config) { c.BaseURL = "http://register.example" },
		"a query": func(c *Config) { c.BaseURL = "https://register.example/?x=1" }, "credentials": func(c *Config) { c.BaseURL = "https://a:b@register.example" },
		"no client": func(c *Config) { c.ClientID = "" }, "a client with a colon": func(c *Config) { c.ClientID = "a:b" }, "a client with a space": func(c *Config) { c.ClientID = "a b" },
		"no key": func(c *Config) { c.APIKey = "" }, "no password": func(c *Config) { c.OAuthPassword = "" },
		"an empty query": func(c *Config) { c.BaseURL = "https://register.example?" }, "an empty fragment": func(c *Config) { c.BaseURL = "https://register.example/#" },
		"a port only": func(c *Config) { c.BaseURL = "https://:8443" }, "almost loopback": func(c *Config) { c.BaseURL = "http://127.0.0.1.example" },
		"a theme with a space": func(c *Config) { c.Theme += " " }, "information is health care": func(c *Config) { c.InfoRole = healthCare },
		"information with a space": func(c *Config) { c.InfoRole = "TIEDONSAANTI " }, "a return address with credentials": func(c *Config) { c.RedirectURI = "https://a:b@portal.example/" },
		"health care": func(c *Config) { c.Theme = healthCare }, "half a theme": func(c *Config) { c.Theme = "sosiaaliasiat" },
		"information is ALL": func(c *Config) { c.InfoRole = "ALL" }, "information is the theme": func(c *Config) { c.InfoRole = testTheme },
		"plain return address": func(c *Config) { c.RedirectURI = "http://portal.example/" }, "almost the machine itself": func(c *Config) { c.RedirectURI = "http://localhost.example/" }, "no return address": func(c *Config) { c.RedirectURI = "" },
		"negative time": func(c *Config) { c.Timeout = -1 }, "negative number": func(c *Config) { c.AtOnce = -1 },
	} {
		c := good
		change(&c)
		if _, err := New(c); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}
