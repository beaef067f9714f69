package command

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"kuulas.example/internal/acting"
	"kuulas.example/internal/auth"
	"kuulas.example/internal/delivery"
	"kuulas.example/internal/i18n"
	"kuulas.example/internal/machine"
	"kuulas.example/internal/portal"
	"kuulas.example/internal/store"
	"kuulas.example/locales"
	"kuulas.example/web"
)

// parts are what serving is put together from.
type parts struct {
	login   *auth.Auth
	rights  *acting.Rights
	db      *store.DB
	portal  *portal.Portal
	door    *machine.Door // nil: there is no machine interface
	metrics *web.Metrics  // nil: none are kept
	sending *delivery.Metrics
	sender  *delivery.Sender // nil: declarations wait in the outbox
	log     *slog.Logger
}

// sweep removes ended sessions, stale logins, what they left at the register and old previews now and then.
func (p parts) sweep(ctx context.Context) {
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if err := p.login.Sweep(ctx); err != nil && ctx.Err() == nil {
				p.log.Error("sweep", "error", err.Error())
			}
			if err := p.rights.Sweep(ctx); err != nil && ctx.Err() == nil {
				p.log.Error("sweep", "error", err.Error())
			}
			if err := p.db.SweepPreviews(ctx, time.Now().Add(-store.PreviewLife)); err != nil && ctx.Err() == nil {
				p.log.Error("sweep", "error", err.Error())
			}
			if p.sender == nil { // else it sees to that
				p.letGo(ctx)
			}
		}
	}
}

func (h *house) login() (*auth.Auth, error) {
	o := h.config.OpenID
	a, err := auth.New(auth.Config{
		Issuer: o.Issuer, ClientID: o.ClientID, ClientSecret: o.ClientSecret, Scopes: o.Scopes, ACR: o.ACR,
		Claims: auth.ClaimNames{
			ID: o.Claims.Identity, Given: o.Claims.Given, Family: o.Claims.Family, Protected: o.Claims.Protected,
		},
		BaseURL: h.config.Origin(), SessionKeys: h.config.Keys.Session, Idle: h.config.Idle, Absolute: h.config.Absolute,
		Admit: admit(h.config.Identities), Address: web.ClientAddress(h.config.TrustedProxies),
	}, h.db, h.keys, h.evidence)
	if err != nil {
		return nil, fmt.Errorf("login: %w", err)
	}
	return a, nil
}

// pages puts the portal together with what its modules mount.
func (h *house) pages(program Program, p parts) (*web.Server, error) {
	texts, err := i18n.Load(locales.Files)
	if err != nil {
		return nil, err
	}
	mounts := map[string]http.Handler{}
	for _, m := range program.Modules {
		if m.Mount == nil {
			continue
		}
		prefix, handler, err := m.Mount(h.config)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", m.Name, err)
		}
		if handler != nil {
			mounts[prefix] = handler
		}
	}
	return web.New(web.Config{
		BaseURL: h.config.BaseURL, ProviderOrigin: web.Origin(h.config.OpenID.Issuer), TrustedProxies: h.config.TrustedProxies,
		Portal:         p.portal,
		RegisterOrigin: web.Origin(h.config.Mandates.URL), InformedRole: h.config.Mandates.InfoRole != "",
		Auth: p.login, Acting: p.rights, Machine: p.door, Texts: texts, Log: p.log, Metrics: p.metrics, Ready: h.ready, Mounts: mounts, Now: time.Now,
		Operator: h.webOperator(),
	})
}

// letGo makes official documents say what is in force, where they waited. What is wrong with one
// person's rows is told and keeps the portal from nobody else.
func (p parts) letGo(ctx context.Context) {
	if _, err := p.portal.ReleaseHeld(ctx); err != nil && ctx.Err() == nil {
		p.log.Error("let declarations go that were held", "error", err.Error())
	}
}

// newPortal is the door to the data.
func (h *house) newPortal(c *call) *portal.Portal {
	return portal.New(portal.Config{
		Store: h.db, Definitions: h.definitions, Evidence: h.evidence, Switches: h.operator.Switches, Now: time.Now,
		Notice: portal.Notice(h.operator.Notice), GuardianPermit: h.operator.GuardianPermit, TaskCodes: h.operator.ServiceTaskCodes,
		Receiver: h.config.Declarations.On(), Entries: h.entries(c),
	})
}

// rights knows for whom logins may act; switched off where no register is configured.
func (h *house) rights() (*acting.Rights, error) {
	rights, err := acting.New(acting.Config{
		Store: h.db, Keys: h.keys, Evidence: h.evidence, Now: time.Now, Register: register(h.config),
	})
	if err != nil {
		return nil, fmt.Errorf("acting for others: %w", err)
	}
	return rights, nil
}

// webOperator is what pages tell of the operator.
func (h *house) webOperator() web.Operator {
	o := h.operator
	return web.Operator{
		Name: o.Name, Contact: o.Contact, Officer: o.DataProtectionOfficer, Feedback: o.AccessibilityFeedback,
		Timing: o.Timing, ExitURL: o.ExitURL, JournalFrom: o.Switches.JournalFrom, SharedFrom: o.Switches.SharedCaseFrom,
		RelatedOn: o.Switches.RelationshipFrom, Idle: h.config.Idle, Absolute: h.config.Absolute, Others: h.config.Mandates.On(),
	}
}
