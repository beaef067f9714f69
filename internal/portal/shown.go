package portal

import (
	"time"

	"kuulas.example/internal/record"
)

// ShownDocument is a document that the rules allow this viewer to see. Its fields are not
// exported: only an allowed decision fills them.
type ShownDocument struct {
	row        *record.Document
	kind       *kind
	controller *record.Organisation
}

// ID names the document in addresses.
func (d ShownDocument) ID() record.DocumentID { return d.row.ID }

// Title is the official name of the kind of document, with the language it is in.
func (d ShownDocument) Title(l record.Language) (string, record.Language) {
	return d.kind.definition.Name(l)
}

// Type is the general type as the definition writes it in Finnish (Päätös, Arvio …).
func (d ShownDocument) Type() string { return d.kind.definition.Type() }

// Task is the service task; empty for a relationship or a case that names no single one.
func (d ShownDocument) Task() record.ServiceTask { return d.row.Task }

// Language is the language of the document's own text.
func (d ShownDocument) Language() record.Language { return d.row.Language }

// Created is when the document was drawn up.
func (d ShownDocument) Created() time.Time { return d.row.Created }

// Corrected is when the document was corrected; zero when it never was (V17).
func (d ShownDocument) Corrected() time.Time { return d.row.Corrected }

// Controller is the identifier of the controller.
func (d ShownDocument) Controller() record.OID { return d.row.Controller }

// ControllerName is the controller's name.
func (d ShownDocument) ControllerName() record.Text { return d.controller.Name }
