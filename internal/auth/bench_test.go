package auth

import (
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/sessions"

	"kuulas.example/internal/record"
	"kuulas.example/internal/store"
)

// BenchmarkViewer is the session's part of a page: cookie, row, values, limits. The query
// alone is beside it for comparison.
func BenchmarkViewer(b *testing.B) {
	keys := newKeys(b)
	db, err := store.Open(b.Context(), filepath.Join(b.TempDir(), "portal.db"), keys)
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	a, err := New(Config{
		Issuer: "https://id.example", ClientID: "kuulas", ACR: []string{testACR}, BaseURL: "https://kuulas.example",
		SessionKeys: [][]byte{[]byte(strings.Repeat("k", 32))}, Idle: time.Hour, Absolute: time.Hour,
	}, db, keys, &testLog{})
	if err != nil {
		b.Fatal(err)
	}
	w, r := httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil)
	session := sessions.NewSession(a.sessions, sessionCookie)
	session.Options, session.IsNew = a.cookies.options(0), true
	session.Values[draftKey] = &draft{
		values: values{Code: "010190-900P", Given: "Ilona", Family: "Kuusimäki", Secret: make([]byte, 32), IDToken: strings.Repeat("t", 1500)},
		also:   func(tx *store.Tx) (record.PersonID, error) { return db.EnsurePerson(tx, code(b, "010190-900P")) },
	}
	if err := session.Save(r, w); err != nil {
		b.Fatal(err)
	}
	cookie := w.Result().Cookies()[0]
	id, _ := a.cookies.read(&http.Request{Header: http.Header{"Cookie": {cookie.String()}}}, sessionCookie)
	b.Run("whole", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			r := &http.Request{Header: http.Header{"Cookie": {cookie.Name + "=" + cookie.Value}}}
			if _, err := a.Viewer(r); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("query", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := db.Session(b.Context(), id.hash()); err != nil {
				b.Fatal(err)
			}
		}
	})
}
