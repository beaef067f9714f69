package portal_test

import (
	"io/fs"
	"strings"
	"testing"

	"kuulas.example/cmd/kuulas-demo/data"
	"kuulas.example/internal/access"
	"kuulas.example/internal/portal"
	"kuulas.example/internal/record"
	"kuulas.example/internal/store"
)

// The private organisation of the demo that is the controller of what it writes, and its client.
const (
	privateHouse   = record.OID("1.2.246.10.9999904.10.0")
	privateAddress = "Puistokuja 3"
)

// contacts are the organisations that a visit can turn to, on its documents and its overview.
func (h *house) contacts(v portal.Visit) map[record.OID][]*record.Organisation {
	h.t.Helper()
	found := map[record.OID][]*record.Organisation{}
	documents, _ := h.all(v, portal.Filter{})
	for _, d := range documents {
		page, err := h.Document(h.t.Context(), v, d.ID(), record.Finnish, portal.ToRead)
		must(h.t, err)
		found[page.Correct.OID] = append(found[page.Correct.OID], page.Correct)
	}
	o, err := h.Overview(h.t.Context(), v)
	must(h.t, err)
	for _, r := range o.Relationships {
		found[r.Controller.OID] = append(found[r.Controller.OID], r.Controller)
	}
	for _, w := range o.Workers {
		found[w.Controller.OID] = append(found[w.Controller.OID], w.Controller)
	}
	return found
}

// Why it exists (T4): the private house that is the controller may be where the person lives.
func TestAPrivateControllersAddressIsKeptFromWhoMustNotLearnThePlace(t *testing.T) {
	h := newHouse(t, access.Switches{})
	h.load(relationshipWith(t, privateHouse))
	own, holder := h.visit("Lehtonen"), h.as(record.Mandate, holder, aino)
	told := func(v portal.Visit) (private, public int) {
		t.Helper()
		for oid, all := range h.contacts(v) {
			for _, o := range all {
				if o.Name.FI == "" || o.Contact.Phone == "" || o.DataProtectionOfficer.Phone == "" {
					t.Errorf("%s: name and phone are gone", oid)
				}
				switch {
				case oid == privateHouse && strings.Contains(o.Contact.Address+o.DataProtectionOfficer.Address, privateAddress):
					private++
				case oid != privateHouse && o.Contact.Address != "":
					public++
				}
			}
		}
		return private, public
	}
	private, public := told(holder)
	if private != 3 || public < 3 {
		t.Fatalf("of nobody protected the holder learns %d addresses of the private house, on a document, a relationship and a worker's card, and %d others", private, public)
	}
	code, err := record.ParseIdentityCode(aino)
	must(t, err)
	must(t, h.db.Change(t.Context(), func(tx *store.Tx) error {
		person, err := h.db.EnsurePerson(tx, code)
		if err != nil {
			return err
		}
		return tx.MarkProtectedByLogin(person)
	}))
	if gotPrivate, gotPublic := told(holder); gotPrivate != 0 || gotPublic != public {
		t.Errorf("the holder of a protected person's mandate learns %d addresses of the private house, and %d of %d others", gotPrivate, gotPublic, public)
	}
	if got, _ := told(own); got != private {
		t.Errorf("the protected person learns %d of %d", got, private)
	}
}

// relationshipWith is a relationship of Aino Lehtonen with another organisation.
func relationshipWith(t *testing.T, controller record.OID) string {
	t.Helper()
	content, err := fs.ReadFile(data.Files(record.Today(now)), "bundles/aino-lehtonen.jsonl")
	must(t, err)
	for line := range strings.Lines(string(content)) {
		if strings.Contains(line, `"kind":"relationship"`) {
			return strings.NewReplacer(".11.2024.1001", ".11.2024.1901", `"controller":"1.2.246.10.9999901.10.0"`, `"controller":"`+string(controller)+`"`).Replace(line)
		}
	}
	t.Fatal("no relationship")
	return ""
}

// Why it exists (T5): whoever a document names, and of whom nobody can say now whether a mark
// stands, counts as protected.
func TestWhoCannotBeLookedUpIsProtected(t *testing.T) {
	const lotta, address = "120815A9689", "Kangastie 21" // of a father without a mark, in an agreement
	for name, c := range map[string]struct {
		broken string
		shown  bool
	}{
		"nothing is amiss":         {"", true},
		"the marks cannot be read": {"ALTER TABLE protection RENAME TO elsewhere", false},
		"nobody can be found":      {"ALTER TABLE identity_code RENAME COLUMN hash TO elsewhere", false},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t, access.Switches{})
			own := h.as(record.Self, lotta, lotta)
			if c.broken != "" {
				must(t, h.db.Change(t.Context(), func(tx *store.Tx) error {
					_, err := tx.Exec(c.broken)
					return err
				}))
			}
			var all string
			documents, _ := h.all(own, portal.Filter{})
			for _, d := range documents {
				page, err := h.Document(t.Context(), own, d.ID(), record.Finnish, portal.ToRead)
				must(t, err)
				all += textOf(page.Tree.Nodes)
			}
			if len(all) < 500 || strings.Contains(all, address) != c.shown {
				t.Errorf("of %d bytes the address is shown: %v, want %v", len(all), !c.shown, c.shown)
			}
		})
	}
}
