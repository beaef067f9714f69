// Package acting keeps for whom a login may act: a guardian for a child, the holder of a
// mandate for an adult (rules A). Begin sends the user to the register, Finish takes the
// answer, and from then on Enter is the only way to a Pass, which the portal asks for before
// it shows another person's data.
//
// A right belongs to one login and is named there by a handle that means nothing elsewhere
// (A6). Enter asks the register again when the last yes is older than 60 seconds and before
// every change (A5), and looks at the protection mark each time, after the register's whole
// answer (T2, T3). Every refusal is one error, whatever its reason (A4). Each question to the
// register is kept with its answer (H13 of the authority's description).
package acting

import (
	"context"
	"encoding/hex"
	"errors"
	"sync"
	"time"

	"kuulas.example/internal/mandate"
	"kuulas.example/internal/record"
	"kuulas.example/internal/seal"
	"kuulas.example/internal/store"
)

// How acting for another can fail to begin or to go on. Compare with errors.Is.
var (
	// ErrRefused: there is no right, for whatever reason (A4).
	ErrRefused = mandate.ErrNoRight
	// ErrUnchecked: the register cannot be asked now: neither a yes nor a no (A4).
	ErrUnchecked = mandate.ErrUncheckable
	// ErrChooseAgain: this login has no such choice any more; the user may choose anew (A6).
	ErrChooseAgain = mandate.ErrChooseAgain
	// ErrCancelled: the user came back from the register without choosing.
	ErrCancelled = mandate.ErrCancelled
	// ErrOff: acting for others is switched off in this deployment.
	ErrOff = errors.New("acting for others is switched off")
)

// Evidence records acts; *evidence.Log is one. An error means that the act must not happen (L1).
type Evidence interface {
	Record(ctx context.Context, e record.Event) error
	Append(tx *store.Tx, e record.Event) error
}

// Config is what Rights need.
type Config struct {
	Store    *store.DB
	Keys     *seal.Keys
	Evidence Evidence
	Now      func() time.Time
	// Register is the agreement with e-Authorizations; with an empty BaseURL acting for others
	// is switched off. Exchange and Now are set here.
	Register mandate.Config
}

// Rights knows for whom logins may act. Safe for use by many goroutines.
type Rights struct {
	store    *store.DB
	keys     *seal.Keys
	evidence Evidence
	now      func() time.Time
	client   *mandate.Client // nil: switched off
	closing  sync.WaitGroup  // sessions at the register that are being closed
}

// New checks a configuration; it does not speak to the register.
func New(c Config) (*Rights, error) {
	r := &Rights{store: c.Store, keys: c.Keys, evidence: c.Evidence, now: c.Now}
	if c.Register.BaseURL == "" {
		return r, nil
	}
	c.Register.Exchange, c.Register.Now = r.exchange, c.Now
	var err error
	if r.client, err = mandate.New(c.Register); err != nil {
		return nil, err
	}
	return r, nil
}

// On reports whether one can act for others here.
func (r *Rights) On() bool { return r.client != nil }

// Wait returns when the sessions that were left to be closed at the register are.
func (r *Rights) Wait() { r.closing.Wait() }

// Login is the login of the user who acts.
type Login struct {
	Viewer  record.Viewer
	Session []byte                       // names the login on the server's side
	Handle  func(record.PersonID) string // the login's own name of another person (A6)
	Address string                       // network address, for the evidence log only
}

// user is the login as the register's client knows it.
func (l Login) user() mandate.User {
	return mandate.User{Code: l.Viewer.Code, Login: hex.EncodeToString(l.Session)}
}

// event is an act of the login about a subject.
func (l Login) event(a record.Action, at time.Time, s record.Subject) record.Event {
	return record.Event{
		At: at, Action: a, Role: s.Role, Result: record.Allowed, Actor: l.Viewer, Subject: s.Person, Address: l.Address,
	}
}

// Pass is the right to look at, or change, another person's data now. Only Enter makes one;
// the zero value opens nothing.
type Pass struct {
	viewer       record.Viewer
	subject      record.Subject
	name, handle string
}

// Viewer is the user whose login got the pass.
func (p Pass) Viewer() record.Viewer { return p.viewer }

// Subject is the person, in the role that the register gave.
func (p Pass) Subject() record.Subject { return p.subject }

// Name is the person's name as the register writes it; empty when it has none. It is never
// taken apart.
func (p Pass) Name() string { return p.name }

// Handle names the person in this login's addresses.
func (p Pass) Handle() string { return p.handle }

// Held is somebody for whom a login chose to act. It says nothing of whether that still holds
// and opens nothing.
type Held struct {
	Name, Handle string
	Role         record.Role
}
