package acting

import (
	"bytes"
	"errors"
	"fmt"

	"kuulas.example/internal/mandate"
	"kuulas.example/internal/record"
	"kuulas.example/internal/store"
)

// Rows hold choices and grants sealed, each under a context of its own row: what is moved to
// another login or another person does not open.

func (r *Rights) sealGrant(g mandate.Grant, row store.ActingRow) []byte {
	return r.keys.Seal(g.Bytes(), sealContext("acting", row.Session, row.Name))
}

func (r *Rights) openGrant(row store.ActingRow) (mandate.Grant, error) {
	plain, err := r.keys.Open(row.Sealed, sealContext("acting", row.Session, row.Name))
	if err != nil {
		return mandate.Grant{}, fmt.Errorf("open a right: %w", err)
	}
	return mandate.ReadGrant(plain)
}

// openChoice opens a choice with the language of the page on which it began.
func (r *Rights) openChoice(row store.ActingRow) (mandate.Choice, record.Language, error) {
	plain, err := r.keys.Open(row.Sealed, sealContext("choice", row.Session, row.Name))
	if err != nil {
		return mandate.Choice{}, "", fmt.Errorf("open a choice: %w", err)
	}
	lang, choice, found := bytes.Cut(plain, []byte("\n"))
	if !found {
		return mandate.Choice{}, "", errors.New("open a choice: it has no language")
	}
	c, err := mandate.ReadChoice(choice)
	return c, record.Language(lang), err
}
