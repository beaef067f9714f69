package standin

import (
	"crypto/rand"
	"embed"
	"html/template"
	"net/http"
	"net/url"
	"strconv"

	"kuulas.example/internal/record"
)

//go:embed authorizations.html authorizations_panel.html authorizations.json panel.html declarations_panel.html declarations.json
var chooseFiles embed.FS

var (
	choosePage  = template.Must(template.ParseFS(chooseFiles, "authorizations.html"))
	chooseTexts = mustPageTexts("authorizations.json")
)

type chooseData struct {
	frame
	Action, ID string
	People     []choosePerson
}

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

func (a *Authorizations) frame(lang, path string, query url.Values) frame {
	return chooseTexts.frame(a.prefix, lang, path, query)
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
	client, _ := url.Parse(a.config.RedirectURI) // checked by NewAuthorizations
	render(w, page, data, client.Scheme+"://"+client.Host)
}
