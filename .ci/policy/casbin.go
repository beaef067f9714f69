package policy

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"

	"github.com/casbin/casbin/v3"
	"github.com/casbin/casbin/v3/model"
)

//go:embed disclosure.casbin
var casbinPolicies string

const casbinModel = `
[request_definition]
r = f
[policy_definition]
p = rule
[policy_effect]
e = some(where (p.eft == allow))
[matchers]
m = true
`

// Casbin is the rules in Casbin, a matcher each: the library compiles a matcher once, but the
// conditions of policies (eval) at every request, which is ten times slower.
type Casbin struct {
	enforcer *casbin.Enforcer
	rules    []casbinRule
}

type casbinRule struct{ answer, matcher string }

// NewCasbin reads the rules: lines of an answer and a condition.
func NewCasbin() (*Casbin, error) {
	m, err := model.NewModelFromString(casbinModel)
	if err != nil {
		return nil, fmt.Errorf("casbin: %w", err)
	}
	e, err := casbin.NewEnforcer(m)
	if err != nil {
		return nil, fmt.Errorf("casbin: %w", err)
	}
	e.AddFunction("has", func(a ...any) (any, error) { return slices.Contains(a[0].([]string), a[1].(string)), nil })
	e.AddFunction("some", func(a ...any) (any, error) { return len(a[0].([]string)) > 0, nil })
	laws := []string{"703/2023 56 §", "703/2023 62 §", "703/2023 63 §", "703/2023 64 §"} // the library garbles § in a matcher
	e.AddFunction("provision", func(a ...any) (any, error) { return slices.Contains(laws, a[0].(string)), nil })
	var rules []casbinRule
	for line := range strings.Lines(casbinPolicies) {
		answer, condition, ok := strings.Cut(strings.TrimSpace(line), ": ")
		if !ok || strings.HasPrefix(line, "#") {
			continue
		}
		words := strings.Fields(answer)
		rules = append(rules, casbinRule{words[0] + " " + words[1], condition})
	}
	return &Casbin{e, rules}, nil
}

// Decide answers with the rule: that of the first matcher that holds.
func (c *Casbin) Decide(f *Facts) (string, error) {
	for _, rule := range c.rules {
		holds, err := c.enforcer.EnforceWithMatcher(rule.matcher, f)
		if err != nil {
			return "", fmt.Errorf("casbin: %w", err)
		}
		if holds {
			return rule.answer, nil
		}
	}
	return "denied", nil
}
