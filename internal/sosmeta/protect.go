package sosmeta

import (
	"strings"

	"kuulas.example/internal/record"
)

// Protection of persons in a document, by field: other persons in it (T5, T6) and, where
// the viewer must not learn the whereabouts of the subject, the whole document (T4, T7).
// Free text is not searched, and no page promises that it is.
//
// A mark is a property turvakielto, turvakiellon_paattymispaiva or salaiset_yhteystiedot.
// A group with a mark that is not plainly "no" is about a protected person; so is every
// other group with the same identity code, and every group with a code whose person has a
// mark anywhere (Options.Protected, T8). It loses the fields of the table in fields.go, with
// their labels and without a placeholder, in itself and in all groups in it, unless the
// identity code of the group is the one of the person on the screen.

// ownLimited lists what the relationship definition takes from the screen even of the
// protected person: everything but phone and contact address.
var ownLimited = map[string]bool{
	"kotikunta": true, "tilapainen_asuinkunta": true, "osoite": true, "tilapainen_osoite": true,
	"kayntiosoite": true, "postiosoite": true, "sahkopostiosoite": true,
}

// reporter lists what is not shown of one who reported without giving a name.
var reporter = map[string]bool{"sukunimi": true, "etunimet": true, "henkilotunnus": true, "tilapainen_yksilointitunnus": true, "henkilonnimi": true, "yhteystiedot": true}

func isMark(key string) bool {
	return strings.Contains(key, "turvakiel") || strings.Contains(key, "salaiset_yhteystie")
}

// isMark reports whether a property is a mark, by its key or by its label.
func (p *Property) isMark() bool {
	if isMark(p.key) {
		return true
	}
	for _, label := range [...]string{p.name.FI, p.title.FI, p.name.SV, p.title.SV} {
		label = strings.ToLower(label)
		for _, word := range [...]string{"turvakiel", "salaiset yhteystie", "spärrmark", "hemliga kontakt"} {
			if strings.Contains(label, word) {
				return true
			}
		}
	}
	return false
}

// markKeys are the keys of a definition's marks; those that every definition has used count
// always.
type markKeys map[string]bool

func (m markKeys) has(key string) bool { return isMark(key) || m[key] }

// identityCode is the identity code that a group states of itself, as written.
func identityCode(group map[string]any) string { return codeText(group["henkilotunnus"]) }

func codeText(v any) string {
	switch v := v.(type) {
	case map[string]any:
		s, _ := v["value"].(string)
		return strings.ToUpper(strings.TrimSpace(s))
	case string:
		return strings.ToUpper(strings.TrimSpace(v))
	}
	return ""
}

// eachCode visits the identity codes that a group states: its own, and those under a key
// of another name or in a list. Every one of them counts for the group.
func eachCode(group map[string]any, visit func(code string)) {
	for key, v := range group {
		if list, ok := v.([]any); ok {
			for _, one := range flat(nil, list) {
				visitCode(key, one, visit)
			}
			continue
		}
		visitCode(key, v, visit)
	}
}

func visitCode(key string, v any, visit func(code string)) {
	object, _ := v.(map[string]any)
	system, _ := object["system"].(string)
	if strings.HasSuffix(key, "henkilotunnus") || system != "" && sameSystem(bareSystem(system), "1.2.246.21") {
		if code := codeText(v); code != "" {
			visit(code)
		}
	}
}

// aboutPerson reports whether a group names a person of its own.
func aboutPerson(group map[string]any) bool {
	for _, key := range [...]string{"henkilotunnus", "tilapainen_yksilointitunnus", "sukunimi", "etunimet"} {
		if _, ok := group[key]; ok {
			return true
		}
	}
	return false
}

// marked reports whether a group says that its person is protected. Anything but a plain
// "no" counts. An end date counts where the mark itself is missing: without a clock nobody
// can tell that it has passed. Marks in an unnamed part of the group (its contact details,
// say) count for the group.
func (m markKeys) marked(group map[string]any) bool {
	if m == nil {
		return false
	}
	until, said := false, false
	for key, v := range group {
		switch {
		case m.has(key) && strings.HasSuffix(key, "paiva"):
			until = until || v != nil && v != ""
		case m.has(key):
			said = said || !strings.Contains(key, "salaiset_yhteystie")
			if v != nil && v != false && v != "" && v != "false" {
				return true
			}
		default:
			if part, ok := v.(map[string]any); ok && !aboutPerson(part) && m.marked(part) {
				return true
			}
		}
	}
	return until && !said
}

