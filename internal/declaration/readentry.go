package declaration

import (
	"fmt"
	"strings"
	"time"

	"kuulas.example/internal/record"
)

// aim is one target of an entry with what stands beside it.
type aim struct {
	target  record.Target
	words   record.Text
	kind    string
	created time.Time
}

// entryReader reads one prohibition, which may name several targets.
type entryReader struct {
	*reader
	aims        []aim
	since       time.Time
	ended       record.Date
	by          []Representative
	represented *bool
}

func (r *reader) entry(n *node, v any) {
	e := &entryReader{reader: r}
	r.group(n, v, e.part)
	if len(e.aims) == 0 {
		r.fault(n, "names no target", true)
		return
	}
	if e.represented != nil && *e.represented != (len(e.by) > 0) {
		r.fault(n, "does not agree with itself on who set it", false)
	}
	if e.since.IsZero() {
		r.fault(n, "has no date that can be read", false)
		e.since = r.out.DrawnUp
	}
	withdrawn := !e.ended.IsZero()
	for _, a := range e.aims {
		if a.target.Kind != e.aims[0].target.Kind {
			r.fault(n, "names targets of several kinds, and each counts by itself", false)
		}
		one := Entry{
			Prohibition: record.Prohibition{Target: a.target, Since: e.since}, By: e.by,
			Words: a.words, Type: a.kind, Created: a.created,
		}
		if withdrawn {
			one.Ended = e.ended.Start()
			r.out.Withdrawn = append(r.out.Withdrawn, one)
			continue
		}
		r.out.Entries = append(r.out.Entries, one)
	}
}

// part reads one property of an entry.
func (e *entryReader) part(n *node, v any) {
	switch n.is {
	case fixed:
	case group:
		e.group(n, v, e.part)
	case task, organisation, documentOID:
		for _, one := range occurrences(v) {
			e.target(n, one)
		}
	case document:
		for _, one := range occurrences(v) {
			e.document(n, one)
		}
	case since:
		if first, _, ok := e.span(n, v); ok {
			e.since = first.Start()
		}
	case ended:
		e.end(n, v)
	case represented:
		yes := yesOf(v)
		e.represented = &yes
	case representative:
		e.by = append(e.by, e.people(n, v)...)
	default:
		e.strange(n, v)
	}
}

// end notes the day of withdrawal. Only a day that is over when the document is drawn up ends a
// prohibition; whatever else stands there leaves it in force.
func (e *entryReader) end(n *node, v any) {
	if blank(v) {
		return
	}
	_, last, ok := e.span(n, v)
	if !ok || e.drawn.IsZero() || last.After(e.drawn) {
		e.fault(n, "does not surely end the prohibition, which stays in force", false)
		return
	}
	e.ended = last
}

// target adds the target that a code or an identifier names; what is not understood becomes the
// target that covers everything.
func (e *entryReader) target(n *node, v any) {
	code, system, words := valueOf(v)
	if !e.known(n, system) {
		e.fault(n, "takes its code from a list that is not known here", false)
		e.aims = append(e.aims, aim{})
		return
	}
	named := record.Text{FI: words, SV: words}
	if n.is == task {
		tasks := e.codes.tasks(code, words)
		for _, t := range tasks {
			e.aims = append(e.aims, aim{target: record.Target{Kind: record.TargetTask, Task: t}, words: named})
		}
		if len(tasks) > 1 {
			e.fault(n, "has a code and a name of different service tasks, and both count", false)
		}
		if len(tasks) > 0 {
			return
		}
	} else if t, err := record.ParseTarget(string(targetKinds[n.is]), strings.TrimPrefix(strings.TrimSpace(code), "urn:oid:")); err == nil {
		e.aims = append(e.aims, aim{target: t, words: named})
		return
	}
	e.fault(n, fmt.Sprintf("names a %s that is not known here", targetKinds[n.is]), false)
	e.aims = append(e.aims, aim{})
}

// document reads one document that is prohibited: its identity, its kind and when it was made.
func (e *entryReader) document(n *node, v any) {
	before := len(e.aims)
	var words, kind string
	var created time.Time
	e.group(n, v, func(kid *node, v any) {
		switch kid.is {
		case documentType:
			kind, _, words = valueOf(first(v))
		case documentCreated:
			created = e.instant(kid, v)
		case task, organisation: // they describe the document
		default:
			e.part(kid, v)
		}
	})
	if len(e.aims) == before {
		e.fault(n, "names no document", false)
		e.aims = append(e.aims, aim{})
	}
	for i := before; i < len(e.aims); i++ {
		a := &e.aims[i]
		a.words, a.kind, a.created = record.Text{FI: words, SV: words}, kind, created
	}
}

// instant reads when a document was drawn up; it only helps to recognise the document.
func (r *reader) instant(n *node, v any) time.Time {
	if at, err := time.Parse(time.RFC3339Nano, text(v)); err == nil {
		return at.In(record.Helsinki)
	}
	if day, _, ok := r.span(n, v); ok {
		return day.Start()
	}
	return time.Time{}
}

// known reports whether a code is of the list that a field is known by. A definition mostly
// holds the document to it already.
func (r *reader) known(n *node, system string) bool {
	oid := record.OID(strings.TrimPrefix(strings.ToLower(strings.TrimSpace(system)), "urn:oid:"))
	if oid == "" || n.is == documentOID || oid == record.OID(n.p.CodeSystem()) {
		return true
	}
	for _, known := range meaningBySystem {
		if known.is == n.is {
			return oid.Under(known.list)
		}
	}
	return false
}
