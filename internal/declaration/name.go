package declaration

import (
	"strings"

	"kuulas.example/internal/record"
)

// Name is a name in the two parts that declarations ask for.
type Name struct {
	Given, Family string
	Unverified    bool // the parts are not known: the whole name stands in both. Not part of a document
}

// Whole is the name in the order in which it is read aloud.
func (n Name) Whole() string {
	if n.Unverified || n.Given == n.Family {
		return n.Family
	}
	return strings.TrimSpace(n.Given + " " + n.Family)
}

// NameOf makes a name of two parts. Where one is missing the other stands in both, unverified.
func NameOf(given, family string) Name {
	n := Name{Given: record.OneLine(given), Family: record.OneLine(family)}
	switch {
	case n.Given == "":
		return unverified(n.Family)
	case n.Family == "":
		return unverified(n.Given)
	}
	return n
}

func unverified(whole string) Name {
	return Name{Given: whole, Family: whole, Unverified: whole != ""}
}

// SubjectName is the name of the client for a declaration: from the newest relationship document
// that has both parts, else from the person's own last login, else the whole name as the mandate
// register or the login wrote it in both fields, unverified. The newest is the one drawn up last,
// then archived last. The zero name means that nobody knows one: nothing can be built.
func SubjectName(relationships []record.Relationship, login record.Viewer, whole string) Name {
	var best *record.Relationship
	for i := range relationships {
		r := &relationships[i]
		if nameOf(r) && (best == nil || newer(r, best)) {
			best = r
		}
	}
	if best != nil {
		return NameOf(best.Facts.Given, best.Facts.Family)
	}
	if n := NameOf(login.Given, login.Family); !n.Unverified && n.Given != "" {
		return n
	}
	if whole = record.OneLine(whole); whole == "" {
		whole = record.OneLine(login.Name())
	}
	return unverified(whole)
}

// nameOf reports whether a relationship document may give its client's name.
func nameOf(r *record.Relationship) bool {
	return r.Status != record.Voided && r.Valid && r.Client &&
		record.OneLine(r.Facts.Given) != "" && record.OneLine(r.Facts.Family) != ""
}

func newer(r, than *record.Relationship) bool {
	if n := r.Created.Compare(than.Created); n != 0 {
		return n > 0
	}
	if n := r.Archived.Compare(than.Archived); n != 0 {
		return n > 0
	}
	return r.OID > than.OID
}
