// Package static carries the style sheets, the one script, the typeface and the portal's
// mark, embedded in the program. A file is served under a name that holds a hash of its
// content, so that browsers may keep it for a year and still never show an old one. Only
// hashed names are answered. Text files lie ready compressed.
package static

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"maps"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"
)

// Prefix is where the files stand; the router hands everything below it to Handler.
const Prefix = "/static/"

//go:embed app.css disclosure.css session.js mark.svg fonts/*.woff2
var files embed.FS

type file struct {
	contentType string
	body        []byte
	gzipped     []byte // nil where compressing gains nothing
}

var (
	served    = map[string]*file{}  // by hashed name
	addresses = map[string]string{} // by plain name
)

var contentTypes = map[string]string{
	".css":   "text/css; charset=utf-8",
	".js":    "text/javascript; charset=utf-8",
	".svg":   "image/svg+xml",
	".woff2": "font/woff2",
}

func init() {
	// Fonts first: the style sheet names them by their addresses.
	fonts, err := fs.Glob(files, "fonts/*.woff2")
	if err != nil || len(fonts) == 0 {
		panic("static: the typeface is not embedded")
	}
	for _, name := range append(fonts, "mark.svg", "session.js", "app.css", "disclosure.css") {
		add(name)
	}
}

func add(name string) {
	body, err := files.ReadFile(name)
	if err != nil {
		panic(fmt.Sprintf("static: %v", err)) // embedded: only a broken build gets here
	}
	extension := path.Ext(name)
	if extension == ".css" {
		for plain, address := range addresses {
			body = bytes.ReplaceAll(body, []byte(`url("`+plain+`")`), []byte(`url("`+address+`")`))
		}
	}
	sum := sha256.Sum256(body)
	base := strings.TrimSuffix(path.Base(name), extension)
	hashed := base + "." + hex.EncodeToString(sum[:6]) + extension
	addresses[name] = Prefix + hashed
	served[hashed] = &file{contentType: contentTypes[extension], body: body, gzipped: compress(body, extension)}
}

func compress(body []byte, extension string) []byte {
	if extension == ".woff2" {
		return nil // compressed already
	}
	var b bytes.Buffer
	w, _ := gzip.NewWriterLevel(&b, gzip.BestCompression)
	_, _ = w.Write(body) // a bytes.Buffer takes everything
	_ = w.Close()
	if b.Len() >= len(body) {
		return nil
	}
	return b.Bytes()
}

// Path is the address of an embedded file, for example Path("app.css"). A name that is not
// embedded panics: tests render every page.
func Path(name string) string {
	address, ok := addresses[name]
	if !ok {
		panic("static: no file " + name)
	}
	return address
}

// Names lists the embedded files by their plain names, in no order.
func Names() []string {
	return slices.Collect(maps.Keys(addresses))
}

// Handler answers the addresses that Path gives; anything else is 404.
func Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f, ok := served[strings.TrimPrefix(r.URL.Path, Prefix)]
		if !ok {
			http.NotFound(w, r)
			return
		}
		header, body := w.Header(), f.body
		header.Set("Content-Type", f.contentType)
		header.Set("Cache-Control", "public, max-age=31536000, immutable")
		if f.gzipped != nil {
			header.Set("Vary", "Accept-Encoding")
			if acceptsGzip(r.Header.Get("Accept-Encoding")) {
				header.Set("Content-Encoding", "gzip")
				body = f.gzipped
			}
		}
		header.Set("Content-Length", strconv.Itoa(len(body)))
		if r.Method != http.MethodHead {
			_, _ = w.Write(body) // the visitor may be gone
		}
	})
}

// acceptsGzip reads the header as far as browsers write it; "gzip;q=0" is a no.
func acceptsGzip(header string) bool {
	for part := range strings.SplitSeq(header, ",") {
		name, quality, _ := strings.Cut(strings.TrimSpace(part), ";")
		if name == "gzip" {
			return strings.TrimSpace(quality) != "q=0"
		}
	}
	return false
}
