package delivery

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"log/slog"
	"time"

	"kuulas.example/internal/declaration"
	"kuulas.example/internal/record"
	"kuulas.example/internal/store"
)

// Run sends what is due until ctx ends. Calls under way then get the grace to end, and what came of
// them is noted before Run returns.
func (s *Sender) Run(ctx context.Context) {
	calls, cut := context.WithCancel(context.WithoutCancel(ctx))
	defer cut()
	defer context.AfterFunc(ctx, func() { time.AfterFunc(s.config.Grace, cut) })()
	released, news := make(chan struct{}), make(chan struct{}, 1)
	go func() { defer close(released); s.release(ctx, news) }()
	defer func() { <-released }()
	r := &round{Sender: s, calls: calls, ended: make(chan answer, callsAtOnce)}
	for ctx.Err() == nil {
		moment, stop := s.clock.After(r.begin(ctx))
		select {
		case <-ctx.Done():
		case <-s.config.Store.Outgoing():
			select {
			case news <- struct{}{}:
			default:
			}
		case <-moment:
		case a := <-r.ended:
			r.end(a)
		}
		stop()
	}
	for r.busy > 0 {
		r.end(<-r.ended)
	}
}

// round is what Run knows of the receiver and of its own calls. Only Run's goroutine has it.
type round struct {
	*Sender
	calls   context.Context
	ended   chan answer
	busy    int
	failing Outcome   // the last call brought no answer; then one goes at a time
	quiet   time.Time // nothing goes before
}

// begin starts the calls that may be made now, and tells how long there is nothing more to do
// unless something happens.
func (r *round) begin(ctx context.Context) time.Duration {
	for {
		now := r.clock.Now()
		free := callsAtOnce - r.busy
		if r.failing != "" {
			free = 1 - r.busy
		}
		switch {
		case free <= 0:
			return restAtMost // the end of a call comes first
		case now.Before(r.quiet):
			return min(r.quiet.Sub(now), restAtMost)
		}
		due, err := r.config.Store.Due(ctx, now, free)
		if err != nil {
			return r.troubled(ctx, "look for declarations that are due", err)
		}
		for i := range due {
			if err := r.start(ctx, due[i].OID); err != nil {
				return r.troubled(ctx, "claim a declaration", err)
			}
		}
		if len(due) == free {
			continue
		}
		return r.rest(ctx, now)
	}
}

// rest is how long it is until the next declaration is due.
func (r *round) rest(ctx context.Context, now time.Time) time.Duration {
	next, any, err := r.config.Store.NextDue(ctx)
	if err != nil {
		return r.troubled(ctx, "look for the next declaration", err)
	}
	if !any {
		return restAtMost
	}
	return min(max(next.Sub(now), waitAtLeast), restAtMost) // what came meanwhile has told
}

func (r *round) troubled(ctx context.Context, doing string, err error) time.Duration {
	if ctx.Err() == nil {
		r.log.Error("delivery of declarations: "+doing, "error", err.Error())
	}
	return troubleRest
}

// start claims a declaration and sends it.
func (r *round) start(ctx context.Context, oid record.OID) error {
	now := r.clock.Now()
	o, claimed, err := r.config.Store.Claim(ctx, oid, now, now.Add(r.config.Limit+claimMargin))
	if !claimed {
		return err // or another process was faster
	}
	r.busy++
	go func() { r.ended <- r.try(r.calls, &o, err) }()
	return nil
}

// end takes the outcome of a call into account.
func (r *round) end(a answer) {
	r.busy--
	if a.outcome == Trouble {
		return // it says nothing about the receiver
	}
	if a.wait > 0 {
		r.quiet = r.clock.Now().Add(a.wait)
	}
	failing := a.outcome
	if failing.final() {
		failing = ""
	}
	switch {
	case failing == r.failing:
	case failing == "":
		r.log.Info("declarations are delivered again")
	default:
		level := slog.LevelWarn
		if failing.operators() {
			level = slog.LevelError
		}
		r.log.Log(context.Background(), level, "declarations cannot be delivered now", "outcome", string(failing), "status", a.status)
	}
	r.failing = failing
}

// try makes one call with a declaration that is claimed, and notes what came of it. unread says
// that its body could not be opened.
func (s *Sender) try(ctx context.Context, o *store.Outgoing, unread error) answer {
	a := answer{outcome: Trouble}
	switch {
	case unread != nil:
		s.log.Error("a declaration cannot be read", "declaration", s.name(o.OID))
	case !declaration.Official(o.Definition) || !json.Valid(o.Body):
		s.log.Error("a declaration that must not be sent was about to be", "declaration", s.name(o.OID))
		s.noted(o, s.config.Store.HoldBack(context.WithoutCancel(ctx), *o, string(declaration.WaitDefinition)))
		s.config.Metrics.count(a.outcome)
		return a
	default:
		a = s.put(ctx, o)
	}
	s.config.Metrics.count(a.outcome)
	s.noted(o, s.note(context.WithoutCancel(ctx), o, a))
	return a
}

// note writes down what came of a call.
func (s *Sender) note(ctx context.Context, o *store.Outgoing, a answer) error {
	now := s.clock.Now()
	switch a.outcome {
	case Acknowledged:
		return s.config.Store.Answered(ctx, o.OID, store.OutboxAcknowledged, "", now)
	case Refused:
		s.alert("the receiver did not take a declaration: it is in force here and will not be sent again", o)
		return s.config.Store.Answered(ctx, o.OID, store.OutboxRefused, string(a.outcome), now)
	case Conflict:
		s.alert("the receiver does not show that what it holds is the declaration sent: it is in force here and will be sent again", o)
	}
	return s.config.Store.TryAgain(ctx, *o, now.Add(backoff(o.Tries, a.wait)), a.left)
}

// alert tells the operator of a declaration that somebody has to look after.
func (s *Sender) alert(what string, o *store.Outgoing) {
	s.log.Error(what, "declaration", s.name(o.OID), "definition", string(o.Definition), "version", o.Version, "try", o.Tries)
}

// noted tells of a note that could not be written: the declaration goes again when its claim runs out.
func (s *Sender) noted(o *store.Outgoing, err error) {
	if err != nil {
		s.log.Error("what came of sending a declaration could not be noted", "declaration", s.name(o.OID), "error", err.Error())
	}
}

// name is how log lines name a declaration: the same each time, and of no use without the key.
func (s *Sender) name(oid record.OID) string {
	return hex.EncodeToString(s.config.Keys.ObjectHash("declaration:" + string(oid))[:8])
}

// release lets held declarations go, when a change brings news and now and then: a code, a name or
// a definition may have come. However much is held, it takes a twentieth of the time at most.
func (s *Sender) release(ctx context.Context, news <-chan struct{}) {
	for s.config.Release != nil && s.pause(ctx, releaseEvery, news) {
		began := s.clock.Now()
		if _, err := s.config.Release.ReleaseHeld(ctx); err != nil && ctx.Err() == nil {
			s.log.Error("let declarations go that were held", "error", err.Error())
		}
		rest := min(max(20*s.clock.Now().Sub(began), releaseRest), releaseRestAtMost)
		if !s.pause(ctx, rest, nil) {
			return
		}
	}
}

// pause waits for d or for news, and tells whether the sender goes on.
func (s *Sender) pause(ctx context.Context, d time.Duration, news <-chan struct{}) bool {
	moment, stop := s.clock.After(d)
	defer stop()
	select {
	case <-ctx.Done():
		return false
	case <-news:
	case <-moment:
	}
	return true
}
