package command

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"kuulas.example/internal/config"
	"kuulas.example/internal/portal"
	"kuulas.example/internal/record"
	"kuulas.example/internal/seal"
	"kuulas.example/internal/sosmeta"
	"kuulas.example/internal/store"
)

type checkCommand struct{}

// Run lists every problem of the configuration, the operator's file and the definitions, and
// per definition how its documents are treated. It starts nothing and changes nothing; keys
// that a start would make are not made.
func (checkCommand) Run(c *call) error {
	failed := false
	cfg, err := config.Load(c.program.Environment, config.ForServing, c.look)
	c.warn(append(config.Unknown(c.Environ), cfg.Warnings...))
	if err != nil {
		failed = true
		c.report(err)
	}
	// What was told of the register, or of the address that it sends users back to, is not
	// judged again.
	if !names(err, "KUULAS_MANDATES_") && cfg.BaseURL != nil {
		failed = !c.checkMandates(cfg) || failed
	}
	// What the configuration could not find is not looked for again.
	if !names(err, "KUULAS_OPERATOR") {
		failed = !c.checkOperator(cfg) || failed
	}
	if !names(err, "KUULAS_DEFINITIONS") {
		set, ok := c.checkDefinitions(cfg)
		failed = !ok || failed
		if set != nil && !names(err, "KUULAS_DECLARATIONS_") {
			failed = !c.checkDeclarations(cfg, set) || failed
		}
		if set != nil {
			failed = !c.checkData(cfg, set) || failed
		}
	}
	if !names(err, "KUULAS_API_JWKS") {
		failed = !c.checkMachine(cfg) || failed
	}
	if failed {
		return errTold
	}
	c.printf("no problem found\n")
	return nil
}

// names reports whether a configuration's problems are about a variable too, or about one of
// those whose names begin so.
func names(err error, variable string) bool {
	var problems config.Problems
	return errors.As(err, &problems) &&
		slices.ContainsFunc(problems, func(p config.Problem) bool { return strings.HasPrefix(p.Variable, variable) })
}

func (c *call) checkOperator(cfg *config.Config) bool {
	file, err := loadOperator(cfg)
	if err != nil {
		c.report(err)
		return false
	}
	if cfg.BaseURL != nil && !cfg.Public() {
		for _, missing := range file.Incomplete {
			c.warn([]config.Problem{{Variable: "KUULAS_OPERATOR", Reason: missing}})
		}
	}
	return true
}

// checkDefinitions loads the definitions and lists their families. Slips that were
// overlooked are warnings; a file that gave no definition is a problem.
func (c *call) checkDefinitions(cfg *config.Config) (*sosmeta.Set, bool) {
	set, report, err := sosmeta.Load(definitionsOf(cfg))
	if err != nil {
		c.report(err)
		return nil, false
	}
	ok := true
	for _, p := range report.Problems {
		if p.Lost {
			ok = false
			_, _ = fmt.Fprintf(c.Stderr, "%s: %s\n", c.program.Name, p)
		} else {
			_, _ = fmt.Fprintf(c.Stderr, "%s: warning: %s\n", c.program.Name, p)
		}
	}
	for _, d := range set.All() {
		name, _ := d.Name(record.Finnish)
		c.printf("%-42s %-42s %s\n", d.OID(), portal.Family(d), name)
	}
	c.printf("%d definitions loaded in %s\n", report.Definitions, report.Elapsed.Round(100*time.Microsecond))
	if report.Definitions == 0 {
		ok = false
		c.report(errors.New("no definition could be loaded"))
	}
	return set, ok
}

// checkData counts stored documents that nobody sees for want of a file.
func (c *call) checkData(cfg *config.Config, set *sosmeta.Set) bool {
	if cfg.Database == "" {
		return true // the problem is told
	}
	if info, err := os.Stat(cfg.Database); errors.Is(err, os.ErrNotExist) || err == nil && info.Size() == 0 {
		c.printf("the database %s is not there yet\n", cfg.Database)
		return true
	}
	counts, err := store.Inspect(c.ctx, cfg.Database)
	if err != nil {
		c.report(err)
		return false
	}
	if !c.checkDataKey(cfg, counts.Fingerprint) {
		return false
	}
	missing, unchecked := 0, 0
	for oid, n := range counts.Unchecked {
		if _, loaded := set.Definition(oid); loaded {
			unchecked += n
		} else {
			missing += n
		}
	}
	c.printf("%d stored documents lack their definition, %d lack their organisation\n", missing, counts.Unverified)
	if unchecked > 0 {
		c.printf("%d stored documents are unchecked or invalid under a definition that is loaded\n", unchecked)
	}
	return true
}

// checkDataKey holds the configured data key against that of the database, as a start does. A
// key that a start on loopback would take from a file, or make, is not looked at.
func (c *call) checkDataKey(cfg *config.Config, fingerprint []byte) bool {
	if cfg.Keys.Data == nil || fingerprint == nil {
		return true
	}
	keys, err := seal.New(cfg.Keys.Data)
	switch {
	case err != nil:
		c.report(fmt.Errorf("KUULAS_DATA_KEY: %w", err))
	case !bytes.Equal(keys.Fingerprint(), fingerprint):
		c.report(fmt.Errorf("KUULAS_DATA_KEY: the database %s was written under another key", cfg.Database))
	default:
		return true
	}
	return false
}
