package web

import (
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	"kuulas.example/internal/i18n"
	"kuulas.example/internal/portal"
	"kuulas.example/internal/record"
	"kuulas.example/views"
)

// maxQuery is how many characters of search words are read.
const maxQuery = 100

// filterForm is the GET form above a list as it came: the filter that could be read, what
// was typed, and the message ids of what is wrong.
type filterForm struct {
	filter          portal.Filter
	from, to, query string
	wrong           map[string]string // field → message id
}

// readFilter reads the query of a list's address.
func readFilter(q url.Values, lang record.Language) filterForm {
	f := filterForm{
		filter: portal.Filter{Language: lang, Page: 1}, wrong: map[string]string{},
		from: q.Get("from"), to: q.Get("to"), query: strings.TrimSpace(q.Get("q")),
	}
	f.filter.From = f.date("from", f.from)
	f.filter.To = f.date("to", f.to)
	if len(f.wrong) == 0 && !f.filter.To.IsZero() && f.filter.To.Before(f.filter.From) {
		f.wrong["to"] = "filter.bad-order"
	}
	if f.filter.Query = f.query; !utf8.ValidString(f.query) || utf8.RuneCountInString(f.query) > maxQuery {
		f.filter.Query, f.wrong["q"] = "", "filter.long-query"
	}
	f.choices(q)
	return f
}

// choices reads what is chosen from lists. Only an address made by hand holds another value.
func (f *filterForm) choices(q url.Values) {
	f.filter.Task = record.ServiceTask(q.Get("task"))
	f.filter.Kind = q.Get("kind")
	bad := f.filter.Task != "" && !f.filter.Task.Known() || f.filter.Kind != portal.KindKey(f.filter.Kind)
	if c := q.Get("controller"); c != "" {
		oid, err := record.ParseOID(c)
		f.filter.Controller, bad = oid, bad || err != nil
	}
	if p := q.Get("page"); p != "" {
		n, err := strconv.Atoi(p)
		f.filter.Page, bad = n, bad || err != nil || n < 1
	}
	if bad {
		f.filter.Task, f.filter.Kind, f.filter.Controller, f.filter.Page = "", "", "", 1
		f.wrong["q"] = "filter.bad-choice"
	}
}

// badDay is what is said beside a day that cannot be read, and in the summary of errors, where
// it must name its field.
var badDay = map[string]string{"from": "filter.bad-from", "to": "filter.bad-to"}

// date reads a day as people type it, or as programs write it.
func (f *filterForm) date(field, typed string) record.Date {
	if d, err := record.ParseDate(strings.TrimSpace(typed)); err == nil {
		return d
	}
	d, err := i18n.ParseDate(typed)
	if err != nil {
		f.wrong[field] = badDay[field]
	}
	return d
}

func (f *filterForm) valid() bool { return len(f.wrong) == 0 }

func (f *filterForm) active() bool {
	n := f.filter
	return n.Task != "" || n.Kind != "" || n.Controller != "" || f.from != "" || f.to != "" || f.query != ""
}

// address writes the filter as the query of an address, with another page. Days that
// could be read stay as they were typed, so that the form shows them again.
func (f *filterForm) address(base string, page int) string {
	q := url.Values{}
	set := func(name, value string) {
		if value != "" {
			q.Set(name, value)
		}
	}
	set("task", string(f.filter.Task))
	set("kind", f.filter.Kind)
	set("controller", string(f.filter.Controller))
	if !f.filter.From.IsZero() {
		set("from", f.from)
	}
	if !f.filter.To.IsZero() {
		set("to", f.to)
	}
	set("q", f.filter.Query)
	if page > 1 {
		set("page", strconv.Itoa(page))
	}
	if len(q) == 0 {
		return base
	}
	return base + "?" + q.Encode()
}

// filterView is the form as the page shows it again.
func (in *site) filterView(f *filterForm, base string, list portal.List) views.Filter {
	v := views.Filter{
		Action: base, ClearURL: base, Active: f.active(),
		From: in.field(f, "from", f.from), To: in.field(f, "to", f.to), Query: in.field(f, "q", f.query),
	}
	for _, t := range list.Tasks {
		v.Tasks = append(v.Tasks, views.Option{Value: string(t), Text: in.words.tasks[t], Selected: t == f.filter.Task})
	}
	for _, k := range list.Kinds {
		key := portal.KindKey(k)
		v.Kinds = append(v.Kinds, views.Option{Value: key, Text: in.words.kind(k), Selected: key == f.filter.Kind})
	}
	in.sortOrganisations(list.Controllers)
	for _, c := range list.Controllers {
		name, _ := c.Name.In(in.lang)
		v.Controllers = append(v.Controllers, views.Option{Value: string(c.OID), Text: name, Selected: c.OID == f.filter.Controller})
	}
	return v
}

func (in *site) field(f *filterForm, name, typed string) views.Field {
	field := views.Field{Value: typed}
	if id := f.wrong[name]; id != "" {
		field.Error = in.text.T(id)
	}
	return field
}
