// Package i18n speaks the portal's two languages: texts by id, plural forms, and dates,
// clock times and numbers as people in Finland write them. A Printer is built once per
// language when the program starts; a file that cannot be read stops the start. Messages
// without placeholders lie ready in a map, so that a page costs a look-up per text.
//
// A text that is missing is logged and its id is shown: a page with one odd word helps a
// person more than no page. A test demands that none is missing.
package i18n

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"log/slog"
	"strings"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"

	"kuulas.example/internal/record"
)

// Texts holds the printers of both languages.
type Texts struct{ printers map[record.Language]*Printer }

// Printer gives texts, dates and numbers in one language. It is safe for concurrent use.
type Printer struct {
	lang      record.Language
	plain     map[string]string // messages without placeholders and plural forms
	templated map[string]bool   // the others, which the localizer renders
	localizer *i18n.Localizer
	clock     string // the word before a clock time, with its space
}

// Load reads fi.json and sv.json from a folder. The error names the file.
func Load(fsys fs.FS) (*Texts, error) {
	texts := &Texts{printers: make(map[record.Language]*Printer, len(record.Languages))}
	for _, lang := range record.Languages {
		p, err := newPrinter(fsys, lang)
		if err != nil {
			return nil, fmt.Errorf("load texts: %w", err)
		}
		texts.printers[lang] = p
	}
	return texts, nil
}

// In returns the printer of a language; an unknown language reads Finnish.
func (t *Texts) In(lang record.Language) *Printer {
	if p, ok := t.printers[lang]; ok {
		return p
	}
	return t.printers[record.Finnish]
}

func newPrinter(fsys fs.FS, lang record.Language) (*Printer, error) {
	name := string(lang) + ".json"
	data, err := fs.ReadFile(fsys, name)
	if err != nil {
		return nil, err
	}
	tag := language.Make(string(lang))
	// One bundle a language: with a shared one the library would answer a missing Swedish
	// text in Finnish, and nobody would notice.
	bundle := i18n.NewBundle(tag)
	bundle.RegisterUnmarshalFunc("json", json.Unmarshal)
	file, err := bundle.ParseMessageFileBytes(data, name)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	p := &Printer{
		lang: lang, localizer: i18n.NewLocalizer(bundle, string(lang)),
		plain: make(map[string]string, len(file.Messages)), templated: map[string]bool{},
	}
	for _, m := range file.Messages {
		if m.One == "" && !strings.Contains(m.Other, "{{") {
			p.plain[m.ID] = m.Other
		} else {
			p.templated[m.ID] = true
		}
	}
	p.clock = p.T("date.clock") + "\u00a0"
	return p, nil
}

// Lang is the printer's language.
func (p *Printer) Lang() record.Language { return p.lang }

// Code is the language as HTML and addresses write it: fi or sv.
func (p *Printer) Code() string { return string(p.lang) }

// T returns a text that has no placeholders.
func (p *Printer) T(id string) string {
	if text, ok := p.plain[id]; ok {
		return text
	}
	return p.missing(id)
}

// F returns a text with placeholders; pairs are names and values in turn. A placeholder
// {{.name}} stands for the value after "name". The text is not escaped: templ does that.
func (p *Printer) F(id string, pairs ...any) string {
	if !p.templated[id] {
		return p.T(id)
	}
	return p.localize(&i18n.LocalizeConfig{MessageID: id, TemplateData: values(pairs)})
}

// N returns a text whose wording depends on a number; {{.n}} is the number as it is read.
func (p *Printer) N(id string, n int, pairs ...any) string {
	if !p.templated[id] {
		return p.T(id)
	}
	data := values(pairs)
	data["n"] = p.Number(float64(n))
	return p.localize(&i18n.LocalizeConfig{MessageID: id, TemplateData: data, PluralCount: n})
}

func (p *Printer) localize(config *i18n.LocalizeConfig) string {
	text, err := p.localizer.Localize(config)
	if err != nil {
		return p.missing(config.MessageID)
	}
	return text
}

func (p *Printer) missing(id string) string {
	slog.Error("text missing", "id", id, "lang", p.lang)
	return id
}

func values(pairs []any) map[string]any {
	data := make(map[string]any, len(pairs)/2+1)
	for i := 0; i+1 < len(pairs); i += 2 {
		if name, ok := pairs[i].(string); ok {
			data[name] = pairs[i+1]
		}
	}
	return data
}

// Other is the code of the language that a page is not in.
func (p *Printer) Other() string { return string(p.lang.Other()) }
