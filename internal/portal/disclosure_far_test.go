package portal_test

import (
	"encoding/json"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"kuulas.example/internal/archive"
	"kuulas.example/internal/declaration"
	"kuulas.example/internal/record"
	"kuulas.example/internal/seal"
	"kuulas.example/internal/store"
)

// The archive of a random history, as the model knows it.

// draw is what a professional draws up, before the archive's data: on a version of it or anew.
func (c *chaos) draw(p *client) {
	set := theirSet + record.OID("."+strconv.Itoa(1000+c.order))
	base, latest := (*version)(nil), c.latest(p)
	if latest != nil && c.dice.IntN(6) > 0 {
		base = latest
		if c.dice.IntN(4) == 0 { // the newest of any of the sets
			sets := slices.Sorted(func(yield func(record.OID) bool) {
				for s := range p.sets {
					if !yield(s) {
						return
					}
				}
			})
			all := p.sets[sets[c.dice.IntN(len(sets))]]
			base = all[len(all)-1]
		}
	}
	v := &version{number: 1, set: set, at: c.at}
	d := delivery{client: p.code, subject: p.code, kind: declaration.KindProhibitions, created: c.at}
	if base != nil {
		v.set, v.number, d.basedOn = base.set, base.number+1, base.oid
	}
	for _, t := range record.ServiceTasks {
		was := base != nil && slices.Contains(base.targets, string(t))
		if was && c.dice.IntN(4) > 0 || !was && c.dice.IntN(6) == 0 {
			v.targets = append(v.targets, string(t))
			d.targets = append(d.targets, task(t))
		}
	}
	c.order++
	v.oid = "1.2.246.10.9999901.12.8." + record.OID(strconv.Itoa(c.order))
	d.set, d.version, d.name = v.set, v.number, v.oid
	v.entry = c.entry(d)
	for _, w := range p.wills {
		w.ended = w.ended || w.archived && !slices.Contains(v.targets, w.target)
	}
	for _, t := range v.targets {
		w := &will{target: t, at: c.at}
		p.wills, v.wills = append(p.wills, w), append(v.wills, w)
	}
	p.queue = append(p.queue, v)
	c.accept(p, v)
	c.note("%s: a professional draws up %s %d on %s: %v", p.code, v.set, v.number, d.basedOn, v.targets)
}

// accept is the archive that takes a version: who looks there from now on knows its targets.
func (c *chaos) accept(p *client, v *version) {
	c.order++
	v.order = c.order
	p.sets[v.set] = append(p.sets[v.set], v)
	for _, w := range p.wills {
		w.archived = w.archived || slices.Contains(v.targets, w.target) && !w.at.After(v.at)
	}
}

func (c *chaos) latest(p *client) (latest *version) {
	for _, all := range p.sets {
		if last := all[len(all)-1]; latest == nil || last.order > latest.order {
			latest = last
		}
	}
	return latest
}

// deliverSome delivers what the archive has, in any order, sometimes without its definition. It
// tells whether it was taken.
func (c *chaos) deliverSome(p *client, i int, unclear bool) bool {
	v := p.queue[i]
	definitions := sendable(c.t)
	if unclear {
		definitions = os.DirFS(c.t.TempDir())
	}
	summary := c.offer(v.entry, definitions)
	c.note("%s: %s %d arrives, unclear %v: %v", p.code, v.set, v.number, unclear, summary.Problems)
	if !summary.OK() {
		return false
	}
	for _, w := range v.wills {
		w.arrived, w.unclear = true, unclear
	}
	p.queue = slices.Delete(p.queue, i, i+1)
	return true
}

// sendSome sends one declaration; the archive takes it if it is newer than what it has of the set. The
// answer may be lost.
func (c *chaos) sendSome(lossy bool) bool {
	due, err := c.db.Due(c.t.Context(), c.at, 20)
	must(c.t, err)
	if len(due) == 0 {
		return false
	}
	o, ok, err := c.db.Claim(c.t.Context(), due[c.dice.IntN(len(due))].OID, c.at, c.at.Add(time.Second))
	must(c.t, err)
	if !ok {
		return false
	}
	taken := true
	if kind, _ := declaration.KindOf(o.Definition); kind == declaration.KindProhibitions {
		taken = c.put(o)
	}
	c.note("sent %s %d: %v", o.Set, o.Version, taken)
	if !taken || lossy && c.dice.IntN(3) == 0 {
		must(c.t, c.db.TryAgain(c.t.Context(), o, c.at.Add(time.Second), true))
		return true
	}
	must(c.t, c.db.Answered(c.t.Context(), o.OID, store.OutboxAcknowledged, "", c.at))
	return true
}

func (c *chaos) put(o store.Outgoing) bool {
	for _, p := range c.clients {
		if p.id != o.Person {
			continue
		}
		all := p.sets[o.Set]
		for _, v := range all {
			if v.oid == o.OID {
				return true // once more
			}
		}
		if len(all) > 0 && o.Version <= all[len(all)-1].number {
			return false
		}
		c.accept(p, &version{oid: o.OID, set: o.Set, number: o.Version, targets: strings.Fields(c.targets(o)), at: c.at, ours: &o})
		return true
	}
	c.t.Fatalf("a declaration of nobody: %s", o.Person)
	return false
}

// echoSome sends one of ours back.
func (c *chaos) echoSome(p *client) {
	for _, all := range p.sets {
		if v := all[c.dice.IntN(len(all))]; v.ours != nil {
			line := echoOf(c.t, v.ours.Body, *v.ours, func(_, e map[string]any) { e["client"] = p.code })
			if summary := c.offer(line, sendable(c.t)); !summary.OK() {
				c.t.Errorf("our own declaration is refused: %v\n%s", summary.Problems, strings.Join(c.trace, "\n"))
			}
			c.note("%s %d comes back", v.set, v.number)
			return
		}
	}
}

// merge makes the second client the first.
func (c *chaos) merge() {
	if len(c.clients) < 2 {
		return
	}
	to, from := c.clients[0], c.clients[1]
	line, err := json.Marshal(map[string]any{"kind": "identity", "id": "m1", "old": from.code, "new": to.code})
	must(c.t, err)
	if summary := c.offer(line, sendable(c.t)); !summary.OK() {
		c.t.Fatalf("the change of identity: %v", summary.Problems)
	}
	to.wills, to.queue = append(to.wills, from.wills...), append(to.queue, from.queue...)
	for set, all := range from.sets {
		to.sets[set] = all
	}
	c.clients = c.clients[:1]
	c.note("%s becomes %s", from.code, to.code)
}

// revalidate loads the definitions.
func (c *chaos) revalidate() {
	keys, err := seal.New([]byte("a data key for tests, 32 bytes: x"[:32]))
	must(c.t, err)
	_, _, err = archive.Revalidate(c.t.Context(), archive.Options{
		DB: c.db, Keys: keys, Definitions: loaded(c.t, sendable(c.t)), Parser: archive.Parser{ArtificialOnly: true, Codes: allCodes},
	})
	must(c.t, err)
	c.note("definitions are loaded")
}
