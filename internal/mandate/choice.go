package mandate

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"net/url"
	"time"

	"kuulas.example/internal/record"
)

// choiceTime is how long a user may take in the register's pages.
const choiceTime = 15 * time.Minute

// Choice is a choice under way: registered, and not yet come back. It stays on the server,
// because it holds the session at the register (H3); Bytes is for sealing. The caller keeps it
// under a hash of State, for one login, and takes it away when the callback comes, so that a
// callback is good once.
type Choice struct {
	State   string // comes back with the browser
	user    User
	session string
	started time.Time
}

// Begin registers a choice, after the user asked for it (A1), and gives the address of the
// register's pages to redirect to. lang is fi, sv or en; anything else is taken for fi (H4).
// Errors: ErrUncheckable, or that of Config.Exchange.
func (c *Client) Begin(ctx context.Context, u User, lang record.Language) (Choice, string, error) {
	if u.Code.IsZero() || !written(u.Login) {
		return Choice{}, "", uncheckable("the user has no identity code or no login")
	}
	body, err := c.ask(ctx, query{
		operation: Register, key: c.config.APIKey, agent: u.Code,
		path: "/service/hpa/user/register/" + c.config.ClientID + "/" + url.PathEscape(u.Code.Reveal()),
	})
	if err != nil {
		return Choice{}, "", err
	}
	session, name, err := readRegistered(body)
	if err != nil {
		return Choice{}, "", uncheckable("the answer of register cannot be read")
	}
	choice := Choice{State: rand.Text(), user: u, session: session, started: c.config.Now()}
	return choice, c.base + "/oauth/authorize?" + url.Values{
		"client_id": {c.config.ClientID}, "response_type": {"code"}, "redirect_uri": {c.config.RedirectURI},
		"user": {name}, "state": {choice.State}, "lang": {language(lang)},
	}.Encode(), nil
}

func language(l record.Language) string {
	switch l {
	case record.Swedish, "en":
		return string(l)
	}
	return string(record.Finnish)
}

// Cancelled reports whether a callback says that the user stepped back: by bringing no code,
// whatever else it brings (H4). For callers that find no choice for its state, which the
// register may leave out.
func Cancelled(callback url.Values) bool { return callback.Get("code") == "" }

// Finish takes the callback of a choice and gives a grant for each person whom the user chose
// and for whom the register says yes, in its order: normally one. Persons without a right are
// left out. Errors: ErrCancelled, ErrStale, ErrNoRight when nobody is left, ErrUncheckable when
// nobody is left and not all could be asked about, ErrChooseAgain, or that of Config.Exchange.
// With an error nothing is granted, and a choice that was the user's is over.
func (c *Client) Finish(ctx context.Context, u User, choice Choice, callback url.Values) ([]Grant, error) {
	mine := c.mine(u, choice, callback)
	switch {
	case Cancelled(callback):
		if mine {
			_ = c.unregister(ctx, choice.user, choice.session) // it ends by itself otherwise (H14)
		}
		return nil, ErrCancelled
	case !mine:
		return nil, ErrStale
	case len(callback["code"]) != 1 || len(callback.Get("code")) > 4096 || callback.Has("error"):
		return nil, chooseAgain("the callback is not one of the register")
	}
	token, until, err := c.token(ctx, choice, callback.Get("code"))
	if err != nil {
		return nil, err
	}
	grants, err := c.granted(ctx, Grant{user: u, session: choice.session, token: token, until: until})
	if errors.Is(err, ErrNoRight) {
		_ = c.unregister(ctx, u, choice.session)
	}
	return grants, err
}

// mine reports whether a callback belongs to a choice that this login has under way.
func (c *Client) mine(u User, choice Choice, callback url.Values) bool {
	age := c.config.Now().Sub(choice.started)
	return choice.session != "" && choice.State != "" && choice.user == u && age >= 0 && age <= choiceTime &&
		len(callback["state"]) == 1 && subtle.ConstantTimeCompare([]byte(callback.Get("state")), []byte(choice.State)) == 1
}

// token exchanges the code.
func (c *Client) token(ctx context.Context, choice Choice, code string) (token string, until time.Time, err error) {
	asked := c.config.Now()
	body, err := c.ask(ctx, query{
		operation: Token, path: "/oauth/token", agent: choice.user.Code,
		form: url.Values{"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {c.config.RedirectURI}},
	})
	if err != nil {
		return "", time.Time{}, err
	}
	token, life, err := readToken(body)
	if err != nil {
		return "", time.Time{}, uncheckable("the answer of token cannot be read")
	}
	return token, asked.Add(life), nil
}

// granted asks whom the user chose and then about each of them by itself (H6).
func (c *Client) granted(ctx context.Context, session Grant) ([]Grant, error) {
	body, err := c.ask(ctx, c.inSession(session, Delegates, "/service/hpa/api/delegate/"+url.PathEscape(session.session)))
	if err != nil {
		return nil, err
	}
	people, err := readDelegates(body)
	if err != nil {
		return nil, uncheckable("the answer of delegate cannot be read")
	}
	var grants []Grant
	none := ErrNoRight
	for _, p := range people {
		g := session
		g.Principal, g.Name = p.code, p.name
		g.Role, g.CheckedAt, err = c.chosen(ctx, g)
		switch {
		case err == nil:
			grants = append(grants, g)
		case errors.Is(err, ErrNoRight):
		case errors.Is(err, ErrUncheckable):
			none = err
		default: // the session is over for all, or an answer could not be kept
			return nil, err
		}
	}
	if len(grants) == 0 {
		return nil, none
	}
	return grants, nil
}

// chosen asks whether the user may act for one person whom he or she chose. The list tells the
// role; for a guardian and a mandate holder the plain question has to be answered by yes too.
func (c *Client) chosen(ctx context.Context, g Grant) (record.Role, time.Time, error) {
	if g.Principal == g.user.Code || c.config.Admit(g.Principal) != nil {
		return "", time.Time{}, ErrNoRight
	}
	role, at, err := c.listed(ctx, g)
	if err != nil || role == record.Informed {
		return role, at, err
	}
	g.Role = role
	at, err = c.authorized(ctx, g)
	return role, at, err
}
