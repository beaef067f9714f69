package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"kuulas.example/internal/record"
)

// Contexts under which bodies of declarations and disclosures are sealed.
const (
	declarationContext = "declaration:"
	disclosureContext  = "disclosure:"
)

// DeclarationContext is the context under which the body of a declaration is sealed.
func DeclarationContext(oid record.OID) string { return declarationContext + string(oid) }

// DisclosureContext is the context under which a disclosure is sealed.
func DisclosureContext(id string) string { return disclosureContext + id }

// Declaration is one version of a permit or prohibition on its way into the archive.
type Declaration struct {
	OID, Set   record.OID
	Version    int
	BasedOn    record.OID // empty for the first
	Definition record.OID
	Client     record.IdentityCode
	Created    time.Time
	Valid      bool   // its definition is loaded
	Digest     []byte // of the whole entry
	Body       []byte // sealed under DeclarationContext
	Delivered  *Delivered
}

// PutDeclaration stores a version of a declaration. It must be based on the newest version of its
// set that the archive is known to have, and the first one on none; it replaces the full set in
// force as far as its drafter could know it (D9). One that was made here and comes back is known,
// and thereby acknowledged. Errors: ErrOtherContent, ErrVersionTaken, ErrNotNewest, ErrOtherPerson.
func (a *ArchiveTx) PutDeclaration(d *Declaration) (Put, error) {
	if ours, err := a.echo(d); ours || err != nil {
		return Known, err
	}
	known, err := a.knownDigest("SELECT digest FROM declaration WHERE oid = ?1", d.Digest, string(d.OID))
	if known || err != nil {
		return Known, err
	}
	if err := a.mayFollow(d); err != nil {
		return 0, err
	}
	p, err := a.ensure(d.Client)
	if err != nil {
		return 0, err
	}
	created, dated := drawnUp(d.Created, a.tx.Now())
	gave, err := a.giveWay(p, d)
	if err != nil {
		return 0, err
	}
	_, err = a.tx.Exec(`INSERT INTO declaration (oid, set_oid, version, based_on, definition, person_id, created, valid, digest, body)
		VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)`,
		string(d.OID), string(d.Set), d.Version, string(d.BasedOn), string(d.Definition), string(p), millis(created), bit(d.Valid), d.Digest, d.Body)
	if err != nil {
		return 0, fmt.Errorf("store declaration: %w", err)
	}
	a.touch(p)
	speaks := false
	if d.Delivered != nil {
		d.Delivered.Undated = !dated
		if speaks, err = a.takeEffect(p, d.OID, d.Set, created, d.Delivered); err != nil {
			return 0, err
		}
	}
	if gave != "" && !speaks {
		return Stored, a.tx.undeclared(p, gave)
	}
	return Stored, nil
}

// clocksDiffer is by how much the clocks of the archive and of this machine may differ.
const clocksDiffer = 5 * time.Minute

// drawnUp is when a declaration was drawn up: when it came at the latest. By a date ahead of time it
// would outrank what is drawn up until then, and that would be in force nowhere. Nobody knows what was
// there when it was drawn up if its date is far ahead.
func drawnUp(created, came time.Time) (at time.Time, dated bool) {
	if created.After(came) {
		return came, !created.After(came.Add(clocksDiffer))
	}
	return created, true
}

// PutDisclosure stores a disclosure (L3), sealed under DisclosureContext. Error: ErrOtherContent.
func (a *ArchiveTx) PutDisclosure(id string, client record.IdentityCode, at time.Time, digest, sealed []byte) (Put, error) {
	known, err := a.knownDigest("SELECT digest FROM disclosure WHERE id = ?1", digest, id)
	if known || err != nil {
		return Known, err
	}
	p, err := a.ensure(client)
	if err != nil {
		return 0, err
	}
	_, err = a.tx.Exec("INSERT INTO disclosure (id, person_id, at, digest, sealed) VALUES (?1, ?2, ?3, ?4, ?5)",
		id, string(p), millis(at), digest, sealed)
	if err != nil {
		return 0, fmt.Errorf("store disclosure: %w", err)
	}
	a.touch(p)
	return Stored, nil
}

// PutRegisterUse stores a version of a right to use a register (D15); the highest version of
// an id counts. to may be no date. Error: ErrOtherContent.
func (a *ArchiveTx) PutRegisterUse(id string, version int, producer, organiser record.OID, from, to record.Date, digest []byte) (Put, error) {
	known, err := a.knownDigest("SELECT digest FROM register_use WHERE id = ?1 AND version = ?2", digest, id, version)
	if known || err != nil {
		return Known, err
	}
	_, err = a.tx.Exec(`INSERT INTO register_use (id, version, producer, organiser, starts, ends, digest)
		VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)`, id, version, string(producer), string(organiser), from.String(), to.String(), digest)
	if err != nil {
		return 0, fmt.Errorf("store right to use a register: %w", err)
	}
	return Stored, nil
}

// UncheckedDeclaration is a declaration whose body was not checked, because its definition was
// not loaded when it came.
type UncheckedDeclaration struct {
	OID, Definition record.OID
	Body            []byte
}

// UncheckedDeclarations gives up to limit unchecked declarations in the order of their oids,
// after the given one.
func (db *DB) UncheckedDeclarations(ctx context.Context, after record.OID, limit int) (page []UncheckedDeclaration, err error) {
	err = db.Read(ctx, func(r *Read) (err error) {
		rows, err := r.Query("SELECT oid, definition, body FROM declaration WHERE valid = 0 AND oid > ?1 ORDER BY oid LIMIT ?2", string(after), limit)
		if err != nil {
			return fmt.Errorf("unchecked declarations: %w", err)
		}
		defer func() { err = errors.Join(err, rows.Close()) }()
		for rows.Next() {
			var oid, definition string
			var sealed []byte
			if err := rows.Scan(&oid, &definition, &sealed); err != nil {
				return fmt.Errorf("unchecked declarations: %w", err)
			}
			body, err := db.keys.Open(sealed, DeclarationContext(record.OID(oid)))
			if err != nil {
				return fmt.Errorf("unchecked declarations: %w", err)
			}
			page = append(page, UncheckedDeclaration{record.OID(oid), record.OID(definition), body})
		}
		return rows.Err()
	})
	return page, err
}

// SetDeclarationChecked notes that the body of a declaration is valid under its definition.
func (a *ArchiveTx) SetDeclarationChecked(oid record.OID) error {
	persons, err := a.personIDs("SELECT person_id FROM declaration WHERE oid = ?1", string(oid))
	if err != nil {
		return err
	}
	if _, err := a.tx.Exec("UPDATE declaration SET valid = 1 WHERE oid = ?1", string(oid)); err != nil {
		return fmt.Errorf("note a checked declaration: %w", err)
	}
	for _, p := range persons {
		a.touch(p)
	}
	return nil
}
