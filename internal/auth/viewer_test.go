package auth

import "testing"

func TestAFormTokenIsGoodForItsSessionAndActionOnly(t *testing.T) {
	mine := &Session{secret: []byte("mine, 32 bytes of random secret.")}
	other := &Session{secret: []byte("other 32 bytes of random secret.")}
	token := mine.FormToken("/fi/logout")
	if token == mine.FormToken("/fi/logout") {
		t.Error("the token repeats itself, so compression can give it away")
	}
	for _, c := range []struct {
		name    string
		session *Session
		action  string
		token   string
		want    bool
	}{
		{"its own", mine, "/fi/logout", token, true},
		{"another session", other, "/fi/logout", token, false},
		{"another action", mine, "/fi/exit", token, false},
		{"no action", mine, "", token, false},
		{"cut", mine, "/fi/logout", token[:len(token)-4], false},
		{"empty", mine, "/fi/logout", "", false},
		{"not base64", mine, "/fi/logout", token[:len(token)-1] + "=", false},
		{"changed", mine, "/fi/logout", swapFirst(token), false},
	} {
		if got := c.session.ValidFormToken(c.action, c.token); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

func swapFirst(token string) string {
	if token[0] == 'A' {
		return "B" + token[1:]
	}
	return "A" + token[1:]
}

func TestAHandleMeansNothingInAnotherLogin(t *testing.T) {
	mine := &Session{secret: []byte("mine, 32 bytes of random secret.")}
	other := &Session{secret: []byte("other 32 bytes of random secret.")}
	handle := mine.Handle("p1")
	if len(handle) != 32 || handle != mine.Handle("p1") {
		t.Errorf("the handle %q is not stable or shorter than 160 bits", handle)
	}
	for name, got := range map[string]string{"another login": other.Handle("p1"), "another person": mine.Handle("p2")} {
		if got == handle {
			t.Errorf("%s has the same handle", name)
		}
	}
}
