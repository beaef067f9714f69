package declaration

import (
	"slices"

	"kuulas.example/internal/record"
	"kuulas.example/internal/sosmeta"
)

// findPersons leaves one client and one professional outside the entries. The client is the
// person whom the definition requires with an identity code, else whose group is named so; the
// professional the one with a title or a unit, else named so. Any other has no part here.
func (f *form) findPersons() {
	named := func(is meaning, says ...string) func(*node) bool {
		return func(n *node) bool { return stems{{is, says}}.find(wordsOf(n.p)) == is }
	}
	f.keepPerson(client,
		func(n *node) bool { return n.needed && n.has(identityCode) },
		func(n *node) bool { return n.has(identityCode) },
		named(client, " asiakas ", " klient "))
	f.keepPerson(drafter,
		func(n *node) bool { return n.has(title, organisation) },
		named(drafter, " laatija ", " upprattad av "))
}

// keepPerson leaves a part to the one person of whom the first of several signs is true that is
// true of one only.
func (f *form) keepPerson(is meaning, signs ...func(*node) bool) {
	var persons []*node
	f.root.all(func(n *node) {
		if n.is == is && !n.up.personal() {
			persons = append(persons, n)
		}
	})
	if len(persons) < 2 {
		return
	}
	var kept *node
	for _, sign := range signs {
		i := slices.IndexFunc(persons, sign)
		if kept == nil && i >= 0 && !slices.ContainsFunc(persons[i+1:], sign) {
			kept = persons[i]
		}
	}
	for _, n := range persons {
		if n != kept {
			n.is = somebody
		}
	}
}

// findEntries finds what one prohibition is: the group around a target that has the date of
// setting; without a date the outermost group that repeats. Documents come first, because a code
// beside a document's identifier describes the document and is no target of its own.
func (f *form) findEntries() {
	f.root.all(func(n *node) {
		if n.is == documentOID {
			f.target(n)
		}
	})
	f.root.all(func(n *node) {
		if (n.is == task || n.is == organisation) && n.up.is != document {
			f.target(n)
		}
	})
	f.root.all(f.dropAround)
	f.root.all(func(n *node) {
		if n.is == entry {
			n.settle()
		}
	})
	for kind, places := range f.places {
		slices.SortStableFunc(places, func(a, b *node) int { return f.rank(a, kind) - f.rank(b, kind) })
	}
}

// dropAround makes a mere group of what looks like one entry and holds a list of entries.
func (f *form) dropAround(n *node) {
	if n.is != entry || !n.p.Repeats() {
		return
	}
	for up := n.up; up != nil; up = up.up {
		if up.is == entry && !up.p.Repeats() {
			up.is = group
			for kind := range f.places {
				f.places[kind] = slices.DeleteFunc(f.places[kind], func(e *node) bool { return e == up })
			}
		}
	}
}

// target finds the entry around a target.
func (f *form) target(n *node) {
	if n.personal() || within(n, professionalStems) {
		return
	}
	e := n.entry()
	if e == nil {
		return
	}
	e.is = entry
	if n.is == documentOID && n.up != e {
		n.up.is = document
	}
	if kind := targetKinds[n.is]; !slices.Contains(f.places[kind], e) {
		f.places[kind] = append(f.places[kind], e)
	}
}

var targetKinds = map[meaning]record.TargetKind{
	task: record.TargetTask, organisation: record.TargetController, documentOID: record.TargetDocument,
}

// rank orders the places of a kind of target: best those that hold no other kind, require the
// target and repeat.
func (f *form) rank(e *node, kind record.TargetKind) int {
	rank, required := 4*f.kindsOf(e), false
	e.all(func(n *node) { required = required || targetKinds[n.is] == kind && !n.personal() && n.mustIn(e) })
	if !required {
		rank += 2
	}
	if !e.p.Repeats() {
		rank++
	}
	return rank
}

// kindsOf counts the kinds of targets that an entry can hold.
func (f *form) kindsOf(e *node) (n int) {
	for _, places := range f.places {
		if slices.Contains(places, e) {
			n++
		}
	}
	return n
}

// entry is the group around a target that makes one prohibition: of the groups with a date one
// that requires it, then one that repeats, then one that is not the document's own.
func (n *node) entry() *node {
	var best, outermost *node
	most := -1
	for up := n.up; up != nil && up.up != nil; up = up.up {
		if up.p.Repeats() {
			outermost = up
		}
		if !up.has(since) {
			continue
		}
		score := 0
		if slices.ContainsFunc(up.kids, func(kid *node) bool { return kid.is == since && kid.needed }) {
			score += 4
		}
		if up.p.Repeats() {
			score += 2
		}
		if !up.has(documentOID) {
			score++
		}
		if score > most {
			best, most = up, score
		}
	}
	if best == nil {
		return outermost
	}
	return best
}

// settle gives the properties of an entry the meaning that they have there.
func (n *node) settle() {
	var starts, created []*node
	n.all(func(kid *node) {
		switch {
		case kid.up.is == document && (kid.is == drawnUp || kid.is == since):
			kid.is = documentCreated
			created = append(created, kid)
		case kid.is == since && !kid.personal():
			starts = append(starts, kid)
		}
	})
	keepOne(starts, dateStems, since)
	keepOne(created, dateStems, drawnUp)
	for is := range targetKinds {
		n.keepRequired(is)
	}
}

// keepRequired leaves the target of an entry to the field that the definition requires, where
// another one could name a target as well.
func (n *node) keepRequired(is meaning) {
	var targets []*node
	required := 0
	n.all(func(kid *node) {
		if kid.is == is && !kid.personal() && (kid.up.is != document || is == documentOID) {
			targets = append(targets, kid)
			if kid.mustIn(n) {
				required++
			}
		}
	})
	for _, kid := range targets {
		if len(targets) > 1 && required == 1 && !kid.mustIn(n) {
			kid.is = unknown
		}
	}
}

// mustIn reports whether an entry must hold a field.
func (n *node) mustIn(e *node) bool {
	for ; n != e; n = n.up {
		if !n.needed {
			return false
		}
	}
	return true
}

// findPermit finds the switch that is the permit, and its date.
func (f *form) findPermit() {
	var switches, starts []*node
	f.root.all(func(n *node) {
		switch {
		case n.personal():
		case n.is == unknown && (n.p.Type() == "boolean" || n.p.Representation() == sosmeta.AsSwitch):
			n.is = permitted
			switches = append(switches, n)
		case n.is == since:
			starts = append(starts, n)
		}
	})
	keepOne(switches, stems{{permitted, []string{" luovutuslupa", " saa luovuttaa", " tillstand for", " far lamnas"}}}, permitted)
	keepOne(starts, dateStems, since)
}

// keepOne leaves a meaning to the one field that it surely belongs to: to the only one, else to
// the only one whose words say so. Where that is not clear no field keeps it.
func keepOne(nodes []*node, by stems, said meaning) {
	if len(nodes) < 2 {
		return
	}
	sure := 0
	for _, n := range nodes {
		if by.find(wordsOf(n.p)) == said {
			sure++
		}
	}
	for _, n := range nodes {
		if sure != 1 || by.find(wordsOf(n.p)) != said {
			n.is = unknown
		}
	}
}
