package web_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"kuulas.example/internal/testkit"
)

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
	a := answer{w.StatusCode, w.Header, string(content)}
	if a.isFile() && a.body != "" {
		a.body += legible(testkit.ReadPDF(b.h.t, content))
	}
	return a
}

func (a answer) isFile() bool { return a.header.Get("Content-Type") == "application/pdf" }

// legible is what a file says, to stand behind its bytes: no test that looks for a text would
// find it in what is packed.
func legible(f *testkit.PDF) string {
	var b strings.Builder
	b.WriteString(fileText)
	for _, p := range f.Pieces {
		b.WriteString("<p>" + p.Text + "</p>\n")
	}
	return b.String() + fileEdges + strings.Join(append(f.Edges, f.Title, f.Author), "\n")
}

// Where in the body of a file's answer its text begins and where what stands on every page.
const fileText, fileEdges = "\n<!--text-->\n", "\n<!--edges-->\n"

// text is what an answer says: of a file without its bytes and without its numbers of pages.
func (a answer) text() string {
	if !a.isFile() {
		return a.body
	}
	_, text, _ := strings.Cut(a.body, fileText)
	text, _, _ = strings.Cut(text, fileEdges)
	return text
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
