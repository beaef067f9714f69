package declaration_test

import (
	"errors"
	"testing"
	"time"

	"kuulas.example/internal/declaration"
	"kuulas.example/internal/record"
	"kuulas.example/internal/sosmeta"
)

func TestARoleOfThePortalHasItsCode(t *testing.T) {
	user := record.Viewer{Code: code(t, "241285-9015"), Given: "Olli", Family: "Åström"}
	for _, c := range []struct {
		role record.Role
		want declaration.RoleCode
		may  bool
	}{
		{record.Self, "", true},
		{record.Guardian, "31", true},
		{record.Mandate, "34", true},
		{record.Informed, "", false},
		{"", "", false},
		{"trustee", "", false},
	} {
		by, err := declaration.Acting(user, c.role)
		if (err == nil) != c.may || err != nil && !errors.Is(err, record.ErrInvalid) {
			t.Errorf("%q: error %v", c.role, err)
		}
		switch {
		case c.want == "" && len(by) != 0:
			t.Errorf("%q: got %v", c.role, by)
		case c.want != "" && (len(by) != 1 || by[0].Role != c.want || by[0].Code != user.Code || by[0].Given != "Olli"):
			t.Errorf("%q: got %v", c.role, by)
		}
	}
	if _, err := declaration.Acting(record.Viewer{Given: "Olli", Family: "Åström"}, record.Mandate); !errors.Is(err, record.ErrInvalid) {
		t.Errorf("without an identity code: got %v", err)
	}
}

func TestEveryRoleCodeStandsInTheDocumentWithItsText(t *testing.T) {
	everyPair(t, func(t *testing.T, prohibitions, permit *sosmeta.Definition) {
		for role, text := range map[declaration.RoleCode]string{
			"31": "Huoltaja", "32": "Edunvalvoja", "33": "Edunvalvontavaltuutettu", "34": "Valtuutettu",
		} {
			by := olli(t)
			by.Role = role
			in := declaration.Full{Subject: aino(t), DrawnUp: at(t, "2026-03-01T10:00:00Z"), Entries: three(t, at(t, "2026-03-01T10:00:00Z"), by)}
			in.Permit = declaration.Permit{Permit: record.Permit{Given: true, Since: in.DrawnUp}, By: []declaration.Representative{by}}
			for d, want := range map[*sosmeta.Definition]int{prohibitions: 3, permit: 1} {
				built, err := declaration.Build(d, in, nil)
				if err != nil {
					t.Fatal(err)
				}
				coded := `"rooli":{"system":"urn:oid:1.2.246.537.6.1284","code":"` + string(role) + `","display":"` + text + `"}`
				if got := countOf(built.Body, coded); got != want {
					t.Errorf("%s: %d times in %s", coded, got, built.Body)
				}
			}
		}
	})
}

func TestTheClientsNameComesFromTheNewestRelationshipElseTheLogin(t *testing.T) {
	relationship := func(created, given, family string, change func(r *record.Relationship)) record.Relationship {
		r := record.Relationship{Document: record.Document{OID: record.OID("1.2." + given), Client: true, Valid: true, Status: record.Current, Created: at(t, created)}}
		r.Facts.Given, r.Facts.Family = given, family
		if change != nil {
			change(&r)
		}
		return r
	}
	login := record.Viewer{Given: "Aino Login", Family: "Lehto"}
	old := relationship("2024-01-01T10:00:00Z", "Aino Vanha", "Lehto", nil)
	young := relationship("2025-01-01T10:00:00Z", "Aino Uusi", "Lehto-Koivu", nil)
	name := func(given, family string, unverified bool) declaration.Name {
		return declaration.Name{Given: given, Family: family, Unverified: unverified}
	}
	for what, c := range map[string]struct {
		relationships []record.Relationship
		login         record.Viewer
		whole         string
		want          declaration.Name
	}{
		"the newest":          {[]record.Relationship{old, young}, login, "", name("Aino Uusi", "Lehto-Koivu", false)},
		"in any order":        {[]record.Relationship{young, old}, login, "", name("Aino Uusi", "Lehto-Koivu", false)},
		"half a name":         {[]record.Relationship{old, relationship("2025-01-01T10:00:00Z", "Aino", " ", nil)}, login, "", name("Aino Vanha", "Lehto", false)},
		"the other half":      {[]record.Relationship{old, relationship("2025-01-01T10:00:00Z", "", "Lehto", nil)}, login, "", name("Aino Vanha", "Lehto", false)},
		"a voided one":        {[]record.Relationship{old, relationship("2025-01-01T10:00:00Z", "A", "B", func(r *record.Relationship) { r.Status = record.Voided })}, login, "", name("Aino Vanha", "Lehto", false)},
		"of another":          {[]record.Relationship{relationship("2025-01-01T10:00:00Z", "A", "B", func(r *record.Relationship) { r.Client = false })}, login, "", name("Aino Login", "Lehto", false)},
		"not checked":         {[]record.Relationship{relationship("2025-01-01T10:00:00Z", "A", "B", func(r *record.Relationship) { r.Valid = false })}, login, "", name("Aino Login", "Lehto", false)},
		"archived later":      {[]record.Relationship{young, relationship("2025-01-01T10:00:00Z", "Aino Myöhä", "Lehto", func(r *record.Relationship) { r.Archived = at(t, "2025-01-02T10:00:00Z") })}, login, "", name("Aino Myöhä", "Lehto", false)},
		"no relationship":     {nil, login, "Lehto Aino Register", name("Aino Login", "Lehto", false)},
		"no login either":     {nil, record.Viewer{}, "Lehto  Aino\tMaria", name("Lehto Aino Maria", "Lehto Aino Maria", true)},
		"half a login":        {nil, record.Viewer{Family: "Lehto"}, "", name("Lehto", "Lehto", true)},
		"nobody knows":        {nil, record.Viewer{}, " ", name("", "", false)},
		"turned round in RTL": {nil, record.Viewer{}, "Aino\u202e Lehto\u0000", name("Aino Lehto", "Aino Lehto", true)},
	} {
		if got := declaration.SubjectName(c.relationships, c.login, c.whole); got != c.want {
			t.Errorf("%s: got %+v, want %+v", what, got, c.want)
		}
	}
}

func TestAnUnverifiedNameIsToldBesideTheBody(t *testing.T) {
	in := declaration.Full{Subject: aino(t), DrawnUp: time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC)}
	d := definition(t, embedded(t), declaration.KindProhibitions)
	built, err := declaration.Build(d, in, nil)
	if err != nil || built.NameUnverified {
		t.Errorf("verified: got %v, error %v", built.NameUnverified, err)
	}
	in.Subject.Name = declaration.SubjectName(nil, record.Viewer{}, "Lehto Aino")
	built, err = declaration.Build(d, in, nil)
	if err != nil || !built.NameUnverified || countOf(built.Body, `"Lehto Aino"`) != 2 {
		t.Errorf("unverified: got %v, %s, error %v", built.NameUnverified, built.Body, err)
	}
}
