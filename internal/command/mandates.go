package command

import (
	"kuulas.example/internal/config"
	"kuulas.example/internal/mandate"
	"kuulas.example/internal/paths"
)

// register is what the deployment and the authority agreed on about acting for another
// person. BaseURL is empty where that is switched off.
func register(cfg *config.Config) mandate.Config {
	m := cfg.Mandates
	return mandate.Config{
		BaseURL: m.URL, ClientID: m.ClientID, APIKey: m.APIKey, OAuthPassword: m.OAuthPassword, RESTKey: m.RESTKey,
		Theme: m.Theme, InfoRole: m.InfoRole, RedirectURI: cfg.Origin() + paths.MandatesCallback,
		Admit: admit(cfg.Identities),
	}
}

// checkMandates tells whether one can act for another person here, and by which rights. What a
// start would refuse beyond the configuration's own checks is a problem.
func (c *call) checkMandates(cfg *config.Config) bool {
	m := cfg.Mandates
	if !m.On() {
		c.printf("acting on behalf is switched off: no register is configured\n")
		return true
	}
	if _, err := mandate.New(register(cfg)); err != nil {
		c.report(err)
		return false
	}
	c.printf("acting on behalf is on, by the register at %s\n", m.URL)
	c.printf("  for a child: guardians%s\n", also(", and persons informed by the role ", m.InfoRole))
	if m.Theme == "" {
		c.printf("  for an adult: nobody\n")
	} else {
		c.printf("  for an adult: holders of a mandate of the theme %s\n", m.Theme)
	}
	if m.RESTKey == "" {
		c.warn([]config.Problem{{
			Variable: "KUULAS_MANDATES_REST_KEY",
			Reason:   "is empty: ten minutes after the choice a right cannot be checked again, and the user must choose anew",
		}})
	}
	return true
}

// also is a text about a value, where there is one.
func also(text, value string) string {
	if value == "" {
		return ""
	}
	return text + value
}
