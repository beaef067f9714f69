package auth

import (
	"net/http"

	"kuulas.example/internal/store"
)

type (
	storeRead    = store.Read
	httpRequest  = http.Request
	httpResponse = http.Response
)

var defaultTransport = http.DefaultTransport

// roundTrip is a transport made of a function.
type roundTrip func(*http.Request) (*http.Response, error)

// RoundTrip calls the function.
func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
