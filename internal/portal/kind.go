package portal

import (
	"strings"

	"kuulas.example/internal/access"
	"kuulas.example/internal/record"
	"kuulas.example/internal/sosmeta"
)

// kind is what the portal knows of a definition without opening a document.
type kind struct {
	definition  *sosmeta.Definition
	family      access.Family
	whereabouts bool                       // its documents are decisions on whereabouts (T7)
	key         string                     // of the general type
	titles      map[record.Language]string // folded, for the search in titles
}

func kindOf(d *sosmeta.Definition) *kind {
	a := annotations(d)
	k := &kind{definition: d, family: access.FamilyOf(a), whereabouts: access.ConcealsWhereabouts(a), key: KindKey(d.Type()), titles: map[record.Language]string{}}
	for _, l := range record.Languages {
		title, _ := d.Name(l)
		k.titles[l] = foldTitle(title)
	}
	return k
}

// Family is the family of visibility that a definition belongs to (V4, V5, V6, T7).
func Family(d *sosmeta.Definition) access.Family { return access.FamilyOf(annotations(d)) }

func annotations(d *sosmeta.Definition) access.Annotations {
	fi, _ := d.Name(record.Finnish)
	sv, _ := d.Name(record.Swedish)
	return access.Annotations{
		Subject: d.Subject(), Type: d.Type(), Code: d.Code(), Group: d.Group(), Key: d.Key(),
		Names: []string{fi, sv},
	}
}

// KindKey is the key of a general type of document in addresses and message ids: "Päätös"
// becomes "paatos". Characters other than letters, digits and hyphens become hyphens.
func KindKey(documentType string) string {
	var key strings.Builder
	for _, r := range foldTitle(documentType) {
		switch {
		case r == 'ä' || r == 'å':
			key.WriteByte('a')
		case r == 'ö':
			key.WriteByte('o')
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			key.WriteRune(r)
		default:
			key.WriteByte('-')
		}
	}
	return key.String()
}

// foldTitle makes titles and search words comparable.
func foldTitle(s string) string {
	s = strings.ReplaceAll(s, "\u00ad", "") // soft hyphens are a typesetter's marks
	return strings.Join(strings.Fields(strings.ToLower(s)), " ")
}
