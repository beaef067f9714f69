package portal_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"kuulas.example/internal/portal"
	"kuulas.example/internal/record"
	"kuulas.example/internal/sosmeta"
	"kuulas.example/internal/store"
)

// will is one prohibition that somebody set: the naive model of what must be in force.
type will struct {
	target   string
	at       time.Time
	arrived  bool // the portal knows it
	archived bool // the archive knows it
	ended    bool // by somebody who knew it
	unclear  bool // it came while its definition was not loaded
}

// version is a prohibition document that the archive has.
type version struct {
	oid, set record.OID
	number   int
	targets  []string
	at       time.Time
	order    int
	entry    []byte // of a professional's: the line that is delivered
	wills    []*will
	ours     *store.Outgoing
}

// client is one person as the model sees them.
type client struct {
	code  string
	visit portal.Visit
	id    record.PersonID
	wills []*will
	sets  map[record.OID][]*version // what the archive has
	queue []*version                // what it has yet to deliver
	given bool
}

// chaos is a random history.
type chaos struct {
	*governed
	dice    *rand.Rand
	clients []*client
	order   int
	trace   []string
	done    map[string]int
}

func newChaos(t *testing.T, seed uint64) *chaos {
	c := &chaos{governed: newGoverned(t, false), dice: rand.New(rand.NewPCG(seed, 11)), done: map[string]int{}}
	c.configure(2)
	for family, code := range map[string]string{"Lehtonen": aino, "Sandvik": "170379-9071"} {
		one := &client{code: code, visit: c.visit(family), id: personOf(c.governed, code), sets: map[record.OID][]*version{}}
		c.permitted(one.visit)
		c.clients = append(c.clients, one)
	}
	slices.SortFunc(c.clients, func(a, b *client) int { return strings.Compare(a.code, b.code) })
	return c
}

var embeddedOnce = sync.OnceValue(func() *sosmeta.Set {
	set, _, err := sosmeta.Load(sosmeta.Embedded())
	if err != nil {
		panic(err) // they are embedded
	}
	return set
})

// configure starts the portal anew: 0 without the official definitions, 1 without codes, 2 with both.
func (c *chaos) configure(how int) {
	definitions, codes := loaded(c.t, sendable(c.t)), allCodes
	if how == 0 {
		definitions = embeddedOnce()
	}
	if how == 1 {
		codes = nil
	}
	c.withDefinitions(definitions, codes)
}

func (c *chaos) note(format string, args ...any) {
	c.trace = append(c.trace, fmt.Sprintf(format, args...))
}

// set and withdraw are the citizen's.
func (c *chaos) prohibitSome(p *client) {
	name := string(record.ServiceTasks[c.dice.IntN(7)])
	preview, err := c.PreviewProhibition(c.t.Context(), p.visit, login, portal.Choice{Kind: record.TargetTask, Name: name})
	must(c.t, err)
	if preview.ID == "" {
		return
	}
	_, err = c.ConfirmProhibition(c.t.Context(), p.visit, login, preview.ID, shownText)
	must(c.t, err)
	p.wills = append(p.wills, &will{target: name, at: c.at, arrived: true})
	c.note("%s sets %s", p.code, name)
}

func (c *chaos) withdrawSome(p *client) {
	d := c.disclosure(p.visit)
	if len(d.Prohibitions) == 0 {
		return
	}
	one := d.Prohibitions[c.dice.IntN(len(d.Prohibitions))]
	c.withdraw(p.visit, one.ID)
	c.withdrawn(p, string(one.Target.Task))
}

// withdrawn ends what the citizen saw; nothing at all by name stands for everything.
func (c *chaos) withdrawn(p *client, target string) {
	in := c.names(p)
	for _, w := range p.wills {
		if w.arrived && (w.target == target || target == "" && w.unclear && !slices.Contains(in, w.target)) {
			w.ended = true
		}
	}
	c.note("%s withdraws %q", p.code, target)
}

func (c *chaos) names(p *client) []string { return strings.Fields(c.inForce(p.visit)) }

