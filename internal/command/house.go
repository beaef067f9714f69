package command

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"kuulas.example/internal/config"
	"kuulas.example/internal/evidence"
	"kuulas.example/internal/operator"
	"kuulas.example/internal/record"
	"kuulas.example/internal/seal"
	"kuulas.example/internal/sosmeta"
	"kuulas.example/internal/store"
)

// house is what a subcommand works on: configuration, operator's file, definitions, data.
type house struct {
	config      *config.Config
	operator    *operator.File
	definitions *sosmeta.Set
	report      *sosmeta.Report
	keys        *seal.Keys
	db          *store.DB
	evidence    *evidence.Log // while serving
	readiness   readiness
}

// open reads and opens all that a need asks for, or tells every problem that it finds.
func (c *call) open(need config.Need) (*house, error) {
	cfg, err := config.Load(c.program.Environment, need, c.look)
	if err != nil {
		return nil, err
	}
	c.warn(append(config.Unknown(c.Environ), cfg.Warnings...))
	h := &house{config: cfg}
	if h.operator, err = loadOperator(cfg); err != nil {
		return nil, err
	}
	if !cfg.Public() {
		for _, missing := range h.operator.Incomplete {
			c.warn([]config.Problem{{Variable: "KUULAS_OPERATOR", Reason: missing}})
		}
	}
	if h.definitions, h.report, err = sosmeta.Load(definitionsOf(cfg)); err != nil {
		return nil, fmt.Errorf("load definitions: %w", err)
	}
	made, err := cfg.MakeKeys(need)
	if cfg.Environment != config.Demo { // there it is how things are meant
		c.warn(made)
	}
	if err != nil {
		return nil, err
	}
	if h.keys, err = seal.New(cfg.Keys.Data); err != nil {
		return nil, fmt.Errorf("KUULAS_DATA_KEY: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(cfg.Database), 0o700); err != nil {
		return nil, fmt.Errorf("folder of the database: %w", err)
	}
	if h.db, err = store.Open(c.ctx, cfg.Database, h.keys); err != nil {
		return nil, fmt.Errorf("database: %w", err)
	}
	return h, nil
}

func (h *house) close() error { return h.db.Close() }

// loadOperator reads the operator's file. What the statements of a public portal need must
// be in it there.
func loadOperator(cfg *config.Config) (*operator.File, error) {
	file, err := operator.Load(cfg.Operator)
	if err != nil {
		return nil, err
	}
	if cfg.BaseURL != nil && cfg.Public() {
		var problems []error
		for _, missing := range file.Incomplete {
			problems = append(problems, errors.New(missing))
		}
		if err := errors.Join(problems...); err != nil {
			return nil, err
		}
	}
	return file, nil
}

// admit is the deployment's policy on identity codes (R1).
func admit(policy config.Identities) func(record.IdentityCode) error {
	return func(code record.IdentityCode) error {
		switch {
		case policy == config.ArtificialOnly && !code.Artificial():
			return fmt.Errorf("%w: only identity codes of the artificial series are admitted here", record.ErrInvalid)
		case policy == config.RealOnly && code.Artificial():
			return fmt.Errorf("%w: identity codes of the artificial series are not admitted here", record.ErrInvalid)
		}
		return nil
	}
}
