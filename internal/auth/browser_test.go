package auth

import (
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
)

// browser is a browser with its own cookies.
type browser struct {
	h *house
	*http.Client
}

func (h *house) browser() *browser {
	jar, err := cookiejar.New(nil)
	if err != nil {
		h.t.Fatal(err)
	}
	return &browser{h, &http.Client{Jar: jar}}
}

// answer is the page at which a request ended, after its redirects.
type answer struct {
	status int
	body   string
	url    *url.URL
}

func (b *browser) finish(r *http.Response, err error) answer {
	b.h.t.Helper()
	if err != nil {
		b.h.t.Fatal(err)
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		b.h.t.Fatal(err)
	}
	return answer{r.StatusCode, string(body), r.Request.URL}
}

func (b *browser) get(address string) answer {
	b.h.t.Helper()
	return b.finish(b.Get(address))
}

func (b *browser) post(address string, form url.Values) answer {
	b.h.t.Helper()
	return b.finish(b.PostForm(address, form))
}

var loginID = regexp.MustCompile(`name="id" value="([A-Z0-9]+)"`)

// begin goes to the provider's login page.
func (b *browser) begin(query string) answer {
	b.h.t.Helper()
	return b.get(b.h.portal.URL + "/fi/login" + query)
}

// pick chooses a person on the provider's login page.
func (b *browser) pick(page answer, person int) answer {
	b.h.t.Helper()
	id := loginID.FindStringSubmatch(page.body)
	if id == nil {
		b.h.t.Fatalf("no login page but %d %s: %s", page.status, page.url, page.body)
	}
	return b.post(b.h.config.Issuer+"/login", url.Values{"id": {id[1]}, "person": {fmt.Sprint(person)}})
}

func (b *browser) login(person int) answer {
	b.h.t.Helper()
	return b.pick(b.begin(""), person)
}

// name is who the portal takes the browser for; empty: nobody.
func (b *browser) name() string {
	b.h.t.Helper()
	a := b.get(b.h.portal.URL + "/fi/p/self")
	name, ok := strings.CutPrefix(a.body, "name=")
	if !ok {
		return ""
	}
	name, _, _ = strings.Cut(name, " idle=")
	return name
}

func (b *browser) cookie(name string) string {
	u, _ := url.Parse(b.h.portal.URL)
	for _, c := range b.Jar.Cookies(u) {
		if c.Name == name {
			return c.Value
		}
	}
	return ""
}

func (b *browser) setCookie(name, value string) {
	u, _ := url.Parse(b.h.portal.URL)
	b.Jar.SetCookies(u, []*http.Cookie{{Name: name, Value: value, Path: "/"}})
}
