package auth

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/gorilla/sessions"

	"kuulas.example/internal/record"
	"kuulas.example/internal/seal"
	"kuulas.example/internal/store"
)

// touchEvery is how often at most a request notes that its session is in use.
const touchEvery = time.Minute

// values are what a session keeps. They are written once, at login, and lie sealed in the
// session's row; each field is here because a page or the logout needs it.
type values struct {
	Code      string // personal identity code
	Given     string
	Family    string
	Protected bool
	Language  record.Language
	Secret    []byte // of form tokens
	IDToken   string // hint for the provider at logout
}

// opened is a session that was found and is good.
type opened struct {
	row    store.SessionRow
	values *values
	used   time.Time // last use, this request not counted
}

// draft is a session that is to be made, with what its transaction does besides.
type draft struct {
	values                           values
	providerSession, providerSubject []byte
	also                             func(tx *store.Tx) (record.PersonID, error) // before the row is written
}

// Keys of gorilla's session values.
type valueKey int

const (
	openedKey valueKey = iota
	draftKey
)

// sessionStore keeps sessions in the database behind gorilla's Store.
type sessionStore struct {
	db       *store.DB
	keys     *seal.Keys
	cookies  *cookies
	opened   *openedValues
	idle     time.Duration
	absolute time.Duration
	now      func() time.Time
}

var _ sessions.Store = (*sessionStore)(nil)

var errWrittenOnce = errors.New("session values are written once, at login")

// Get gives the request's session, looked up once a request.
func (s *sessionStore) Get(r *http.Request, name string) (*sessions.Session, error) {
	return sessions.GetRegistry(r).Get(s, name)
}

// New looks the session of a request up. Its error is ErrNoSession, ErrEnded or wraps
// ErrUnavailable; the session beside it is then new and empty.
func (s *sessionStore) New(r *http.Request, name string) (*sessions.Session, error) {
	session := sessions.NewSession(s, name)
	session.Options, session.IsNew = s.cookies.options(0), true
	id, ok := s.cookies.read(r, name)
	if !ok {
		if s.cookies.brought(r, name) {
			return session, ErrEnded
		}
		return session, ErrNoSession
	}
	found, err := s.open(r.Context(), id.hash())
	if err != nil {
		return session, err
	}
	session.ID, session.IsNew = hex.EncodeToString(found.row.Hash), false
	session.Values[openedKey] = found
	return session, nil
}

// Save makes a new session from its draft, or ends one whose MaxAge is negative. A session
// that exists cannot be changed.
func (s *sessionStore) Save(r *http.Request, w http.ResponseWriter, session *sessions.Session) error {
	if session.Options.MaxAge < 0 {
		s.cookies.expire(w, session.Name())
		if found, ok := session.Values[openedKey].(*opened); ok {
			return s.end(r.Context(), found.row.Hash)
		}
		return nil
	}
	d, ok := session.Values[draftKey].(*draft)
	if !ok || !session.IsNew {
		return errWrittenOnce
	}
	id := newIdentifier()
	if err := s.create(r.Context(), id, d); err != nil {
		return err
	}
	session.ID, session.IsNew = hex.EncodeToString(id.hash()), false
	return s.cookies.set(w, session.Name(), id, 0)
}

func sessionContext(hash []byte) string { return "session " + hex.EncodeToString(hash) }

func (s *sessionStore) create(ctx context.Context, id identifier, d *draft) error {
	plain, err := json.Marshal(d.values)
	if err != nil {
		return fmt.Errorf("create session: %w", err)
	}
	now := s.now()
	row := store.SessionRow{
		Hash: id.hash(), ProviderSession: d.providerSession, ProviderSubject: d.providerSubject,
		Sealed: s.keys.Seal(plain, sessionContext(id.hash())), Created: now, Touched: now,
	}
	return s.db.Change(ctx, func(tx *store.Tx) error {
		if row.Person, err = d.also(tx); err != nil {
			return err
		}
		return tx.CreateSession(row)
	})
}

func (s *sessionStore) end(ctx context.Context, hash []byte) error {
	s.opened.forget(hash)
	if err := s.db.DeleteSession(ctx, hash); err != nil {
		return errors.Join(ErrUnavailable, err)
	}
	return nil
}

// open finds a session that is good now. The row is read every time, so that a session that
// was ended on any node is gone; its values, which never change, may come from memory.
func (s *sessionStore) open(ctx context.Context, hash []byte) (*opened, error) {
	row, err := s.db.Session(ctx, hash)
	if errors.Is(err, record.ErrNotFound) {
		s.opened.forget(hash)
		return nil, ErrEnded
	}
	if err != nil {
		return nil, errors.Join(ErrUnavailable, err)
	}
	now := s.now()
	if !now.Before(row.Touched.Add(s.idle)) || !now.Before(row.Created.Add(s.absolute)) {
		s.opened.forget(hash)
		return nil, ErrEnded
	}
	v := s.opened.get(row)
	if v == nil {
		if v, err = s.unseal(row); err != nil {
			return nil, err
		}
		s.opened.put(row, v)
	}
	found := &opened{row: row, values: v, used: row.Touched}
	if now.Sub(row.Touched) >= touchEvery && s.opened.mayTouch(hash, now) {
		s.db.TouchSession(hash, now)
	}
	return found, nil
}

func (s *sessionStore) unseal(row store.SessionRow) (*values, error) {
	plain, err := s.keys.Open(row.Sealed, sessionContext(row.Hash))
	if err != nil {
		return nil, fmt.Errorf("open session: %w", err)
	}
	v := &values{}
	if err := json.NewDecoder(bytes.NewReader(plain)).Decode(v); err != nil {
		return nil, errors.New("open session: values cannot be read")
	}
	return v, nil
}

// limits says until when a session lasts if nothing more comes: by rest and at the longest.
// The use that is going on counts when it is noted.
func (s *sessionStore) limits(o *opened) (idle, absolute time.Time) {
	used := o.used
	if now := s.now(); now.Sub(used) >= touchEvery {
		used = now
	}
	idle, absolute = used.Add(s.idle), o.row.Created.Add(s.absolute)
	if idle.After(absolute) {
		idle = absolute
	}
	return idle, absolute
}
