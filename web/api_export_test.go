package web

import (
	"strings"

	"kuulas.example/internal/machine"
	"kuulas.example/internal/record"
)

// MachineRoutes lists the routes of the machine interface, method and path.
func MachineRoutes() (all []string) {
	s := &Server{Config: Config{Machine: &machine.Door{}}}
	for i, lang := range record.Languages {
		s.sites[i] = &site{lang: lang}
	}
	for _, r := range s.router().Routes() {
		if strings.HasPrefix(r.Path, "/api") {
			all = append(all, r.Method+" "+r.Path)
		}
	}
	return all
}
