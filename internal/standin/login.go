package standin

import (
	"crypto/rand"
	"embed"
	"encoding/json"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/zitadel/oidc/v3/pkg/oidc"

	"kuulas.example/internal/record"
)

//go:embed page.html style.css texts.json
var files embed.FS

var (
	page  = template.Must(template.ParseFS(files, "page.html"))
	texts = mustTexts()
)

func mustTexts() (t map[record.Language]map[string]string) {
	b, err := files.ReadFile("texts.json")
	if err == nil {
		err = json.Unmarshal(b, &t)
	}
	if err != nil {
		panic(err) // embedded: only a broken build gets here
	}
	return t
}

const sessionCookie = "standin"

type pageData struct {
	Lang, OtherLang, OtherURL string
	Text                      map[string]string
	Style, Action, ID         string
	People                    []pagePerson
	Ended                     bool
}

type pagePerson struct {
	Number      int
	Name, About string
	AboutLang   string
}

// showLogin handles "GET /login": lists the people, or goes on at once for a person who is
// signed in already when the client accepts that.
func (p *Provider) showLogin(w http.ResponseWriter, r *http.Request) {
	login := p.login(r.FormValue("id"))
	if login == nil {
		http.Error(w, "unknown login", http.StatusBadRequest)
		return
	}
	if known := p.signedIn(r); login.satisfiedBy(known) {
		p.proceed(w, r, login, known)
		return
	}
	if slices.Contains(login.asked.Prompt, oidc.PromptNone) {
		http.Redirect(w, r, p.answer(login, url.Values{"error": {"login_required"}}), http.StatusSeeOther)
		return
	}
	lang := login.language()
	if l := record.Language(r.FormValue("lang")); l.Known() {
		lang = l
	}
	data := p.page(lang)
	data.ID = login.id
	data.OtherURL = p.prefix + loginPath + "?" + url.Values{"id": {login.id}, "lang": {data.OtherLang}}.Encode()
	for i, person := range p.config.People {
		about, aboutLang := person.About.In(lang)
		name := record.Viewer{Given: person.Given, Family: person.Family}.Name()
		data.People = append(data.People, pagePerson{Number: i, Name: name, About: about, AboutLang: string(aboutLang)})
	}
	p.render(w, data)
}

// finishLogin handles "POST /login": the picked person, or a cancelled login.
func (p *Provider) finishLogin(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 1<<14)
	login := p.login(r.PostFormValue("id"))
	if login == nil {
		http.Error(w, "unknown login", http.StatusBadRequest)
		return
	}
	if r.PostFormValue("cancel") != "" {
		p.mu.Lock()
		delete(p.logins, login.id)
		p.mu.Unlock()
		http.Redirect(w, r, p.answer(login, url.Values{"error": {"access_denied"}}), http.StatusSeeOther)
		return
	}
	n, err := strconv.Atoi(r.PostFormValue("person"))
	if err != nil || n < 0 || n >= len(p.config.People) {
		http.Error(w, "unknown person", http.StatusBadRequest)
		return
	}
	s := &session{sid: rand.Text(), sub: rand.Text(), person: p.config.People[n], at: time.Now()}
	p.mu.Lock()
	p.sessions[s.sid] = s
	p.mu.Unlock()
	http.SetCookie(w, &http.Cookie{Name: sessionCookie, Value: s.sid, Path: p.prefix + "/", HttpOnly: true, SameSite: http.SameSiteLaxMode})
	p.proceed(w, r, login, s)
}

func (p *Provider) proceed(w http.ResponseWriter, r *http.Request, login *authRequest, s *session) {
	p.mu.Lock()
	login.session = s
	p.mu.Unlock()
	http.Redirect(w, r, p.prefix+authorizePath+"/callback?"+url.Values{"id": {login.id}}.Encode(), http.StatusSeeOther)
}

func (p *Provider) signedIn(r *http.Request) *session {
	cookie, err := r.Cookie(sessionCookie)
	if err != nil {
		return nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	s := p.sessions[cookie.Value]
	if s == nil || time.Since(s.at) > sessionLifetime {
		return nil
	}
	return s
}

// showEnded handles "GET /ended": where a logout leads that names no registered address.
func (p *Provider) showEnded(w http.ResponseWriter, r *http.Request) {
	lang := record.Finnish
	if l := record.Language(r.FormValue("lang")); l.Known() {
		lang = l
	}
	data := p.page(lang)
	data.Ended = true
	data.OtherURL = p.prefix + endedPath + "?lang=" + data.OtherLang
	p.render(w, data)
}

func (p *Provider) page(lang record.Language) pageData {
	return pageData{
		Lang: string(lang), OtherLang: string(lang.Other()), Text: texts[lang],
		Style: p.prefix + stylePath, Action: p.prefix + loginPath,
	}
}

func (p *Provider) render(w http.ResponseWriter, data pageData) {
	// The form's answer redirects to the client, and browsers hold form-action to that too.
	client, _ := url.Parse(p.config.RedirectURI) // checked by New
	render(w, page, data, client.Scheme+"://"+client.Host)
}

func (p *Provider) style(w http.ResponseWriter, r *http.Request) {
	http.ServeFileFS(w, r, files, "style.css")
}
