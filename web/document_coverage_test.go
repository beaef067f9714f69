package web_test

import (
	"net/http"
	"strings"
	"testing"

	"kuulas.example/internal/paths"
)

// Why it exists: a prohibition of a document begins at the document, and one that covers it is
// named there, whatever its target (D4, D5).
func TestADocumentLeadsToItsProhibitionAndSaysWhatCoversIt(t *testing.T) {
	h := newHouse(t)
	for _, s := range []onScreen{h.self("Lehtonen"), h.acting("mandate", "Kivelä", "Lehtonen")} {
		list := s.read("fi", "/documents")
		documents := unique(documentLink.FindAllStringSubmatch(list.body, -1), 2)
		id := documents[len(documents)-1]
		start := strings.ReplaceAll(paths.ProhibitTarget("fi", s.subject, "document", id), "&", "&amp;")
		page := s.read("fi", "/documents/"+id)
		wantStatus(t, page, http.StatusOK)
		says(t, page, []string{`id="coverage"`, `href="` + start + `"`, "ei koske mikään luovutuskielto"}, nil)
		// The choice begins with this very document, marked.
		choice := s.b.get(strings.ReplaceAll(start, "&amp;", "&"))
		first := strings.Index(choice.body, `name="target"`)
		if want := `value="` + id + `" checked`; first < 0 || !strings.Contains(choice.body[first:first+200], want) {
			t.Errorf("%s: the document is not the first choice", s.role)
		}
		for _, name := range []string{"/documents/" + id + "/print"} {
			says(t, s.read("fi", name), nil, []string{"luovutuskielto", "/prohibitions/"})
		}
		s.prohibited("fi", "controller", string(county))
		says(t, s.read("fi", "/documents/"+id), []string{"on kielletty", "/prohibitions/" + s.inForce()[0], `href="` + start + `"`, "myös erikseen"}, []string{"ei koske mikään"})
		controller := s.inForce()[0]
		s.prohibited("sv", "document", id)
		page = s.read("sv", "/documents/"+id)
		says(t, page, []string{"är förbjudet", "/prohibitions/" + controller}, []string{"type=document"})
		for _, other := range documents[:len(documents)-1] {
			if strings.Contains(s.read("fi", "/documents/"+other).body, "Asiakirja: ") {
				t.Error("another document is said to be prohibited itself")
			}
		}
		for _, one := range s.inForce() {
			s.withdrawn("fi", one)
		}
	}
}

// Why it exists (D10): about a child nobody is led to a prohibition.
func TestNoDocumentOfAChildLeadsToAProhibition(t *testing.T) {
	h := newHouse(t, func(h *house) { h.guardian = true })
	looked := 0
	for _, s := range []onScreen{h.self("Virtanen"), h.acting("guardian", "Mäkelä", "Virtanen"), h.acting("informed", "Koskela", "Virtanen")} {
		for _, m := range documentLink.FindAllStringSubmatch(s.read("fi", "/documents").body, -1) {
			looked++
			says(t, s.read("fi", "/documents/"+m[2]), nil, []string{`id="coverage"`, "/prohibitions/"})
		}
	}
	if looked < 3 {
		t.Errorf("only %d documents were read", looked)
	}
}