// step does something at random.
func (c *chaos) step() {
	c.at = c.at.Add(time.Minute)
	p := c.clients[c.dice.IntN(len(c.clients))]
	what := []string{"set", "set", "withdraw", "draw", "draw", "deliver", "deliver", "deliver", "send", "send", "send", "release", "restart", "echo", "permit", "revalidate", "merge"}[c.dice.IntN(17)]
	c.done[what]++
	switch what {
	case "set":
		c.prohibitSome(p)
	case "withdraw":
		c.withdrawSome(p)
	case "draw":
		c.draw(p)
	case "deliver":
		if len(p.queue) > 0 {
			c.deliverSome(p, c.dice.IntN(len(p.queue)), c.dice.IntN(8) == 0)
		}
	case "send":
		c.sendSome(true)
	case "release":
		c.letGo()
		c.note("released")
	case "restart":
		c.configure(c.dice.IntN(3))
	case "echo":
		c.echoSome(p)
	case "permit":
		p.given = !p.given
		_, err := c.ChangePermit(c.t.Context(), p.visit, p.given, shownText)
		must(c.t, errors.Join(err))
	case "revalidate":
		c.revalidate()
	case "merge":
		if c.dice.IntN(5) == 0 {
			c.merge()
		}
	}
}

// holds checks that nothing is lost: whatever somebody set, and nobody who knew it ended, is in force.
func (c *chaos) holds() bool {
	for _, p := range c.clients {
		in := c.names(p)
		for _, w := range p.wills {
			if w.arrived && !w.ended && !slices.Contains(in, w.target) && !slices.Contains(in, "everything") {
				c.t.Errorf("%s: %s of %s is lost; in force: %v\n%s", p.code, w.target, w.at.Format("15:04"), in, strings.Join(c.trace, "\n"))
				return false
			}
		}
	}
	return true
}

// settles lets everything arrive, and checks that the archive then has what is in force (D17).
func (c *chaos) settles() bool {
	c.configure(2)
	for _, p := range c.clients {
		for tries := 0; len(p.queue) > 0; tries++ {
			c.at = c.at.Add(time.Minute)
			if !c.deliverSome(p, tries%len(p.queue), false) && tries > 500 {
				c.t.Errorf("%s: refused for ever: %s\n%s", p.code, p.queue[0].entry, strings.Join(c.trace, "\n"))
				return false
			}
		}
		c.revalidate()
		for _, s := range c.disclosure(p.visit).Prohibitions {
			if s.Target.Kind == "" {
				c.withdraw(p.visit, s.ID)
				c.withdrawn(p, "")
			}
		}
	}
	for range 300 {
		c.at = c.at.Add(time.Minute)
		if c.letGo() == 0 && !c.sendSome(false) {
			break
		}
	}
	for _, p := range c.clients {
		in, last := c.names(p), c.latest(p)
		var has []string
		if last != nil {
			has = slices.Sorted(slices.Values(last.targets))
		}
		if !slices.Equal(in, has) {
			c.t.Errorf("%s: the archive has %v, in force is %v; outbox %s\n%s", p.code, has, in, c.states(p.id), strings.Join(c.trace, "\n"))
			return false
		}
	}
	return c.holds()
}

// Why it exists: no order of delivery, sending, answers, restarts and changes of identity may lose a
// prohibition, and in the end the archive has what is in force. KUULAS_HISTORIES says how many are
// tried and KUULAS_FIRST with which one it begins; as identities are random, the same one again may
// go another way.
func TestNoHistoryLosesAProhibition(t *testing.T) {
	histories, steps := 6, 60
	if n, err := strconv.Atoi(os.Getenv("KUULAS_HISTORIES")); err == nil {
		histories = n
	}
	first, _ := strconv.Atoi(os.Getenv("KUULAS_FIRST"))
	done := map[string]int{}
	for seed := first; seed < first+histories; seed++ {
		c := newChaos(t, uint64(seed))
		c.done = done
		for i := 0; i < steps && c.holds(); i++ {
			c.step()
		}
		if t.Failed() || !c.holds() || !c.settles() {
			t.Fatalf("history %d", seed)
		}
	}
	t.Log(done)
}
