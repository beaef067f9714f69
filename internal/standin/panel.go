package standin

import (
	"bytes"
	"encoding/json"
	"html/template"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"time"
)

// What the pages of the stand-ins share, save the login's.

// ControlPath is where the page of a stand-in lies, below its base address, on which a person or a
// test puts it out of order.
const ControlPath = "/control"

// chooseLanguages are those of the pages; the first stands in for unknown ones.
var chooseLanguages = []string{"fi", "sv", "en"}

// pageTexts are texts by language and name.
type pageTexts map[string]map[string]string

func mustPageTexts(file string) (t pageTexts) {
	b, err := chooseFiles.ReadFile(file)
	if err == nil {
		err = json.Unmarshal(b, &t)
	}
	if err != nil {
		panic(err) // embedded: only a broken build gets here
	}
	return t
}

// frame is what the pages of a stand-in share.
type frame struct {
	Lang           string
	Others         []chooseLanguage // the other languages of the same page
	Text           map[string]string
	Style, Control string
}

type chooseLanguage struct{ Lang, Name, URL string }

// frame makes what a page at a path has in common with the others. A language that is not one
// of the pages' own becomes the first.
func (t pageTexts) frame(prefix, lang, path string, query url.Values) frame {
	if !slices.Contains(chooseLanguages, lang) {
		lang = chooseLanguages[0]
	}
	f := frame{Lang: lang, Text: t[lang], Style: prefix + chooseStylePath, Control: prefix + ControlPath}
	for _, l := range chooseLanguages {
		if l == lang {
			continue
		}
		same := url.Values{"lang": {l}}
		maps.Copy(same, query)
		f.Others = append(f.Others, chooseLanguage{Lang: l, Name: t[l]["language"], URL: prefix + path + "?" + same.Encode()})
	}
	return f
}

// render answers with a page whose forms lead to the stand-in itself, and to one more origin.
func render(w http.ResponseWriter, page *template.Template, data any, origin string) {
	var b bytes.Buffer
	if err := page.Execute(&b, data); err != nil {
		http.Error(w, "page cannot be shown", http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self' "+origin)
	_, _ = b.WriteTo(w)
}

// panelOutage is a state that a control page can bring about.
type panelOutage struct {
	Word, Label string
	Set         bool
}

// outage is how a stand-in does not answer as it should. The zero value is one that does.
type outage struct {
	status  int           // answers with this status
	body    string        // answers 200 with this body
	delay   time.Duration // waits so long first, or until the client goes away
	refused bool          // closes the connection without an answer
}

func (o outage) behave(w http.ResponseWriter, r *http.Request, answer http.HandlerFunc) {
	if o.delay > 0 {
		timer := time.NewTimer(o.delay)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-r.Context().Done():
			panic(http.ErrAbortHandler)
		}
	}
	switch {
	case o.refused:
		panic(http.ErrAbortHandler) // the server closes the connection and says nothing
	case o.status != 0:
		http.Error(w, "out of order", o.status)
	case o.body != "":
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, o.body) // nothing can be told to a client that went away
	default:
		answer(w, r)
	}
}
