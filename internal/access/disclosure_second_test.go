package access_test

import (
	"slices"
	"strings"
	"testing"

	"kuulas.example/internal/access"
	"kuulas.example/internal/record"
)

// literal is a second statement of D1 to D20, rule by rule in the words of the rules and with no
// thought of speed or order: it gathers every obstacle that stands and lifts what a right lifts.
func literal(r *request) (outcome string, obstacles []string) {
	q, d := &r.question, &r.document
	day := q.At.In(record.Helsinki).Format("2006-01-02")
	stands := func(rule string, obstacle bool) {
		if obstacle && !slices.Contains(obstacles, rule) {
			obstacles = append(obstacles, rule)
		}
	}
	// What no right lifts.
	stands("V1", r.unknown || !d.Client || d.Clients == 0)
	stands("V3", d.Status == "voided" || d.Status == "replaced" || d.Newest > d.Version)
	stands("V11", d.Status != "current" || d.Newest != d.Version || d.Version == 0)
	stands("D14", !d.Verified)
	stands("D1", q.Asking.Recipient == "")
	stands("D16", strings.TrimSpace(q.Asking.Purpose.FI+q.Asking.Purpose.SV) == "")
	law := string(q.Asking.Law)
	stands("D7", law != "" && !slices.Contains([]string{"703/2023 56 §", "703/2023 62 §", "703/2023 63 §", "703/2023 64 §"}, law))
	if len(obstacles) > 0 {
		return "denied", obstacles
	}
	if law != "" {
		return "flagged", nil
	}
	// Who asks: itself, or the organiser that a producer works for.
	asks := q.Asking.Recipient
	if o := q.Asking.ActingFor; o != "" {
		asks = o
		stands("D15", o != q.Asking.Recipient && !literalProducer(q, day))
	}
	if len(obstacles) > 0 {
		return "denied", obstacles
	}
	if asks == d.Controller {
		return "allowed", nil
	}
	stands("D19", d.Phase < 2 || literalHidden(r))
	literalDeclarations(r, day, stands)
	stands("D16", !q.Asking.Relationship && strings.TrimSpace(q.Asking.Reason) == "")
	if len(obstacles) > 0 {
		return "denied", obstacles
	}
	return "allowed", nil
}

func literalProducer(q *access.Question, day string) bool {
	runs := func(from, to record.Date) bool {
		return from.String() != "" && from.String() <= day && (to.String() == "" || day <= to.String())
	}
	right, named := false, false
	for _, u := range q.Rights {
		right = right || u.Producer == q.Asking.Recipient && u.Organiser == q.Asking.ActingFor && runs(u.From, u.To)
	}
	for _, r := range q.Relationships {
		if r.Controller != q.Asking.ActingFor || r.Kind != "relationship" || r.Status != "current" || r.Version != r.Newest ||
			!r.Client || !r.Valid || !r.Verified || r.Facts.Old || r.Facts.From.String() > day || r.Facts.To.String() != "" && r.Facts.To.String() < day {
			continue
		}
		for _, p := range r.Facts.Tasks[0].Periods {
			unit, producer := strings.Split(string(p.Unit), "."), strings.Split(string(q.Asking.Recipient), ".")
			// Of an organisation x.10.0 the units are x.10.n: the first six numbers tell.
			named = named || runs(p.From, p.To) && len(unit) >= 7 && slices.Equal(unit[:6], producer[:6])
		}
	}
	return right && named
}

// literalHidden is V4, V5 and V11.
func literalHidden(r *request) bool {
	d := &r.document
	unknownMark := func(m record.Mark) bool { return m != record.Yes && m != record.No }
	switch r.marks.Family {
	case access.NeverShown:
		return true
	case access.OnRelease:
		if d.Display.Released != record.Yes {
			return true
		}
	case access.Ordinary, access.Journal, access.RelationshipOrCase, access.Whereabouts:
	default:
		return true
	}
	task := slices.Contains(record.ServiceTasks[:], d.Task)
	switch d.Kind {
	case "document":
		if !task || !slices.Contains([]record.Production{"own", "purchased", "voucher", "private"}, d.Production) {
			return true
		}
	case "relationship", "case":
		if !task && d.Task != "" || !slices.Contains([]record.Production{"", "own", "purchased", "voucher", "private"}, d.Production) {
			return true
		}
	default:
		return true
	}
	return !d.Valid || unknownMark(d.SharedCase) || unknownMark(d.Display.Special) || unknownMark(d.Display.Released) ||
		unknownMark(d.Display.WithheldFromGuardians) || d.Language != "fi" && d.Language != "sv" || d.Clients > 1 && d.SharedCase != record.Yes
}

// literalDeclarations is D1, D2, D4, D5, D8 and D18.
func literalDeclarations(r *request, _ string, stands func(string, bool)) {
	d, clients := &r.document, map[record.PersonID]bool{subjectID: true}
	lets := func(one record.Declarations) (permit, hit bool) {
		for _, p := range one.Prohibitions {
			switch p.Target.Kind {
			case "document":
				hit = hit || p.Target.Set == d.Set
			case "task":
				hit = hit || d.Task == p.Target.Task || d.Task == ""
			case "controller":
				hit = hit || p.Target.Controller == d.Controller
			default:
				hit = true
			}
		}
		given := one.Permit
		return given.Given && given.Since.Unix() > 0 && given.Since.Unix() <= r.question.At.Unix(), hit
	}
	stands("D1", len(r.own) == 0)
	for _, one := range r.own {
		permit, hit := lets(one)
		stands("D1", !permit)
		stands("D4", hit)
	}
	for _, one := range r.others {
		permit, hit := lets(one)
		stands("D18", !permit || hit)
		if one.Client != "" {
			clients[one.Client] = true
		}
	}
	stands("D18", len(clients) < d.Clients)
}

// Why it exists: one author's mistake in reading the rules would pass every test that he wrote for
// his own code. The table and this statement were written apart; random requests compare them.
func FuzzASecondStatementOfTheRulesAgrees(f *testing.F) {
	seedRequests(f)
	f.Fuzz(func(t *testing.T, b []byte) {
		r := (&dice{b}).request()
		got := r.decide()
		want, obstacles := literal(r)
		if outcome(got) != want {
			t.Errorf("got %s by %s, the second statement says %s %v", outcome(got), got.Rule, want, obstacles)
		}
		if !got.Allowed && !slices.Contains(obstacles, string(got.Rule)) {
			t.Errorf("denied by %s, which the second statement does not name: %v", got.Rule, obstacles)
		}
	})
}

// Why it exists: a comparison over requests that are all denied compares nothing.
func TestTheThrownRequestsReachEveryRule(t *testing.T) {
	seen := map[string]int{}
	for i := range 40_000 {
		r := (&dice{throw(uint64(i))}).request()
		got := r.decide()
		if want, _ := literal(r); want != outcome(got) {
			t.Fatalf("throw %d: got %s by %s, the second statement says %s", i, outcome(got), got.Rule, want)
		}
		seen[outcome(got)+" "+string(got.Rule)]++
	}
	for _, want := range []string{
		"allowed D2", "allowed D6", "allowed D15", "flagged D7", "denied D1", "denied D4", "denied D7", "denied D14", "denied D15",
		"denied D16", "denied D18", "denied D19", "denied V1", "denied V3", "denied V11",
	} {
		if seen[want] < 20 {
			t.Errorf("%s: %d times only", want, seen[want])
		}
	}
	t.Log(seen)
}
