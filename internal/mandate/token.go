package mandate

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// tokenWay is how the parameters of /oauth/token travel. The register's description leaves it
// open: a form as OAuth has it, or the query as older clients do (H5). The form goes first;
// the other is tried after a refusal that it could mend. That a code is not good is such
// a refusal until a way has worked.
type tokenWay struct {
	inQuery bool
	proven  bool
}

// errParameters marks a refusal of /oauth/token that may come of parameters it did not find. A
// server that did not find the code says that the code is not good, too.
var errParameters = errors.New("the parameters may not have been found")

func tokenRefused(status int, body []byte) error {
	err := uncheckable(fmt.Sprintf("%s answered with status %d", Token, status))
	switch status {
	case http.StatusBadRequest:
		if invalidGrant(body) {
			err = chooseAgain("the code is not good any more")
		}
		return fmt.Errorf("%w (%w)", err, errParameters)
	case http.StatusLengthRequired, http.StatusUnsupportedMediaType, http.StatusUnprocessableEntity:
		return fmt.Errorf("%w (%w)", err, errParameters)
	}
	return err
}

// token exchanges the code.
func (c *Client) token(ctx context.Context, choice Choice, code string) (token string, until time.Time, err error) {
	asked := c.config.Now()
	q := query{
		operation: Token, path: "/oauth/token", agent: choice.user.Code,
		form: url.Values{"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {c.config.RedirectURI}},
	}
	c.mu.Lock()
	way := c.way
	c.mu.Unlock()
	q.inQuery = way.inQuery
	body, err := c.ask(ctx, q)
	if errors.Is(err, errParameters) && !(way.proven && errors.Is(err, ErrChooseAgain)) {
		q.inQuery = !way.inQuery
		if second, other := c.ask(ctx, q); other == nil || !errors.Is(err, ErrChooseAgain) {
			body, err = second, other
		}
	}
	if err != nil {
		return "", time.Time{}, err
	}
	token, life, err := readToken(body)
	if err != nil {
		return "", time.Time{}, uncheckable("the answer of token cannot be read")
	}
	c.mu.Lock()
	c.way = tokenWay{inQuery: q.inQuery, proven: true}
	c.mu.Unlock()
	return token, asked.Add(life), nil
}

func (c *Client) tokenRequest(ctx context.Context, q query) (*http.Request, error) {
	address, form := c.base+q.path, q.form.Encode()
	if q.inQuery {
		address, form = address+"?"+form, ""
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, address, strings.NewReader(form))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Accept", "application/json")
	r.Header.Set("Authorization", basic(c.config.ClientID, c.config.OAuthPassword))
	if form != "" {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	return r, nil
}
