package web_test

import (
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"kuulas.example/internal/pdf"
	"kuulas.example/internal/testkit"
)

// fileIn asks for a file and reads it.
func fileIn(t *testing.T, s onScreen, lang, rest string) (answer, *testkit.PDF) {
	t.Helper()
	a := s.read(lang, rest)
	wantStatus(t, a, http.StatusOK)
	content, _, _ := strings.Cut(a.body, fileText)
	return a, testkit.ReadPDF(t, []byte(content))
}

func TestAFileIsSentAsOneWithANeutralName(t *testing.T) {
	h := newHouse(t)
	s := h.self("Lehtonen")
	s.permitted("fi")
	id := s.b.documents()[0]
	for _, c := range []struct{ lang, rest, name, title string }{
		{"fi", "/documents/" + id + "/pdf", "kuulas-asiakirja", "Asiakirja "},
		{"sv", "/documents/" + id + "/pdf", "kuulas-handling", "Handling "},
		{"fi", "/receipts/1/pdf", "kuulas-kuitti-1", "Kuitti 1"},
		{"sv", "/receipts/2/pdf", "kuulas-kvitto-2", "Kvitto 2"},
	} {
		a, file := fileIn(t, s, c.lang, c.rest)
		for name, want := range map[string]string{
			"Content-Type": "application/pdf", "Content-Disposition": `attachment; filename="` + c.name + `.pdf"`, "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff",
		} {
			if got := a.header.Get(name); got != want {
				t.Errorf("%s: %s is %q, want %q", c.rest, name, got, want)
			}
		}
		head := s.b.do(http.MethodHead, s.below(c.lang, c.rest), nil)
		if head.status != http.StatusOK || head.body != "" || head.header.Get("Content-Length") != a.header.Get("Content-Length") || head.header.Get("Content-Disposition") == "" {
			t.Errorf("HEAD of %s: %d, %d bytes, %v", c.rest, head.status, len(head.body), head.header)
		}
		if file.Lang != c.lang || !strings.HasPrefix(file.Title, c.title) || !strings.HasSuffix(file.Title, " – Kuulas") || strings.Contains(file.Title+file.Author, "Lehtonen") {
			t.Errorf("%s: the file is in %q and is called %q", c.rest, file.Lang, file.Title)
		}
		if again := s.read(c.lang, c.rest); again.body != a.body {
			t.Errorf("%s: the same file has other bytes", c.rest)
		}
	}
}

var pdfLink = regexp.MustCompile(`<a class="button button-quiet" href="(/[^"]+/pdf)">[^<]*\(PDF\)[^<]*</a>`)

// Why it exists: who cannot find the file has none.
func TestPagesLeadToTheirFiles(t *testing.T) {
	h := newHouse(t)
	s := h.self("Lehtonen")
	s.permitted("sv")
	for _, rest := range []string{"/documents/" + s.b.documents()[0], "/receipts/1"} {
		for _, lang := range []string{"fi", "sv"} {
			found := pdfLink.FindStringSubmatch(s.read(lang, rest).body)
			if found == nil || found[1] != s.below(lang, rest+"/pdf") {
				t.Errorf("%s%s leads to %q", lang, rest, found)
			}
		}
	}
}

// A7, V9, V14: a file for a guardian says on every page whose it is, and the child's own sentence
// about guardians is never in a file.
func TestAFileForAnotherHasItsBanner(t *testing.T) {
	h := newHouse(t)
	guardian, child := h.acting("guardian", "Mäkelä", "Virtanen"), h.self("Virtanen")
	id := unique(documentLink.FindAllStringSubmatch(guardian.read("fi", "/documents").body, -1), 2)[0]
	for lang, want := range map[string][]string{
		"fi": {"Asioit henkilön ", "Asioit huoltajana.", "Lapsen kaikkia asiakirjoja ei välttämättä näytetä huoltajalle."},
		"sv": {"Du sköter ärenden för ", "vårdnadshavare"},
	} {
		_, file := fileIn(t, guardian, lang, "/documents/"+id+"/pdf")
		for _, text := range want {
			if !strings.Contains(file.Text(), text) {
				t.Errorf("%s: the file does not say %q", lang, text)
			}
		}
		for i, page := range file.Pages {
			if !strings.Contains(page, want[0]) || !strings.Contains(page, "Virtanen") {
				t.Errorf("%s: page %d does not say whose it is", lang, i+1)
			}
		}
		_, own := fileIn(t, child, lang, "/documents/"+id+"/pdf")
		if text := own.Text(); strings.Contains(text, want[0]) || strings.Contains(strings.ToLower(text), "huoltajalle") || strings.Contains(text, "vårdnadshavare får") {
			t.Errorf("%s: the child's own file speaks of guardians", lang)
		}
	}
}