// protectedCodes finds the identity codes of all protected persons in a document: those of
// marked groups, so that a second group about the same person without the mark is protected
// too, and those that have a mark anywhere (T8). Each code is asked for once, the viewer's
// own never.
func (r *renderer) protectedCodes(body map[string]any, elsewhere func(record.IdentityCode) bool) map[string]bool {
	codes := make(map[string]bool) // every code of the document: is it protected
	r.marks.personCodes(body, codes)
	for written, protected := range codes {
		code, err := record.ParseIdentityCode(written)
		if protected || elsewhere == nil || err != nil || r.isOwn(written) {
			continue
		}
		codes[written] = elsewhere(code)
	}
	return codes
}

// personCodes collects the identity codes that groups state, and whether a group with the
// code is marked.
func (m markKeys) personCodes(v any, codes map[string]bool) {
	switch v := v.(type) {
	case []any:
		for _, one := range v {
			m.personCodes(one, codes)
		}
	case map[string]any:
		eachCode(v, func(code string) { codes[code] = codes[code] || m.marked(v) })
		for _, one := range v {
			switch one.(type) {
			case map[string]any, []any:
				m.personCodes(one, codes)
			}
		}
	}
}

// scope is what the groups around a field have settled.
type scope struct {
	level     int
	own       bool // the group is about the person on the screen
	protected bool // the group is about a protected other person
	limited   bool // own, but the definition itself takes contacts away
	anonymous bool // names and contacts of the one who reported are not shown
}

// enter settles the scope inside a group. Of several identity codes each must be the
// viewer's own for the group to be, and one protected code protects it.
func (r *renderer) enter(p *Property, group map[string]any, s scope) scope {
	marked, known, own, about := r.marks.marked(group), false, true, aboutPerson(group)
	eachCode(group, func(code string) {
		about, known = true, true
		own = own && r.isOwn(code)
		marked = marked || r.codes[code]
	})
	if about {
		s.own, s.limited = known && own, false
		s.protected = s.protected && !s.own
	} else if s.own && marked && !(p.place != nil && p.place.contact) {
		s.own = false // a mark in a group without a name: nobody says that it is the same person
	}
	if marked {
		s.protected = s.protected || !s.own
		s.limited = s.limited || (s.own && p.limitsOwn())
	}
	s.anonymous = s.anonymous || (p.rules.anonymous && r.anonymous)
	return s
}

// isOwn reports whether an identity code as written is the viewer's own, or was once (T10).
func (r *renderer) isOwn(code string) bool {
	return !r.own.IsZero() && (code == r.own.Reveal() || r.isFormer(code))
}

// isFormer reports whether a text is an old identity code of the person on the screen.
func (r *renderer) isFormer(s string) bool {
	if r.former == nil {
		return false
	}
	code, err := record.ParseIdentityCode(strings.ToUpper(strings.TrimSpace(s)))
	return err == nil && r.former(code)
}

// conceals reports whether a field of a group is taken away from the screen.
func (r *renderer) conceals(p *Property, s scope) bool {
	switch {
	case p.mark:
		return !s.own // T6
	case p.place != nil && r.hides(s):
		return true
	case s.anonymous && reporter[p.key], s.limited && ownLimited[p.key]:
		return true
	}
	return false
}

// hides reports whether places and contacts are taken away here: in the whole document
// (T4, T7) or in a protected person's group (T5).
func (r *renderer) hides(s scope) bool { return r.concealed || s.protected }

// placeCode reports whether a value is a code of a list of places, whatever its definition
// says of the field: a municipality, a unit, a country.
func placeCode(v any) bool {
	object, _ := v.(map[string]any)
	system, _ := object["system"].(string)
	return system != "" && matchers.bySystem([]string{system}) != nil
}

// limitsOwn reports whether the group's mark says in its note that the person's own
// municipality and contacts, save phone and contact address, are not shown.
func (p *Property) limitsOwn() bool {
	for _, kid := range p.props {
		if kid.rules.ownContacts {
			return true
		}
	}
	return false
}
