package command

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"kuulas.example/internal/config"
	"kuulas.example/internal/declaration"
	"kuulas.example/internal/delivery"
	"kuulas.example/internal/record"
	"kuulas.example/internal/sosmeta"
	"kuulas.example/web"
)

// declarable tells what a client's change would run into: a definition under which no declaration
// can be built, and a receiver to whom none could be sent, because the official pair is not loaded.
func declarable(cfg *config.Config, set *sosmeta.Set) (problems []error) {
	for _, kind := range []declaration.Kind{declaration.KindProhibitions, declaration.KindPermit} {
		d, ok := declaration.Choose(set, kind)
		if ok {
			if err := declaration.Check(d); err != nil {
				problems = append(problems, fmt.Errorf("definition %s of the %s: %w", d.OID(), kind, err))
			}
		}
		if cfg.Declarations.On() && !declaration.Sendable(d) {
			problems = append(problems, fmt.Errorf("KUULAS_DECLARATIONS_URL: no official definition of the %s is loaded (KUULAS_DEFINITIONS), so that none could be sent", kind))
		}
	}
	return problems
}

// checkDeclarations tells under which definitions declarations are made, and where they go.
func (c *call) checkDeclarations(cfg *config.Config, set *sosmeta.Set) bool {
	if problems := declarable(cfg, set); len(problems) > 0 {
		for _, err := range problems {
			c.report(err)
		}
		return false
	}
	if cfg.Declarations.On() {
		c.printf("declarations are sent to %s\n", cfg.Declarations.URL)
	} else {
		c.printf("declarations wait in the outbox: no receiver is configured\n")
	}
	for _, kind := range []declaration.Kind{declaration.KindProhibitions, declaration.KindPermit} {
		switch d, ok := declaration.Choose(set, kind); {
		case !ok:
			c.printf("  %s: none is loaded; the portal's own serves, and what it holds is never sent\n", kind)
		case !declaration.Sendable(d):
			c.printf("  %s: %s, of the portal's own writing, and never sent\n", kind, d.OID())
		default:
			name, _ := d.Name(record.Finnish)
			c.printf("  %s: %s %s\n", kind, d.OID(), name)
		}
	}
	return true
}

// sender sends declarations; nil where no receiver is configured.
func (h *house) sender(p parts) (*delivery.Sender, error) {
	if !h.config.Declarations.On() {
		return nil, nil
	}
	s, err := delivery.New(delivery.Config{
		Store: h.db, Keys: h.keys, URL: h.config.Declarations.URL, Token: h.config.Declarations.Token,
		Release: p.portal, Log: p.log, Metrics: p.sending,
	})
	if err != nil {
		return nil, fmt.Errorf("declarations: %w", err)
	}
	return s, nil
}

// metricsOf answers with the metrics of pages and of declarations together.
func (h *house) metricsOf(pages *web.Metrics, sending *delivery.Metrics) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		pages.ServeHTTP(w, r)
		ctx, cancel := context.WithTimeout(r.Context(), 5*time.Second)
		defer cancel()
		if err := sending.Write(ctx, w, h.db, time.Now()); err != nil {
			_, _ = fmt.Fprintln(w, "# the outbox cannot be read")
		}
	})
}
