package store

import (
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"kuulas.example/internal/record"
)

// Delivered is what a declaration of the archive says, as carefully as it was understood: what
// was not prohibits more and permits less (D9).
type Delivered struct {
	Kind         string              // "permit" or "prohibitions"
	Subject      record.IdentityCode // whom the document names; zero: nobody
	Permit       PermitSaid          // of a permit
	Prohibitions []ProhibitionSet    // of prohibitions: the full set; without identifiers
	Hand         Hand                // who drew it up
	Undated      bool                // when is not known; PutDeclaration fills it
}

// takeEffect makes a stored declaration what is in force. The one that was drawn up last speaks
// for a person, whichever set it is of. One that was drawn up before what was declared here, and
// that the portal did not know of, adds its prohibitions and takes none away: no order of delivery
// loses one. What is in force besides goes out with a new version of the portal's, on top (D17). It tells which of the two it is.
func (a *ArchiveTx) takeEffect(p record.PersonID, oid, set record.OID, created time.Time, d *Delivered) (speaks bool, err error) {
	if err := a.careful(p, d); err != nil {
		return false, err
	}
	var speaker, speakersSet string
	var since, answered int64 // answered: since when the archive has one that was made here
	var here bool
	err = a.tx.QueryRow(`SELECT c.oid, d.set_oid, d.created, o.oid IS NOT NULL, CASE WHEN o.state = 'acknowledged' THEN o.answered ELSE 0 END
		FROM declared c JOIN declaration d ON d.oid = c.oid LEFT JOIN outbox o ON o.oid = c.oid WHERE c.person_id = ?1 AND c.kind = ?2`,
		[]any{string(p), d.Kind}, &speaker, &speakersSet, &since, &here, &answered)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return false, fmt.Errorf("take effect: %w", err)
	}
	older := err == nil && speakersSet != string(set) &&
		(created.UnixMilli() < since || created.UnixMilli() == since && string(oid) < speaker)
	merged, err := a.tx.mergedAt(p)
	if err != nil {
		return false, err
	}
	switch {
	case older && (here || !created.After(merged)): // who spoke later need not have known it
		return false, a.put(p, d, set, created, false)
	case older:
		return false, nil
	}
	if err := a.tx.SpeaksFor(p, d.Kind, oid); err != nil {
		return false, err
	}
	if _, err := a.tx.supersede(p, d.Kind, unanswered); err != nil {
		return false, err
	}
	if here && speakersSet != string(set) && (answered == 0 || answered > created.UnixMilli()) {
		// The archive may take the one that was made here for the newer of two sets.
		if err := a.tx.undeclared(p, d.Kind); err != nil {
			return false, err
		}
	}
	return true, a.put(p, d, set, created, true)
}

// careful widens what a document says that names another person than it was delivered for, takes no
// yes of which nobody knows when it was said, and finds what its targets are called here.
func (a *ArchiveTx) careful(p record.PersonID, d *Delivered) error {
	named, err := a.personOf(d.Subject)
	if err != nil {
		return err
	}
	if d.Undated {
		d.Permit.Given = false
	}
	if d.Subject.IsZero() || named != p {
		d.Permit.Given = false
		if d.Kind == "prohibitions" {
			d.Prohibitions = append(d.Prohibitions, ProhibitionSet{})
		}
	}
	for i := range d.Prohibitions {
		if err := a.resolve(d, &d.Prohibitions[i]); err != nil {
			return err
		}
	}
	return nil
}

// resolve finds what the rules compare with: a unit stands for its controller, and a version for
// its set. A version that is not delivered yet is found when it comes (settleTargets); a unit of
// which no organisation is loaded prohibits itself and what it may be a unit of.
func (a *ArchiveTx) resolve(d *Delivered, s *ProhibitionSet) error {
	t := &s.Target
	switch t.Kind {
	case record.TargetDocument:
		var set string
		err := a.tx.QueryRow("SELECT set_oid FROM entry WHERE oid = ?1", []any{string(t.Set)}, &set)
		if err == nil {
			t.Set = record.OID(set)
		}
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return fmt.Errorf("find a prohibited document: %w", err)
		}
	case record.TargetController:
		known, err := a.personIDs("SELECT oid FROM organisation")
		if err != nil {
			return err
		}
		of := record.OID("")
		for _, k := range known {
			if o := record.OID(k); o == t.Controller {
				return nil
			} else if t.Controller.OfOrganisation(o) {
				of = o
			}
		}
		if of != "" {
			t.Controller = of
			return nil
		}
		if whole := wholeOrganisation(t.Controller); whole != t.Controller {
			wider := *s
			wider.Target.Controller = whole
			d.Prohibitions = append(d.Prohibitions, wider)
		}
	}
	return nil
}

// wholeOrganisation is the organisation of a unit by the national form alone,
// 1.2.246.10.<business code>.10.<number>; anything else stands for itself.
func wholeOrganisation(o record.OID) record.OID {
	arcs := strings.Split(string(o), ".")
	if len(arcs) == 7 && strings.HasPrefix(string(o), "1.2.246.10.") && arcs[5] == "10" {
		arcs[6] = "0"
	}
	return record.OID(strings.Join(arcs, "."))
}