var oidAnywhere = regexp.MustCompile(`\b[0-2](\.[0-9]+){4,}`)

func TestReceiptsFilesHoldNoIdentifierAndNoAddress(t *testing.T) {
	h := newHouse(t)
	s := h.acting("mandate", "Kivelä", "Rantala")
	s.permitted("fi")
	s.prohibited("sv", "controller", "1.2.246.10.9999901.10.0")
	for n := 1; n <= 3; n++ {
		for _, lang := range []string{"fi", "sv"} {
			_, file := fileIn(t, s, lang, fmt.Sprintf("/receipts/%d/pdf", n))
			if found := oidAnywhere.FindString(file.Text()); found != "" {
				t.Errorf("receipt %d holds the identifier %s", n, found)
			}
			if strings.Contains(file.Text(), "000 0000") || strings.Contains(file.Text(), "@") {
				t.Errorf("receipt %d holds an address", n)
			}
			for _, name := range []string{"Rantala", "Kivelä"} {
				if !strings.Contains(file.Text(), name) {
					t.Errorf("receipt %d does not name %s", n, name)
				}
			}
			if !strings.Contains(file.Pages[0], "Rantala") {
				t.Errorf("receipt %d has no banner", n)
			}
		}
	}
}

// Why it exists (L1): who took a file along is in the log when the file leaves, also one's own.
func TestFilesAreRecorded(t *testing.T) {
	h := newHouse(t)
	s := h.self("Rantala")
	s.permitted("fi")
	id := s.b.documents()[0]
	from := len(h.events(0))
	fileIn(t, s, "fi", "/documents/"+id+"/pdf")
	fileIn(t, s, "sv", "/receipts/2/pdf")
	if got, want := h.events(from), []string{"document.pdf self allowed Rantala", "receipt.pdf self allowed Rantala"}; !slices.Equal(got, want) {
		t.Errorf("the log holds %q, want %q", got, want)
	}
	h.full(0)
	for _, rest := range []string{"/documents/" + id + "/pdf", "/receipts/2/pdf"} {
		if a := s.read("fi", rest); a.status != http.StatusServiceUnavailable || a.isFile() {
			t.Errorf("%s is answered with %d without evidence", rest, a.status)
		}
	}
}

// Why it exists: half a file is worse than none.
func TestAFileThatCannotBeMadeIsTheCalmPage(t *testing.T) {
	for name, fails := range map[string]func(*pdf.Document) ([]byte, error){
		"an error": func(*pdf.Document) ([]byte, error) { return []byte("%PDF-1.7 half"), errors.New("no room") },
		"a panic":  func(*pdf.Document) ([]byte, error) { panic("Lehtonen") },
	} {
		h := newHouse(t, func(h *house) { h.makeFile = fails })
		s := h.self("Lehtonen")
		for range 5 { // and none of them keeps a place
			a := s.read("sv", "/documents/"+s.b.documents()[0]+"/pdf")
			if a.status != http.StatusInternalServerError || a.isFile() || a.header.Get("Content-Disposition") != "" || !strings.Contains(a.body, `<html lang="sv"`) || strings.Contains(a.body, "%PDF") {
				t.Errorf("%s: answered %d %v", name, a.status, a.header)
			}
		}
	}
}
