package declaration

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"kuulas.example/internal/record"
	"kuulas.example/internal/sosmeta"
)

// The arcs of the official definitions of both declarations.
const (
	officialPermits      record.OID = "1.2.246.537.6.1505.8"
	officialProhibitions record.OID = "1.2.246.537.6.1505.9"
)

// Sendable reports whether a declaration of a definition may be sent at all: only one of the
// official pair. Our own definitions lie elsewhere and never pass, wherever they were loaded from.
func Sendable(d *sosmeta.Definition) bool { return d != nil && Official(d.OID()) }

// Official reports whether a definition is one of the official pair, by its identity.
func Official(definition record.OID) bool {
	return definition.Under(officialPermits) || definition.Under(officialProhibitions)
}

// Choose picks the definition to build a kind of declaration with: the newest official version
// that is loaded, else the newest of our own. Newer is the greater version behind the code,
// compared number by number.
func Choose(set *sosmeta.Set, kind Kind) (*sosmeta.Definition, bool) {
	var best *sosmeta.Definition
	for _, d := range set.All() {
		if k, ok := KindOf(d.OID()); ok && k == kind && (best == nil || better(d, best)) {
			best = d
		}
	}
	return best, best != nil
}

func better(d, than *sosmeta.Definition) bool {
	if Sendable(d) != Sendable(than) {
		return Sendable(d)
	}
	return slices.CompareFunc(version(d), version(than), func(a, b string) int {
		if n := cmp.Compare(len(a), len(b)); n != 0 { // an OID has no leading zeros
			return n
		}
		return cmp.Compare(a, b)
	}) > 0
}

// version is what stands behind group and code in a definition's OID.
func version(d *sosmeta.Definition) []string {
	arcs := strings.Split(string(d.OID()), ".")
	for i, arc := range arcs {
		if arc == d.Group() && i+1 < len(arcs) && arcs[i+1] == d.Code() {
			return arcs[i+2:]
		}
	}
	return nil
}

// Check tries a definition out: a full set with every kind of target and every role must come
// through Build. The error says what the definition asks for that cannot be filled. It is for
// the start of the program, so that a change by a client does not find out.
func Check(d *sosmeta.Definition) error {
	for i := range len(roles) + 1 {
		for _, given := range [...]bool{true, false} {
			if _, err := Build(d, sample(i, given), nil); err != nil {
				return err
			}
		}
	}
	empty := sample(0, true)
	empty.Entries = nil
	_, err := Build(d, empty, nil)
	return err
}

// sample is an invented declaration: by the client for role 0, else by the role of that number.
func sample(role int, given bool) Full {
	day := record.Date{Year: 2026, Month: 1, Day: 2}.Start()
	code, err := record.ParseIdentityCode("010190-900P") // of the artificial series
	if err != nil {
		panic(err) // a constant
	}
	person := Person{Name{Given: "Aino", Family: "Esimerkki"}, code}
	var by []Representative
	if role > 0 {
		by = []Representative{{Person: person, Role: roles[role-1].code}}
	}
	words := record.Text{FI: "Esimerkki", SV: "Exempel"}
	in := Full{Subject: person, DrawnUp: day, Version: 1, Permit: Permit{record.Permit{Given: given, Since: day}, by}}
	for _, t := range []record.Target{
		{Kind: record.TargetController, Controller: "1.2.246.10.9999900.10.0"},
		{Kind: record.TargetTask, Task: record.Disability},
		{Kind: record.TargetDocument, Set: "1.2.246.10.9999900.11.1"},
	} {
		entry := Entry{Prohibition: record.Prohibition{Target: t, Since: day}, By: by, Words: words}
		if t.Kind == record.TargetDocument {
			entry.Type, entry.Created = strconv.Itoa(11053), day
		}
		in.Entries = append(in.Entries, entry)
	}
	return in
}
