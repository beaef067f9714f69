package command

import (
	"context"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"kuulas.example/internal/delivery"
	"kuulas.example/internal/seal"
	"kuulas.example/internal/store"
	"kuulas.example/web"
)

// Why it exists: an operator learns of declarations that wait or were refused by these lines.
func TestMetricsTellOfDeclarationsToo(t *testing.T) {
	keys, err := seal.New([]byte("a data key for tests, 32 bytes: x"[:32]))
	if err != nil {
		t.Fatal(err)
	}
	db, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "kuulas.db"), keys)
	if err != nil {
		t.Fatal(err)
	}
	answers := (&house{db: db}).metricsOf(web.NewMetrics(), delivery.NewMetrics())
	ctx, cancel := context.WithCancel(t.Context())
	ask := func() string {
		answer := httptest.NewRecorder()
		answers.ServeHTTP(answer, httptest.NewRequestWithContext(ctx, http.MethodGet, "/metrics", nil))
		return answer.Body.String()
	}
	text := ask()
	for _, line := range []string{"# TYPE kuulas_http_request_duration_seconds histogram", `kuulas_declarations{state="refused"} 0`, `kuulas_declaration_tries_total{outcome="conflict"} 0`} {
		if !strings.Contains(text, line+"\n") {
			t.Errorf("%s is missing in\n%s", line, text)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	cancel()
	if text := ask(); !strings.Contains(text, "the outbox cannot be read") || strings.Contains(text, "kuulas_declarations") {
		t.Errorf("without a database:\n%s", text)
	}
}
