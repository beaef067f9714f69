package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"kuulas.example/internal/record"
)

// documentColumns are read in this order by readDocument.
const documentColumns = `id, oid, set_oid, version, kind, status, definition, phase, client, clients,
	controller, producer, production, task, shared_case, language, case_oid,
	created, archived, corrected, not_before, special, withheld, released, verified, valid`

// The rows of a person come as one text: fetching 26 columns of each row one by one costs
// more than everything else of a page. No column can hold the two separators, which are
// control characters; if one did, its row would have a wrong number of columns.
const (
	columnEnd = "\x1f"
	rowEnd    = "\x1e"

	allDocuments = "SELECT coalesce(string_agg(concat_ws(?2, " + documentColumns + "), ?3), '') FROM client_document WHERE person_id = ?1"
	oneDocument  = "SELECT concat_ws(?2, " + documentColumns + ") FROM client_document WHERE person_id = ?1 AND id = ?3"
)

// Documents gives one row for each set in which the person is or was a client, with the
// marks of its newest version, in no particular order. It reads no bodies. The slice is
// shared with other callers and must not be changed.
func (db *DB) Documents(ctx context.Context, p record.PersonID) ([]record.Document, error) {
	r, err := db.borrow(ctx)
	if err != nil {
		return nil, fmt.Errorf("documents: %w", err)
	}
	defer db.release(r)
	documents, err := db.documents(r, p)
	if err != nil {
		return nil, fmt.Errorf("documents: %w", err)
	}
	return documents, nil
}

// documents answers from memory when the person's revision proves that nothing changed. The
// revision is read first: rows that a later commit made newer are then read again next time.
func (db *DB) documents(r *reader, p record.PersonID) ([]record.Document, error) {
	revision, err := r.revision(p)
	if err != nil {
		return nil, err
	}
	if k := db.known.get(p, revision); k != nil {
		return k.documents, nil
	}
	documents, err := r.documents(p)
	if err != nil {
		return nil, err
	}
	db.known.put(p, &known{revision: revision, documents: documents})
	return documents, nil
}

// revision is zero for a person who is not known.
func (r *reader) revision(p record.PersonID) (int64, error) {
	n, err := r.number("SELECT revision FROM person WHERE id = ?1", string(p))
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return n, err
}

func (r *reader) documents(p record.PersonID) ([]record.Document, error) {
	var text string
	if err := r.queryRow(allDocuments, []any{string(p), columnEnd, rowEnd}, &text); err != nil {
		return nil, err
	}
	if text == "" {
		return nil, nil
	}
	documents := make([]record.Document, 0, strings.Count(text, rowEnd)+1)
	for row := range strings.SplitSeq(text, rowEnd) {
		d, err := readDocument(row)
		if err != nil {
			return nil, err
		}
		documents = append(documents, d)
	}
	return documents, nil
}

// DocumentByID gives the row of one set; record.ErrNotFound when the person has none by that
// identifier.
func (db *DB) DocumentByID(ctx context.Context, p record.PersonID, id record.DocumentID) (record.Document, error) {
	var text string
	err := db.queryRow(ctx, oneDocument, []any{string(p), columnEnd, string(id)}, &text)
	if errors.Is(err, sql.ErrNoRows) {
		return record.Document{}, fmt.Errorf("document: %w", record.ErrNotFound)
	}
	if err != nil {
		return record.Document{}, fmt.Errorf("document: %w", err)
	}
	return readDocument(text)
}

// row takes the columns of one row apart.
type row struct {
	rest string
	bad  bool
	done bool
}

func (r *row) text() string {
	if r.done {
		r.bad = true
		return ""
	}
	column, rest, more := strings.Cut(r.rest, columnEnd)
	r.rest, r.done = rest, !more
	return column
}

func (r *row) number() (n int64) {
	s := r.text()
	digits := strings.TrimPrefix(s, "-")
	r.bad = r.bad || digits == "" || len(digits) > 18
	for _, c := range []byte(digits) {
		r.bad = r.bad || c < '0' || c > '9'
		n = n*10 + int64(c-'0')
	}
	if len(digits) < len(s) {
		n = -n
	}
	return n
}

func (r *row) count() int { return int(r.number()) }

func (r *row) yes() bool { return r.number() == 1 }

func (r *row) oid() record.OID { return record.OID(r.text()) }

// mark takes a value that is no mark for unknown.
func (r *row) mark() record.Mark {
	if m := record.Mark(r.number()); m.Known() {
		return m
	}
	return record.Unknown
}

func (r *row) moment() time.Time {
	if ms := r.number(); ms != 0 {
		return time.UnixMilli(ms)
	}
	return time.Time{}
}

func (r *row) date() record.Date {
	s := r.text()
	if s == "" {
		return record.Date{}
	}
	d, err := record.ParseDate(s)
	r.bad = r.bad || err != nil
	return d
}

var errRow = errors.New("row of a document cannot be read")

func readDocument(text string) (record.Document, error) {
	r := row{rest: text}
	d := record.Document{
		ID:         record.DocumentID(r.text()),
		OID:        r.oid(),
		Set:        r.oid(),
		Version:    r.count(),
		Kind:       record.Kind(r.text()),
		Status:     record.Status(r.text()),
		Definition: r.oid(),
		Phase:      r.count(),
		Client:     r.yes(),
		Clients:    r.count(),
		Controller: r.oid(),
		Producer:   r.oid(),
		Production: record.Production(r.text()),
		Task:       record.ServiceTask(r.text()),
		SharedCase: r.mark(),
		Language:   record.Language(r.text()),
		Case:       r.oid(),
		Created:    r.moment(),
		Archived:   r.moment(),
		Corrected:  r.moment(),
		Display: record.Display{
			NotBefore:             r.date(),
			Special:               r.mark(),
			WithheldFromGuardians: r.mark(),
			Released:              r.mark(),
		},
		Verified: r.yes(),
		Valid:    r.yes(),
	}
	d.Newest = d.Version // the row is that of the newest version
	if r.bad || !r.done {
		return record.Document{}, errRow
	}
	return d, nil
}
