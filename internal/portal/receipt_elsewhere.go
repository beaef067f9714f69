package portal

import (
	"cmp"
	"context"
	"slices"

	"kuulas.example/internal/record"
	"kuulas.example/internal/store"
)

// elsewhere are the changes that a professional's declarations made (D9), as far as they are for
// this viewer: they have no receipt, and their number is 0.
func (p *Portal) elsewhere(ctx context.Context, w *watch) ([]Receipt, error) {
	prohibitions, err := p.store.Prohibitions(ctx, w.visit.subject.Person)
	if err != nil {
		return nil, err
	}
	var changes []Receipt
	for i := range prohibitions {
		s := &prohibitions[i]
		one := Receipt{Prohibition: s.ID, Target: w.target(s.Target, s.Words), Since: s.Since}
		if s.Receipt == 0 && w.visit.mine(s.Hand) {
			set := one
			set.Action, set.At, set.By = record.ActionProhibit, s.Since, w.by(s.Hand)
			changes = append(changes, set)
		}
		if !s.Ended.IsZero() && s.EndedReceipt == 0 && w.visit.mine(s.EndedHand) {
			one.Action, one.At, one.By = record.ActionRelease, s.Ended, w.by(s.EndedHand)
			changes = append(changes, one)
		}
	}
	permits, err := p.store.PastPermits(ctx, w.visit.subject.Person)
	if err != nil {
		return nil, err
	}
	if s := w.declared.Permit; s != nil && s.Receipt == 0 {
		permits = slices.Insert(permits, 0, *s)
	}
	for i := range permits {
		if s := &permits[i]; w.visit.mine(s.Hand) {
			changes = append(changes, Receipt{Action: permitAction(s), At: s.Since, By: w.by(s.Hand)})
		}
	}
	return changes, nil
}

func permitAction(s *store.PermitSaid) record.Action {
	if s.Given {
		return record.ActionPermit
	}
	return record.ActionNoPermit
}

// newestFirst orders changes by time; of one moment the later receipt stands first.
func newestFirst(changes []Receipt) {
	slices.SortStableFunc(changes, func(a, b Receipt) int {
		if c := b.At.Compare(a.At); c != 0 {
			return c
		}
		return cmp.Compare(b.Number, a.Number)
	})
}
