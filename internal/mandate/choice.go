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

// finishTime is how long all calls of one callback may take together, when many persons come
// back and the register is slow. It is well within the portal's limit for an answer.
const finishTime = 30 * time.Second

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

// Chosen is what the register says of the persons whom a user chose, in its order: normally of one.
type Chosen struct {
	Grants []Grant // it says yes
	// Refused are those of whom it says no, and those who are not asked about: the user, and
	// whom this deployment does not admit (R1). Role and CheckedAt are empty.
	Refused []Right
	// Unchecked: of somebody it could not be learnt.
	Unchecked bool
	// Heard are those of whom a yes was heard before the session ended. It gives nothing; it
	// is told so that callers treat whom they refuse themselves as those whom the register does.
	Heard []Right
}

// Finish takes the callback of a choice and tells of each person whom the user chose whether
// the register says yes. About each it makes the same calls, whatever it is answered, so that a
// refusal for another reason can look and last like one of the register (A4, T2).
//
// Errors: ErrCancelled, ErrStale, ErrNoRight when nobody is granted, ErrUncheckable when nobody
// is granted and not all could be asked about, ErrChooseAgain, or that of Config.Exchange. With
// an error nothing is granted, and Refused still holds those of whom a no was heard. A choice
// that was the user's is over in any case; its session at the register stays open except after
// ErrCancelled, and Abandon or End closes it.
func (c *Client) Finish(ctx context.Context, u User, choice Choice, callback url.Values) (Chosen, error) {
	mine := c.mine(u, choice, callback)
	switch {
	case Cancelled(callback):
		if mine {
			_ = c.unregister(ctx, choice.user, choice.session) // it ends by itself otherwise (H14)
		}
		return Chosen{}, ErrCancelled
	case !mine:
		return Chosen{}, ErrStale
	case len(callback["code"]) != 1 || len(callback.Get("code")) > 4096 || callback.Has("error"):
		return Chosen{}, chooseAgain("the callback is not one of the register")
	}
	ctx, cancel := context.WithTimeout(ctx, finishTime)
	defer cancel()
	token, until, err := c.token(ctx, choice, callback.Get("code"))
	if err != nil {
		return Chosen{}, err
	}
	return c.granted(ctx, Grant{user: u, session: choice.session, token: token, until: until})
}

// mine reports whether a callback belongs to a choice that this login has under way.
func (c *Client) mine(u User, choice Choice, callback url.Values) bool {
	age := c.config.Now().Sub(choice.started)
	return choice.session != "" && choice.State != "" && choice.user == u && age >= 0 && age <= choiceTime &&
		len(callback["state"]) == 1 && subtle.ConstantTimeCompare([]byte(callback.Get("state")), []byte(choice.State)) == 1
}

// granted asks whom the user chose and then about each of them by itself (H6).
func (c *Client) granted(ctx context.Context, session Grant) (Chosen, error) {
	body, err := c.ask(ctx, c.inSession(session, Delegates, "/service/hpa/api/delegate/"+url.PathEscape(session.session)))
	if err != nil {
		return Chosen{}, err
	}
	people, err := readDelegates(body)
	if err != nil {
		return Chosen{}, uncheckable("the answer of delegate cannot be read")
	}
	var chosen Chosen
	none := ErrNoRight
	for _, p := range people {
		g := session
		g.Principal, g.Name = p.code, p.name
		g.Role, g.CheckedAt, err = c.chosen(ctx, g)
		switch {
		case err == nil:
			chosen.Grants = append(chosen.Grants, g)
		case errors.Is(err, ErrNoRight):
			chosen.Refused = append(chosen.Refused, Right{Principal: p.code, Name: p.name})
		case errors.Is(err, ErrUncheckable):
			chosen.Unchecked, none = true, err
		default: // the session is over for all, or an answer could not be kept
			for _, g := range chosen.Grants {
				chosen.Heard = append(chosen.Heard, g.Right)
			}
			chosen.Grants = nil
			return chosen, err
		}
	}
	if len(chosen.Grants) == 0 {
		return chosen, none
	}
	return chosen, nil
}

// chosen asks whether the user may act for one person whom he or she chose. The list tells the
// role; for a guardian and a mandate holder the plain question has to be answered by yes too. It
// is asked whatever the list says, and its answer never makes up for a role. Only where the
// register gives no answer does the second call fall away: that is told apart anyway (A4).
func (c *Client) chosen(ctx context.Context, g Grant) (record.Role, time.Time, error) {
	if g.Principal == g.user.Code || c.config.Admit(g.Principal) != nil {
		return "", time.Time{}, ErrNoRight
	}
	role, listed, err := c.listed(ctx, g)
	if err != nil && !errors.Is(err, ErrNoRight) {
		return "", time.Time{}, err
	}
	g.Role = role // none: then no answer is a yes
	asked, err := c.authorized(ctx, g)
	if role == record.Informed && errors.Is(err, ErrNoRight) && !outgrown(g.Right, record.Today(c.config.Now())) {
		return role, listed, nil // the plain question is about acting, not about information
	}
	if err != nil {
		return "", time.Time{}, err
	}
	return role, asked, nil
}
