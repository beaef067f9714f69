package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"kuulas.example/internal/record"
	"kuulas.example/internal/testkit"
)

// mostLeaks are told of by one visit: whoever breaks a rule for all fields has seen enough.
const mostLeaks = 25

// onlooker is a browser without a screen that looks at every byte of every answer.
type onlooker struct {
	*http.Client
	t         *testing.T
	mu        sync.Mutex
	forbidden map[string]string // canaries that must not come, and what they are
	seen      map[string]bool   // of the last answer
	leaks     map[string]string // canary to the first address that gave it
}

func newOnlooker(t *testing.T) *onlooker {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	o := &onlooker{t: t, forbidden: map[string]string{}, leaks: map[string]string{}}
	o.Client = &http.Client{Jar: jar, Transport: o}
	return o
}

// RoundTrip reads what comes, headers and bodies, before the browser does.
func (o *onlooker) RoundTrip(r *http.Request) (*http.Response, error) {
	answer, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(answer.Body)
	_ = answer.Body.Close()
	if err != nil {
		return nil, err
	}
	answer.Body = io.NopCloser(bytes.NewReader(body))
	var all bytes.Buffer
	_ = answer.Header.Write(&all) // to memory
	all.Write(body)
	if answer.Header.Get("Content-Type") == "application/pdf" {
		file := testkit.ReadPDF(o.t, body)
		all.WriteString(file.Text() + file.Title + strings.Join(file.Pages, "\n"))
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.seen = map[string]bool{}
	for _, canary := range canaryOf.FindAll(publicLists.ReplaceAll(all.Bytes(), nil), -1) {
		o.seen[string(canary)] = true
		// The choice of a register lists all loaded organisations, whoever is on the screen (D12).
		everybody := !strings.Contains(r.URL.Path, "/p/") || strings.HasSuffix(r.URL.Path, "/prohibitions/new")
		public := string(canary) == producerName && everybody
		if what := o.forbidden[string(canary)]; what != "" && !public && o.leaks[string(canary)] == "" {
			if o.leaks[string(canary)] = r.URL.Path; len(o.leaks) <= mostLeaks {
				o.t.Errorf("%s gives %s", r.URL.Path, what)
			}
		}
	}
	return answer, nil
}

// publicLists name all loaded organisations, whoever is on the screen: since when each reports (L6).
var publicLists = regexp.MustCompile(`(?s)<ul class="sources-list">.*?</ul>`)

// logIn logs in as the n-th person of the canaries.
func (o *onlooker) logIn(w *canaryWorld, n int) {
	o.t.Helper()
	found := loginID.FindStringSubmatch(get(o.t, o.Client, w.origin+"/fi/login"))
	if found == nil {
		o.t.Fatal("no login page")
	}
	o.post(w.origin+providerPath+"/login", url.Values{"id": {found[1]}, "person": {string(rune('0' + n))}})
}

func (o *onlooker) post(address string, form url.Values) (page, end string) {
	o.t.Helper()
	answer, err := o.PostForm(address, form)
	if err != nil {
		o.t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		o.t.Fatalf("%s: status %d, %v", answer.Request.URL.Path, answer.StatusCode, err)
	}
	return string(body), answer.Request.URL.Path
}

var (
	tokenValue = regexp.MustCompile(`name="token" value="([^"]*)"`)
	choiceOf   = regexp.MustCompile(`name="id" value="([A-Z0-9]+)"`)
)

// act goes to the register, chooses the only person there and gives the handle of the person.
func (o *onlooker) act(w *canaryWorld) string {
	o.t.Helper()
	token := tokenValue.FindStringSubmatch(get(o.t, o.Client, w.origin+"/fi/others"))
	if token == nil {
		o.t.Fatal("no form to choose with")
	}
	page, end := o.post(w.origin+"/fi/others", url.Values{"token": {token[1]}})
	id := choiceOf.FindStringSubmatch(page)
	if id == nil {
		o.t.Fatalf("no selection page but %s", end)
	}
	_, end = o.post(w.origin+registerPath+"/choose", url.Values{"id": {id[1]}, "person": {"0"}})
	handle, ok := strings.CutPrefix(end, "/fi/p/")
	if !ok {
		o.t.Fatalf("the choice led to %s", end)
	}
	return handle
}

// canaryVisit is one person's look at the documents of a subject.
type canaryVisit struct {
	*onlooker
	w       *canaryWorld
	subject string // in addresses
	child   bool   // in a role for a child
	cut     func(s *sample) *cutter
	other   bool // the visitor is not the subject
	labels  bool // are compared as well
}

func (v *canaryVisit) address(lang string, set record.OID) string {
	return v.w.origin + "/" + lang + "/p/" + v.subject + "/documents/" + string(v.w.keys.DocumentID(set))
}

// silent are documents that this visitor is not shown at all.
func (v *canaryVisit) silent(s *sample) bool {
	return s.hidden || v.child && (isOf(s, "1506", "11028") || s.set == v.w.withheld) // V4, T7, V9
}

// expect works out what must be said of a document: the rest is forbidden everywhere.
func (v *canaryVisit) expect(s *sample, a *annotated) (left sample, c *cutter) {
	v.t.Helper()
	body := map[string]any{}
	if err := json.Unmarshal(s.body, &body); err != nil {
		v.t.Fatal(err)
	}
	left, c = *s, v.cut(s)
	if v.silent(s) {
		note(c.gone, body, "a document that is not shown: "+s.definition.Code())
	} else {
		left.body = []byte(compact(c.cut(a, s.definition.Code(), body, false)))
	}
	for canary, what := range c.gone {
		v.forbidden[canary] = what
	}
	return left, c
}

// read opens a document in every way that there is.
func (v *canaryVisit) read(left *sample, c *cutter, definition *written) {
	v.t.Helper()
	var value map[string]any
	if err := json.Unmarshal(left.body, &value); err != nil {
		v.t.Fatal(err)
	}
	var said []spoken
	if !v.silent(left) {
		said = definition.Properties[definition.key()].inside(value[definition.key()].(map[string]any), left.lang, left.lang)
	}
	for _, lang := range []string{"fi", "sv"} {
		for _, kind := range []string{"", "/print", "/pdf"} {
			if kind != "" && lang != left.lang {
				continue
			}
			status, page := fetch(v.t, v.Client, v.address(lang, left.set)+kind)
			if v.silent(left) {
				if status != http.StatusNotFound {
					v.t.Errorf("%s: status %d of a document that is not shown", left.definition.Code(), status)
				}
				continue
			}
			if status != http.StatusOK {
				v.t.Errorf("%s: status %d", left.definition.Code(), status)
				continue
			}
			paragraphs := bytes.Contains(left.body, []byte(`\n\n`)) // of a fixed phrase; each is an element of its own
			if v.complete(left, c, said) && v.labels && lang == left.lang && kind == "" && !paragraphs {
				left.check(v.t, page, lang, definition)
			}
		}
	}
}

// complete sees that what may be said is said: nothing ordinary is lost by accident.
func (v *canaryVisit) complete(left *sample, c *cutter, said []spoken) bool {
	v.t.Helper()
	v.mu.Lock()
	defer v.mu.Unlock()
	whole := true
	if c.all == v.seen[producerName] && purchased(left) {
		v.t.Errorf("%s: the producer is named: %v", left.definition.Code(), !c.all)
	}
	delete(v.seen, producerName)
	for _, s := range said {
		if !s.exact && !v.seen[s.text] {
			whole = false
			v.t.Errorf("%s: lost %s", left.definition.Code(), c.kept[s.text])
		}
	}
	for canary := range v.seen {
		whole = whole && slices.ContainsFunc(said, func(s spoken) bool { return s.text == canary })
	}
	return whole
}
