package command

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"kuulas.example/internal/archive"
	"kuulas.example/internal/config"
)

type importCommand struct {
	Paths []string `arg:"" name:"path" help:"Files, folders, or - for JSON Lines on standard input."`
}

// Run loads what the paths hold and says what became of it. What is refused makes the
// program fail at the end; the rest is loaded.
func (i *importCommand) Run(c *call) (err error) {
	h, err := c.open(config.ForData)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.close()) }()
	bar := &progressBar{w: c.Stderr, on: c.Terminal}
	options := h.importOptions(c)
	options.Progress = bar.show
	options.Problem = func(p archive.Problem) {
		bar.clear()
		_, _ = fmt.Fprintln(c.Stderr, p)
	}
	summary, err := archive.Import(c.ctx, options, i.Paths...)
	bar.clear()
	if err == nil || summary.Files > 0 {
		c.summarise(summary)
	}
	if c.ctx.Err() != nil {
		return errors.New("interrupted; the same import again goes on from here")
	}
	if err != nil {
		return err
	}
	if !summary.OK() {
		return fmt.Errorf("%d refused; the rest is loaded", summary.ProblemCount)
	}
	return nil
}

func (h *house) importOptions(c *call) archive.Options {
	return archive.Options{
		DB: h.db, Keys: h.keys, Definitions: h.definitions, Stdin: c.Stdin,
		Parser: archive.Parser{
			Codes:          h.operator.ServiceTaskCodes,
			ArtificialOnly: h.config.Identities == config.ArtificialOnly, AdmitArtificial: h.config.Identities == config.RealAndArtificial,
		},
	}
}

// load imports data that a module carries. It goes through files, as every import does. What
// the database holds otherwise is told and left alone: a newer program must still start on
// the database of an older one.
func (h *house) load(c *call, data fs.FS) error {
	folder, err := os.MkdirTemp("", "kuulas-*")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	if err := os.CopyFS(folder, data); err != nil {
		return err
	}
	summary, err := archive.Import(c.ctx, h.importOptions(c), folder)
	if err != nil {
		return err
	}
	if !summary.OK() {
		_, _ = fmt.Fprintf(c.Stderr, "%s: warning: %d of the program's own entries are not as in %s, for example %s\n"+
			"Delete that database to begin anew.\n",
			c.program.Name, summary.ProblemCount, h.config.Database, strings.TrimPrefix(summary.Problems[0].String(), folder+"/"))
	}
	return nil
}

// summarise says what an import did.
func (c *call) summarise(s *archive.Summary) {
	c.printf("%-14s %10s %10s %10s\n", "", "stored", "known", "refused")
	for _, kind := range slices.Sorted(maps.Keys(s.Entries)) {
		n := s.Entries[kind]
		c.printf("%-14s %10d %10d %10d\n", kind, n.Stored, n.Known, n.Refused)
	}
	total := s.Total()
	c.printf("%-14s %10d %10d %10d\n", "total", total.Stored, total.Known, total.Refused)
	rate := ""
	if n := total.Stored + total.Known + total.Refused; s.Elapsed >= time.Second {
		rate = fmt.Sprintf(", %.0f entries a second", float64(n)/s.Elapsed.Seconds())
	}
	c.printf("%d files in %s%s\n", s.Files, s.Elapsed.Round(time.Millisecond), rate)
	for _, oid := range slices.Sorted(maps.Keys(s.NotLoaded)) {
		c.printf("definition %s is not loaded: %d stored unchecked and not shown\n", oid, s.NotLoaded[oid])
	}
	for _, oid := range slices.Sorted(maps.Keys(s.Unverified)) {
		c.printf("warning: organisation %s is not loaded: %d stored unverified and not shown\n", oid, s.Unverified[oid])
	}
	for _, line := range []struct {
		n    int
		text string
	}{
		{s.Verified, "documents verified by an organisation file that came now"},
		{s.Contradicting, "documents stay hidden: their organisation's file contradicts them"},
		{s.Checked, "documents checked against a definition that came now"},
		{s.Invalid, "documents stay hidden: they are not valid under a definition that came now"},
	} {
		if line.n > 0 {
			c.printf("%d %s\n", line.n, line.text)
		}
	}
}
