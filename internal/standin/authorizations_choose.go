package standin

import (
	"bytes"
	"crypto/rand"
	"embed"
	"encoding/json"
	"html/template"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"kuulas.example/internal/record"
)

//go:embed authorizations.html authorizations_panel.html authorizations.json
var chooseFiles embed.FS

var (
	choosePage  = template.Must(template.ParseFS(chooseFiles, "authorizations.html"))
	chooseTexts = mustChooseTexts()
)

// chooseLanguages are those of the selection page; the first stands in for unknown ones.
var chooseLanguages = []string{"fi", "sv", "en"}

func mustChooseTexts() (t map[string]map[string]string) {
	b, err := chooseFiles.ReadFile("authorizations.json")
	if err == nil {
		err = json.Unmarshal(b, &t)
	}
	if err != nil {
		panic(err) // embedded: only a broken build gets here
	}
	return t
}

// frame is what the pages of the stand-in share.
type frame struct {
	Lang           string
	Others         []chooseLanguage // the other languages of the same page
	Text           map[string]string
	Style, Control string
}

type chooseData struct {
	frame
	Action, ID string
	People     []choosePerson
}

type chooseLanguage struct{ Lang, Name, URL string }

type choosePerson struct {
	Number           int
	Name, About, Tag string
}

// authorize handles "GET /oauth/authorize": the browser brings the one-time user id, which is
// used up here. A bad request is not sent back to an address that may be anybody's.
func (a *Authorizations) authorize(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	if q.Get("client_id") != a.config.ClientID || q.Get("redirect_uri") != a.config.RedirectURI || q.Get("response_type") != "code" {
		http.Error(w, "unknown client, return address or response type", http.StatusBadRequest)
		return
	}
	id, now := rand.Text(), a.now()
	a.mu.Lock()
	s := a.users[q.Get("user")]
	delete(a.users, q.Get("user"))
	good := s != nil && now.Sub(s.begun) <= authorizationsSession
	if good {
		s.state = q.Get("state")
		a.choosing[id] = s
	}
	a.mu.Unlock()
	if !good {
		http.Error(w, "unknown user", http.StatusBadRequest)
		return
	}
	http.Redirect(w, r, a.prefix+choosePath+"?"+url.Values{"id": {id}, "lang": {q.Get("lang")}}.Encode(), http.StatusSeeOther)
}

// showChoice handles "GET /choose": the persons for whom the user can choose to act.
func (a *Authorizations) showChoice(w http.ResponseWriter, r *http.Request) {
	id, lang := r.FormValue("id"), r.FormValue("lang")
	a.mu.Lock()
	s := a.choosing[id]
	a.mu.Unlock()
	if s == nil {
		http.Error(w, "unknown choice", http.StatusBadRequest)
		return
	}
	data := chooseData{frame: a.frame(lang, choosePath, url.Values{"id": {id}}), Action: a.prefix + choosePath, ID: id}
	for i, p := range a.of(s.delegate) {
		about, aboutLang := p.About.In(record.Language(data.Lang))
		if data.Lang == "en" {
			aboutLang = record.Finnish // its texts are in the portal's languages only
		}
		person := choosePerson{Number: i, Name: p.Name, About: about, Tag: string(aboutLang)}
		if p.Name == "" {
			person.Name = data.Text["nameless"]
		}
		data.People = append(data.People, person)
	}
	a.render(w, choosePage, data)
}

// frame makes what a page at a path has in common with the others. A language that is not one
// of the pages' own becomes the first.
func (a *Authorizations) frame(lang, path string, query url.Values) frame {
	if !slices.Contains(chooseLanguages, lang) {
		lang = chooseLanguages[0]
	}
	f := frame{Lang: lang, Text: chooseTexts[lang], Style: a.prefix + chooseStylePath, Control: a.prefix + ControlPath}
	for _, l := range chooseLanguages {
		if l == lang {
			continue
		}
		same := url.Values{"lang": {l}}
		maps.Copy(same, query)
		f.Others = append(f.Others, chooseLanguage{Lang: l, Name: chooseTexts[l]["language"], URL: a.prefix + path + "?" + same.Encode()})
	}
	return f
}

// finishChoice handles "POST /choose": the picked person, or stepping back, which returns to
// the client without a code. Either way the page is used up.
func (a *Authorizations) finishChoice(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 1<<14)
	id, code, now := r.PostFormValue("id"), rand.Text(), a.now()
	a.mu.Lock()
	s := a.choosing[id]
	a.mu.Unlock()
	if s == nil {
		http.Error(w, "unknown choice", http.StatusBadRequest)
		return
	}
	people := a.of(s.delegate)
	n, err := strconv.Atoi(r.PostFormValue("person"))
	cancel := r.PostFormValue("cancel") != ""
	if !cancel && (err != nil || n < 0 || n >= len(people)) {
		http.Error(w, "unknown person", http.StatusBadRequest)
		return
	}
	back := url.Values{}
	a.mu.Lock()
	_, open := a.choosing[id] // a second click may have come first
	delete(a.choosing, id)
	if s.state != "" {
		back.Set("state", s.state)
	}
	if open && !cancel {
		s.chosen, s.codeMade = []record.IdentityCode{people[n].Principal}, now
		a.codes[code] = s
		back.Set("code", code)
	}
	a.mu.Unlock()
	if !open {
		http.Error(w, "unknown choice", http.StatusBadRequest)
		return
	}
	http.Redirect(w, r, a.config.RedirectURI+"?"+back.Encode(), http.StatusSeeOther)
}

func (a *Authorizations) render(w http.ResponseWriter, page *template.Template, data any) {
	var b bytes.Buffer
	if err := page.Execute(&b, data); err != nil {
		http.Error(w, "page cannot be shown", http.StatusInternalServerError)
		return
	}
	client, _ := url.Parse(a.config.RedirectURI) // checked by NewAuthorizations
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self' "+client.Scheme+"://"+client.Host)
	_, _ = b.WriteTo(w)
}
