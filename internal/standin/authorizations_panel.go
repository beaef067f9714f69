package standin

import (
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"
)

var panelPage = template.Must(template.ParseFS(chooseFiles, "authorizations_panel.html", "panel.html"))

// outages are the states that the page can bring about, by the word that a form sends.
var outages = []struct {
	word   string
	faults AuthorizationsFaults
}{
	{"none", AuthorizationsFaults{}},
	{"slow", AuthorizationsFaults{Delay: 5 * time.Second}}, // no client waits so long
	{"down", AuthorizationsFaults{Status: http.StatusServiceUnavailable}},
	{"broken", AuthorizationsFaults{Body: `{"result":"ALL`}},
}

type panelData struct {
	frame
	Done     bool
	Sessions int
	Outages  []panelOutage
	Unnamed  bool // a fault that a test has set and the page has no word for
	Pairs    []panelPair
}

type panelPair struct {
	Number              int
	Delegate, Principal string
	Roles               []string
	Revoked             bool // it has other rights than at the start
}

// showPanel handles "GET /control": all pairs with their roles, and what is out of order.
func (a *Authorizations) showPanel(w http.ResponseWriter, r *http.Request) {
	f := a.frame(r.FormValue("lang"), ControlPath, nil)
	data := panelData{frame: f, Done: r.FormValue("done") != "", Sessions: a.Sessions(), Unnamed: true}
	a.mu.Lock()
	faults, pairs := a.faults, slices.Clone(a.pairs)
	a.mu.Unlock()
	for _, o := range outages {
		set := o.faults == faults
		data.Unnamed = data.Unnamed && !set
		data.Outages = append(data.Outages, panelOutage{Word: o.word, Label: f.Text[o.word], Set: set})
	}
	for i, p := range pairs {
		shown := panelPair{Number: i, Delegate: p.DelegateName, Principal: p.Name, Roles: p.Roles}
		for _, name := range []*string{&shown.Delegate, &shown.Principal} {
			if *name == "" {
				*name = f.Text["nameless"]
			}
		}
		shown.Revoked = !slices.Equal(p.Roles, a.atStart(i))
		data.Pairs = append(data.Pairs, shown)
	}
	a.render(w, panelPage, data)
}

// atStart gives the roles that a pair had when the register was built.
func (a *Authorizations) atStart(pair int) []string {
	if pair >= len(a.config.Pairs) {
		return nil
	}
	return a.config.Pairs[pair].Roles
}

// changePanel handles "POST /control": action is revoke or restore with the number of a pair,
// expire, or outage with one of its words.
func (a *Authorizations) changePanel(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 1<<14)
	if !a.change(r.PostFormValue("action"), r.PostFormValue("pair"), r.PostFormValue("outage")) {
		http.Error(w, "unknown action, pair or outage", http.StatusBadRequest)
		return
	}
	back := url.Values{"lang": {r.PostFormValue("lang")}, "done": {"1"}}
	http.Redirect(w, r, a.prefix+ControlPath+"?"+back.Encode(), http.StatusSeeOther)
}

// change does what a form of the page asks for, and reports whether that is known.
func (a *Authorizations) change(action, pair, outage string) bool {
	switch action {
	case "expire":
		a.ExpireSessions()
		return true
	case "outage":
		for _, o := range outages {
			if o.word == outage {
				a.SetFaults(o.faults)
				return true
			}
		}
		return false
	case "revoke", "restore":
		a.mu.Lock()
		defer a.mu.Unlock()
		n, err := strconv.Atoi(pair)
		if err != nil || n < 0 || n >= len(a.pairs) {
			return false
		}
		a.pairs[n].Roles = nil
		if action == "restore" {
			a.pairs[n].Roles = slices.Clone(a.atStart(n))
		}
		return true
	}
	return false
}
