package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"kuulas.example/internal/record"
)

// Declared is what one client declared and has in force. Its parts are never inferred from one
// another; what nobody said is nil. The zero value permits nothing.
type Declared struct {
	Notice       *Acknowledged
	Permit       *PermitSaid
	Prohibitions []ProhibitionSet // in force, oldest first
}

// Acknowledged is an acknowledgement of the information notice (D3).
type Acknowledged struct {
	Version  string
	Language record.Language
	At       time.Time
	Receipt  int
	Hand     Hand
}

// PermitSaid is the newest yes or no to disclosure (D2).
type PermitSaid struct {
	record.Permit
	Receipt int // 0: the archive delivered it
	Hand    Hand
}

// ProhibitionSet is a prohibition with who set it.
type ProhibitionSet struct {
	record.Prohibition
	Receipt      int // 0: the archive delivered it
	Hand         Hand
	Words        Words
	Ended        time.Time // zero while it is in force
	EndedReceipt int
	EndedHand    Hand
	// Known is since when the archive knows of it, as far as that is known here, and KnownSet the set
	// of declarations that told it. Zero: nobody knows that it does.
	Known    time.Time
	KnownSet record.OID
}

// Hand is who declared something, as it is sealed. In a declaration that a professional
// delivered there is a Drafter and nobody of the portal (D9).
type Hand struct {
	Person  record.PersonID  `json:"person,omitempty"`
	Role    record.Role      `json:"role,omitempty"`
	Name    string           `json:"name,omitempty"`
	By      []Representative `json:"by,omitempty"` // on the client's behalf, as the official document says it
	Drafter *Drafter         `json:"drafter,omitempty"`
}

// Representative is a client's representative in the official document's terms. Its identity
// code is in the clear and the whole sealed.
type Representative struct {
	Given      string `json:"given"`
	Family     string `json:"family"`
	Unverified bool   `json:"unverified,omitempty"`
	Code       string `json:"code,omitempty"`
	Temporary  string `json:"temporary,omitempty"`
	Official   string `json:"official,omitempty"`
	Role       string `json:"role"` // code of the national list 1.2.246.537.6.1284
}

// Drafter is the professional who drew a declaration up.
type Drafter struct {
	Given    string     `json:"given,omitempty"`
	Family   string     `json:"family,omitempty"`
	Title    string     `json:"title,omitempty"`
	Unit     record.OID `json:"unit,omitempty"`
	UnitName string     `json:"unitName,omitempty"`
	Reasons  string     `json:"reasons,omitempty"`
}

// Words is what a target was called when it was prohibited.
type Words struct {
	Name    record.Text `json:"name"`
	Type    string      `json:"type,omitempty"`   // of a document: its code in the list 1506
	Created time.Time   `json:"created,omitzero"` // of a document
	// Controller is the name of a document's controller: two of one kind and day differ by it.
	Controller record.Text `json:"controller,omitzero"`
}

// Declarations is what the rules ask about.
func (d *Declared) Declarations(client record.PersonID) record.Declarations {
	out := record.Declarations{Client: client}
	if d.Permit != nil {
		out.Permit = d.Permit.Permit
	}
	for i := range d.Prohibitions {
		out.Prohibitions = append(out.Prohibitions, d.Prohibitions[i].Prohibition)
	}
	return out
}

// asker is a transaction or a snapshot.
type asker interface {
	QueryRow(query string, args []any, dest ...any) error
	Query(query string, args ...any) (*sql.Rows, error)
}

// Declared gives what a person declared, as one snapshot.
func (db *DB) Declared(ctx context.Context, p record.PersonID) (d Declared, err error) {
	err = db.Read(ctx, func(r *Read) error {
		d, err = db.declared(r, p)
		return err
	})
	return d, err
}

// Declared gives what a person declared, within a snapshot.
func (r *Read) Declared(db *DB, p record.PersonID) (Declared, error) { return db.declared(r, p) }

// Declared gives what a person declared, within a change.
func (tx *Tx) Declared(p record.PersonID) (Declared, error) { return tx.db.declared(tx, p) }

