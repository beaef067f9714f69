package access_test

import (
	"fmt"
	"testing"

	"kuulas.example/internal/access"
	"kuulas.example/internal/record"
)

// fiftyDocuments are a person's 50 documents in two registers and three service tasks, of which one
// in ten is of a hidden family, with the declarations in force: a permit and five prohibitions.
func fiftyDocuments() ([]access.Candidate, []record.Declarations) {
	own := []record.Declarations{{Client: subjectID, Permit: record.Permit{Given: true, Since: now.AddDate(-1, 0, 0)}}}
	for _, t := range []record.Target{
		{Kind: record.TargetDocument, Set: "1.2.246.10.9999901.11.2024.7"},
		{Kind: record.TargetDocument, Set: "1.2.246.10.9999901.11.2024.13"},
		{Kind: record.TargetDocument, Set: "1.2.246.10.9999901.11.2024.99"},
		{Kind: record.TargetTask, Task: record.Substance},
		{Kind: record.TargetController, Controller: hoivakoto},
	} {
		own[0].Prohibitions = append(own[0].Prohibitions, record.Prohibition{Target: t, Since: now.AddDate(0, -1, 0)})
	}
	all := make([]access.Candidate, 50)
	for i := range all {
		d := ordinary().document
		d.Set = record.OID(fmt.Sprintf("1.2.246.10.9999901.11.2024.%d", i))
		d.OID, d.ID = d.Set+".1", record.DocumentID(fmt.Sprintf("document-%d", i))
		d.Task = []record.ServiceTask{record.Disability, record.Disability, record.Elderly, record.Substance}[i%4]
		if i%7 == 0 {
			d.Controller = hoivakoto
		}
		all[i] = access.Candidate{Document: &d, Family: access.Ordinary, Declarations: own}
		if i%10 == 3 {
			all[i].Family = access.NeverShown
		}
	}
	return all, own
}

// A request of 50 documents of one person, each answered with its rule.
func BenchmarkDisclose50Documents(b *testing.B) {
	documents, _ := fiftyDocuments()
	question := access.Question{Subject: subjectID, At: now, Asking: record.Asking{
		Recipient: jarvimaa, Relationship: true, Purpose: record.Text{FI: "Palvelutarpeen arvio", SV: "Bedömning av servicebehovet"},
	}}
	verdicts := make([]access.Verdict, len(documents))
	b.ReportAllocs()
	for b.Loop() {
		for i := range documents {
			verdicts[i] = access.Disclose(&question, documents[i])
		}
	}
	rules := map[access.Rule]int{}
	for _, v := range verdicts {
		rules[v.Rule]++
	}
	if rules["D2"] < 20 || rules["D4"] < 15 || rules["D19"] != 5 {
		b.Fatalf("the request is not mixed: %v", rules)
	}
}

// The same by a producer that works for the controller: rights and relationships are looked at for
// each document.
func BenchmarkDisclose50DocumentsToAProducer(b *testing.B) {
	documents, _ := fiftyDocuments()
	question := access.Question{
		Subject: subjectID, At: now,
		Rights:        []record.RightOfUse{{Producer: hoivakoto, Organiser: controller, From: yesterday}},
		Relationships: []record.Relationship{openRelationship(controller, hoivakoto)},
		Asking:        record.Asking{Recipient: hoivakoto, ActingFor: controller, Purpose: record.Text{FI: "Asumispalvelu"}},
	}
	b.ReportAllocs()
	for b.Loop() {
		for i := range documents {
			access.Disclose(&question, documents[i])
		}
	}
}

// A preview of a person's 50 documents, three classes of recipients.
func BenchmarkReach50Documents(b *testing.B) {
	documents, own := fiftyDocuments()
	b.ReportAllocs()
	for b.Loop() {
		access.Reach(own[0], documents, now)
	}
}
