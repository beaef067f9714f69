package web

import (
	"slices"
	"strings"
	"sync"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"

	"kuulas.example/internal/i18n"
	"kuulas.example/internal/paths"
	"kuulas.example/internal/portal"
	"kuulas.example/internal/record"
	"kuulas.example/views"
)

// words are the names in one language that the lists need many times a page.
type words struct {
	tasks    map[record.ServiceTask]string
	kinds    map[string]string // by portal.KindKey
	mu       sync.Mutex        // a collator is for one at a time
	collator *collate.Collator
}

// The general types of documents of all finished definitions. A definition with another type
// is shown with its own word for it.
var kindMessages = map[string]string{
	"paatos": "kind.paatos", "suunnitelma": "kind.suunnitelma", "arvio": "kind.arvio", "ilmoitus": "kind.ilmoitus",
	"asiakaskertomusmerkinta": "kind.asiakaskertomusmerkinta", "hakemus": "kind.hakemus", "lausunto": "kind.lausunto",
	"pyynto": "kind.pyynto", "selvitys": "kind.selvitys", "yhteenveto": "kind.yhteenveto", "suostumus": "kind.suostumus",
	"sopimus": "kind.sopimus", "kuulemisasiakirja": "kind.kuulemisasiakirja", "laskelma": "kind.laskelma",
	"lahete": "kind.lahete", "maksusitoumus": "kind.maksusitoumus", "asiakkuusasiakirja": "kind.asiakkuusasiakirja",
	"asia-asiakirja": "kind.asia-asiakirja",
}

var taskMessages = map[record.ServiceTask]string{
	record.Elderly: "service-task.elderly", record.Families: "service-task.families",
	record.ChildProtection: "service-task.child-protection", record.FamilyLaw: "service-task.family-law",
	record.Substance: "service-task.substance", record.WorkingAge: "service-task.working-age",
	record.Disability: "service-task.disability",
}

func newWords(text *i18n.Printer) *words {
	w := &words{
		tasks: map[record.ServiceTask]string{"": text.T("service-task.several")}, kinds: map[string]string{},
		collator: collate.New(language.Make(text.Code())),
	}
	for task, message := range taskMessages {
		w.tasks[task] = text.T(message)
	}
	for key, message := range kindMessages {
		w.kinds[key] = text.T(message)
	}
	return w
}

// kind names a general type of documents, which definitions write in Finnish.
func (w *words) kind(documentType string) string {
	if name, ok := w.kinds[portal.KindKey(documentType)]; ok {
		return name
	}
	return documentType
}

// sortOrganisations orders by name as the page's language does.
func (in *site) sortOrganisations(list []*record.Organisation) {
	sortNamed(in, list, func(o *record.Organisation) record.Text { return o.Name })
}

func sortNamed[T any](in *site, list []T, name func(T) record.Text) {
	if len(list) < 2 {
		return
	}
	in.words.mu.Lock()
	defer in.words.mu.Unlock()
	slices.SortStableFunc(list, func(a, b T) int {
		first, _ := name(a).In(in.lang)
		second, _ := name(b).In(in.lang)
		return in.words.collator.CompareString(first, second)
	})
}

// foreign is a text for a page, with its language where that is not the page's.
func (in *site) foreign(t record.Text) views.Foreign {
	text, lang := t.In(in.lang)
	return views.Foreign{Text: text, Lang: in.langOf(lang)}
}

// langOf is the lang attribute of a text: empty where it is the page's own language.
func (in *site) langOf(l record.Language) string {
	if l == in.lang || !l.Known() {
		return ""
	}
	return string(l)
}

func (in *site) dates(list []record.Date) []string {
	texts := make([]string, len(list))
	for i, d := range list {
		texts[i] = in.text.Date(d)
	}
	return texts
}

func contactOf(c record.Contact) views.Contact {
	return views.Contact{Name: c.Name, Phone: c.Phone, Email: c.Email, Address: lines(c.Address)}
}

// unnamed is a contact whose name stands elsewhere on the page.
func unnamed(c record.Contact) views.Contact {
	c.Name = ""
	return contactOf(c)
}

func lines(text string) []string {
	var list []string
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			list = append(list, line)
		}
	}
	return list
}

// starts says what each controller shows from when. Dates of one controller stand together.
func (in *site) starts(list []portal.DisplayStart) []views.ControllerStart {
	var starts []views.ControllerStart
	for i, s := range list {
		if i == 0 || list[i-1].Organisation != s.Organisation {
			starts = append(starts, views.ControllerStart{
				Controller: in.foreign(s.Organisation.Name),
				URL:        paths.Organisation(string(in.lang), string(s.Organisation.OID)),
			})
		}
		name, from := in.text.T("starts.whole"), in.text.T("starts.undecided")
		if s.Task != "" {
			name = in.words.tasks[s.Task]
		}
		if !s.From.IsZero() {
			from = in.text.Date(s.From)
		}
		last := &starts[len(starts)-1]
		last.Tasks = append(last.Tasks, views.TaskStart{Task: name, From: from})
	}
	return starts
}

// count says a number of documents in words.
func (in *site) count(n int) string {
	if n == 0 {
		return in.text.T("documents.none")
	}
	return in.text.N("documents.count", n)
}
