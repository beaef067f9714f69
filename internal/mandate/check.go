package mandate

import (
	"context"
	"net/url"
	"strings"
	"time"

	"kuulas.example/internal/record"
)

// tokenMargin is how long before its end an access token is not used any more, so that it does
// not end while its call is under way.
const tokenMargin = callTime

// Check asks the register again whether a grant still holds, and gives the grant with the time
// of the new yes (A5): by the access token while it lives, then by the system-level query if
// its key is configured, else ErrChooseAgain. Errors: ErrNoRight, also by age without a call
// (A9); ErrUncheckable; ErrChooseAgain; ErrStale for a grant of another login; or that of
// Config.Exchange. With an error there is no right for this page, and only after ErrUncheckable
// may the same grant be tried again.
func (c *Client) Check(ctx context.Context, u User, g Grant) (Grant, error) {
	now := c.config.Now()
	if g.session == "" || g.user != u {
		return Grant{}, ErrStale
	}
	if outgrown(g.Right, record.Today(now)) || c.config.Admit(g.Principal) != nil || g.Role == record.Mandate && c.config.Theme == "" {
		return Grant{}, ErrNoRight
	}
	role, at, err := c.again(ctx, g, now)
	if err != nil {
		return Grant{}, err
	}
	if role != g.Role { // it changed to the other role for a child: a new choice says so to the user
		return Grant{}, chooseAgain("the role is another one now")
	}
	g.CheckedAt = at
	return g, nil
}

func (c *Client) again(ctx context.Context, g Grant, now time.Time) (record.Role, time.Time, error) {
	switch {
	case now.Before(g.until.Add(-tokenMargin)) && g.Role == record.Informed:
		return c.listed(ctx, g)
	case now.Before(g.until.Add(-tokenMargin)):
		at, err := c.authorized(ctx, g)
		return g.Role, at, err
	case c.config.RESTKey == "" || g.Role == record.Informed:
		// The system-level query knows no roles, so it cannot confirm that of an informed person.
		return "", time.Time{}, chooseAgain("the access token is over")
	}
	at, err := c.systemQuery(ctx, g)
	return g.Role, at, err
}

// End closes the session at the register. Every grant of the same choice ends with it. An
// error changes nothing for the user: the session ends by itself too, so callers may log the
// error and go on (H3).
func (c *Client) End(ctx context.Context, g Grant) error {
	if g.session == "" {
		return nil
	}
	return c.unregister(ctx, g.user, g.session)
}

// Abandon closes the session of a choice that the user does not come back to.
func (c *Client) Abandon(ctx context.Context, choice Choice) error {
	if choice.session == "" {
		return nil
	}
	return c.unregister(ctx, choice.user, choice.session)
}

func (c *Client) unregister(ctx context.Context, u User, session string) error {
	body, err := c.ask(context.WithoutCancel(ctx), query{
		operation: Unregister, key: c.config.APIKey, agent: u.Code,
		path: "/service/hpa/user/unregister/" + url.PathEscape(session),
	})
	if err == nil && strings.TrimSpace(string(body)) != "true" {
		err = uncheckable("the session was not closed")
	}
	return err
}

// inSession is a call of the session that the user has at the register.
func (c *Client) inSession(g Grant, operation Operation, path string) query {
	return query{operation: operation, path: path, key: c.config.APIKey, token: g.token, agent: g.user.Code, principal: g.Principal}
}

// about is the path of a call about one person in the session.
func (g Grant) about(call string) string {
	return "/service/hpa/api/" + call + "/" + url.PathEscape(g.session) + "/" + url.PathEscape(g.Principal.Reveal())
}

// listed asks for the roles and takes the one that counts here.
func (c *Client) listed(ctx context.Context, g Grant) (record.Role, time.Time, error) {
	body, err := c.ask(ctx, c.inSession(g, AuthorizationList, g.about("authorizationlist")))
	if err != nil {
		return "", time.Time{}, err
	}
	roles, err := readRoles(body)
	if err != nil {
		return "", time.Time{}, uncheckable("the answer of authorizationlist cannot be read")
	}
	now := c.config.Now()
	role := c.roleOf(g.Principal, roles, record.Today(now))
	if role == "" {
		return "", time.Time{}, ErrNoRight
	}
	return role, now, nil
}

// authorized asks whether the role of a grant holds; for a grant without a role the answer is
// ErrNoRight, whatever the register says. About an adult the theme has to be asked for, about a
// minor not (H6); where no theme is configured the call is made without one.
func (c *Client) authorized(ctx context.Context, g Grant) (time.Time, error) {
	q := c.inSession(g, Authorization, g.about("authorization"))
	if c.config.Theme != "" && !g.Principal.MinorOn(record.Today(c.config.Now())) {
		q.matter, q.more = c.config.Theme, "&issues="+url.QueryEscape(c.config.Theme)
	}
	return c.allowed(ctx, q, g.Right)
}

// systemQuery asks the same without the user's session; its parameter has another name (H8).
func (c *Client) systemQuery(ctx context.Context, g Grant) (time.Time, error) {
	q := query{
		operation: SystemQuery, key: c.config.RESTKey, agent: g.user.Code, principal: g.Principal,
		path: "/service/rest/hpa/authorization/" + c.config.ClientID + "/" + url.PathEscape(g.user.Code.Reveal()) + "/" +
			url.PathEscape(g.Principal.Reveal()),
	}
	if g.Role == record.Mandate {
		q.matter, q.more = c.config.Theme, "&issue="+url.QueryEscape(c.config.Theme)
	}
	return c.allowed(ctx, q, g.Right)
}

// allowed makes a call that is answered by yes or no. The age is looked at once more, because
// midnight may lie between the question and its answer (A9).
func (c *Client) allowed(ctx context.Context, q query, r Right) (time.Time, error) {
	body, err := c.ask(ctx, q)
	if err != nil {
		return time.Time{}, err
	}
	yes, err := readResult(body)
	if err != nil {
		return time.Time{}, uncheckable("the answer of " + string(q.operation) + " cannot be read")
	}
	now := c.config.Now()
	if !yes || outgrown(r, record.Today(now)) {
		return time.Time{}, ErrNoRight
	}
	return now, nil
}
