package endure

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"kuulas.example/internal/portal"
	"kuulas.example/internal/record"
)

// act makes random operations one after the other, as pages and machines do.
func (h *house) act(actor, seed, operations int, mode string, told chan<- step) (err error) {
	dice := rand.New(rand.NewPCG(uint64(actor), uint64(seed)))
	var last [people]uint
	for n := range last {
		last[n] = documentsBits // at the beginning everything is allowed
	}
	for range operations {
		s := step{
			Actor: actor, Person: dice.IntN(2), Target: dice.IntN(len(aims(0))),
			Op: []string{"set", "set", "withdraw", "withdraw", "decide", "decide", "decide", "decide", "permit", "no permit"}[dice.IntN(10)],
		}
		session := []byte{byte(actor)}
		s.Call = time.Now().UnixNano()
		switch s.Op {
		case "set":
			if s.Told = done; mode != forgets || dice.IntN(4) > 0 {
				s.Told, err = h.set(s, session)
			}
		case "withdraw":
			s.Told, err = h.release(s, session)
		case "decide":
			if s.Allowed = last[s.Person]; mode != stale || dice.IntN(2) == 0 {
				s.Allowed, err = h.decide(s.Person)
				last[s.Person] = s.Allowed
			}
		default:
			s.Told = done
			_, err = h.ChangePermit(context.Background(), h.visits[s.Person], s.Op == "permit", words)
		}
		s.Return = time.Now().UnixNano()
		if err != nil {
			return err
		}
		told <- s
	}
	return nil
}

func (h *house) set(s step, session []byte) (told string, err error) {
	target := aims(s.Person)[s.Target]
	choice := portal.Choice{Kind: target.Kind, Name: target.Name()}
	if target.Kind == record.TargetDocument {
		choice.Name = string(h.keys.DocumentID(target.Set))
	}
	preview, err := h.PreviewProhibition(context.Background(), h.visits[s.Person], session, choice)
	if err != nil || preview.ID == "" {
		return already, err
	}
	_, err = h.ConfirmProhibition(context.Background(), h.visits[s.Person], session, preview.ID, words)
	return outcome(err)
}

func (h *house) release(s step, session []byte) (told string, err error) {
	target, v := aims(s.Person)[s.Target], h.visits[s.Person]
	declared, err := h.db.Declared(context.Background(), h.ids[s.Person])
	if err != nil {
		return "", err
	}
	for _, p := range declared.Prohibitions {
		if p.Target != target {
			continue
		}
		preview, err := h.PreviewWithdrawal(context.Background(), v, session, p.ID)
		if err != nil || preview.ID == "" {
			return moved, err
		}
		_, err = h.ConfirmWithdrawal(context.Background(), v, session, preview.ID, words)
		return outcome(err)
	}
	return already, nil
}

func outcome(err error) (string, error) {
	if errors.Is(err, portal.ErrChanged) {
		return moved, nil
	}
	return done, err
}

// decide asks about all documents at once.
func (h *house) decide(person int) (allowed uint, err error) {
	decision, err := h.Decide(context.Background(), portal.Caller{Name: "a machine"}, request(person, setOf(person, 0), setOf(person, 1), setOf(person, 2)))
	for n, d := range decision.Documents {
		if d.Allowed {
			allowed |= 1 << n
		}
	}
	return allowed, err
}
