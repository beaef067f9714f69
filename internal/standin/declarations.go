package standin

import (
	"bytes"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"sync"
	"time"

	"kuulas.example/internal/declaration"
	"kuulas.example/internal/record"
	"kuulas.example/internal/sosmeta"
)

// ReceiverConfig is what the stand-in and its one client agreed on.
type ReceiverConfig struct {
	BaseURL string // address with path prefix, for example http://localhost:8080/demo/vastaanotto
	Token   string
	// Definitions are those under which a declaration must be valid; nil: its definition must be
	// official by its identity, and the body is not looked at.
	Definitions *sosmeta.Set
	Now         func() time.Time // nil is time.Now
}

const (
	maxDeclaration  = 4 << 20 // bytes
	maxDeclarations = 10_000
	maxReceived     = 50 // calls kept for the page and for tests
)

// Receiver is a stand-in of the receiver of declaration documents. It checks what a real one
// checks: the token, the key against the path, the definition and the body under it, and that no
// version of a set comes behind a newer one. What it holds already it answers by 409 with what it
// holds, the same or another: to compare is for the client. It forgets everything when it ends.
type Receiver struct {
	config ReceiverConfig
	prefix string
	pages  http.Handler

	mu     sync.Mutex
	held   map[record.OID]heldDeclaration
	newest map[record.OID]record.OID // of a set: the declaration of the highest version
	faults ReceiverFaults
	calls  []ReceiverCall
}

// heldDeclaration is one as it came.
type heldDeclaration struct {
	Set        record.OID      `json:"setOid"`
	Version    int             `json:"version"`
	Definition record.OID      `json:"definition"`
	Body       json.RawMessage `json:"body"`
}

// NewReceiver builds the stand-in. It refuses an address that other machines can reach, because
// it is nobody's archive.
func NewReceiver(c ReceiverConfig) (*Receiver, error) {
	base, err := url.Parse(c.BaseURL)
	switch {
	case err != nil || base.Host == "" || strings.HasSuffix(c.BaseURL, "/"):
		return nil, errors.New("stand-in of the receiver: the base must be an address without a slash at the end")
	case !loopback(c.BaseURL):
		return nil, errors.New("stand-in of the receiver: it keeps nothing, so it runs on loopback addresses only")
	case c.Token == "":
		return nil, errors.New("stand-in of the receiver: a token is needed")
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	v := &Receiver{config: c, prefix: base.Path, held: map[record.OID]heldDeclaration{}, newest: map[record.OID]record.OID{}}
	mux := http.NewServeMux()
	mux.HandleFunc("PUT /{oid}", v.put)
	mux.HandleFunc("GET "+ControlPath, v.showPanel)
	mux.Handle("POST "+ControlPath, http.NewCrossOriginProtection().Handler(http.HandlerFunc(v.changePanel)))
	mux.HandleFunc("GET "+chooseStylePath, func(w http.ResponseWriter, r *http.Request) {
		http.ServeFileFS(w, r, files, "style.css")
	})
	v.pages = mux
	return v, nil
}

// ServeHTTP answers below the path of the base address.
func (v *Receiver) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	http.StripPrefix(v.prefix, v.pages).ServeHTTP(w, r)
}

// put handles "PUT /{oid}". The whole body is read before anything else, so that a client that
// goes away is noticed while the answer waits.
func (v *Receiver) put(w http.ResponseWriter, r *http.Request) {
	seen := &statusWriter{ResponseWriter: w}
	body, err := io.ReadAll(http.MaxBytesReader(seen, r.Body, maxDeclaration))
	if err != nil {
		http.Error(seen, "the body cannot be read or is too large", http.StatusRequestEntityTooLarge)
		return
	}
	oid := record.OID(r.PathValue("oid"))
	call := ReceiverCall{OID: oid, Key: r.Header.Get("Idempotency-Key"), At: v.config.Now()}
	faults := v.fault()
	defer func() { // also when the answer is aborted
		call.Status = seen.status
		v.remember(call)
	}()
	if faults.Lost {
		v.answer(&unsent{header: http.Header{}}, r, oid, body, &call)
		panic(http.ErrAbortHandler)
	}
	outage{faults.Status, faults.Body, faults.Delay, faults.Broken}.behave(seen, r, func(w http.ResponseWriter, r *http.Request) {
		v.answer(w, r, oid, body, &call)
	})
}

