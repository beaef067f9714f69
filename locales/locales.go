// Package locales carries the texts of the portal, one file a language, embedded in the
// program. Keys are flat and named by place (list.empty.title); a value is a text or, where
// a number decides the wording, an object of plural forms. Package i18n reads them, and its
// tests hold both files to the same keys, placeholders and plural forms.
package locales

import "embed"

// Files holds fi.json and sv.json and nothing else.
//
//go:embed fi.json sv.json
var Files embed.FS
