package access_test

import (
	"reflect"
	"strings"
	"testing"

	"kuulas.example/internal/access"
	"kuulas.example/internal/record"
)

// relationship is the open relationship that every line of relationships.txt starts from.
func relationship(w *world) *record.Relationship {
	w.document.Kind, w.marks.Family = record.KindRelationship, access.RelationshipOrCase
	return &record.Relationship{Document: w.document, Facts: record.RelationshipFacts{
		From: record.Date{Year: 2025, Month: 3, Day: 1},
		Tasks: []record.RelationshipTask{{Task: record.Disability, Periods: []record.Period{
			{Unit: "1.2.246.10.9999901.10.3", UnitName: "Koivurannan vammaispalvelut", From: record.Date{Year: 2025, Month: 3, Day: 1}},
		}}},
		Workers: []record.Worker{{
			Given: "Aino", Family: "Esimerkki", Unit: "1.2.246.10.9999901.10.3", UnitName: "Koivurannan vammaispalvelut",
			Address: []string{"Esimerkkitie 1", "99999 Koivuranta"}, Phone: "+358 50 000 0000", Email: "aino@koivuranta.example",
		}},
	}}
}

func changeRelationship(t *testing.T, w *world, r *record.Relationship, key, value string) {
	t.Helper()
	var period *[]record.Period
	if len(r.Facts.Tasks) > 0 {
		period = &r.Facts.Tasks[0].Periods
	}
	switch key {
	case "old":
		r.Facts.Old = value == "yes"
	case "to":
		r.Facts.To = date(t, value)
	case "unit":
		(*period)[0].Unit = record.OID(value)
	case "unit-name":
		(*period)[0].UnitName = value
	case "worker-unit":
		r.Facts.Workers[0].Unit = record.OID(value)
	case "first-worker-unit":
		hidden := r.Facts.Workers[0]
		hidden.Unit = record.OID(value)
		r.Facts.Workers = append([]record.Worker{hidden}, r.Facts.Workers...)
	case "first-task":
		r.Facts.Tasks = append([]record.RelationshipTask{{Task: record.ServiceTask(value), Periods: *period}}, r.Facts.Tasks...)
	case "tasks":
		r.Facts.Tasks = nil
	case "periods":
		*period = nil
	case "from-relationship":
		r.Facts.From = date(t, value)
	case "period":
		if len(*period) == 1 && (*period)[0].UnitName != "" {
			*period = nil
		}
		from, to, _ := strings.Cut(value, "..")
		*period = append(*period, record.Period{Unit: "1.2.246.10.9999901.10.3", From: date(t, from), To: date(t, to)})
	default:
		if !w.change(t, key, value) {
			t.Fatalf("unknown difference %q", key)
		}
		kind := r.Kind
		r.Document = w.document
		r.Kind = kind
	}
}

// nameOnly reports whether nothing but the name is left of a worker (T4).
func nameOnly(w record.Worker) bool {
	return w.Given != "" && reflect.DeepEqual(w, record.Worker{Given: w.Given, Family: w.Family})
}

// shownOf names what a view tells of the own workers, as the table does.
func shownOf(workers []record.Worker) string {
	switch {
	case len(workers) == 0:
		return "no"
	case nameOnly(workers[0]):
		return "name"
	case workers[0].Unit != "" && workers[0].UnitName != "" && len(workers[0].Address) > 0 && workers[0].Phone != "" && workers[0].Email != "":
		return "yes"
	}
	return "part"
}

// differences splits "a=b c=d e" where a value may hold spaces.
func differences(s string) [][2]string {
	var all [][2]string
	for _, word := range strings.Fields(s) {
		if key, value, ok := strings.Cut(word, "="); ok {
			all = append(all, [2]string{key, value})
		} else {
			all[len(all)-1][1] += " " + word
		}
	}
	return all
}

func TestEveryCaseOfTheRelationshipTableHolds(t *testing.T) {
	for _, row := range table(t, "relationships.txt", 6) {
		t.Run(row[4]+", "+row[3], func(t *testing.T) {
			w := ordinary()
			w.as(t, row[3])
			r := relationship(w)
			for _, d := range differences(row[5]) {
				changeRelationship(t, w, r, d[0], d[1])
			}
			got := access.Relationship(w.viewer, w.subject, r, w.marks, now)
			dates := "nothing"
			if len(got.Tasks) > 0 {
				var all []string
				for _, d := range got.Tasks[0].Starts {
					all = append(all, d.String())
				}
				if dates = strings.Join(all, " "); dates == "" {
					dates = "-"
				}
			}
			if dates != row[0] || shownOf(got.Workers) != row[1] || got.Switchboard != (row[2] == "yes") {
				t.Errorf("got dates %s, worker %s, switchboard %v; want %s, %s, %s", dates, shownOf(got.Workers), got.Switchboard, row[0], row[1], row[2])
			}
		})
	}
}
