package auth

import (
	"bufio"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"kuulas.example/internal/record"
	"kuulas.example/internal/testkit"
)

// independentProvider starts an OpenID provider that nobody here wrote and gives its issuer.
func independentProvider(t *testing.T, portal, mode string) string {
	t.Helper()
	node, err := exec.LookPath("node")
	if err != nil {
		t.Fatal("Node.js is missing: run `make setup`")
	}
	ci := filepath.Join(testkit.Root(t), ".ci")
	if _, err := os.Stat(filepath.Join(ci, "node_modules", "oidc-provider")); err != nil {
		t.Fatal("the independent OpenID provider is missing: run `make setup`")
	}
	command := exec.Command(node, "provider.mjs", portal, mode)
	command.Dir = ci
	input, err := command.StdinPipe() // the provider ends with it
	if err != nil {
		t.Fatal(err)
	}
	output, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = input.Close()
		_ = command.Wait()
	})
	for lines := bufio.NewScanner(output); lines.Scan(); {
		if strings.HasPrefix(lines.Text(), "http://") {
			return lines.Text()
		}
	}
	t.Fatal("the provider named no issuer")
	return ""
}

var logoutForm = regexp.MustCompile(`name="xsrf" value="([^"]+)"`)

// Why it exists: a client that is tried only with a provider of its own authors agrees with
// their misunderstandings. The claims come from userinfo, as the specification has it, or in
// the id token.
func TestAnIndependentProviderLogsInAndOut(t *testing.T) {
	for _, mode := range []string{"userinfo", "id-token"} {
		t.Run(mode, func(t *testing.T) {
			h := newHouse(t)
			issuer := independentProvider(t, h.portal.URL, mode)
			config := h.config
			config.Issuer, config.ClientSecret = issuer, "a secret of the test only"
			h.restart(config)
			b := h.browser()

			answer := b.get(h.portal.URL + "/sv/login")
			if login, err := h.result(); err != nil || login.Language != record.Swedish || login.Viewer.Name() != "Aino Esimerkki" {
				t.Fatalf("login: %v by %s (%d)", err, login.Viewer.Name(), answer.status)
			}
			if b.name() != "Aino Esimerkki" {
				t.Error("there is no session after the login")
			}

			confirm := b.get(h.portal.URL + "/sv/logout")
			if b.name() != "" {
				t.Error("the session lives before the provider has answered the logout")
			}
			found := logoutForm.FindStringSubmatch(confirm.body)
			if found == nil {
				t.Fatalf("the provider asks nothing at logout: %d", confirm.status)
			}
			b.post(issuer+"/session/end/confirm", url.Values{"xsrf": {found[1]}, "logout": {"yes"}})
			if n := h.count("session"); n != 0 {
				t.Errorf("%d sessions after the logout", n)
			}
		})
	}
}

func TestAnIndependentProvidersBackChannelLogoutEndsEverySession(t *testing.T) {
	h := newHouse(t)
	issuer := independentProvider(t, h.portal.URL, "userinfo")
	config := h.config
	config.Issuer, config.ClientSecret = issuer, "a secret of the test only"
	h.restart(config)
	b := h.browser()
	b.get(h.portal.URL + "/fi/login")
	if h.count("session") != 1 {
		t.Fatal("no session after the login")
	}
	// The person logs out at the provider itself; the portal hears of it from behind.
	confirm := b.get(issuer + "/session/end")
	found := logoutForm.FindStringSubmatch(confirm.body)
	if found == nil {
		t.Fatalf("the provider asks nothing at logout: %d", confirm.status)
	}
	b.post(issuer+"/session/end/confirm", url.Values{"xsrf": {found[1]}, "logout": {"yes"}})
	if n := h.count("session"); n != 0 {
		t.Errorf("%d sessions after the back-channel logout", n)
	}
	if r, err := http.PostForm(h.portal.URL+"/auth/backchannel-logout", url.Values{"logout_token": {"x.y.z"}}); err != nil || r.StatusCode != http.StatusBadRequest {
		t.Errorf("a token that is none: %v %v", fmt.Sprint(r), err)
	}
}
