package access_test

import (
	"slices"
	"testing"

	"kuulas.example/internal/access"
	"kuulas.example/internal/record"
)

// fiveDocuments are of one client: two of Koivuranta, one of them of another task, one of Järvimaa,
// one of a shared case, and one of a shelter.
func fiveDocuments() []access.Candidate {
	all := make([]access.Candidate, 5)
	for i := range all {
		d := ordinary().document
		d.Set, d.OID = []record.OID{"1.2.3", "1.2.30", "1.2.31", "1.2.32", "1.2.33"}[i], "1.2.3.1"
		all[i] = access.Candidate{Document: &d, Family: access.Ordinary}
	}
	all[1].Document.Task = record.Elderly
	all[2].Document.Controller = jarvimaa
	all[3].Document.Clients, all[3].Document.SharedCase = 2, record.Yes
	all[4].Family = access.NeverShown
	return all
}

// Why it exists: the counts of a preview are promises, so they are stated here by hand.
func TestAPreviewCountsWhatEachClassOfRecipientsGets(t *testing.T) {
	permit := record.Permit{Given: true, Since: now}
	for _, c := range []struct {
		name     string
		permit   record.Permit
		prohibit string
		want     access.Reached // other controllers
	}{
		{"no permit", record.Permit{}, "other-document", access.Reached{}},
		{"no permit, a prohibition", record.Permit{}, "task", access.Reached{}},
		{"a permit", permit, "other-document", access.Reached{Allowed: 3, Shared: 1}},
		{"one document", permit, "document", access.Reached{Allowed: 2, Shared: 1}},
		{"a service task", permit, "task", access.Reached{Allowed: 1}},
		{"the same, and the document", permit, "task,document", access.Reached{Allowed: 1}},
		{"a controller", permit, "controller", access.Reached{Allowed: 1}},
		{"a controller and another task", permit, "controller,other-task", access.Reached{Allowed: 1}},
		{"both tasks", permit, "task,other-task", access.Reached{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			own := record.Declarations{Client: subjectID, Permit: c.permit, Prohibitions: prohibitions(t, c.prohibit)}
			want := access.Recipients{OtherControllers: c.want, OwnRegister: access.Reached{Allowed: 5}, Statutory: access.Reached{Allowed: 5}}
			if got := access.Reach(own, fiveDocuments(), now); got != want {
				t.Errorf("got %+v, want %+v", got, want)
			}
		})
	}
	if got := access.Reach(record.Declarations{Client: subjectID}, []access.Candidate{{}}, now); got != (access.Recipients{}) {
		t.Errorf("a document that nobody knows is counted: %+v", got)
	}
}

// Why it exists: a preview that depended on what another client of a shared document declared would
// tell it.
func TestAPreviewTellsNothingOfOtherClients(t *testing.T) {
	own := record.Declarations{Client: subjectID, Permit: record.Permit{Given: true, Since: now}}
	want := access.Reach(own, fiveDocuments(), now)
	for _, what := range []string{"allows", "no-permit", "document", "task", "controller"} {
		documents := fiveDocuments()
		documents[3].Declarations = []record.Declarations{own, another(t, "second", what)}
		if got := access.Reach(own, documents, now); got != want {
			t.Errorf("another client %s: got %+v, want %+v", what, got, want)
		}
		if len(documents[3].Declarations) != 2 {
			t.Error("the preview changed what it was given")
		}
	}
}

// Why it exists: a preview by other code than the decision's is a second opinion.
func FuzzAPreviewCountsWhatTheDecisionAllows(f *testing.F) {
	seedRequests(f)
	f.Fuzz(func(t *testing.T, b []byte) {
		d := &dice{b}
		r := d.request()
		r.others = nil
		if len(r.own) != 1 || r.document.Controller == third {
			return
		}
		got := access.Reach(r.own[0], []access.Candidate{r.candidate()}, now)
		r.question.Asking = record.Asking{Recipient: third, Relationship: true, Purpose: record.Text{FI: "x"}}
		v := r.decide()
		if want := (access.Reached{Allowed: count(v.Allowed), Shared: count(v.Rule == "D18")}); got.OtherControllers != want {
			t.Errorf("other controllers: got %+v, the decision is %+v", got.OtherControllers, v)
		}
		r.question.Asking.Law = record.Law56
		if want := (access.Reached{Allowed: count(r.decide().Statutory)}); got.Statutory != want {
			t.Errorf("statutory: got %+v", got.Statutory)
		}
		r.question.Asking.Law, r.question.Asking.Recipient = "", r.document.Controller
		if want := (access.Reached{Allowed: count(r.decide().Allowed)}); got.OwnRegister != want {
			t.Errorf("own register: got %+v", got.OwnRegister)
		}
	})
}

func count(b bool) int {
	if b {
		return 1
	}
	return 0
}

func TestWhatCoversADocumentIsNamedInItsOrder(t *testing.T) {
	d := ordinary().document
	cell := record.Document{Controller: controller, Task: record.Disability}
	for _, c := range []struct {
		names          string
		document, cell []string
	}{
		{"other-document,other-task,other-controller,recipient", nil, nil},
		{"document", []string{"document"}, nil},
		{"controller,other-task,document,task", []string{"controller", "document", "task"}, []string{"controller", "task"}},
		{"unknown", []string{"unknown"}, []string{"unknown"}},
	} {
		for of, want := range map[*record.Document][]string{&d: c.document, &cell: c.cell} {
			var got []string
			for _, p := range access.Covering(prohibitions(t, c.names), of) {
				for name, target := range targets {
					if p.Target == target {
						got = append(got, name)
					}
				}
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s: got %v, want %v", c.names, got, want)
			}
		}
	}
}
