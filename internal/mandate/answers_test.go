package mandate

import (
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"

	"kuulas.example/internal/record"
)

const testTheme = "http://valtuusrekisteri.suomi.fi/kokeilun_sosiaaliasiat"

func code(t testing.TB, s string) record.IdentityCode {
	t.Helper()
	c, err := record.ParseIdentityCode(s)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestOnlyTheExactWordIsAYes(t *testing.T) {
	for body, want := range map[string]bool{
		`{"result":"ALLOWED"}`: true, `{"result":"ALLOWED","reasons":[],"new":{"a":[1]}}`: true, ` {"result" : "ALLOWED"} `: true,
		`{"result":"DISALLOWED"}`: false, `{"result":"allowed"}`: false, `{"result":"ALLOWED "}`: false, `{"result":"UNKNOWN"}`: false,
		`{"result":""}`: false, `{"result":"ALLOWED_PARTLY"}`: false,
	} {
		if got, err := readResult([]byte(body)); err != nil || got != want {
			t.Errorf("%s: %v, %v", body, got, err)
		}
	}
	for _, body := range []string{
		``, `null`, `true`, `"ALLOWED"`, `[]`, `{}`, `{"result":null}`, `{"result":true}`, `{"result":["ALLOWED"]}`, `{"Result":"ALLOWED"}`,
		`{"RESULT":"ALLOWED"}`, `{"result":"DISALLOWED","result":"ALLOWED"}`, `{"result":"ALLOWED"`, `{"result":"ALLOWED"}{}`,
		`{"result":"ALLOWED"} x`, `<html>ALLOWED</html>`, "{\"result\":\"ALLOWED\",\"x\":\"\xff\"}",
	} {
		if got, err := readResult([]byte(body)); err == nil || got {
			t.Errorf("%q was read: %v", body, got)
		}
	}
}

func TestAListOfRolesIsReadWholeOrNotAtAll(t *testing.T) {
	for body, want := range map[string][]string{
		`{"roles":[]}`: {}, `{"roles":["ALL"],"reasons":null}`: {"ALL"}, `{"x":1,"roles":["a","b"]}`: {"a", "b"},
	} {
		if got, err := readRoles([]byte(body)); err != nil || !slices.Equal(got, want) {
			t.Errorf("%s: %v, %v", body, got, err)
		}
	}
	for _, body := range []string{
		``, `null`, `[]`, `["ALL"]`, `{}`, `{"roles":null}`, `{"roles":"ALL"}`, `{"roles":[["ALL"]]}`, `{"roles":["ALL",1]}`, `{"roles":["ALL",null]}`, `{"roles":[null]}`, "\ufeff" + `{"roles":["ALL"]}`, `{"Roles":["ALL"]}`,
		`{"roles":["ALL"]`, `{"roles":[],"roles":["ALL"]}`,
	} {
		if got, err := readRoles([]byte(body)); err == nil {
			t.Errorf("%s was read: %v", body, got)
		}
	}
}

func TestChosenPersonsAreReadWithTheirNames(t *testing.T) {
	got, err := readDelegates([]byte(`[{"personId":"060615A9131","name":"  Kuusimäki Aino\u202e\n","more":1},{"personId":"150852-998R","name":"[NIMI PUUTTUU]"},
		{"personId":"060615A9142","name":"Aino\u00a0\tKuusi\u200bmäki"},{"personId":"060615A9131","name":"twice"},{"personId":"241285-9015","name":null}]`))
	if err != nil || len(got) != 4 {
		t.Fatalf("%d persons, %v", len(got), err)
	}
	for i, want := range []string{"Kuusimäki Aino", "", "Aino  Kuusimäki", ""} {
		if got[i].name != want {
			t.Errorf("name %d is %q, want %q", i, got[i].name, want)
		}
	}
	if none, err := readDelegates([]byte(`[]`)); err != nil || len(none) != 0 {
		t.Errorf("nobody: %v", err)
	}
	many := "[" + strings.Repeat(`{"personId":"060615A9131"},`, maxDelegates) + `{"personId":"060615A9131"}]`
	for _, body := range []string{
		``, `null`, `{}`, `[null]`, `[{}]`, `[{"personId":""}]`, `[{"personId":"060615A913"}]`, `[{"personId":"060615a9131"}]`, `[{"PersonId":"060615A9131"}]`,
		`[{"personId":"060615A9131"},{"personId":"x"}]`, `[{"personId":"060615A9131","name":7}]`, many,
	} {
		if got, err := readDelegates([]byte(body)); err == nil {
			t.Errorf("%.60s was read: %d", body, len(got))
		}
	}
}

func TestATokenIsReadWithItsLife(t *testing.T) {
	for body, want := range map[string]time.Duration{
		`{"access_token":"t","token_type":"bearer","expires_in":599,"refresh_token":"r"}`: tokenLife,
		`{"access_token":"t","token_type":"Bearer","expires_in":60}`:                      time.Minute,
		`{"access_token":"t","expires_in":"60"}`:                                          time.Minute,
		`{"access_token":"t","expires_in":"soon"}`:                                        tokenLife,
		`{"access_token":"t","expires_in":86400}`:                                         tokenLife,
		`{"access_token":"t"}`:                                                            tokenLife,
		`{"access_token":"t","expires_in":-5}`:                                            0,
		`{"access_token":"t","expires_in":1e300}`:                                         tokenLife,
	} {
		if token, life, err := readToken([]byte(body)); err != nil || token != "t" || life != want {
			t.Errorf("%s: %v, %v", body, life, err)
		}
	}
	for _, body := range []string{``, `{}`, `{"access_token":""}`, `{"access_token":"a b"}`, `{"access_token":"t\r\nX: y"}`, `{"access_token":"t","token_type":"mac"}`, `{"Access_Token":"t"}`} {
		if _, _, err := readToken([]byte(body)); err == nil {
			t.Errorf("%s was read", body)
		}
	}
	for _, body := range []string{`{"sessionId":"..","userId":"u"}`, `{"sessionId":"s"}`, `{"userId":"u"}`, `{"sessionId":"a b","userId":"u"}`, `[]`, ``} {
		if _, _, err := readRegistered([]byte(body)); err == nil {
			t.Errorf("%s was read", body)
		}
	}
}

// Why it exists: whatever list the register gives, a role is given for the exact words and the
// right age, and for nothing else (A2, A3).
func TestNoListButTheExactOneGivesARole(t *testing.T) {
	words := []string{
		all, testTheme, "TIEDONSAANTI", "GUARDIAN", "all", "ALL ", "", "ALLOWED", healthCare, testTheme + "/", testTheme + "?", "https" + testTheme[4:],
		strings.ToUpper(testTheme), testTheme[:len(testTheme)-1], "tiedonsaanti", "http://valtuusrekisteri.suomi.fi/",
	}
	child, adult := code(t, "060615A9131"), code(t, "150852-998R")
	today := record.Date{Year: 2026, Month: 11, Day: 21}
	rapid.Check(t, func(rt *rapid.T) {
		roles := rapid.SliceOfN(rapid.OneOf(rapid.SampledFrom(words), rapid.String()), 0, 6).Draw(rt, "roles")
		c := &Client{config: Config{
			Theme:    rapid.SampledFrom([]string{"", testTheme}).Draw(rt, "theme"),
			InfoRole: rapid.SampledFrom([]string{"", "TIEDONSAANTI"}).Draw(rt, "info"),
		}}
		want := record.Role("")
		switch {
		case slices.Contains(roles, "ALL"):
			want = record.Guardian
		case c.config.InfoRole != "" && slices.Contains(roles, "TIEDONSAANTI"):
			want = record.Informed
		}
		if got := c.roleOf(child, roles, today); got != want {
			rt.Errorf("a child, %q: %q, want %q", roles, got, want)
		}
		want = ""
		if c.config.Theme != "" && slices.Contains(roles, testTheme) {
			want = record.Mandate
		}
		if got := c.roleOf(adult, roles, today); got != want {
			rt.Errorf("an adult, %q: %q, want %q", roles, got, want)
		}
		if got := c.roleOf(record.IdentityCode{}, roles, today); got != "" {
			rt.Errorf("nobody, %q: %q", roles, got)
		}
	})
}

func FuzzAnswers(f *testing.F) {
	for _, s := range []string{
		`{"sessionId":"s","userId":"u"}`, `{"access_token":"t","token_type":"bearer","expires_in":599}`, `{"error":"invalid_grant"}`,
		`[{"personId":"060615A9131","name":"[NIMI PUUTTUU]"}]`, `{"roles":["ALL"]}`, `{"result":"ALLOWED"}`, `{"result":"ALLOWED","result":1}`, `null`, `[[[[`,
		`{"kind":"grant","session":"s","code":"241285-9015","login":"l","principal":"060615A9131","role":"guardian","at":"2026-11-21T12:00:00Z"}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		if session, user, err := readRegistered(body); err == nil && (!written(session) || !written(user)) {
			t.Error("a session that cannot be sent")
		}
		if token, life, err := readToken(body); err == nil && (!written(token) || life < 0 || life > tokenLife) {
			t.Error("a token that cannot be sent or lives too long")
		}
		people, err := readDelegates(body)
		for _, p := range people {
			if err != nil || p.code.IsZero() || !utf8.ValidString(p.name) || strings.ContainsAny(p.name, "\r\n\x00\u202e") {
				t.Error("a person whom no page can carry")
			}
		}
		if yes, err := readResult(body); yes && err != nil {
			t.Error("a yes out of nothing")
		}
		_, _ = readRoles(body)
		_ = invalidGrant(body)
		if g, err := ReadGrant(body); err == nil && (g.Principal.IsZero() || g.user.Code.IsZero() || g.Role == record.Self || len(g.Bytes()) == 0) {
			t.Error("a stored grant that nobody stored")
		}
		_, _ = ReadChoice(body)
	})
}