func (db *DB) declared(a asker, p record.PersonID) (d Declared, err error) {
	if d.Notice, err = db.notice(a, p); err == nil {
		if d.Permit, err = db.permit(a, p); err == nil {
			d.Prohibitions, err = db.prohibitions(a, "person_id = ?1 AND ended = 0 ORDER BY since, id", string(p))
		}
	}
	if err != nil {
		return Declared{}, fmt.Errorf("what is declared: %w", err)
	}
	return d, nil
}

func (db *DB) notice(a asker, p record.PersonID) (*Acknowledged, error) {
	var n Acknowledged
	var id string
	var at int64
	var sealed []byte
	err := a.QueryRow("SELECT id, version, language, at, receipt, sealed FROM notice WHERE person_id = ?1", []any{string(p)},
		&id, &n.Version, &n.Language, &at, &n.Receipt, &sealed)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	n.At = time.UnixMilli(at)
	return &n, db.openJSON(sealed, noticeContext+id, &n.Hand)
}

func (db *DB) permit(a asker, p record.PersonID) (*PermitSaid, error) {
	var s PermitSaid
	var id string
	var since int64
	var sealed []byte
	err := a.QueryRow("SELECT id, given, since, receipt, sealed FROM permit WHERE person_id = ?1", []any{string(p)},
		&id, &s.Given, &since, &s.Receipt, &sealed)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	s.Since = time.UnixMilli(since)
	return &s, db.openJSON(sealed, permitContext+id, &s.Hand)
}

// Prohibition gives one prohibition of a person, in force or ended; record.ErrNotFound.
func (db *DB) Prohibition(ctx context.Context, p record.PersonID, id record.ProhibitionID) (ProhibitionSet, error) {
	var found []ProhibitionSet
	err := db.Read(ctx, func(r *Read) (err error) {
		found, err = db.prohibitions(r, "person_id = ?1 AND id = ?2", string(p), string(id))
		return err
	})
	if err == nil && len(found) == 0 {
		err = record.ErrNotFound
	}
	if err != nil {
		return ProhibitionSet{}, fmt.Errorf("prohibition: %w", err)
	}
	return found[0], nil
}

// sealedProhibition is what of a prohibition is sealed.
type sealedProhibition struct {
	Hand  Hand  `json:"hand"`
	Words Words `json:"words"`
}

func (db *DB) prohibitions(a asker, which string, args ...any) (all []ProhibitionSet, err error) {
	rows, err := a.Query(`SELECT id, kind, target, since, receipt, sealed, ended, ended_receipt, ended_sealed, known, known_set
		FROM prohibition WHERE `+which, args...)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var p ProhibitionSet
		var kind, target string
		var since, ended, known int64
		var sealed, endedSealed []byte
		if err := rows.Scan(&p.ID, &kind, &target, &since, &p.Receipt, &sealed, &ended, &p.EndedReceipt, &endedSealed, &known, &p.KnownSet); err != nil {
			return nil, err
		}
		p.Target, p.Since, p.Known = targetOf(kind, target), time.UnixMilli(since), moment(max(known, 0))
		var s sealedProhibition
		if err := db.openJSON(sealed, prohibitionContext+string(p.ID), &s); err != nil {
			return nil, err
		}
		p.Hand, p.Words = s.Hand, s.Words
		if ended != 0 {
			p.Ended = time.UnixMilli(ended)
			if err := db.openJSON(endedSealed, prohibitionContext+string(p.ID), &p.EndedHand); err != nil {
				return nil, err
			}
		}
		all = append(all, p)
	}
	return all, rows.Err()
}

// targetOf reads a target; one that cannot be read covers everything.
func targetOf(kind, name string) record.Target {
	t, err := record.ParseTarget(kind, name)
	if err != nil {
		return record.Target{}
	}
	return t
}

// Contexts under which what people declared is sealed, each followed by the row's own identity.
const (
	noticeContext      = "notice:"
	permitContext      = "permit:"
	prohibitionContext = "prohibition:"
	receiptContext     = "receipt:"
	previewContext     = "preview:"
)

func (db *DB) sealJSON(v any, context string) ([]byte, error) {
	plain, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	return db.keys.Seal(plain, context), nil
}

func (db *DB) openJSON(sealed []byte, context string, v any) error {
	plain, err := db.keys.Open(sealed, context)
	if err != nil {
		return err
	}
	if json.Unmarshal(plain, v) != nil {
		return errors.New("not in the form that is stored") // the cause could quote it
	}
	return nil
}
