package config

import (
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"
)

// Source looks variables up, as os.LookupEnv does.
type Source func(name string) (string, bool)

// Load reads the configuration of a program that knows one environment. The error is
// Problems. A Config is returned even then, so far as it could be read, for check to go on with.
func Load(program Environment, need Need, look Source) (*Config, error) {
	r := &reader{look: look, program: program, need: need}
	c := &Config{Environment: program}
	if need == ForNothing {
		return c, nil
	}
	r.environment()
	r.network(c)
	r.data(c)
	r.openID(c)
	r.mandates(c)
	r.declarations(c)
	r.sessions(c)
	r.identities(c)
	r.machine(c)
	r.later()
	c.Warnings = r.warnings
	if len(r.problems) > 0 {
		return c, r.problems
	}
	return c, nil
}

type reader struct {
	look     Source
	program  Environment
	need     Need
	problems Problems
	warnings []Problem
}

func (r *reader) wrong(variable, reason string) {
	r.problems = append(r.problems, Problem{variable, reason})
}

func (r *reader) warn(variable, reason string) {
	r.warnings = append(r.warnings, Problem{variable, reason})
}

// text is the trimmed value of a variable; empty and absent are the same.
func (r *reader) text(name string) string {
	v, _ := r.look(name)
	return strings.TrimSpace(v)
}

func (r *reader) textOr(name, otherwise string) string {
	if v := r.text(name); v != "" {
		return v
	}
	return otherwise
}

// needed is a value that the command at hand cannot do without.
func (r *reader) needed(name string, need Need) string {
	v := r.text(name)
	if v == "" && r.need >= need {
		r.wrong(name, "is required")
	}
	return v
}

func (r *reader) list(name string) []string {
	var items []string
	for item := range strings.SplitSeq(r.text(name), ",") {
		if item = strings.TrimSpace(item); item != "" {
			items = append(items, item)
		}
	}
	return items
}

func (r *reader) environment() {
	if v := r.text("KUULAS_ENV"); v != "" && v != string(r.program) {
		r.wrong("KUULAS_ENV", "this program knows only "+string(r.program))
	}
}

func (r *reader) network(c *Config) {
	c.Listen = r.textOr("KUULAS_LISTEN", "127.0.0.1:8080")
	r.address("KUULAS_LISTEN", c.Listen)
	c.MetricsListen = r.text("KUULAS_METRICS_LISTEN")
	if c.MetricsListen != "" {
		r.address("KUULAS_METRICS_LISTEN", c.MetricsListen)
	}
	c.BaseURL = r.origin("KUULAS_BASE_URL", r.needed("KUULAS_BASE_URL", ForServing))
	if r.program == Demo {
		r.onlyLoopback(c)
	}
	for _, item := range r.list("KUULAS_TRUSTED_PROXIES") {
		network, ok := parseNetwork(item)
		if !ok {
			r.wrong("KUULAS_TRUSTED_PROXIES", "not a network such as 10.0.0.0/8 or an address")
			continue
		}
		c.TrustedProxies = append(c.TrustedProxies, network)
	}
	if r.need >= ForServing && c.BaseURL != nil && c.Public() && len(c.TrustedProxies) == 0 {
		r.warn("KUULAS_TRUSTED_PROXIES", "is empty on a public address: a proxy in front is then taken for everybody, in the evidence and where logins are limited")
	}
	c.LogLevel = r.textOr("KUULAS_LOG_LEVEL", "info")
	if !slices.Contains([]string{"debug", "info", "warn", "error"}, c.LogLevel) {
		r.wrong("KUULAS_LOG_LEVEL", "one of debug, info, warn, error")
	}
}

func (r *reader) address(name, value string) {
	if _, port, err := net.SplitHostPort(value); err != nil || port == "" {
		r.wrong(name, "not an address with a port, such as 127.0.0.1:8080")
	}
}

// onlyLoopback holds the demo on the machine itself, with its listener and its address.
func (r *reader) onlyLoopback(c *Config) {
	if host, _, err := net.SplitHostPort(c.Listen); err == nil && !Loopback(host) {
		r.wrong("KUULAS_LISTEN", "the demo listens on loopback only")
	}
	if c.BaseURL != nil && c.Public() {
		r.wrong("KUULAS_BASE_URL", "the demo lives on loopback only")
	}
}

func parseNetwork(s string) (netip.Prefix, bool) {
	if network, err := netip.ParsePrefix(s); err == nil {
		return network.Masked(), true
	}
	if address, err := netip.ParseAddr(s); err == nil {
		return netip.PrefixFrom(address, address.BitLen()), true
	}
	return netip.Prefix{}, false
}

// origin reads an address that browsers use: https, except on loopback, and nothing but an origin.
func (r *reader) origin(name, value string) *url.URL {
	if value == "" {
		return nil
	}
	u := r.webAddress(name, value)
	if u == nil {
		return nil
	}
	if strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" {
		r.wrong(name, "must be an origin only, without a path or query")
		return nil
	}
	u.Path = ""
	// Browsers leave a scheme's own port out of an origin.
	u.Host = strings.ToLower(u.Host)
	if own := map[string]string{"https": ":443", "http": ":80"}[u.Scheme]; u.Port() != "" {
		u.Host = strings.TrimSuffix(u.Host, own)
	}
	return u
}

func (r *reader) webAddress(name, value string) *url.URL {
	u, err := url.Parse(value)
	switch {
	case err != nil || u.Host == "" || u.Hostname() == "" || (u.Scheme != "https" && u.Scheme != "http"):
		r.wrong(name, "not an address such as https://kuulas.example")
	case u.User != nil:
		r.wrong(name, "must not hold a user name")
	case u.Scheme == "http" && !Loopback(u.Hostname()):
		r.wrong(name, "must be https, except on loopback")
	default:
		return u
	}
	return nil
}

func (r *reader) sessions(c *Config) {
	c.Idle = r.duration("KUULAS_IDLE", 15*time.Minute)
	c.Absolute = r.duration("KUULAS_ABSOLUTE", 8*time.Hour)
	if c.Idle < time.Minute {
		r.wrong("KUULAS_IDLE", "must be at least 1m")
	}
	// Rows of sessions are kept 24 hours and no longer (L7).
	if c.Absolute > 24*time.Hour {
		r.wrong("KUULAS_ABSOLUTE", "must be at most 24h")
	}
	if c.Absolute < c.Idle {
		r.wrong("KUULAS_ABSOLUTE", "must not be shorter than KUULAS_IDLE")
	}
}

func (r *reader) duration(name string, otherwise time.Duration) time.Duration {
	v := r.text(name)
	if v == "" {
		return otherwise
	}
	d, err := time.ParseDuration(v)
	if err != nil || d <= 0 {
		r.wrong(name, "not a time such as 15m or 8h")
		return otherwise
	}
	return d
}
