package portal

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"kuulas.example/internal/access"
	"kuulas.example/internal/declaration"
	"kuulas.example/internal/record"
	"kuulas.example/internal/sosmeta"
	"kuulas.example/internal/store"
)

// Errors of the use cases by which a client governs disclosure; compare with errors.Is. Whatever
// the error, nothing was changed, except for ErrUnknown.
var (
	// ErrMayNot: this role changes nothing of the kind for this person (D10, D11).
	ErrMayNot = errors.New("this role may not change it")
	// ErrChanged: what the change was decided on is no longer true; it must be shown again.
	ErrChanged = errors.New("changed since it was shown")
	// ErrNoticeFirst: the permit needs the current information notice acknowledged (D3).
	ErrNoticeFirst = errors.New("the information notice must be acknowledged first")
	// ErrUnknown: whether the change was made could not be found out yet. The same call again
	// finds out, and makes the change once at most.
	ErrUnknown = errors.New("it is not known whether the change was made")
)

// Notice is the operator's information notice (D3): Markdown in each language.
type Notice struct {
	Version string
	Text    record.Text
}

// Notice is the information notice that can be acknowledged now.
func (p *Portal) Notice() Notice { return p.govern.notice }

// govern is what changes need besides the data.
type govern struct {
	notice         Notice
	guardianPermit bool
	receiver       bool
	codes          declaration.Codes
	chosen, own    map[declaration.Kind]*sosmeta.Definition // own: of the portal's own writing
}

// governed chooses the definitions of both declarations. Where none is loaded, or the official
// one has no room for what waits, the portal's own serve: what they hold is never sent.
func governed(c Config) govern {
	g := govern{
		notice: c.Notice, guardianPermit: c.GuardianPermit, receiver: c.Receiver, codes: c.TaskCodes,
		chosen: map[declaration.Kind]*sosmeta.Definition{}, own: map[declaration.Kind]*sosmeta.Definition{},
	}
	for _, kind := range []declaration.Kind{declaration.KindPermit, declaration.KindProhibitions} {
		own, _ := declaration.Choose(ownDefinitions(), kind)
		chosen, ok := declaration.Choose(c.Definitions, kind)
		if !ok {
			chosen = own
		}
		g.chosen[kind], g.own[kind] = chosen, own
	}
	return g
}

// Disclosure is the management of data use.
type Disclosure struct {
	Notice       NoticeState
	Permit       PermitState
	Prohibitions []ShownProhibition // in force, oldest first
	May          May
	Now          Recipients // who gets how many of the documents shown, as it is now
	Table        []Register // all loaded organisations, by identifier
	// Log is what was disclosed, newest first, of documents shown to this viewer only (L3); a
	// guardian sees none (L4), and Logged is then false.
	Log    []Disclosed
	Logged bool
}

// May says what this viewer changes here; the server refuses what it denies (D10, D11).
type May struct {
	Acknowledge, ChangePermit, Prohibit bool
	Child                               bool // a minor's matters: a professional assesses prohibitions (D10)
}

// NoticeState is the information notice with whether it was read; nothing else is inferred of it.
type NoticeState struct {
	Notice
	Read    *NoticeRead // the newest acknowledgement, of whatever version; nil: none
	Current bool        // it is of this version
}

// NoticeRead is an acknowledgement.
type NoticeRead struct {
	Version  string
	Language record.Language
	At       time.Time
	By       By
	Receipt  int // 0: not for this viewer
}

// PermitState is what was last said about the permit.
type PermitState struct {
	Said    bool // somebody ever gave or withdrew it
	Given   bool
	Ended   bool // the no in force ended a permit
	Since   time.Time
	By      By
	Receipt int // 0: not for this viewer, or not made here
	Clock   *Clock
}

// ShownProhibition is a prohibition as a viewer may know it.
type ShownProhibition struct {
	ID      record.ProhibitionID
	Target  Target
	Since   time.Time
	By      By
	Receipt int // 0: not for this viewer, or not made here
	Clock   *Clock
	// Ended is zero while it is in force.
	Ended        time.Time
	EndedBy      By
	EndedReceipt int
}

