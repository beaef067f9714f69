package auth

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"golang.org/x/oauth2"

	"kuulas.example/internal/paths"
	"kuulas.example/internal/record"
)

const callbackPath = paths.Callback

// pendingTime is how long a person may take at the provider.
const pendingTime = 15 * time.Minute

// pending is a login under way. It lies sealed in its row; the row is found by the hash of
// the state that the provider sends back and only by the browser that began.
type pending struct {
	Nonce    string
	Verifier string // PKCE
	Language record.Language
	ReturnTo string
	Again    bool // the person must identify anew
	Started  time.Time
}

// Begin starts a login in this browser and gives the provider's address to redirect to.
// returnTo is where to go afterwards; anything but a page of this portal is dropped. With
// again, or after a quick exit from this browser, the provider is asked to identify the
// person anew. Errors: ErrUnreachable, or that of the database.
func (a *Auth) Begin(w http.ResponseWriter, r *http.Request, lang record.Language, returnTo string, again bool) (string, error) {
	m, err := a.provider.metadata(r.Context())
	if err != nil {
		return "", err
	}
	if !lang.Known() {
		lang = record.Finnish
	}
	p := pending{
		Nonce: rand.Text() + rand.Text(), Verifier: oauth2.GenerateVerifier(), Language: lang,
		ReturnTo: LocalAddress(returnTo), Again: again || a.cookies.brought(r, againCookie), Started: a.config.Now(),
	}
	// One browser may have several logins under way, in several tabs.
	browser, ok := a.cookies.read(r, pendingCookie)
	if !ok {
		browser = newIdentifier()
	}
	state := rand.Text() + rand.Text()
	if err := a.savePending(r.Context(), state, browser, p); err != nil {
		return "", err
	}
	if err := a.cookies.set(w, pendingCookie, browser, int(pendingTime/time.Second)); err != nil {
		return "", fmt.Errorf("begin login: %w", err)
	}
	return m.oauth.AuthCodeURL(state, a.parameters(p)...), nil
}

func (a *Auth) parameters(p pending) []oauth2.AuthCodeOption {
	options := []oauth2.AuthCodeOption{
		oauth2.S256ChallengeOption(p.Verifier),
		oauth2.SetAuthURLParam("nonce", p.Nonce),
		oauth2.SetAuthURLParam("response_mode", "query"), // form_post would arrive without the Lax cookies
		oauth2.SetAuthURLParam("acr_values", strings.Join(a.config.ACR, " ")),
		oauth2.SetAuthURLParam("ui_locales", string(p.Language)),
	}
	if p.Again {
		// max_age obliges the provider to tell auth_time, by which we see that it obeyed.
		options = append(options, oauth2.SetAuthURLParam("prompt", "login"), oauth2.SetAuthURLParam("max_age", "0"))
	}
	return options
}

func stateHash(state string) []byte {
	sum := sha256.Sum256([]byte(state))
	return sum[:]
}

func pendingContext(state []byte) string { return "pending_login " + hex.EncodeToString(state) }

func (a *Auth) savePending(ctx context.Context, state string, browser identifier, p pending) error {
	plain, err := json.Marshal(p)
	if err != nil {
		return fmt.Errorf("begin login: %w", err)
	}
	hash := stateHash(state)
	sealed := a.keys.Seal(plain, pendingContext(hash))
	if err := a.db.CreatePendingLogin(ctx, hash, browser.hash(), sealed, p.Started); err != nil {
		return fmt.Errorf("begin login: %w", errors.Join(ErrUnavailable, err))
	}
	return nil
}

// takePending uses up the login of a state, when this browser began it and it is fresh.
func (a *Auth) takePending(r *http.Request, state string) (p pending, err error) {
	browser, ok := a.cookies.read(r, pendingCookie)
	if !ok || state == "" {
		return p, ErrStale
	}
	hash := stateHash(state)
	sealed, _, err := a.db.TakePendingLogin(r.Context(), hash, browser.hash())
	if errors.Is(err, record.ErrNotFound) {
		return p, ErrStale
	}
	if err != nil {
		return p, fmt.Errorf("finish login: %w", errors.Join(ErrUnavailable, err))
	}
	plain, err := a.keys.Open(sealed, pendingContext(hash))
	if err != nil {
		return p, fmt.Errorf("finish login: %w", err)
	}
	if err := json.Unmarshal(plain, &p); err != nil {
		return p, fmt.Errorf("finish login: pending login cannot be read: %w", err)
	}
	if age := a.config.Now().Sub(p.Started); age < 0 || age > pendingTime {
		return pending{Language: p.Language, ReturnTo: p.ReturnTo}, ErrStale
	}
	return p, nil
}
