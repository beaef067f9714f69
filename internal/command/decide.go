package command

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/user"

	"kuulas.example/internal/config"
	"kuulas.example/internal/evidence"
	"kuulas.example/internal/machine"
	"kuulas.example/internal/portal"
)

type decideCommand struct {
	File string `arg:"" help:"A request as POST /api/v1/disclosure-decisions takes it, or - for standard input."`
}

// Run decides by the state of this moment and prints the decision with the rule of each document.
// It is recorded as the operator's act; what cannot be recorded is not printed.
func (d *decideCommand) Run(c *call) (err error) {
	text, err := d.read(c)
	if err != nil {
		return fmt.Errorf("%s: %w", d.File, err)
	}
	request, err := machine.ParseDecision(text)
	var wrong *machine.RequestError
	if errors.As(err, &wrong) {
		return fmt.Errorf("%s:%d: %w", d.File, wrong.Line(text), wrong)
	}
	if err != nil {
		return err
	}
	h, err := c.open(config.ForData)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.close()) }()
	h.evidence = evidence.New(h.db, h.keys, evidence.NewNode())
	decision, err := h.newPortal(c).Decide(c.ctx, portal.Caller{Name: operatorName(), Operator: true, Explain: true}, request)
	if err != nil {
		return err
	}
	answer, err := machine.WriteDecision(decision)
	if err != nil {
		return err
	}
	_, err = c.Stdout.Write(answer)
	return err
}

func (d *decideCommand) read(c *call) ([]byte, error) {
	source := c.Stdin
	if d.File != "-" {
		f, err := os.Open(d.File)
		if err != nil {
			return nil, errors.New("the file cannot be read")
		}
		defer func() { _ = f.Close() }() // nothing was written
		source = f
	}
	if source == nil {
		return nil, errors.New("there is no standard input")
	}
	text, err := io.ReadAll(io.LimitReader(source, machine.MaxDecision+1))
	switch {
	case err != nil:
		return nil, errors.New("cannot be read to its end")
	case len(text) > machine.MaxDecision:
		return nil, fmt.Errorf("longer than %d bytes", machine.MaxDecision)
	}
	return text, nil
}

// operatorName is the name of the user of the operating system, for the evidence only.
func operatorName() string {
	u, err := user.Current()
	if err != nil {
		return "unknown"
	}
	return u.Username
}
