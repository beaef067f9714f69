package store

import (
	"fmt"

	"kuulas.example/internal/record"
)

// loginSource names the login among the sources of protection marks.
const loginSource = "login"

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
