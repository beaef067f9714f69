package views

import (
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"kuulas.example/internal/i18n"
	"kuulas.example/internal/testkit"
	"kuulas.example/static"
)

// fullHelp is the help page with as much on it as the paper must hold.
func fullHelp(p *i18n.Printer) HelpPage {
	page := HelpPage{
		Shell: Shell{P: p, OtherURL: "/" + p.Other() + "/help", Others: true}, Address: "kuulas.example",
		Timing:  Foreign{Text: strings.Repeat("Asiakastiedot tulevat näkyviin vaiheittain vuosien 2026 ja 2027 aikana. ", 2)},
		Contact: Contact{Phone: "029 000 0009", Email: "neuvonta@kuulas.example", Address: []string{"PL 1", "00000 Esimerkki"}},
	}
	for i := range paperNumbers {
		page.Organisations = append(page.Organisations, OrganisationFacts{
			Name: Foreign{Text: "Esimerkkilän hyvinvointialue " + strconv.Itoa(i)}, Office: Contact{Phone: "029 000 0000"},
		})
	}
	return page
}

// Service points print them on both sides of one sheet (s4).
func TestTheHelpPageAndTheLeafletFitTwoSidesOfPaper(t *testing.T) {
	if testing.Short() {
		t.Skip("needs a browser")
	}
	pages := map[string][]byte{}
	for lang, p := range printers(t) {
		pages["/"+lang+"/help"] = render(t, Help(fullHelp(p)))
		pages["/"+lang+"/leaflet"] = render(t, Leaflet(fullHelp(p)))
	}
	mux := http.NewServeMux()
	mux.Handle(static.Prefix, static.Handler())
	for address, page := range pages {
		mux.HandleFunc(address, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(page) })
	}
	server := httptest.NewServer(mux)
	defer server.Close()
	browser := testkit.StartBrowser(t)
	for address := range pages {
		browser.Open(server.URL + address)
		if got, want := browser.Paper(), 2; got != want {
			t.Errorf("%s takes %d sides of paper, want %d", address, got, want)
		}
		browser.Width(320)
		if wider := browser.Overflow(); wider > 0 {
			t.Errorf("%s is %d pixels wider than a narrow screen", address, wider)
		}
		if found := browser.Violations(); len(found) > 0 {
			t.Errorf("%s: %q", address, found)
		}
	}
}

// manyGroups is a document as decisions are: many small groups, and texts between their rows.
func manyGroups() []Node {
	row := func(label, value string) Node {
		return Node{Kind: Entry, Label: Foreign{Text: label}, Values: []Text{{Text: value}}}
	}
	var body []Node
	for i := range 12 {
		group := Node{Kind: Group, Label: Foreign{Text: "Ryhmä " + strconv.Itoa(i)}}
		for range 4 {
			group.Children = append(group.Children, row("Sukunimi", "Lehtonen"), row("Etunimet", "Aino Kyllikki"))
		}
		group.Children = append(group.Children, row("Kuvaus", "Asiasta sovittiin.\nAika on varattu."), row("Päivä", "1.2.2026"))
		body = append(body, group)
	}
	return body
}

// Why it exists: a row that may not be parted from the next makes half-empty sides of paper.
func TestADocumentFillsItsSidesOfPaper(t *testing.T) {
	if testing.Short() {
		t.Skip("needs a browser")
	}
	p := printers(t)["fi"]
	page := PrintPage{DocumentPage: DocumentPage{Shell: Shell{P: p}, Title: Foreign{Text: "Päätös"}, Body: manyGroups()}}
	mux := http.NewServeMux()
	mux.Handle(static.Prefix, static.Handler())
	content := render(t, Print(page))
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(content) })
	server := httptest.NewServer(mux)
	defer server.Close()
	browser := testkit.StartBrowser(t)
	browser.Open(server.URL)
	if got, want := browser.Paper(), 6; got > want {
		t.Errorf("the document takes %d sides of paper, %d are enough", got, want)
	}
}
