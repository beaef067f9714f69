package store

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"kuulas.example/internal/record"
)

// Receipt is one change that was made, told to the person. Text is opaque here and sealed.
type Receipt struct {
	Number int // from 1 for each person
	At     time.Time
	Action record.Action
	Text   []byte
}

// NextReceipt is the number that the next receipt of a person will have.
func (tx *Tx) NextReceipt(p record.PersonID) (n int, err error) {
	err = tx.QueryRow("SELECT coalesce(max(number), 0) + 1 FROM receipt WHERE person_id = ?1", []any{string(p)}, &n)
	if err != nil {
		return 0, fmt.Errorf("number of a receipt: %w", err)
	}
	return n, nil
}

// AddReceipt keeps a receipt under the number that NextReceipt gave in the same change.
func (tx *Tx) AddReceipt(p record.PersonID, r Receipt) error {
	id := rand.Text()
	_, err := tx.Exec("INSERT INTO receipt (person_id, number, id, at, action, sealed) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
		string(p), r.Number, id, r.At.UnixMilli(), string(r.Action), tx.db.keys.Seal(r.Text, receiptContext+id))
	if err != nil {
		return fmt.Errorf("keep a receipt: %w", err)
	}
	return nil
}

// Receipts lists all receipts of a person, newest first.
func (db *DB) Receipts(ctx context.Context, p record.PersonID) ([]Receipt, error) {
	return db.receipts(ctx, "person_id = ?1 ORDER BY number DESC", string(p))
}

// Receipt gives one receipt; record.ErrNotFound.
func (db *DB) Receipt(ctx context.Context, p record.PersonID, number int) (Receipt, error) {
	found, err := db.receipts(ctx, "person_id = ?1 AND number = ?2", string(p), number)
	if err == nil && len(found) == 0 {
		err = fmt.Errorf("receipt: %w", record.ErrNotFound)
	}
	if err != nil {
		return Receipt{}, err
	}
	return found[0], nil
}

func (db *DB) receipts(ctx context.Context, which string, args ...any) (all []Receipt, err error) {
	err = db.Read(ctx, func(r *Read) (err error) {
		rows, err := r.Query("SELECT number, id, at, action, sealed FROM receipt WHERE "+which, args...)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, rows.Close()) }()
		for rows.Next() {
			var one Receipt
			var id string
			var at int64
			var sealed []byte
			if err := rows.Scan(&one.Number, &id, &at, &one.Action, &sealed); err != nil {
				return err
			}
			if one.Text, err = db.keys.Open(sealed, receiptContext+id); err != nil {
				return err
			}
			one.At = time.UnixMilli(at)
			all = append(all, one)
		}
		return rows.Err()
	})
	if err != nil {
		return nil, fmt.Errorf("receipts: %w", err)
	}
	return all, nil
}

// PreviewLife is how long a preview can be confirmed (L7).
const PreviewLife = 24 * time.Hour

// Preview is an effect that was shown to one login. Text is opaque here and sealed.
type Preview struct {
	Person  record.PersonID
	Text    []byte
	Created time.Time
	Receipt int // of the change that it led to; 0 until then
}

// AddPreview keeps a preview for a login and gives its identity, 130 random bits of which only
// a hash is kept.
func (db *DB) AddPreview(ctx context.Context, session []byte, p Preview) (id string, err error) {
	id = rand.Text()
	hash := previewHash(id)
	err = db.Change(ctx, func(tx *Tx) error {
		_, err := tx.Exec("INSERT INTO preview (hash, session, person_id, sealed, created, receipt) VALUES (?1, ?2, ?3, ?4, ?5, 0)",
			hash, session, string(p.Person), db.keys.Seal(p.Text, previewContext+string(hash)), p.Created.UnixMilli())
		return err
	})
	if err != nil {
		return "", fmt.Errorf("keep a preview: %w", err)
	}
	return id, nil
}

func previewHash(id string) []byte {
	sum := sha256.Sum256([]byte(id))
	return sum[:]
}

// Preview gives a preview to the login and for the person that it was made for, as often as it
// asks; record.ErrNotFound for any other, and for one that is older than PreviewLife.
func (db *DB) Preview(ctx context.Context, session []byte, p record.PersonID, id string, now time.Time) (out Preview, err error) {
	err = db.Read(ctx, func(r *Read) error {
		out, err = db.preview(r, session, p, id, now)
		return err
	})
	return out, err
}

// Preview gives a preview within the change that it may lead to.
func (tx *Tx) Preview(session []byte, p record.PersonID, id string, now time.Time) (Preview, error) {
	return tx.db.preview(tx, session, p, id, now)
}

func (db *DB) preview(a asker, session []byte, p record.PersonID, id string, now time.Time) (Preview, error) {
	hash, out := previewHash(id), Preview{Person: p}
	var created int64
	var sealed []byte
	err := a.QueryRow("SELECT sealed, created, receipt FROM preview WHERE hash = ?1 AND session = ?2 AND person_id = ?3",
		[]any{hash, blob(session), string(p)}, &sealed, &created, &out.Receipt)
	out.Created = time.UnixMilli(created)
	if errors.Is(err, sql.ErrNoRows) || err == nil && now.Sub(out.Created) > PreviewLife {
		err = record.ErrNotFound
	}
	if err == nil {
		out.Text, err = db.keys.Open(sealed, previewContext+string(hash))
	}
	if err != nil {
		return Preview{}, fmt.Errorf("preview: %w", err)
	}
	return out, nil
}

// ConfirmPreview notes the receipt of the change that a preview led to, once.
func (tx *Tx) ConfirmPreview(id string, receipt int) error {
	n, err := tx.Exec("UPDATE preview SET receipt = ?2 WHERE hash = ?1 AND receipt = 0", previewHash(id), receipt)
	if err == nil && n != 1 {
		err = errors.New("it was confirmed before")
	}
	if err != nil {
		return fmt.Errorf("confirm a preview: %w", err)
	}
	return nil
}

// SweepPreviews removes previews that were made before a time, and those of ended logins.
func (db *DB) SweepPreviews(ctx context.Context, before time.Time) error {
	err := db.Change(ctx, func(tx *Tx) error {
		_, err := tx.Exec("DELETE FROM preview WHERE created < ?1 OR session NOT IN (SELECT hash FROM session)", before.UnixMilli())
		return err
	})
	if err != nil {
		return fmt.Errorf("sweep previews: %w", err)
	}
	return nil
}
