// Package ui holds the building blocks of pages: buttons, fields, notices, marks, pagination.
// They know no word of the domain and no language: every text comes in as a parameter. Class
// names are constant, so that a list of fifty rows stays cheap.
package ui

// Kind is the kind of a notice. It decides colour and icon; the title says it in words.
type Kind string

// The kinds of notices.
const (
	Info    Kind = "info"
	Warning Kind = "warning"
	Error   Kind = "error"
	Success Kind = "success"
)
