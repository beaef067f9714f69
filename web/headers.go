package web

import "strings"

type header struct {
	name  string
	value []string // shared by all answers; nobody may write to it
}

// securityHeaders stand on every answer. They are built once. formTargets are the origins
// that a form may lead to besides the portal: a browser applies form-action to the redirect
// after a POST as well, and logout ends at the provider, the quick exit at a neutral page.
func securityHeaders(secure bool, formTargets ...string) []header {
	targets := []string{"'self'"}
	for _, origin := range formTargets {
		if origin != "" {
			targets = append(targets, origin)
		}
	}
	policy := strings.Join([]string{
		"default-src 'none'", "style-src 'self'", "img-src 'self'", "font-src 'self'", "script-src 'self'",
		"connect-src 'self'", "form-action " + strings.Join(targets, " "), "frame-ancestors 'none'", "base-uri 'none'",
	}, "; ")
	headers := []header{
		{"Content-Security-Policy", []string{policy}},
		{"X-Content-Type-Options", []string{"nosniff"}},
		{"X-Frame-Options", []string{"DENY"}},
		// Not no-referrer: under that a browser names no origin in a form's request, and one
		// without Sec-Fetch-Site could then neither log out nor leave in a hurry.
		{"Referrer-Policy", []string{"same-origin"}},
		{"Permissions-Policy", []string{"camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()"}},
		{"Cross-Origin-Opener-Policy", []string{"same-origin"}},
		{"Cross-Origin-Resource-Policy", []string{"same-origin"}},
	}
	if secure {
		headers = append(headers, header{"Strict-Transport-Security", []string{"max-age=63072000"}})
	}
	return headers
}
