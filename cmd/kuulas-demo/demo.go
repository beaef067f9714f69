package main

import (
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"strings"

	"kuulas.example/cmd/kuulas-demo/data"
	"kuulas.example/internal/command"
	"kuulas.example/internal/config"
	"kuulas.example/internal/paths"
	"kuulas.example/internal/record"
	"kuulas.example/internal/standin"
)

const (
	providerPath = "/demo/id"
	clientID     = "kuulas-demo"
	// clientSecret is no secret: provider and client are one process on loopback.
	clientSecret = "kuulas-demo-on-loopback"
	acr          = "http://ftn.ficora.fi/2017/loa3"
)

// defaults are the configuration of a demo that was told nothing. The address follows the
// listener, and the provider follows the address.
func defaults(given config.Source) map[string]string {
	base, _ := given("KUULAS_BASE_URL")
	if base == "" {
		base = "http://localhost:8080"
		if listen, _ := given("KUULAS_LISTEN"); listen != "" {
			if _, port, err := net.SplitHostPort(listen); err == nil {
				base = "http://localhost:" + port
			}
		}
	}
	base = strings.TrimSuffix(base, "/")
	values := map[string]string{
		"KUULAS_BASE_URL": base, "KUULAS_DB": "sqlite:.demo/kuulas.db",
		"KUULAS_OIDC_ISSUER": base + providerPath, "KUULAS_OIDC_CLIENT_ID": clientID,
		"KUULAS_OIDC_CLIENT_SECRET": clientSecret, "KUULAS_OIDC_ACR": acr,
	}
	maps.Copy(values, registerDefaults(given, base))
	maps.Copy(values, receiverDefaults(given, base))
	return values
}

// offer is what the demo offers on a day: stand-ins, data and the greeting. The day
// is fixed at the start, so that the child who turns 18 tomorrow does so while the demo runs.
type offer struct{ today record.Date }

// modules are the stand-ins of the demo; the data and the greeting go with the first.
func (o offer) modules() []command.Module {
	return []command.Module{
		{Name: "demo", Mount: o.mountProvider, Data: data.Files(o.today), Greet: o.greet},
		{Name: "register", Mount: o.mountRegister},
		{Name: "receiver", Mount: o.mountReceiver},
	}
}

// mountProvider gives the stand-in provider, unless another provider is configured.
func (o offer) mountProvider(c *config.Config) (string, http.Handler, error) {
	if !ownProvider(c) {
		return "", nil, nil
	}
	people, err := o.people()
	if err != nil {
		return "", nil, err
	}
	provider, err := standin.New(standin.Config{
		Issuer: c.OpenID.Issuer, ClientID: c.OpenID.ClientID, ClientSecret: c.OpenID.ClientSecret,
		RedirectURI: c.Origin() + paths.Callback, PostLogoutURI: c.Origin() + paths.Root,
		BackchannelURI: c.Origin() + paths.BackchannelLogout, ACR: c.OpenID.ACR,
		IdentityClaim: c.OpenID.Claims.Identity, People: people,
	})
	if err != nil {
		return "", nil, err
	}
	return providerPath, provider, nil
}

func ownProvider(c *config.Config) bool { return c.OpenID.Issuer == c.Origin()+providerPath }

// people are those who can log in.
func (o offer) people() ([]standin.Person, error) {
	written, err := data.People(o.today)
	if err != nil {
		return nil, err
	}
	list := make([]standin.Person, len(written))
	for i, w := range written {
		list[i] = standin.Person{Given: w.Given, Family: w.Family, About: w.About}
		if w.Code == "" {
			continue // logs in without an identity code, as a foreigner does
		}
		if list[i].Code, err = record.ParseIdentityCode(w.Code); err != nil {
			return nil, fmt.Errorf("people of the demo: person %d: %w", i+1, err)
		}
	}
	return list, nil
}

// greet tells what to try.
func (o offer) greet(w io.Writer, c *config.Config) {
	_, _ = fmt.Fprintf(w, "\nKuulas is running: %s\n", c.Origin())
	if !ownProvider(c) {
		return
	}
	list, err := o.people()
	if err != nil {
		return // mount has told
	}
	_, _ = fmt.Fprintf(w, "Choose Kirjaudu (or På svenska, then Logga in) and log in as one of these invented people:\n\n")
	for _, p := range list {
		about, _ := p.About.In(record.Finnish)
		_, _ = fmt.Fprintf(w, "  %-28s %s\n", record.Viewer{Given: p.Given, Family: p.Family}.Name(), about)
	}
	if ownRegister(c) {
		_, _ = fmt.Fprintf(w, "\nTo revoke what they may do for each other, or to put the register out of order: %s\n", c.Mandates.URL+standin.ControlPath)
	}
	greetReceiver(w, c)
	_, _ = fmt.Fprintf(w, "\nEverybody and everything is invented. Data: %s. Ctrl-C stops.\n\n", c.Database)
}
