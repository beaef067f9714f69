package store

import (
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"

	"kuulas.example/internal/record"
)

// loginSource names the login among the sources of protection marks.
const loginSource = "login"

const loginNameContext = "login name:"

// MarkProtectedByLogin keeps the protection mark that a login of the person claimed (T8). It
// is kept once: a login never ends a mark, so there is no later version.
func (tx *Tx) MarkProtectedByLogin(p record.PersonID) error {
	n, err := tx.Exec(`INSERT INTO protection (person_id, source, version, mark, until) VALUES (?1, ?2, 1, ?3, NULL)
		ON CONFLICT DO NOTHING`, string(p), loginSource, int(record.Yes))
	if err != nil {
		return fmt.Errorf("keep protection mark of login: %w", err)
	}
	if n == 0 {
		return nil
	}
	return tx.Touch(p)
}

// loginName is the name of a login, sealed.
type loginName struct{ Given, Family string }

// KeepName keeps the name of a person's own login while a declaration of the person waits, and not
// otherwise: it may be what that one waits for.
func (tx *Tx) KeepName(p record.PersonID, given, family string) error {
	var waits bool
	err := tx.QueryRow(`SELECT EXISTS (SELECT 1 FROM undeclared WHERE person_id = ?1)
		OR EXISTS (SELECT 1 FROM outbox WHERE person_id = ?1 AND state = 'held')`, []any{string(p)}, &waits)
	if err != nil || !waits {
		return err
	}
	id := rand.Text()
	sealed, err := tx.db.sealJSON(loginName{given, family}, loginNameContext+id)
	if err == nil {
		_, err = tx.Exec(`INSERT INTO login_name (person_id, id, sealed) VALUES (?1, ?2, ?3)
			ON CONFLICT (person_id) DO UPDATE SET id = excluded.id, sealed = excluded.sealed`, string(p), id, sealed)
	}
	if err != nil {
		return fmt.Errorf("keep the name of a login: %w", err)
	}
	tx.wakeSender()
	return nil
}

// KeptName is the name that KeepName kept; empty when there is none.
func (tx *Tx) KeptName(p record.PersonID) (given, family string, err error) {
	var id string
	var sealed []byte
	var name loginName
	err = tx.QueryRow("SELECT id, sealed FROM login_name WHERE person_id = ?1", []any{string(p)}, &id, &sealed)
	if errors.Is(err, sql.ErrNoRows) {
		return "", "", nil
	}
	if err == nil {
		err = tx.db.openJSON(sealed, loginNameContext+id, &name)
	}
	if err != nil {
		return "", "", fmt.Errorf("name of a login: %w", err)
	}
	return name.Given, name.Family, nil
}

// ForgetName forgets it when nothing of the person waits any more.
func (tx *Tx) ForgetName(p record.PersonID) error {
	_, err := tx.Exec(`DELETE FROM login_name WHERE person_id = ?1 AND NOT EXISTS (SELECT 1 FROM undeclared WHERE person_id = ?1)
		AND NOT EXISTS (SELECT 1 FROM outbox WHERE person_id = ?1 AND state = 'held')`, string(p))
	if err != nil {
		return fmt.Errorf("forget the name of a login: %w", err)
	}
	return nil
}