// unsent keeps nothing of an answer that is lost on its way.
type unsent struct{ header http.Header }

// Header, WriteHeader and Write lead nowhere.
func (u *unsent) Header() http.Header         { return u.header }
func (u *unsent) WriteHeader(int)             {}
func (u *unsent) Write(b []byte) (int, error) { return len(b), nil }

// answer checks a declaration as it came, and stores it.
func (v *Receiver) answer(w http.ResponseWriter, r *http.Request, oid record.OID, body []byte, call *ReceiverCall) {
	token, bearer := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	var came heldDeclaration
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	unread := d.Decode(&came)
	call.Set, call.Version, call.Definition = came.Set, came.Version, came.Definition
	_, wrongOID := record.ParseOID(string(oid))
	_, wrongSet := record.ParseOID(string(came.Set))
	switch {
	case !bearer || subtle.ConstantTimeCompare([]byte(token), []byte(v.config.Token)) != 1:
		w.Header().Set("WWW-Authenticate", "Bearer")
		problem(w, http.StatusUnauthorized, "the token is not known")
	case kind != "application/json":
		problem(w, http.StatusUnsupportedMediaType, "the body must be application/json")
	case r.Header.Get("Idempotency-Key") != string(oid):
		problem(w, http.StatusBadRequest, "the Idempotency-Key is not the identity in the address")
	case wrongOID != nil, wrongSet != nil, unread != nil, came.Version < 1, len(came.Body) == 0:
		problem(w, http.StatusBadRequest, "the declaration is not complete")
	default:
		status, held, reason := v.keep(oid, came)
		if reason != "" {
			problem(w, status, reason)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Cache-Control", "no-store")
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(held) // nothing can be told to a client that went away
	}
}

// keep stores a declaration, or gives what is held in its place, or a reason against it.
func (v *Receiver) keep(oid record.OID, came heldDeclaration) (status int, held heldDeclaration, reason string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	held, known := v.held[oid]
	newest := v.held[v.newest[came.Set]]
	switch reason := v.refuses(came); {
	case known:
		return http.StatusConflict, held, ""
	case v.faults.Refuse:
		return http.StatusUnprocessableEntity, held, "refused, as the control page asks"
	case reason != "":
		return http.StatusUnprocessableEntity, held, reason
	case newest.Version >= came.Version:
		return http.StatusConflict, newest, "" // it came behind a newer version
	case len(v.held) == maxDeclarations:
		return http.StatusInsufficientStorage, held, "no more can be held"
	}
	v.held[oid], v.newest[came.Set] = came, oid
	return http.StatusCreated, came, ""
}

// refuses says why a declaration will never be taken; nothing where it may be.
func (v *Receiver) refuses(came heldDeclaration) string {
	if !declaration.Official(came.Definition) {
		return "the definition is not an official one"
	}
	if v.config.Definitions == nil {
		return ""
	}
	d, ok := v.config.Definitions.Definition(came.Definition)
	if !ok {
		return "the definition is not known"
	}
	if err := d.Validate(came.Body); err != nil {
		return "the document is not valid under its definition"
	}
	return ""
}

// problem answers by a problem document (RFC 9457).
func problem(w http.ResponseWriter, status int, title string) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]any{"title": title, "status": status}) // as above
}

// SameAs reports whether the stand-in holds a declaration with a body, compared as JSON.
func (v *Receiver) SameAs(oid record.OID, body []byte) bool {
	v.mu.Lock()
	held, ok := v.held[oid]
	v.mu.Unlock()
	var got, want any
	return ok && json.Unmarshal(held.Body, &got) == nil && json.Unmarshal(body, &want) == nil && reflect.DeepEqual(got, want)
}
