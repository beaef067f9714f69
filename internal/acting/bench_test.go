package acting_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"kuulas.example/internal/acting"
	"kuulas.example/internal/record"
)

// refusalsOf are the reasons of a refusal whose times are compared, the register's no first.
var refusalsOf = []struct {
	name, who string
	before    func(*house) // makes the person one who can be chosen
	reason    func(*house)
}{
	{"register-no", theChild, childAllowed, func(h *house) { h.fake.Revoke(code(h.t, theAgent), code(h.t, theChild)) }},
	{"marked-child", theChild, childAllowed, func(h *house) { h.mark(theChild) }},
	{"deceased", theAdult, func(h *house) { h.fake.SetRoles(code(h.t, theAgent), code(h.t, theAdult), theTheme) }, func(h *house) {
		h.fake.Revoke(code(h.t, theAgent), code(h.t, theAdult))
	}},
	{"wrong-role", theChild, childAllowed, func(h *house) { h.fake.SetRoles(code(h.t, theAgent), code(h.t, theChild), theTheme) }},
}

func childAllowed(h *house) {
	h.fake.SetRoles(code(h.t, theAgent), code(h.t, theChild), "ALL")
	h.sql("DELETE FROM protection")
	h.sql("UPDATE person SET revision = revision + 1") // nobody's marks are in memory: a new mark never is
}

// BenchmarkRefusals shows that the time of a refusal does not tell its reason (T2). Each reason
// is measured in turn with the register's no: ns/op is the median of the reason, ratio the
// median of its parts of the no beside it, which is 1 but for noise. The stand-in is part of it.
func BenchmarkRefusals(b *testing.B) {
	for _, way := range []struct {
		name string
		once func(*house, acting.Login, int) time.Duration
	}{{"finish", (*house).timedFinish}, {"enter", (*house).timedEnter}} {
		for i, one := range refusalsOf {
			b.Run(way.name+"/"+one.name, func(b *testing.B) {
				h := newHouse(b)
				l := h.login(theAgent)
				var this, parts []float64
				for turn := 0; b.Loop(); turn++ {
					var no, reason time.Duration
					if turn%2 == 0 {
						no, reason = way.once(h, l, 0), way.once(h, l, i)
					} else {
						reason, no = way.once(h, l, i), way.once(h, l, 0)
					}
					this, parts = append(this, float64(reason)), append(parts, float64(reason)/float64(no))
				}
				b.ReportMetric(median(this), "ns/op")
				b.ReportMetric(median(parts), "ratio")
			})
		}
	}
}

func median(all []float64) float64 {
	slices.Sort(all)
	return all[len(all)/2]
}

// timedFinish is how long the refusal of a choice takes.
func (h *house) timedFinish(l acting.Login, reason int) time.Duration {
	h.t.Helper()
	one := refusalsOf[reason]
	one.before(h)
	back := h.callback(l, one.who)
	one.reason(h)
	h.sql("UPDATE person SET revision = revision + 1")
	begun := time.Now()
	_, err := h.rights.Finish(context.Background(), l, back)
	return h.refusedIn(begun, err)
}

// timedEnter is how long the refusal of a page takes.
func (h *house) timedEnter(l acting.Login, reason int) time.Duration {
	h.t.Helper()
	one := refusalsOf[reason]
	one.before(h)
	back := h.callback(l, one.who)
	if _, err := h.rights.Finish(context.Background(), l, back); err != nil {
		h.t.Fatal(err)
	}
	one.reason(h)
	h.sql("UPDATE person SET revision = revision + 1")
	h.pass(time.Minute + time.Second)
	handle := l.Handle(h.person(one.who))
	begun := time.Now()
	_, err := h.rights.Enter(context.Background(), l, handle, acting.ToLook)
	return h.refusedIn(begun, err)
}

func (h *house) refusedIn(begun time.Time, err error) time.Duration {
	h.t.Helper()
	took := time.Since(begun)
	if !errors.Is(err, acting.ErrRefused) {
		h.t.Fatal(err)
	}
	h.rights.Wait()
	return took
}

// BenchmarkEnter is what a page for another person costs on top of one's own: with a yes that
// is still fresh, and with a question to a register that answers at once.
func BenchmarkEnter(b *testing.B) {
	for name, purpose := range map[string]acting.Purpose{"fresh": acting.ToLook, "asked": acting.ToChange} {
		b.Run(name, func(b *testing.B) {
			h := newHouse(b)
			l := h.login(theAgent)
			handle := h.granted(l, theChild)
			for b.Loop() {
				p, err := h.rights.Enter(context.Background(), l, handle, purpose)
				if err != nil || p.Subject().Role != record.Guardian {
					b.Fatal(err)
				}
			}
		})
	}
}
