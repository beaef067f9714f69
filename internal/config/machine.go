package config

import (
	"os"
	"strings"
)

// Machine is where the keys of machine clients are: a file or an address. The zero value means
// that there is no machine interface.
type Machine struct{ File, URL string }

// On reports whether machine clients are let in at all.
func (m Machine) On() bool { return m != Machine{} }

const machineKeys = "KUULAS_API_JWKS"

func (r *reader) machine(c *Config) {
	value := r.text(machineKeys)
	switch {
	case value == "":
	case strings.Contains(value, "://"):
		if u := r.webAddress(machineKeys, value); u != nil {
			c.Machine.URL = value
		}
	default:
		c.Machine.File = value
		if info, err := os.Stat(value); r.need >= ForServing && (err != nil || info.IsDir()) {
			r.wrong(machineKeys, "the file cannot be read")
		}
	}
}
