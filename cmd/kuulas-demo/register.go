package main

import (
	"fmt"
	"net/http"

	"kuulas.example/cmd/kuulas-demo/data"
	"kuulas.example/internal/config"
	"kuulas.example/internal/paths"
	"kuulas.example/internal/record"
	"kuulas.example/internal/standin"
)

const (
	registerPath = "/demo/valtuudet"
	// The keys of the register are no secrets: it and its client are one process on loopback.
	registerClient   = "demokuul"
	registerKey      = "kuulas-demo-signs-on-loopback"
	registerPassword = "kuulas-demo-token-on-loopback"
	registerRESTKey  = "kuulas-demo-asks-on-loopback"
)

// registerDefaults lead to the demo's own register. With another register's address there are
// none: what was agreed with another register must be given with it.
func registerDefaults(given config.Source, base string) map[string]string {
	own := base + registerPath
	if address, ok := given("KUULAS_MANDATES_URL"); ok && address != own {
		return nil
	}
	return map[string]string{
		"KUULAS_MANDATES_URL": own, "KUULAS_MANDATES_CLIENT_ID": registerClient, "KUULAS_MANDATES_API_KEY": registerKey,
		"KUULAS_MANDATES_OAUTH_PASSWORD": registerPassword, "KUULAS_MANDATES_REST_KEY": registerRESTKey,
		"KUULAS_MANDATES_THEME": data.Theme, "KUULAS_MANDATES_INFO_ROLE": data.InfoRole,
	}
}

func ownRegister(c *config.Config) bool { return c.Mandates.URL == c.Origin()+registerPath }

// mountRegister gives the stand-in of e-Authorizations, unless another register is configured.
func (o offer) mountRegister(c *config.Config) (string, http.Handler, error) {
	if !ownRegister(c) {
		return "", nil, nil
	}
	pairs, err := o.pairs()
	if err != nil {
		return "", nil, err
	}
	register, err := standin.NewAuthorizations(standin.AuthorizationsConfig{
		BaseURL: c.Mandates.URL, ClientID: c.Mandates.ClientID, APIKey: c.Mandates.APIKey, OAuthPassword: c.Mandates.OAuthPassword,
		RESTKey: c.Mandates.RESTKey, RedirectURI: c.Origin() + paths.MandatesCallback, Pairs: pairs,
	})
	if err != nil {
		return "", nil, err
	}
	return registerPath, register, nil
}

// pairs are the rights that the register knows.
func (o offer) pairs() ([]standin.Pair, error) {
	written, err := data.Pairs(o.today)
	if err != nil {
		return nil, err
	}
	people, err := o.people()
	if err != nil {
		return nil, err
	}
	list := make([]standin.Pair, len(written))
	for i, w := range written {
		list[i] = standin.Pair{Name: w.Name, About: w.About, Roles: w.Roles}
		for text, code := range map[string]*record.IdentityCode{w.Delegate: &list[i].Delegate, w.Principal: &list[i].Principal} {
			if *code, err = record.ParseIdentityCode(text); err != nil {
				return nil, fmt.Errorf("pairs of the demo: pair %d: %w", i+1, err)
			}
		}
		for _, p := range people {
			if p.Code == list[i].Delegate {
				list[i].DelegateName = record.Viewer{Given: p.Given, Family: p.Family}.Name()
			}
		}
	}
	return list, nil
}
