// Package ui holds the building blocks of pages: buttons, fields, notices, marks, pagination.
// They know no word of the domain and no language: every text comes in as a parameter. Class
// names are constant, so that a list of fifty rows stays cheap.
//
// Running text stands in an element of class "prose" (lines of at most 60 characters);
// "stack" sets blocks one below the other with even space; "actions" is a row of buttons.
package ui

import "strings"

// Kind is the kind of a notice. It decides colour and icon; the title says it in words.
type Kind string

// The kinds of notices.
const (
	Info    Kind = "info"
	Warning Kind = "warning"
	Error   Kind = "error"
	Success Kind = "success"
)

func noticeClass(kind Kind) string {
	switch kind {
	case Warning:
		return "notice notice-warning"
	case Error:
		return "notice notice-error"
	case Success:
		return "notice notice-success"
	}
	return "notice"
}

func groupClass(wrong bool) string {
	if wrong {
		return "field field-wrong"
	}
	return "field"
}

func inputClass(date bool) string {
	if date {
		return "input input-date"
	}
	return "input"
}

// describedBy names the elements that describe a field, hint before error.
func describedBy(f Input) string {
	var ids []string
	if f.Hint != "" {
		ids = append(ids, f.ID+"-hint")
	}
	if f.Error != "" {
		ids = append(ids, f.ID+"-error")
	}
	return strings.Join(ids, " ")
}

// Telephone is the address that calls a number: its digits and a leading plus. A number
// without digits gives an empty text and is not linked.
func Telephone(number string) string {
	var b strings.Builder
	b.WriteString("tel:")
	for i, r := range number {
		if r >= '0' && r <= '9' || r == '+' && i == 0 {
			b.WriteRune(r)
		}
	}
	if b.Len() == len("tel:") {
		return ""
	}
	return b.String()
}
