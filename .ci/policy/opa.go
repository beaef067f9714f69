package policy

import (
	"context"
	_ "embed"
	"fmt"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"
)

//go:embed disclosure.rego
var regoPolicies string

// OPA is the rules in OPA's library, one evaluation for all documents of a request.
type OPA struct{ query rego.PreparedEvalQuery }

// NewOPA reads the policies and prepares the query.
func NewOPA() (*OPA, error) {
	query, err := rego.New(rego.Query("data.disclosure.answers"), rego.Module("disclosure.rego", regoPolicies)).PrepareForEval(context.Background())
	if err != nil {
		return nil, fmt.Errorf("opa: %w", err)
	}
	return &OPA{query}, nil
}

// Request prepares a request of several documents; what is said of the question is the first's.
func (o *OPA) Request(all []*Facts) (ast.Value, error) {
	q := all[0]
	documents := make([]any, len(all))
	for i, f := range all {
		documents[i] = map[string]any{
			"client": f.Known && f.Client, "clients": f.Clients, "version": f.Version, "newest": f.Newest, "phase": f.Phase,
			"status": f.Status, "kind": f.Kind, "production": f.Production, "task": f.Task, "language": f.Language,
			"set": f.Set, "controller": f.Controller, "family": f.Family, "verified": f.Verified, "valid": f.Valid,
			"named": f.Named, "dated": f.Dated, "special": f.Special, "withheld": f.Withheld, "released": f.Released, "shared": f.Shared,
			"own": declaredValue(f.Own), "others": declaredValue(f.Others), "otherClients": f.OtherClients,
		}
	}
	v, err := ast.InterfaceToValue(map[string]any{
		"stated": q.Stated, "at": q.At, "law": q.Law, "purpose": q.Purpose, "acting": q.Acting, "works": q.Works,
		"side": q.Side, "relationship": q.Relationship, "reason": q.Reason, "documents": documents,
	})
	if err != nil {
		return nil, fmt.Errorf("opa: %w", err)
	}
	return v, nil
}

func declaredValue(d Declared) map[string]any {
	return map[string]any{
		"found": d.Found, "given": d.Given, "since": d.Since, "everything": d.Everything,
		"documents": values(d.Documents), "tasks": values(d.Tasks), "controllers": values(d.Controllers),
	}
}

func values(all []string) []any {
	list := make([]any, len(all))
	for i, s := range all {
		list[i] = s
	}
	return list
}

// Decide answers with the rule of each document.
func (o *OPA) Decide(input ast.Value) ([]any, error) {
	results, err := o.query.Eval(context.Background(), rego.EvalParsedInput(input))
	if err != nil {
		return nil, fmt.Errorf("opa: %w", err)
	}
	if len(results) != 1 {
		return nil, fmt.Errorf("opa: %d results", len(results))
	}
	answers, _ := results[0].Expressions[0].Value.([]any)
	return answers, nil
}