// put writes what is delivered; instead says that it is the full set, else it is added. Of a set that
// was not understood nobody knows what it leaves out: it takes nothing away.
func (a *ArchiveTx) put(p record.PersonID, d *Delivered, set record.OID, at time.Time, instead bool) error {
	if d.Kind == kindPermit {
		if !instead {
			return nil
		}
		return a.putPermit(p, d, at)
	}
	inForce, err := a.db.prohibitions(a.tx, "person_id = ?1 AND ended = 0", string(p))
	if err != nil {
		return err
	}
	merged, err := a.tx.mergedAt(p)
	if err != nil {
		return err
	}
	said := map[record.Target]bool{}
	for _, s := range d.Prohibitions {
		said[s.Target] = true
	}
	stands := map[record.Target]bool{}
	a.asked = false
	besides := false // something is in force that neither this one nor a later one says
	for _, s := range inForce {
		could := d.couldKnow(&s, set, at, merged)
		switch {
		case said[s.Target]:
			stands[s.Target], err = true, a.tx.says(&s, at, set)
		case instead && could && !said[record.Target{}]: // what was not understood may say it, too
			err = a.tx.EndProhibition(p, s.ID, at, 0, d.Hand)
		default:
			besides = besides || instead && !could
		}
		if err != nil {
			return err
		}
	}
	for _, s := range d.Prohibitions {
		if stands[s.Target] {
			continue
		}
		stands[s.Target], besides = true, besides || !instead
		if err := a.tx.addDelivered(p, s, d, set, at); err != nil {
			return err
		}
	}
	if besides {
		return a.tx.undeclared(p, kindProhibitions)
	}
	return nil
}

// addDelivered puts one of the prohibitions of a declaration in force.
func (tx *Tx) addDelivered(p record.PersonID, s ProhibitionSet, d *Delivered, set record.OID, at time.Time) error {
	s.ID, s.Receipt, s.Known, s.KnownSet = record.NewProhibitionID(), 0, at, set
	if s.Since.IsZero() {
		s.Since = at
	}
	if s.Hand.Drafter == nil {
		s.Hand.Drafter = d.Hand.Drafter
	}
	return tx.AddProhibition(p, s)
}

// couldKnow reports whether the drafter of a version of a set, drawn up at a time, could know of a
// prohibition. D9 lets him replace the full set because he has it before him: it is what the archive
// knew by then, or what stands in the version that he went on from. What was set here and had not
// come to the archive he could not mean to end, so it stays beside his, where the client sees it. Of
// two persons who became one (T10) he had one before him until then.
func (d *Delivered) couldKnow(s *ProhibitionSet, set record.OID, at, merged time.Time) bool {
	return !s.Known.IsZero() && (s.KnownSet == set || !d.Undated && !s.Known.After(at) && at.After(merged))
}

// putPermit lets the later word count: a permit is one yes or no and not a set that could lack
// something. What was said here after this was drawn up, and the archive does not have, stays, and
// of two at one moment the no. A no that the archive does not have stays also against a later version
// whose yes is not of a later day by its own date: its drafter may have had the old yes before him.
func (a *ArchiveTx) putPermit(p record.PersonID, d *Delivered, at time.Time) error {
	said, err := a.db.permit(a.tx, p)
	if err != nil {
		return err
	}
	if said != nil && said.Receipt > 0 && (said.Since.After(at) || !said.Given && (said.Since.Equal(at) || notLater(d, said))) {
		var known bool
		err := a.tx.QueryRow(`SELECT EXISTS (SELECT 1 FROM outbox WHERE person_id = ?1 AND kind = 'permit' AND receipt = ?2 AND state = 'acknowledged')`,
			[]any{string(p), said.Receipt}, &known)
		if err != nil {
			return fmt.Errorf("whether the archive knows the permit: %w", err)
		}
		if !known {
			return a.tx.undeclared(p, kindPermit)
		}
	}
	d.Permit.Receipt, d.Permit.Hand = 0, d.Hand
	return a.tx.PutPermit(p, d.Permit)
}

// notLater reports whether a delivered yes is of the day of an answer that was given here, or older.
func notLater(d *Delivered, said *PermitSaid) bool {
	return d.Permit.Given && !record.Today(d.Permit.Since).After(record.Today(said.Since))
}

// settleTargets lets a delivered prohibition that names a version cover its set, once the version
// is there. Hardly any is delivered, so whether there is one is asked once in a transaction.
func (a *ArchiveTx) settleTargets(oid, set record.OID) error {
	if !a.asked {
		err := a.tx.QueryRow("SELECT EXISTS (SELECT 1 FROM prohibition WHERE "+deliveredDocuments+")", nil, &a.delivered)
		if err != nil {
			return fmt.Errorf("settle prohibited documents: %w", err)
		}
		a.asked = true
	}
	if !a.delivered || oid == set {
		return nil
	}
	_, err := a.tx.Exec("UPDATE prohibition SET target = ?2 WHERE "+deliveredDocuments+` AND target = ?1 AND NOT EXISTS (
		SELECT 1 FROM prohibition o WHERE o.person_id = prohibition.person_id AND o.kind = 'document' AND o.target = ?2 AND o.ended = 0)`,
		string(oid), string(set))
	if err != nil {
		return fmt.Errorf("settle prohibited documents: %w", err)
	}
	return nil
}

const deliveredDocuments = "kind = 'document' AND ended = 0 AND receipt = 0"
