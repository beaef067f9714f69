package policy

import (
	_ "embed"
	"fmt"
	"iter"
	"strings"

	"github.com/cedar-policy/cedar-go"
)

//go:embed disclosure.cedar
var cedarPolicies []byte

// Cedar is the rules in cedar-go. It reports every policy that applies; the first of the file is
// the rule.
type Cedar struct {
	policies inOrder
	answer   map[cedar.PolicyID]string
}

// inOrder gives the policies in the order of the file, and faster than the library's own set, which
// is a map.
type inOrder []named

type named struct {
	id     cedar.PolicyID
	policy *cedar.Policy
}

func (all inOrder) All() iter.Seq2[cedar.PolicyID, *cedar.Policy] {
	return func(yield func(cedar.PolicyID, *cedar.Policy) bool) {
		for i := range all {
			if !yield(all[i].id, all[i].policy) {
				return
			}
		}
	}
}

// CedarRequest is one request ready to be decided.
type CedarRequest struct{ request cedar.Request }

// NewCedar reads the policies.
func NewCedar() (*Cedar, error) {
	list, err := cedar.NewPolicyListFromBytes("disclosure.cedar", cedarPolicies)
	if err != nil {
		return nil, fmt.Errorf("cedar: %w", err)
	}
	c := &Cedar{answer: map[cedar.PolicyID]string{}}
	for _, p := range list {
		id := cedar.PolicyID(p.Annotations()["id"])
		c.policies = append(c.policies, named{id, p})
		words := strings.Fields(string(id))
		c.answer[id] = words[0] + " " + words[1]
	}
	return c, nil
}

// Request prepares a request.
func (c *Cedar) Request(f *Facts) CedarRequest {
	action := "disclose"
	switch {
	case f.Law != "":
		action = "statutory"
	case f.Side == f.Controller:
		action = "use"
	}
	str, yes, num := func(s string) cedar.Value { return cedar.String(s) }, func(b bool) cedar.Value { return cedar.Boolean(b) }, func(n int64) cedar.Value { return cedar.Long(n) }
	declared := func(d Declared) cedar.Value {
		return cedar.NewRecord(cedar.RecordMap{
			"found": yes(d.Found), "given": yes(d.Given), "since": num(d.Since), "everything": yes(d.Everything),
			"documents": cedarSet(d.Documents), "tasks": cedarSet(d.Tasks), "controllers": cedarSet(d.Controllers),
		})
	}
	// In the context and not an entity of its own: two look-ups in small maps instead of one by a long key.
	document := cedar.NewRecord(cedar.RecordMap{
		"client": yes(f.Known && f.Client), "clients": num(f.Clients), "version": num(f.Version), "newest": num(f.Newest), "phase": num(f.Phase),
		"status": str(f.Status), "kind": str(f.Kind), "production": str(f.Production), "task": str(f.Task), "language": str(f.Language),
		"set": str(f.Set), "controller": str(f.Controller), "family": str(f.Family), "verified": yes(f.Verified), "valid": yes(f.Valid),
		"named": yes(f.Named), "dated": yes(f.Dated), "special": str(f.Special), "withheld": str(f.Withheld), "released": str(f.Released), "shared": str(f.Shared),
	})
	return CedarRequest{cedar.Request{
		Principal: cedar.NewEntityUID("Organisation", cedar.String(f.Side)), Action: cedar.NewEntityUID("Action", cedar.String(action)),
		Resource: cedar.NewEntityUID("Document", cedar.String(f.Set)),
		Context: cedar.NewRecord(cedar.RecordMap{
			"stated": yes(f.Stated), "at": num(f.At), "law": str(f.Law), "purpose": yes(f.Purpose), "acting": yes(f.Acting), "works": yes(f.Works),
			"relationship": yes(f.Relationship), "reason": yes(f.Reason), "document": document,
			"own": declared(f.Own), "others": declared(f.Others), "otherClients": num(f.OtherClients),
		}),
	}}
}

func cedarSet(all []string) cedar.Value {
	values := make([]cedar.Value, len(all))
	for i, s := range all {
		values[i] = cedar.String(s)
	}
	return cedar.NewSet(values...)
}

// Decide answers with the rule.
func (c *Cedar) Decide(r CedarRequest) (string, error) {
	_, diagnostic := cedar.Authorize(c.policies, nil, r.request)
	if len(diagnostic.Errors) > 0 {
		return "", fmt.Errorf("cedar: %s", diagnostic.Errors[0].Message)
	}
	return c.answer[diagnostic.Reasons[0].PolicyID], nil
}
