package record

// Language is the language of a page or of a document's own text.
type Language string

// The two languages of the portal.
const (
	Finnish Language = "fi"
	Swedish Language = "sv"
)

// Languages lists both languages; neither comes second in anything but this list.
var Languages = [...]Language{Finnish, Swedish}

// Known reports whether l is one of the two languages.
func (l Language) Known() bool { return l == Finnish || l == Swedish }

// Other is the language that l is not.
func (l Language) Other() Language {
	if l == Swedish {
		return Finnish
	}
	return Swedish
}

// Text is one text in both languages.
type Text struct {
	FI string `json:"fi,omitempty" yaml:"fi"`
	SV string `json:"sv,omitempty" yaml:"sv"`
}

// In returns the text in a language and the language that it is really in: where one is
// missing the other stands, and the page must say so with a lang attribute.
func (t Text) In(l Language) (string, Language) {
	first, second := t.FI, t.SV
	if l == Swedish {
		first, second = t.SV, t.FI
	}
	if first == "" && second != "" {
		return second, l.Other()
	}
	return first, l
}

// Empty reports whether there is no text in either language.
func (t Text) Empty() bool { return t.FI == "" && t.SV == "" }
