package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"kuulas.example/internal/record"
)

// Writing what people declare. Every function is part of a change that somebody else decided on
// and that writes receipt, event and document with it.

// CodeOf is the current identity code of a person; record.ErrNotFound when there is none.
func (tx *Tx) CodeOf(p record.PersonID) (record.IdentityCode, error) { return tx.db.codeOf(tx, p) }

func (db *DB) codeOf(a asker, p record.PersonID) (record.IdentityCode, error) {
	var sealed []byte
	err := a.QueryRow("SELECT sealed FROM identity_code WHERE person_id = ?1 AND current = 1 LIMIT 1", []any{string(p)}, &sealed)
	if errors.Is(err, sql.ErrNoRows) {
		err = record.ErrNotFound
	}
	if err != nil {
		return record.IdentityCode{}, fmt.Errorf("identity code: %w", err)
	}
	plain, err := db.keys.Open(sealed, IdentityContext)
	if err != nil {
		return record.IdentityCode{}, fmt.Errorf("identity code: %w", err)
	}
	return record.ParseIdentityCode(string(plain))
}

// Revisions tell whether anything that decides what is shown of a person changed.
type Revisions struct{ Person, Organisations int64 }

// Revisions are those of the moment of the change.
func (tx *Tx) Revisions(p record.PersonID) (v Revisions, err error) { return revisions(tx, p) }

// Revisions are those of the snapshot.
func (r *Read) Revisions(p record.PersonID) (v Revisions, err error) { return revisions(r, p) }

func revisions(a asker, p record.PersonID) (v Revisions, err error) {
	err = a.QueryRow("SELECT revision FROM person WHERE id = ?1", []any{string(p)}, &v.Person)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return v, fmt.Errorf("revision of a person: %w", err)
	}
	if err := a.QueryRow("SELECT value FROM revision WHERE name = 'organisations'", nil, &v.Organisations); err != nil {
		return v, fmt.Errorf("revision of the organisations: %w", err)
	}
	return v, nil
}

// PutNotice keeps an acknowledgement in the place of an earlier one.
func (tx *Tx) PutNotice(p record.PersonID, n Acknowledged) error {
	id := rand.Text()
	sealed, err := tx.db.sealJSON(n.Hand, noticeContext+id)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`INSERT INTO notice (person_id, id, version, language, at, receipt, sealed) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
		ON CONFLICT (person_id) DO UPDATE SET id = excluded.id, version = excluded.version, language = excluded.language,
			at = excluded.at, receipt = excluded.receipt, sealed = excluded.sealed`,
		string(p), id, n.Version, string(n.Language), n.At.UnixMilli(), n.Receipt, sealed)
	if err != nil {
		return fmt.Errorf("keep an acknowledgement: %w", err)
	}
	return nil
}

// PutPermit keeps a yes or a no in the place of an earlier one.
func (tx *Tx) PutPermit(p record.PersonID, s PermitSaid) error {
	id := rand.Text()
	sealed, err := tx.db.sealJSON(s.Hand, permitContext+id)
	if err != nil {
		return err
	}
	if err := tx.keepPast(p); err != nil {
		return err
	}
	_, err = tx.Exec(`INSERT INTO permit (person_id, id, given, since, receipt, sealed) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
		ON CONFLICT (person_id) DO UPDATE SET id = excluded.id, given = excluded.given, since = excluded.since,
			receipt = excluded.receipt, sealed = excluded.sealed`,
		string(p), id, bit(s.Given), s.Since.UnixMilli(), s.Receipt, sealed)
	if err != nil {
		return fmt.Errorf("keep a permit: %w", err)
	}
	return nil
}

// AddProhibition puts a prohibition in force. One of the same target that is in force already
// is an error: the caller has looked.
func (tx *Tx) AddProhibition(p record.PersonID, s ProhibitionSet) error {
	sealed, err := tx.db.sealJSON(sealedProhibition{s.Hand, s.Words}, prohibitionContext+string(s.ID))
	if err != nil {
		return err
	}
	_, err = tx.Exec(`INSERT INTO prohibition (id, person_id, kind, target, since, receipt, sealed, ended, ended_receipt, ended_sealed, known, known_set)
		VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 0, 0, x'', ?8, ?9)`,
		string(s.ID), string(p), string(s.Target.Kind), s.Target.Name(), s.Since.UnixMilli(), s.Receipt, sealed, millis(s.Known), string(s.KnownSet))
	if err != nil {
		return fmt.Errorf("keep a prohibition: %w", err)
	}
	return nil
}

// EndProhibition ends a prohibition that is in force; record.ErrNotFound when it is not.
func (tx *Tx) EndProhibition(p record.PersonID, id record.ProhibitionID, at time.Time, receipt int, h Hand) error {
	sealed, err := tx.db.sealJSON(h, prohibitionContext+string(id))
	if err != nil {
		return err
	}
	n, err := tx.Exec(`UPDATE prohibition SET ended = ?3, ended_receipt = ?4, ended_sealed = ?5
		WHERE id = ?2 AND person_id = ?1 AND ended = 0`, string(p), string(id), at.UnixMilli(), receipt, sealed)
	if err == nil && n == 0 {
		err = record.ErrNotFound
	}
	if err != nil {
		return fmt.Errorf("end a prohibition: %w", err)
	}
	return nil
}

// CodeOf is the current identity code of a person; record.ErrNotFound when there is none.
func (db *DB) CodeOf(ctx context.Context, p record.PersonID) (code record.IdentityCode, err error) {
	err = db.Read(ctx, func(r *Read) error {
		code, err = db.codeOf(r, p)
		return err
	})
	return code, err
}

// Disclosures gives what was disclosed of a person as the archive delivered it, newest first:
// entries in JSON, opened.
func (db *DB) Disclosures(ctx context.Context, p record.PersonID) (entries [][]byte, err error) {
	err = db.Read(ctx, func(r *Read) (err error) {
		rows, err := r.Query("SELECT id, sealed FROM disclosure WHERE person_id = ?1 ORDER BY at DESC, id", string(p))
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, rows.Close()) }()
		for rows.Next() {
			var id string
			var sealed []byte
			if err := rows.Scan(&id, &sealed); err != nil {
				return err
			}
			entry, err := db.keys.Open(sealed, DisclosureContext(id))
			if err != nil {
				return err
			}
			entries = append(entries, entry)
		}
		return rows.Err()
	})
	if err != nil {
		return nil, fmt.Errorf("disclosures: %w", err)
	}
	return entries, nil
}
