package archive

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"kuulas.example/internal/store"
)

// holdLock is how long a transaction of an import may keep other writers waiting; the commit
// itself comes on top.
const holdLock = 25 * time.Millisecond

// betweenReports is the shortest time between two calls of Options.Progress.
const betweenReports = 100 * time.Millisecond

func (im *importer) bundles(ctx context.Context, paths []string) error {
	im.summary.Files += len(paths)
	if err := newPipeline(im.checker, im.Stdin).run(ctx, paths, im.write); err != nil {
		return fmt.Errorf("load bundles: %w", err)
	}
	if err := im.retryDeferred(ctx); err != nil {
		return fmt.Errorf("load declarations: %w", err)
	}
	im.progress(im.total, true)
	return nil
}

// write stores a batch in as many transactions as it takes.
func (im *importer) write(ctx context.Context, b *batch) error {
	for from := 0; from < len(b.lines); {
		var outcomes []outcome
		err := im.DB.Archive(ctx, func(a *store.ArchiveTx) error {
			outcomes = outcomes[:0]
			for i := from; i < len(b.lines) && (i == from || a.Held() < holdLock); i++ {
				o, err := put(a, &b.lines[i])
				if err != nil {
					return err
				}
				outcomes = append(outcomes, o)
			}
			return nil
		})
		if err != nil {
			return err
		}
		for i, o := range outcomes {
			im.settle(b.file, &b.lines[from+i], o)
		}
		from += len(outcomes)
	}
	if b.problem != "" {
		im.report(Problem{File: b.file, Line: b.last, Reason: b.problem}, fileProblem)
	}
	im.progress(b.read, false)
	return nil
}

func (im *importer) progress(read int64, always bool) {
	if im.Progress == nil || (!always && time.Since(im.reported) < betweenReports) {
		return
	}
	im.reported = time.Now()
	im.Progress(Progress{Read: read, Total: im.total, Entries: im.entries, Problems: im.summary.ProblemCount})
}

// outcome is what became of one entry.
type outcome struct {
	put      store.Put
	verified bool
	refused  error // one of the store's reasons
}

// put stores one entry. Its error means that the transaction is lost; a refusal by the store
// is an outcome.
func put(a *store.ArchiveTx, l *batchLine) (o outcome, err error) {
	if l.err != nil {
		return outcome{}, nil
	}
	o.verified = true
	switch e := l.entry.entry.(type) {
	case *Document:
		o.put, o.verified, err = a.PutVersion(l.entry.version)
	case *Declaration:
		o.put, err = a.PutDeclaration(&store.Declaration{
			OID: e.OID, Set: e.Set, Version: e.Version, BasedOn: e.BasedOn, Definition: e.Definition, Client: e.Client,
			Created: e.Created, Valid: l.entry.unloaded == "", Digest: l.entry.digest, Body: l.entry.sealed,
			Delivered: l.entry.says,
		})
	case *Disclosure:
		o.put, err = a.PutDisclosure(e.ID, e.Client, e.When, l.entry.digest, l.entry.sealed)
	case *RegisterUse:
		o.put, err = a.PutRegisterUse(e.ID, e.Version, e.Producer, e.Organiser, e.From, e.To, l.entry.digest)
	case *Identity:
		o.put, err = a.PutIdentity(e.ID, e.Old, e.New, l.entry.digest)
	}
	if key, _ := storeReason(err); key != "" {
		return outcome{refused: err}, nil
	}
	return o, err
}

// storeReasons are the refusals of the store with the keys that they are about. An oid is an
// "id" in entries that have one.
var storeReasons = []struct {
	err error
	key string
}{
	{store.ErrOtherContent, "oid"},
	{store.ErrVersionTaken, "version"},
	{store.ErrOtherKind, "kind"},
	{store.ErrController, "controller"},
	{store.ErrNotNewest, "basedOn"},
	{store.ErrOtherPerson, "client"},
	{store.ErrCodeFollowed, "old"},
	{store.ErrCodeCircle, "new"},
}

func storeReason(err error) (key, reason string) {
	for _, r := range storeReasons {
		if errors.Is(err, r.err) {
			return r.key, r.err.Error()
		}
	}
	return "", ""
}

// settle counts one entry after its transaction is durable.
func (im *importer) settle(file string, l *batchLine, o outcome) {
	im.entries++
	if l.err != nil {
		var r *Refused
		kind := ""
		if errors.As(l.err, &r) {
			kind = r.Kind
		}
		im.report(problemOf(file, l.number, l.err), kind)
		return
	}
	if o.refused != nil {
		if !im.deferred.keep(file, l, o.refused) {
			im.refuse(file, l.number, l.entry.entry, o.refused)
		}
		return
	}
	im.tally(im.summary.count(l.entry.entry.Name()), o.put)
	if o.put != store.Stored {
		return
	}
	if l.entry.unloaded != "" {
		im.summary.NotLoaded[l.entry.unloaded]++
	}
	if d, ok := l.entry.entry.(*Document); ok && !o.verified {
		im.summary.Unverified[d.Controller]++
	}
}

func (im *importer) refuse(file string, line int, e Entry, reason error) {
	key, text := storeReason(reason)
	switch e.(type) {
	case *Disclosure, *RegisterUse, *Identity:
		if key == "oid" {
			key = "id"
		}
	}
	im.report(Problem{File: file, Line: line, Key: key, Reason: text}, e.Name())
}

// deferred holds declarations that came before the version that they are based on. They are
// tried again when everything else is loaded, so that their order does not matter.
type deferred struct {
	lines []deferredLine
	bytes int
}

type deferredLine struct {
	file string
	batchLine
	declaration *Declaration
}

// mostDeferred bounds, in bytes of bodies, what waits for an earlier version.
const mostDeferred = 32 << 20

func (d *deferred) keep(file string, l *batchLine, reason error) bool {
	e, ok := l.entry.entry.(*Declaration)
	if !ok || (!errors.Is(reason, store.ErrNotNewest) && !errors.Is(reason, store.ErrOtherPerson)) {
		return false
	}
	size := len(e.Body) + len(l.entry.sealed) + 1024
	if d.bytes+size > mostDeferred {
		return false
	}
	d.bytes += size
	d.lines = append(d.lines, deferredLine{file, *l, e})
	return true
}

// retryDeferred stores what waited, each set from its lowest version upwards.
func (im *importer) retryDeferred(ctx context.Context) error {
	waiting := im.deferred.lines
	im.deferred = deferred{bytes: mostDeferred} // what fails now is refused
	slices.SortStableFunc(waiting, func(a, b deferredLine) int {
		return cmp.Or(cmp.Compare(a.declaration.Set, b.declaration.Set), cmp.Compare(a.declaration.Version, b.declaration.Version))
	})
	for i := range waiting {
		w := &waiting[i]
		var o outcome
		if err := im.DB.Archive(ctx, func(a *store.ArchiveTx) (err error) {
			o, err = put(a, &w.batchLine)
			return err
		}); err != nil {
			return err
		}
		im.entries-- // it was counted when it was read
		im.settle(w.file, &w.batchLine, o)
	}
	return nil
}
