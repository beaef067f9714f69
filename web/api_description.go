package web

import (
	_ "embed" // the description
	"encoding/json"
	"fmt"
	"net/http"
	"sync"

	"go.yaml.in/yaml/v3"
)

// description is the OpenAPI description of the machine interface. A test holds it to the handlers.
//
//go:embed openapi.yaml
var description []byte

var descriptionJSON = sync.OnceValues(func() ([]byte, error) {
	var tree map[string]any
	if err := yaml.Unmarshal(description, &tree); err != nil {
		return nil, fmt.Errorf("description of the machine interface: %w", err)
	}
	return json.Marshal(tree)
})

// describe handles GET /api/v1/openapi.yaml. Anybody may read it.
func (s *Server) describe(r *request) error {
	return s.answerMachine(r, http.StatusOK, "application/yaml", description)
}

// describeJSON handles GET /api/v1/openapi.json.
func (s *Server) describeJSON(r *request) error {
	b, err := descriptionJSON()
	if err != nil {
		return err
	}
	return s.answerMachine(r, http.StatusOK, "application/json", b)
}
