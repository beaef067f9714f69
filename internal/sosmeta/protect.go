package sosmeta

import (
	"strings"

	"kuulas.example/internal/record"
)

// Protection of other persons in a document (T5, T6), by field. Free text is not searched,
// and no page promises that it is.
//
// A mark is a property turvakielto, turvakiellon_paattymispaiva or salaiset_yhteystiedot.
// A group with a mark that is not plainly "no" is about a protected person; so is every
// other group with the same identity code. It loses the fields of the table below, with
// their labels and without a placeholder, in itself and in all groups in it, unless the
// identity code of the group is the one of the person on the screen.

// concealed lists what a protected person's group loses. The match is by word: keys are
// words joined by underscores, in any inflection that definitions have used.
var concealed = []struct {
	words []string // a word of the key begins with this
	ends  []string // a word of the key ends with this
	why   string
}{
	{words: []string{"osoite", "osoitte"}, ends: []string{"osoite", "osoitteet"}, why: "addresses: osoite, lahiosoite, postiosoite, kayntiosoite, yhteysosoite, tilapainen_osoite, vastausosoite, sahkopostiosoite"},
	{words: []string{"postinumero", "postitoimipaik"}, why: "parts of an address"},
	{words: []string{"puhelin", "sahkoposti", "matkapuhelin"}, why: "phone and e-mail"},
	{words: []string{"yhteystie"}, why: "contact details as a whole: yhteystiedot, sijoituspaikan_yhteystiedot"},
	{words: []string{"kunta", "kunnasta", "kuntaan", "kunnan", "kuntapaikka"}, ends: []string{"kunta", "kunnan"}, why: "municipality: kunta, kotikunta, tilapainen_asuinkunta, paikkakunta, kuntaan_muutto"},
	{words: []string{"paikka", "paikan", "paikat"}, ends: []string{"paikka", "paikan", "paikat"}, why: "places: paikka, sijoituspaikka, sijaishuoltopaikka, olinpaikka, tyotoimintapaikka, sijoituspaikan_nimi"},
	{words: []string{"asuinalue", "asunto", "asuinpai", "maa", "hyvinvointialue", "hyvinvointialueella"}, why: "where the person lives"},
	{words: []string{"koulu", "koulun", "oppilaitos", "oppilaitoksen", "paivakoti", "paivakodin", "paivahoi", "varhaiskasvatus", "varhaiskasvatuksen", "esiopetus"}, why: "school and day care tell where a child is on weekdays"},
	{words: []string{"tyonantaja", "organisaatio", "organisaation", "palveluyksikko", "palveluyksikon", "yksikko", "toimintayksikko"}, why: "a workplace or a unit names a place"},
}

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

// revealsPlace reports whether a protected person's field of this key is taken away.
func revealsPlace(key string) bool {
	for _, word := range strings.Split(key, "_") {
		for _, row := range concealed {
			for _, start := range row.words {
				if word == start || (len(start) > 6 && strings.HasPrefix(word, start)) {
					return true
				}
			}
			for _, end := range row.ends {
				if strings.HasSuffix(word, end) {
					return true
				}
			}
		}
	}
	return false
}

// identityCode is the identity code that a group states of itself, as written.
func identityCode(group map[string]any) string {
	switch v := group["henkilotunnus"].(type) {
	case map[string]any:
		s, _ := v["value"].(string)
		return strings.ToUpper(strings.TrimSpace(s))
	case string:
		return strings.ToUpper(strings.TrimSpace(v))
	}
	return ""
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
func marked(group map[string]any) bool {
	until, said := false, false
	for key, v := range group {
		switch {
		case isMark(key) && strings.HasSuffix(key, "paiva"):
			until = v != nil && v != ""
		case isMark(key):
			said = said || strings.Contains(key, "turvakiel")
			if v != nil && v != false && v != "" && v != "false" {
				return true
			}
		default:
			if part, ok := v.(map[string]any); ok && !aboutPerson(part) && marked(part) {
				return true
			}
		}
	}
	return until && !said
}

// protectedCodes finds the identity codes of all protected persons in a document, so that
// a second group about the same person without the mark is protected too.
func protectedCodes(v any, found map[string]bool) {
	switch v := v.(type) {
	case []any:
		for _, one := range v {
			protectedCodes(one, found)
		}
	case map[string]any:
		if code := identityCode(v); code != "" && !found[code] && marked(v) {
			found[code] = true
		}
		for _, one := range v {
			switch one.(type) {
			case map[string]any, []any:
				protectedCodes(one, found)
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

// enter settles the scope inside a group.
func (r *renderer) enter(p *Property, group map[string]any, s scope) scope {
	code := identityCode(group)
	if aboutPerson(group) {
		own := code != "" && !r.own.IsZero() && (code == r.own.Reveal() || r.isFormer(code))
		if own {
			s.protected = false
		}
		s.own, s.limited = own, false
	} else if s.own && r.marks && marked(group) && !revealsPlace(p.key) {
		s.own = false // a mark in a group without a name: nobody says that it is the same person
	}
	if r.marks && (marked(group) || (code != "" && r.codes[code])) {
		s.protected = s.protected || !s.own
		s.limited = s.limited || (s.own && p.limitsOwn())
	}
	s.anonymous = s.anonymous || (p.rules.anonymous && r.anonymous)
	return s
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
func (s scope) conceals(key string) bool {
	switch {
	case isMark(key):
		return !s.own // T6
	case s.protected:
		return revealsPlace(key) // T5
	case s.anonymous && reporter[key], s.limited && ownLimited[key]:
		return true
	}
	return false
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
