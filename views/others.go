package views

import (
	"strconv"

	"kuulas.example/internal/i18n"
	"kuulas.example/views/ui"
)

// Acting says for whom the user acts on a page; every such page carries it as a banner (A7).
type Acting struct {
	Name string // of the person as the register writes it; empty: the register has none
	Role string // "guardian", "informed" or "mandate"
}

// OthersPage is where one chooses for whom to act. Shell.Others tells whether that is
// switched on in this deployment.
type OthersPage struct {
	Shell    Shell
	Outcome  string // how the last choice ended: "", "refused", "unchecked", "again", "cancelled" or "stopped"
	Informed bool   // the deployment knows the role of a right to information (A2)
	People   []ActingPerson
}

// ActingPerson is someone for whom the user acts in this login.
type ActingPerson struct {
	Acting
	URL    string // the person's overview
	Handle string // the subject in the form that stops
	Number int    // tells persons of one name, or without one, apart; 0: there is no other
}

// who names the person. A name is never inflected: it stands as the register writes it.
func (a Acting) who(p *i18n.Printer) string {
	if a.Name == "" {
		return p.T("acting.nameless")
	}
	return p.F("acting.who", "name", a.Name)
}

// roleTexts are the words of each role: in the banner, where they also say whose data the page
// holds, and in the list of persons.
var roleTexts = map[string]struct{ banner, list string }{
	"guardian": {"acting.role.guardian", "others.role.guardian"},
	"informed": {"acting.role.informed", "others.role.informed"},
	"mandate":  {"acting.role.mandate", "others.role.mandate"},
}

// sees says in which role the user acts and whose data the page holds.
func (a Acting) sees(p *i18n.Printer) string {
	if t, known := roleTexts[a.Role]; known {
		return p.T(t.banner)
	}
	return p.T("acting.role.unknown")
}

// role says in which role the user acts for a person of the list.
func (a ActingPerson) role(p *i18n.Printer) string {
	if t, known := roleTexts[a.Role]; known {
		return p.T(t.list)
	}
	return ""
}

func (a ActingPerson) name(p *i18n.Printer) string {
	if a.Name == "" {
		return p.T("others.nameless") + a.number()
	}
	return a.Name + a.number()
}

func (a ActingPerson) number() string {
	if a.Number == 0 {
		return ""
	}
	return " (" + strconv.Itoa(a.Number) + ")"
}

// whose ends the words of the button that stops, for those who listen to buttons alone.
func (a ActingPerson) whose(p *i18n.Printer) string {
	if a.Name == "" {
		return p.T("others.stop-nameless") + a.number()
	}
	return p.F("others.stop-whose", "name", a.Name) + a.number()
}

// outcome is how a choice ended, in the words of a notice. The refusal has its own (A4).
type outcome struct {
	kind        ui.Kind
	title, text string
}

// outcomeOf finds the words; an outcome that has none gives nothing to say.
func outcomeOf(p *i18n.Printer, name string) (o outcome, found bool) {
	switch name {
	case "unchecked":
		return outcome{ui.Warning, p.T("unchecked.title"), p.T("unchecked.text")}, true
	case "again":
		return outcome{ui.Info, p.T("again.title"), p.T("again.text")}, true
	case "cancelled":
		return outcome{ui.Info, p.T("cancelled.title"), p.T("cancelled.text")}, true
	case "stopped":
		return outcome{ui.Success, p.T("stopped.title"), p.T("stopped.text")}, true
	}
	return outcome{}, false
}
