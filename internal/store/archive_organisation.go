package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"kuulas.example/internal/record"
)

// PutOrganisation stores an organisation as its file describes it; a later file replaces an
// earlier one. Documents of the organisation are verified afterwards by Verify.
func (a *ArchiveTx) PutOrganisation(o *record.Organisation) (Put, error) {
	file, err := json.Marshal(o)
	if err != nil {
		return 0, fmt.Errorf("encode organisation: %w", err)
	}
	digest := a.db.keys.Digest(file)
	known, err := a.knownDigest("SELECT digest FROM organisation WHERE oid = ?1", digest, string(o.OID))
	if known || (err != nil && !errors.Is(err, ErrOtherContent)) {
		return Known, err
	}
	_, err = a.tx.Exec(`INSERT INTO organisation (oid, digest, file) VALUES (?1, ?2, ?3)
		ON CONFLICT (oid) DO UPDATE SET digest = excluded.digest, file = excluded.file`, string(o.OID), digest, string(file))
	if err != nil {
		return 0, fmt.Errorf("store organisation: %w", err)
	}
	delete(a.kinds, o.OID)
	return Stored, a.tx.TouchOrganisations()
}

// place is a row of client_document by its key, to walk through many of them page by page.
type place struct {
	person     record.PersonID
	id         record.DocumentID
	production record.Production
}

const pageOfPlaces = 500

// Verify looks again at every document whose controller's organisation file was missing
// (D14). It works in many short transactions and can be interrupted and repeated. verified
// counts rows of clients that became verified, contradicting those that stay unverified
// although the file is there now.
func (db *DB) Verify(ctx context.Context) (verified, contradicting int, err error) {
	controllers, err := db.unverifiedControllers(ctx)
	if err != nil {
		return 0, 0, err
	}
	for _, controller := range controllers {
		v, c, err := db.verifyController(ctx, controller)
		verified, contradicting = verified+v, contradicting+c
		if err != nil {
			return verified, contradicting, err
		}
	}
	return verified, contradicting, nil
}

// unverifiedControllers lists controllers with unverified documents whose file is loaded.
func (db *DB) unverifiedControllers(ctx context.Context) (controllers []record.OID, err error) {
	err = db.Read(ctx, func(r *Read) (err error) {
		rows, err := r.Query(`SELECT o.oid FROM organisation o
			WHERE EXISTS (SELECT 1 FROM client_document d WHERE d.controller = o.oid AND d.verified = 0) ORDER BY o.oid`)
		if err != nil {
			return fmt.Errorf("controllers to verify: %w", err)
		}
		defer func() { err = errors.Join(err, rows.Close()) }()
		for rows.Next() {
			var oid string
			if err := rows.Scan(&oid); err != nil {
				return fmt.Errorf("controllers to verify: %w", err)
			}
			controllers = append(controllers, record.OID(oid))
		}
		return rows.Err()
	})
	return controllers, err
}

func (db *DB) verifyController(ctx context.Context, controller record.OID) (verified, contradicting int, err error) {
	var after place
	for {
		page, err := db.places(ctx, unverifiedPage, controller, after)
		if err != nil || len(page) == 0 {
			return verified, contradicting, err
		}
		n, held, err := 0, 0, error(nil)
		err = db.Archive(ctx, func(a *ArchiveTx) error {
			n, held = 0, 0
			kind, err := a.organisation(controller)
			if err != nil {
				return err
			}
			for ; n < len(page) && (n == 0 || a.Held() < holdLock); n++ {
				if !controllerHolds(page[n].production, kind) {
					continue
				}
				if err := a.setVerified(page[n], controller, true); err != nil {
					return err
				}
				held++
			}
			return nil
		})
		if err != nil {
			return verified, contradicting, err
		}
		verified, contradicting, after = verified+held, contradicting+n-held, page[n-1]
	}
}

// Unverify makes documents of a controller unverified, and so silent, that would contradict
// the organisation if its kind became another one; otherwise it does nothing. It comes before
// the new file is stored, so that an interruption leaves too little shown and never too much.
func (db *DB) Unverify(ctx context.Context, controller record.OID, kind record.OrganisationKind) error {
	var stored record.OrganisationKind
	err := db.Archive(ctx, func(a *ArchiveTx) (err error) {
		stored, err = a.organisation(controller)
		return err
	})
	if err != nil || stored == "" || stored == kind {
		return err
	}
	var after place
	for {
		page, err := db.places(ctx, verifiedPage, controller, after)
		if err != nil || len(page) == 0 {
			return err
		}
		n := 0
		err = db.Archive(ctx, func(a *ArchiveTx) error {
			for n = 0; n < len(page) && (n == 0 || a.Held() < holdLock); n++ {
				if controllerHolds(page[n].production, kind) {
					continue
				}
				if err := a.setVerified(page[n], controller, false); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		after = page[n-1]
	}
}

const (
	unverifiedPage = `SELECT person_id, id, production FROM client_document
		WHERE verified = 0 AND controller = ?1 AND (person_id > ?2 OR (person_id = ?2 AND id > ?3))
		ORDER BY person_id, id LIMIT ?4`
	verifiedPage = `SELECT person_id, id, production FROM client_document
		WHERE verified = 1 AND controller = ?1 AND (person_id > ?2 OR (person_id = ?2 AND id > ?3))
		ORDER BY person_id, id LIMIT ?4`
)

func (db *DB) places(ctx context.Context, query string, controller record.OID, after place) (page []place, err error) {
	err = db.Read(ctx, func(r *Read) (err error) {
		rows, err := r.Query(query, string(controller), string(after.person), string(after.id), pageOfPlaces)
		if err != nil {
			return fmt.Errorf("documents of a controller: %w", err)
		}
		defer func() { err = errors.Join(err, rows.Close()) }()
		for rows.Next() {
			var person, id, production string
			if err := rows.Scan(&person, &id, &production); err != nil {
				return fmt.Errorf("documents of a controller: %w", err)
			}
			page = append(page, place{record.PersonID(person), record.DocumentID(id), record.Production(production)})
		}
		return rows.Err()
	})
	return page, err
}

// setVerified changes one row if it is still what the page said.
func (a *ArchiveTx) setVerified(p place, controller record.OID, verified bool) error {
	n, err := a.tx.Exec(`UPDATE client_document SET verified = ?1
		WHERE person_id = ?2 AND id = ?3 AND controller = ?4 AND production = ?5`,
		bit(verified), string(p.person), string(p.id), string(controller), string(p.production))
	if err != nil {
		return fmt.Errorf("verify document: %w", err)
	}
	if n > 0 {
		a.touch(p.person)
	}
	return nil
}
