package auth

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"

	"github.com/gorilla/sessions"
	"golang.org/x/oauth2"

	"kuulas.example/internal/record"
	"kuulas.example/internal/store"
)

// Finish handles the provider's answer at the callback: it checks everything, records the
// login, and only then gives the browser a session, always under a new identifier. Errors:
// those of outcome.go, record.ErrNotRecorded, ErrUnavailable. With an error there is no new
// session; an earlier one of this browser is left alone.
func (a *Auth) Finish(w http.ResponseWriter, r *http.Request) (Login, error) {
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return Login{}, failed("the answer cannot be read")
	}
	p, err := a.takePending(r, query.Get("state"))
	login := Login{Language: p.Language, ReturnTo: p.ReturnTo}
	if errors.Is(err, ErrStale) && cancelled(query) {
		return login, ErrCancelled // a provider may leave state out; nothing came of the login
	}
	if err != nil {
		return login, err
	}
	person, err := a.identify(r.Context(), query, p)
	if err != nil {
		if person != nil {
			login.ProviderLogout = a.endSessionURL(r.Context(), person.idToken, p.Language)
		}
		return login, a.refused(r, p, err)
	}
	if err := a.begun(w, r, p, person); err != nil {
		return login, err
	}
	login.Viewer = person.viewer
	return login, nil
}

// cancelled reports whether the answer says that the person stepped back: by one of the
// error codes that providers use, or by bringing neither code nor error.
func cancelled(query url.Values) bool {
	switch query.Get("error") {
	case "access_denied", "cancel":
		return true
	case "":
		return query.Get("code") == ""
	}
	return false
}

// identify turns the provider's answer into a person. A person beside an error is one whom
// the provider identified and who may not come in.
func (a *Auth) identify(ctx context.Context, query url.Values, p pending) (*identified, error) {
	m, err := a.provider.metadata(ctx)
	if err != nil {
		return nil, err
	}
	if err := answered(query, m, a.config.Issuer); err != nil {
		return nil, err
	}
	ctx = a.provider.context(ctx)
	token, err := m.oauth.Exchange(ctx, query.Get("code"), oauth2.VerifierOption(p.Verifier))
	if err != nil {
		return nil, sorted(err, "the code was not exchanged")
	}
	claims, err := a.verify(ctx, m, token, p)
	if err != nil {
		return nil, err
	}
	person := &identified{idToken: claims.raw, sid: claims.SessionID, sub: claims.Subject, acr: claims.ACR}
	if person.viewer, err = a.viewer(ctx, m, token, claims); err != nil {
		return person, err
	}
	if a.config.Admit(person.viewer.Code) != nil {
		return person, ErrNotAdmitted // the reason is not passed on: it could name the code
	}
	return person, nil
}

// answered checks the parameters of the callback.
func answered(query url.Values, m *metadata, issuer string) error {
	for _, name := range []string{"code", "state", "error", "iss"} {
		if len(query[name]) > 1 {
			return failed("a parameter of the answer came twice")
		}
	}
	// RFC 9207: an answer of another provider must not be taken for one of ours.
	if iss, ok := query["iss"]; (ok && iss[0] != issuer) || (!ok && m.namesIssuer) {
		return failed("the answer is of another issuer")
	}
	switch {
	case cancelled(query):
		return ErrCancelled
	case query.Get("error") == "temporarily_unavailable":
		return unreachable("the provider says so")
	case query.Get("error") != "":
		return failed("the provider answered with an error")
	}
	return nil
}

// identified is a person whom the provider identified.
type identified struct {
	viewer                 record.Viewer
	idToken, sid, sub, acr string
}

// refused records a login that was refused by us. One that the person broke off, or that
// never reached us, has nothing to record.
func (a *Auth) refused(r *http.Request, p pending, why error) error {
	if !slices.ContainsFunc([]error{ErrFailed, ErrNoIdentity, ErrNotAdmitted}, func(e error) bool { return errors.Is(why, e) }) {
		return why
	}
	err := a.log.Record(r.Context(), record.Event{
		At: a.config.Now(), Action: record.ActionLoginRefused, Result: record.Denied,
		Address: a.config.Address(r),
		Details: []record.Detail{{Name: "reason", Value: why.Error()}, {Name: "language", Value: string(p.Language)}},
	})
	return errors.Join(err, why)
}

// begun makes the session: person, protection mark, evidence and session are one change, so
// that there is no session without its evidence (L1).
func (a *Auth) begun(w http.ResponseWriter, r *http.Request, p pending, who *identified) error {
	secret := make([]byte, 32)
	_, _ = rand.Read(secret) // crypto/rand.Read never returns an error
	d := &draft{
		values: values{
			Code: who.viewer.Code.Reveal(), Given: who.viewer.Given, Family: who.viewer.Family,
			Protected: who.viewer.Protected, Language: p.Language, Secret: secret, IDToken: who.idToken,
		},
		providerSession: a.providerHash("sid", who.sid),
		providerSubject: a.providerHash("sub", who.sub),
	}
	d.also = func(tx *store.Tx) (id record.PersonID, err error) {
		if id, err = a.db.EnsurePerson(tx, who.viewer.Code); err != nil {
			return id, err
		}
		who.viewer.Person = id
		if who.viewer.Protected { // a login without the claim clears nothing: it is partial data (T8)
			if err := tx.MarkProtectedByLogin(id); err != nil {
				return id, err
			}
		}
		// An official document may wait for nothing but the name.
		if err := tx.KeepName(id, who.viewer.Given, who.viewer.Family); err != nil {
			return id, err
		}
		return id, a.log.Append(tx, a.event(r, record.ActionLogin, who.viewer, record.Detail{Name: "acr", Value: who.acr}))
	}
	old, hadOld := a.cookies.read(r, sessionCookie)
	session := sessions.NewSession(a.sessions, sessionCookie)
	session.Options, session.IsNew = a.cookies.options(0), true
	session.Values[draftKey] = d
	if err := session.Save(r, w); err != nil {
		return fmt.Errorf("begin session: %w", unavailable(err))
	}
	a.cookies.expire(w, againCookie)
	if hadOld { // a browser has one session; what another person left in it ends
		return a.sessions.end(r.Context(), old.hash())
	}
	return nil
}

// unavailable marks what went wrong in the database, save a failed record, which has its own
// kind of error.
func unavailable(err error) error {
	if errors.Is(err, record.ErrNotRecorded) {
		return err
	}
	return errors.Join(ErrUnavailable, err)
}

func (a *Auth) event(r *http.Request, action record.Action, who record.Viewer, details ...record.Detail) record.Event {
	return record.Event{
		At: a.config.Now(), Action: action, Role: record.Self, Result: record.Allowed,
		Actor: who, Subject: who.Person, Address: a.config.Address(r), Details: details,
	}
}

// providerHash is a keyed hash of one of the provider's names; empty for an empty name.
func (a *Auth) providerHash(kind, name string) []byte {
	if name == "" {
		return nil
	}
	return a.keys.Digest([]byte(kind + "\x00" + a.config.Issuer + "\x00" + name))
}
