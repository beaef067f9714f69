package web_test

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"kuulas.example/internal/standin"
)

// events are the acts in the log from a number on, each as "action role result rule subject",
// with the families of the demo for subjects. The register's own questions are left out.
func (h *house) events(from int) []string {
	h.t.Helper()
	names := map[string]string{}
	for _, family := range []string{"Rantala", "Virtanen", "Kivelä", "Mäkelä", "Ahonen"} {
		person, known, err := h.db.PersonByCode(h.t.Context(), h.code(family))
		must(h.t, err)
		if known {
			names[string(filled.keys.ObjectHash("person:"+string(person)))] = family
		}
	}
	rows, err := h.outside().Query(`SELECT e.action, e.role, e.result, e.rule, p.subject FROM event e JOIN event_person p USING (node, seq)
		WHERE e.action <> 'register.ask' ORDER BY e.seq`)
	must(h.t, err)
	defer func() { must(h.t, rows.Close()) }()
	var acts []string
	for rows.Next() {
		var action, role, result, rule, subject string
		must(h.t, rows.Scan(&action, &role, &result, &rule, &subject))
		acts = append(acts, strings.Join(strings.Fields(strings.Join([]string{action, role, result, rule, names[subject]}, " ")), " "))
	}
	must(h.t, rows.Err())
	return acts[min(from, len(acts)):]
}

// acts are what one does for another, each with the events that must lie in the log when its
// answer is there.
var acts = []struct {
	name string
	do   func(d *badDay, id string) answer
	want []string
}{
	{"choose", func(d *badDay, _ string) answer { return d.b.post("/fi/others", "token", d.b.token()) }, []string{"overview.view self allowed Kivelä", "acting.choose self allowed Kivelä"}},
	{"begin", func(d *badDay, _ string) answer { return d.b.get(d.b.act("Rantala")) }, []string{
		"overview.view self allowed Kivelä", "acting.choose self allowed Kivelä", "acting.begin mandate allowed Rantala", "overview.view mandate allowed Rantala",
	}},
	{"overview", func(d *badDay, _ string) answer { return d.b.get(d.mother) }, []string{"overview.view mandate allowed Rantala"}},
	{"list", func(d *badDay, _ string) answer { return d.b.get(d.mother + "/documents?q=x") }, []string{"documents.list mandate allowed Rantala"}},
	{"a filter that cannot be read", func(d *badDay, _ string) answer { return d.b.get(d.mother + "/documents?from=x") }, []string{"documents.list mandate allowed Rantala"}},
	{"task", func(d *badDay, _ string) answer { return d.b.get(d.mother + "/tasks/elderly") }, []string{"documents.list mandate allowed Rantala"}},
	{"document", func(d *badDay, id string) answer { return d.b.get(d.mother + "/documents/" + id) }, []string{"document.view mandate allowed Rantala"}},
	{"head of a document", func(d *badDay, id string) answer { return d.b.do(http.MethodHead, d.mother+"/documents/"+id, nil) }, []string{"document.view mandate allowed Rantala"}},
	{"print", func(d *badDay, id string) answer { return d.b.get(d.mother + "/documents/" + id + "/print") }, []string{"document.print mandate allowed Rantala"}},
	{"file", func(d *badDay, id string) answer { return d.b.get(d.mother + "/documents/" + id + "/pdf") }, []string{"document.pdf mandate allowed Rantala"}},
	{"head of a file", func(d *badDay, id string) answer {
		return d.b.do(http.MethodHead, d.mother+"/documents/"+id+"/pdf", nil)
	}, []string{"document.pdf mandate allowed Rantala"}},
	{"a file that is not there", func(d *badDay, _ string) answer {
		return d.b.get(d.mother + "/documents/" + strings.Repeat("a", 26) + "/pdf")
	}, []string{"document.pdf mandate denied Rantala"}},
	{"a receipt's file that is not there", func(d *badDay, _ string) answer { return d.b.get(d.mother + "/receipts/7/pdf") }, []string{"receipt.pdf mandate denied D12 Rantala"}},
	{"a document that is not there", func(d *badDay, _ string) answer { return d.b.get(d.mother + "/documents/" + strings.Repeat("a", 26)) }, []string{"document.view mandate denied Rantala"}},
	{"a check that cannot be made", func(d *badDay, _ string) answer {
		d.clock.pass(61 * time.Second)
		d.fault(http.StatusInternalServerError)
		defer d.fault(0)
		return d.b.get(d.mother)
	}, []string{"acting.check mandate denied A4 Rantala"}},
	{"stop", func(d *badDay, _ string) answer { d.stop(); return answer{} }, []string{"overview.view self allowed Kivelä", "acting.stop mandate allowed Rantala"}},
	{"stop again", func(d *badDay, _ string) answer {
		return d.b.post("/fi/others/stop", "token", d.b.token(), "subject", strings.TrimPrefix(d.mother, "/fi/p/"))
	}, []string{"overview.view self allowed Kivelä"}},
}

// Why it exists (L1): each act for another is in the log, in its role and about its person,
// when its answer leaves.
func TestEveryActForAnotherIsRecordedBeforeItsAnswer(t *testing.T) {
	h := newHouse(t)
	d := newBadDay(t, h)
	id := unique(documentLink.FindAllStringSubmatch(d.b.get(d.mother+"/documents").body, -1), 2)[0]
	for _, act := range acts {
		from := len(h.events(0))
		act.do(d, id)
		if got := h.events(from); !slices.Equal(got, act.want) {
			t.Errorf("%s left %q, want %q", act.name, got, act.want)
		}
	}
}

