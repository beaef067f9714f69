package command

import (
	"fmt"

	"kuulas.example/internal/archive"
	"kuulas.example/internal/config"
	"kuulas.example/internal/machine"
)

// machines lets machine clients in; nil where no keys are configured.
func (h *house) machines() (*machine.Door, error) {
	if !h.config.Machine.On() {
		return nil, nil
	}
	door, err := machine.New(machine.Config{
		File: h.config.Machine.File, URL: h.config.Machine.URL, Audience: h.config.Origin(),
		Hash: h.keys.ObjectHash, Tokens: h.db, Evidence: h.evidence,
	})
	if err != nil {
		return nil, fmt.Errorf("KUULAS_API_JWKS: %w", err)
	}
	return door, nil
}

// entries takes what machine clients deliver, as an import does.
func (h *house) entries(c *call) *archive.Door { return archive.NewDoor(h.importOptions(c)) }

// checkMachine judges the keys of machine clients. Those behind an address are not fetched: check
// starts nothing.
func (c *call) checkMachine(cfg *config.Config) bool {
	const variable = "KUULAS_API_JWKS"
	switch {
	case cfg.Machine.URL != "":
		c.printf("machine clients: keys are fetched from %s when the portal serves\n", cfg.Machine.URL)
		return true
	case cfg.Machine.File == "":
		c.printf("machine clients: none, there are no keys of any\n")
		return true
	}
	b, err := machine.ReadKeyFile(cfg.Machine.File)
	var set *machine.KeySet
	if err == nil {
		set, err = machine.ParseKeySet(b)
	}
	if err != nil {
		c.report(config.Problems{{Variable: variable, Reason: err.Error()}})
		return false
	}
	if n := set.Unbound(); n > 0 && cfg.Environment == config.Production {
		c.warn([]config.Problem{{Variable: variable, Reason: fmt.Sprintf("%d of %d keys have no member client: who holds one may call under any name", n, set.Len())}})
	}
	c.printf("machine clients: %d keys\n", set.Len())
	return true
}
