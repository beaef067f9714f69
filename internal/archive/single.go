package archive

import (
	"context"
	"errors"
	"fmt"

	"kuulas.example/internal/record"
	"kuulas.example/internal/store"
)

// Door takes entries one by one, by the same checks and the same writing as an import. It may be
// used by many goroutines.
type Door struct {
	db      *store.DB
	checker *checker
}

// NewDoor makes a Door; of the options it uses the database, its keys, the definitions and the
// parser.
func NewDoor(o Options) *Door { return &Door{db: o.DB, checker: o.checker()} }

// Arrival is what became of one entry.
type Arrival struct {
	Kind     string     // empty where it could not be read
	Identity string     // of the entry, as it names itself; likewise
	Set      record.OID // of a document or a declaration
	Stored   bool       // it is new; else it was there before, or is refused
	Refused  *Refused   // why it is not accepted
	Conflict bool       // refused only because of what is here: other content, or another newest version

	Unverified bool       // kept, but silent: the controller's organisation file is not loaded (D14)
	NotLoaded  record.OID // kept, but silent: this definition is not loaded (V11)
}

// Put takes one entry. record runs in the transaction that stores it, refused or not, once what
// became of it is known; its error undoes everything. The error of Put says that nothing was
// stored, or that nobody knows.
func (d *Door) Put(ctx context.Context, text []byte, note func(*store.Tx, Arrival) error) (Arrival, error) {
	var arrival Arrival
	prepared, err := d.checker.prepare(text)
	if err != nil {
		if !errors.As(err, &arrival.Refused) {
			return Arrival{}, fmt.Errorf("check an entry: %w", err)
		}
		arrival.Kind = arrival.Refused.Kind
	} else {
		arrival.name(prepared.entry)
	}
	known := arrival
	err = d.db.Archive(ctx, func(a *store.ArchiveTx) error {
		arrival = known // a transaction may run again
		if prepared != nil {
			o, err := put(a, &batchLine{entry: prepared})
			if err != nil {
				return err
			}
			arrival.became(prepared, o)
		}
		return note(a.Tx(), arrival)
	})
	if err != nil {
		return Arrival{}, fmt.Errorf("store an entry: %w", err)
	}
	return arrival, nil
}

func (a *Arrival) name(e Entry) {
	a.Kind = e.Name()
	switch e := e.(type) {
	case *Document:
		a.Identity, a.Set = string(e.OID), e.Set
	case *Declaration:
		a.Identity, a.Set = string(e.OID), e.Set
	case *Disclosure:
		a.Identity = e.ID
	case *RegisterUse:
		a.Identity = e.ID
	case *Identity:
		a.Identity = e.ID
	}
}

func (a *Arrival) became(p *prepared, o outcome) {
	if o.refused != nil {
		key, reason := storeReason(o.refused)
		if key == "oid" && a.Set == "" {
			key = "id"
		}
		a.Refused = &Refused{Kind: a.Kind, Key: key, Reason: reason}
		for _, conflict := range []error{store.ErrOtherContent, store.ErrVersionTaken, store.ErrNotNewest} {
			a.Conflict = a.Conflict || errors.Is(o.refused, conflict)
		}
		return
	}
	a.Stored = o.put == store.Stored
	if _, ok := p.entry.(*Document); ok && a.Stored {
		a.Unverified = !o.verified
	}
	if a.Stored {
		a.NotLoaded = p.unloaded
	}
}
