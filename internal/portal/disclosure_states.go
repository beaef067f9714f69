package portal

import (
	"strings"

	"kuulas.example/internal/record"
	"kuulas.example/internal/store"
)

// mayReadLog reports whether a role reads what was disclosed: not a guardian (L4).
func mayReadLog(role record.Role) bool { return role == record.Self || role == record.Mandate }

// mine reports whether an act is for this viewer to read about: the subject reads of every one,
// others of their own (A8, L4).
func (v Visit) mine(h store.Hand) bool {
	return v.subject.Role == record.Self || h.Person != "" && h.Person == v.viewer.Person
}

// by is who acted, as far as the viewer may know. Names of others are the subject's alone (L4);
// where the subject is must not be learnt, a unit is not named either (T4).
func (l *look) by(h store.Hand) By {
	v := l.visit
	by := By{Role: h.Role, You: h.Person != "" && h.Person == v.viewer.Person}
	if v.mine(h) {
		by.Name = h.Name
	}
	if h.Role == "" {
		by.Professional = &Professional{}
		if d := h.Drafter; d != nil && !l.concealed {
			by.Professional = &Professional{Name: wholeName(d.Given, d.Family), Title: d.Title, Unit: d.UnitName}
		}
	}
	return by
}

func wholeName(given, family string) string {
	if given == family {
		return family
	}
	return strings.TrimSpace(given + " " + family)
}

// receiptFor is the number of a receipt if this viewer may read it.
func (l *look) receiptFor(h store.Hand, number int) int {
	if !l.visit.mine(h) {
		return 0
	}
	return number
}

func (w *watch) noticeState(n Notice) NoticeState {
	s := NoticeState{Notice: n}
	if a := w.declared.Notice; a != nil {
		s.Read = &NoticeRead{Version: a.Version, Language: a.Language, At: a.At, By: w.by(a.Hand), Receipt: w.receiptFor(a.Hand, a.Receipt)}
		s.Current = n.Version != "" && a.Version == n.Version
	}
	return s
}

func (w *watch) permitState() PermitState {
	s := w.declared.Permit
	if s == nil {
		return PermitState{}
	}
	return PermitState{
		Said: true, Given: s.Given, Since: s.Since, By: w.by(s.Hand), Receipt: w.receiptFor(s.Hand, s.Receipt), Clock: w.clocks[s.Receipt],
	}
}

func (w *watch) prohibition(s *store.ProhibitionSet) ShownProhibition {
	shown := ShownProhibition{
		ID: s.ID, Target: w.target(s.Target, s.Words), Since: s.Since, By: w.by(s.Hand),
		Receipt: w.receiptFor(s.Hand, s.Receipt), Clock: w.clocks[s.Receipt],
	}
	if !s.Ended.IsZero() {
		shown.Ended, shown.EndedBy = s.Ended, w.by(s.EndedHand)
		shown.EndedReceipt, shown.Clock = w.receiptFor(s.EndedHand, s.EndedReceipt), w.clocks[s.EndedReceipt]
	}
	return shown
}

// target puts a target into words. A document is named only if it is shown to this viewer now:
// whether a document that is not shown exists changes nothing (V18).
func (l *look) target(t record.Target, words store.Words) Target {
	shown := Target{Kind: t.Kind, Task: t.Task, Controller: t.Controller}
	switch t.Kind {
	case record.TargetController:
		if !l.concealed { // the words of a declaration may name a unit (T4)
			shown.Name = words.Name
		}
		if o := l.organisations[t.Controller]; o != nil {
			shown.Name = o.Name
		}
	case record.TargetDocument:
		for i := range l.shown {
			if d := l.shown[i]; d.row.Set == t.Set {
				shown.Document, shown.Name, shown.Created, shown.Register = &d, d.names(), d.row.Created, d.ControllerName()
			}
		}
	}
	return shown
}

// names are the names of a document's kind in both languages.
func (d ShownDocument) names() record.Text {
	fi, fiIn := d.Title(record.Finnish)
	sv, svIn := d.Title(record.Swedish)
	names := record.Text{}
	if fiIn == record.Finnish {
		names.FI = fi
	}
	if svIn == record.Swedish {
		names.SV = sv
	}
	if names.Empty() {
		names = record.Text{FI: fi, SV: sv}
	}
	return names
}