// Target is what a prohibition keeps back, in words.
type Target struct {
	Kind       record.TargetKind // empty: it was not understood and covers everything
	Task       record.ServiceTask
	Controller record.OID
	Name       record.Text    // of the controller, or of the document's kind; empty when it is not shown
	Created    time.Time      // of a document that is named
	Register   record.Text    // likewise: the name of its controller
	Document   *ShownDocument `json:"-"` // nil when it is not shown to this viewer now
}

// By is who declared something.
type By struct {
	You          bool
	Role         record.Role // empty: drawn up with a professional
	Name         string      // empty: not for this viewer to know (L4)
	Professional *Professional
}

// Professional drew a declaration up with the client (D9). The fields are empty where the
// document or the viewer's role leaves them out.
type Professional struct{ Name, Title, Unit string }

// Recipients are the classes of recipients of the documents shown, each with how many it gets.
type Recipients struct {
	Documents   int // shown at all
	Others      Reached
	OwnRegister Reached // D6
	Statutory   Reached // D7
}

// Reached counts documents. Shared ones wait for the other clients' declarations (D18).
type Reached struct{ Allowed, Shared int }

// Disclosure is the management of data use of a visit. Errors: record.ErrNotRecorded.
func (p *Portal) Disclosure(ctx context.Context, v Visit) (Disclosure, error) {
	now := p.now()
	w, err := p.watch(ctx, v, now)
	if err != nil {
		return Disclosure{}, err
	}
	d := Disclosure{
		Notice: w.noticeState(p.govern.notice), Permit: w.permitState(), May: p.may(v, w.minor),
		Now: w.reach(w.declared.Declarations(v.subject.Person), w.shown), Table: w.table(),
	}
	for i := range w.declared.Prohibitions {
		if shown := w.prohibition(&w.declared.Prohibitions[i]); !w.tellsOfHidden(shown) {
			d.Prohibitions = append(d.Prohibitions, shown)
		}
	}
	if d.Permit.Ended, err = p.withdrew(ctx, v.subject.Person, w.declared.Permit); err != nil {
		return Disclosure{}, err
	}
	if d.Logged = mayReadLog(v.subject.Role); d.Logged {
		if d.Log, err = p.disclosed(ctx, w); err != nil {
			return Disclosure{}, err
		}
	}
	if err := p.evidence.Record(ctx, v.event(record.ActionDisclosure, now)); err != nil {
		return Disclosure{}, fmt.Errorf("show the management of data use: %w", err)
	}
	return d, nil
}

// tellsOfHidden reports whether a prohibition would tell a guardian that the child has a document
// that is not shown to guardians (V9): of one that is not shown, nothing is said.
func (w *watch) tellsOfHidden(p ShownProhibition) bool {
	return w.visit.subject.Role.ForChild() && p.Target.Kind == record.TargetDocument && p.Target.Document == nil
}

// may is what a visit changes.
func (p *Portal) may(v Visit, minor bool) May {
	role, switched := v.subject.Role, p.govern.guardianPermit
	return May{
		Acknowledge:  access.MayAcknowledge(role, minor, switched),
		ChangePermit: access.MayChangePermit(role, minor, switched),
		Prohibit:     access.MayProhibit(role, minor),
		Child:        minor,
	}
}

// watch is a look with what is declared.
type watch struct {
	*look
	minor    bool
	declared store.Declared
	clocks   map[int]*Clock // by receipt
}

func (p *Portal) watch(ctx context.Context, v Visit, now time.Time) (*watch, error) {
	l, err := p.look(ctx, v, now)
	if err != nil {
		return nil, err
	}
	w := &watch{look: l}
	slices.SortFunc(l.shown, byDate)
	if w.declared, err = p.store.Declared(ctx, v.subject.Person); err != nil {
		return nil, err
	}
	if w.minor, err = p.minor(ctx, v, l.today); err != nil {
		return nil, err
	}
	sending, err := p.store.Outbox(ctx, v.subject.Person)
	if err != nil {
		return nil, err
	}
	w.clocks = clocksOf(sending, p.govern.receiver)
	return w, nil
}

// minor reports whether the subject of a visit is a minor. Whoever has no known code is.
func (p *Portal) minor(ctx context.Context, v Visit, today record.Date) (bool, error) {
	code, err := p.store.CodeOf(ctx, v.subject.Person)
	if err != nil && !errors.Is(err, record.ErrNotFound) {
		return true, err
	}
	return code.MinorOn(today), nil
}
