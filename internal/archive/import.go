package archive

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"kuulas.example/internal/record"
	"kuulas.example/internal/seal"
	"kuulas.example/internal/sosmeta"
	"kuulas.example/internal/store"
)

// Options are what an import needs besides its paths.
type Options struct {
	DB          *store.DB
	Keys        *seal.Keys   // of the database
	Definitions *sosmeta.Set // loaded definitions; never nil
	Parser      Parser
	Stdin       io.Reader      // for the path "-"; nil: there is none
	Problem     func(Problem)  // sees every refusal as it happens; may be nil
	Progress    func(Progress) // is called a few times a second at most; may be nil
}

func (o *Options) checker() *checker {
	return &checker{parser: &o.Parser, set: o.Definitions, keys: o.Keys}
}

// Import loads organisation files and bundles: files, folders (walked through in the order of
// names) and "-" for JSON Lines on standard input. Organisation files come first. What is
// refused is reported and passed over; the rest is loaded. The order of entries does not
// matter, and an import may be interrupted at any point and repeated.
//
// The error is for what keeps the import from going on: a path that does not exist (nothing is
// loaded then), a database that cannot be written, or the end of ctx. The summary is never
// nil and tells what was done up to then.
func Import(ctx context.Context, o Options, paths ...string) (*Summary, error) {
	began := time.Now()
	im := &importer{Options: o, checker: o.checker(), summary: newSummary()}
	err := im.run(ctx, paths)
	im.summary.Elapsed = time.Since(began)
	return im.summary, err
}

type importer struct {
	Options
	checker  *checker
	summary  *Summary
	total    int64
	entries  int
	reported time.Time
	deferred deferred
}

func (im *importer) run(ctx context.Context, paths []string) error {
	files, err := find(paths)
	if err != nil {
		return err
	}
	im.total = files.bytes
	if err := im.organisations(ctx, files.organisations); err != nil {
		return err
	}
	var errs []error
	im.summary.Verified, im.summary.Contradicting, err = im.DB.Verify(ctx)
	errs = append(errs, err)
	im.summary.Checked, im.summary.Invalid, err = Revalidate(ctx, im.Options)
	errs = append(errs, err)
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("look again at what is stored: %w", err)
	}
	if len(files.bundles) == 0 {
		return nil
	}
	return im.bundles(ctx, files.bundles)
}

func (im *importer) report(p Problem, kind string) {
	im.summary.problem(p)
	if kind != fileProblem {
		im.summary.count(kind).Refused++
	}
	if im.Problem != nil {
		im.Problem(p)
	}
}

// fileProblem is the kind of a problem that belongs to a file and not to an entry in it.
const fileProblem = "file"

// organisations loads organisation files. Two different files of one organisation contradict
// each other: the first stands.
func (im *importer) organisations(ctx context.Context, paths []string) error {
	loaded := map[record.OID]bool{}
	for _, path := range paths {
		im.summary.Files++
		text, err := readOrganisation(path)
		if err != nil {
			im.report(Problem{File: path, Reason: readingReason(err)}, OrganisationFile)
			continue
		}
		o, err := ParseOrganisation(text)
		if err != nil {
			im.report(problemOf(path, 0, err), OrganisationFile)
			continue
		}
		put, err := im.organisation(ctx, o, loaded[o.OID])
		switch {
		case err != nil:
			return fmt.Errorf("store organisation: %w", err)
		case put == 0:
			im.report(Problem{File: path, Key: "organisation", Reason: "another file of this import describes the organisation otherwise"}, OrganisationFile)
		default:
			loaded[o.OID] = true
			im.tally(im.summary.count(OrganisationFile), put)
		}
	}
	return nil
}

// organisation stores one organisation; again says that this import stored it before, and then
// it is only compared.
func (im *importer) organisation(ctx context.Context, o *record.Organisation, again bool) (put store.Put, err error) {
	if !again {
		if err := im.DB.Unverify(ctx, o.OID, o.Kind); err != nil {
			return 0, err
		}
	}
	differs := errors.New("differs")
	err = im.DB.Archive(ctx, func(a *store.ArchiveTx) (err error) {
		put, err = a.PutOrganisation(o)
		if err == nil && again && put == store.Stored {
			return differs
		}
		return err
	})
	if errors.Is(err, differs) {
		return 0, nil
	}
	return put, err
}

func (im *importer) tally(c *Count, put store.Put) {
	if put == store.Stored {
		c.Stored++
	} else {
		c.Known++
	}
}

func readOrganisation(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // nothing was written
	return io.ReadAll(io.LimitReader(f, maxOrganisationFile+1))
}

// readingReason says why a file cannot be read, without the path, which stands beside it.
func readingReason(err error) string {
	var p *os.PathError
	if errors.As(err, &p) {
		err = p.Err
	}
	return "cannot be read: " + err.Error()
}

// problemOf turns a refusal into a problem of a file; line is that of the entry.
func problemOf(file string, line int, err error) Problem {
	var r *Refused
	if !errors.As(err, &r) {
		return Problem{File: file, Line: line, Reason: "cannot be prepared for storing"}
	}
	if line == 0 {
		line = r.Line
	}
	return Problem{File: file, Line: line, Key: r.Key, Reason: r.Reason}
}