// Why it exists (L1, A4): a refusal is the same page whatever its reason, and the log alone
// holds which it was.
func TestEveryRefusalIsRecordedWithItsRule(t *testing.T) {
	for name, c := range map[string]struct {
		who, whom string
		spoil     func(t *testing.T, h *house)
		want      string
	}{
		"refused at once":           {"Ahonen", "Virtanen", nil, "acting.begin denied A2 Virtanen"},
		"marked before the choice":  {"Mäkelä", "Virtanen", func(t *testing.T, h *house) { h.add(protection(t, h.code("Virtanen"))) }, "acting.begin guardian denied T3 Virtanen"},
		"an adult's mandate is cut": {"Kivelä", "Rantala", func(_ *testing.T, h *house) { h.register.Revoke(h.code("Kivelä"), h.code("Rantala")) }, "acting.begin denied A2 Rantala"},
	} {
		h := newHouse(t)
		if c.spoil != nil {
			c.spoil(t, h)
		}
		b := h.loggedIn(c.who)
		if got := b.act(c.whom); got != "/fi/others?outcome=refused" {
			t.Errorf("%s: led to %q", name, got)
		}
		if got := h.events(0); got[len(got)-1] != c.want {
			t.Errorf("%s: the log ends with %q, want %q", name, got[len(got)-1], c.want)
		}
	}
}

// full lets the log take so many more events, whatever they are; less than none mends it.
func (h *house) full(after int) {
	h.t.Helper()
	h.rights.Wait() // what is under way in the background is written first
	_, err := h.outside().Exec("DROP TRIGGER IF EXISTS log_full")
	must(h.t, err)
	if after < 0 {
		return
	}
	var last int
	must(h.t, h.outside().QueryRow("SELECT max(seq) FROM event").Scan(&last))
	_, err = h.outside().Exec(fmt.Sprintf("CREATE TRIGGER log_full BEFORE INSERT ON event WHEN NEW.seq > %d BEGIN SELECT RAISE(ABORT, 'full'); END", last+after))
	must(h.t, err)
}

// midway are acts that write several events. Whatever event is the first that the log does not
// take, nothing of the other person is shown and nothing is granted.
var midway = []struct {
	name   string
	needs  int // events that must be written before there is a page
	action func(d *badDay, id string) answer
}{
	{"overview", 1, func(d *badDay, _ string) answer { return d.b.get(d.mother) }},
	{"list", 1, func(d *badDay, _ string) answer { return d.b.get(d.mother + "/documents") }},
	{"task", 1, func(d *badDay, _ string) answer { return d.b.get(d.mother + "/tasks/elderly") }},
	{"document", 1, func(d *badDay, id string) answer { return d.b.get(d.mother + "/documents/" + id) }},
	{"print", 1, func(d *badDay, id string) answer { return d.b.get(d.mother + "/documents/" + id + "/print") }},
	{"file", 1, func(d *badDay, id string) answer { return d.b.get(d.mother + "/documents/" + id + "/pdf") }},
	{"a page after a check", 2, func(d *badDay, _ string) answer { d.clock.pass(61 * time.Second); return d.b.get(d.mother) }},
}

// personal is what only pages of somebody's records have.
var personal = regexp.MustCompile(`/documents/[a-z2-7]{26}|/tasks/|<table|class="leaf"|%PDF`)

func TestWithoutEvidenceNothingOfTheOtherPersonIsShown(t *testing.T) {
	h := newHouse(t)
	d := newBadDay(t, h)
	id := unique(documentLink.FindAllStringSubmatch(d.b.get(d.mother+"/documents").body, -1), 2)[0]
	for _, act := range midway {
		for room := range act.needs + 1 {
			h.full(room)
			a := act.action(d, id)
			h.full(-1)
			// The name on the banner is of the other person, too (A7).
			want, shown := http.StatusServiceUnavailable, personal.MatchString(a.body) || strings.Contains(a.body, "Rantala")
			if room == act.needs {
				want = http.StatusOK
			}
			if a.status != want || shown != (want == http.StatusOK) {
				t.Errorf("%s with room for %d events: %d, something is shown: %v", act.name, room, a.status, shown)
			}
		}
	}
	d.tellsNothing()
}

// Why it exists (L1, H13): a right must not come of a choice of which any part was not recorded.
func TestAChoiceThatCannotBeRecordedGivesNothing(t *testing.T) {
	h := newHouse(t)
	d := newBadDay(t, h)
	d.stop()
	h.full(0)
	if a := d.b.post("/fi/others", "token", tokenForm.FindStringSubmatch(d.b.get("/fi/others").body)[1]); a.status != http.StatusServiceUnavailable || a.location() != "" {
		t.Errorf("a choice began without evidence: %d %q", a.status, a.location())
	}
	for room := 0; ; room++ {
		h.full(-1)
		callback := d.b.choose("fi", "Rantala")
		h.full(room)
		a := d.b.get(callback)
		h.full(-1)
		if a.status == http.StatusSeeOther {
			if room != 5 || a.location() != d.mother {
				t.Errorf("with room for %d events, and five are to be written, the choice led to %q", room, a.location())
			}
			break
		}
		if a.status != http.StatusServiceUnavailable || strings.Contains(a.body, "Rantala") || d.granted() {
			t.Errorf("with room for %d events: %d, or a right was given", room, a.status)
		}
	}
	h.full(0)
	d.register.SetFaults(standin.AuthorizationsFaults{})
	if a := d.b.post("/fi/others/stop", "token", tokenForm.FindStringSubmatch(d.b.get("/fi/others").body)[1], "subject", strings.TrimPrefix(d.mother, "/fi/p/")); a.status != http.StatusServiceUnavailable {
		t.Errorf("a stop without evidence: %d", a.status)
	}
	h.full(-1)
	if !d.granted() {
		t.Error("a stop that was not recorded was made all the same")
	}
}
