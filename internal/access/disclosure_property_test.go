package access_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"kuulas.example/internal/access"
	"kuulas.example/internal/record"
)

// Why it exists: the one thing a prohibition may do is to close. Another client's closes as well.
func FuzzAProhibitionNeverAllowsMoreAndItsWithdrawalNeverLess(f *testing.F) {
	seedRequests(f)
	f.Fuzz(func(t *testing.T, b []byte) {
		d := &dice{b}
		r := d.request()
		if len(r.own) == 0 {
			return
		}
		without := r.decide()
		whose := pick(d, r.own, append(r.others, r.own...))
		one := &whose[d.roll(len(whose))].Prohibitions
		*one = slices.Insert(slices.Clone(*one), d.roll(len(*one)+1), d.prohibition())
		if with := r.decide(); with.Allowed && !without.Allowed {
			t.Errorf("a prohibition turned %s into %s", without.Rule, with.Rule)
		} else if with.Allowed && with != without {
			t.Errorf("a prohibition that hits nothing turned %+v into %+v", without, with)
		}
	})
}

// Why it exists: D18. A co-client who says less closes more, and one of whom nothing is known
// is one who said nothing.
func FuzzAnotherClientNeverAllowsMore(f *testing.F) {
	seedRequests(f)
	f.Fuzz(func(t *testing.T, b []byte) {
		d := &dice{b}
		r := d.request()
		if len(r.others) == 0 {
			return
		}
		before := r.decide()
		n := d.roll(len(r.others))
		stricter := []func(){
			func() { r.others[n].Permit = record.Permit{} },
			func() { r.others[n].Permit.Given = false },
			func() { r.others[n].Client = "" },
			func() { r.others[n] = record.Declarations{Client: r.others[n].Client} },
			func() { r.others = append(r.others, record.Declarations{Client: "fourth"}) },
			func() { r.document.Clients++ },
		}
		stricter[d.roll(len(stricter))]()
		if after := r.decide(); after.Allowed && !before.Allowed {
			t.Errorf("less of another client turned %s into %s", before.Rule, after.Rule)
		}
	})
}

// Why it exists: D6, D15 and D7. Whatever anybody declares, these answers stand, rule and all.
func FuzzOwnRegisterProducersAndStatutoryRightsDependOnNoDeclaration(f *testing.F) {
	seedRequests(f)
	f.Fuzz(func(t *testing.T, b []byte) {
		d := &dice{b}
		r := d.request()
		before := r.decide()
		r.own, r.others = d.declarations(subjectID), d.declarations("second")
		after := r.decide()
		free := func(v access.Verdict) bool {
			return slices.Contains([]access.Rule{"D6", "D7", "D13", "D14", "D15", "D19", "V1", "V3", "V11"}, v.Rule)
		}
		if (free(before) || free(after)) && before != after {
			t.Errorf("other declarations turned %+v into %+v", before, after)
		}
	})
}

// Why it exists: D7. Whoever names a provision is named with it, also where it was not needed, and
// naming one closes nothing.
func FuzzAStatutoryRightIsAlwaysFlagged(f *testing.F) {
	seedRequests(f)
	f.Fuzz(func(t *testing.T, b []byte) {
		d := &dice{b}
		r := d.request()
		law := r.question.Asking.Law
		v := r.decide()
		if v.Statutory != (v.Allowed && law.Known()) {
			t.Errorf("law %q: got %+v", law, v)
		}
		if law != "" {
			return
		}
		r.question.Asking.Law = pick(d, record.Law56, record.Law62, record.Law63, record.Law64)
		if with := r.decide(); v.Allowed && !with.Allowed || with.Allowed && !with.Statutory {
			t.Errorf("a provision turned %+v into %+v", v, with)
		}
	})
}

// Why it exists: declarations, rights and relationships come from rows in any order, some twice.
func FuzzOrderAndDuplicatesAreIrrelevant(f *testing.F) {
	seedRequests(f)
	f.Fuzz(func(t *testing.T, b []byte) {
		d := &dice{b}
		r := d.request()
		want := r.decide()
		random := rand.New(rand.NewPCG(uint64(len(b)), uint64(d.roll(256))))
		c, q := r.candidate(), r.question
		c.Declarations = mixed(random, c.Declarations)
		for i := range c.Declarations {
			c.Declarations[i].Prohibitions = mixed(random, c.Declarations[i].Prohibitions)
		}
		q.Rights, q.Relationships = mixed(random, q.Rights), mixed(random, q.Relationships)
		if got := access.Disclose(&q, c); got != want {
			t.Errorf("got %+v, want %+v", got, want)
		}
	})
}

// mixed gives a copy in another order, with some elements twice.
func mixed[T any](random *rand.Rand, all []T) []T {
	copied := slices.Clone(all)
	for _, one := range all {
		if random.IntN(3) == 0 {
			copied = append(copied, one)
		}
	}
	random.Shuffle(len(copied), func(i, j int) { copied[i], copied[j] = copied[j], copied[i] })
	return copied
}

// Why it exists: D5. A prohibition that has to be set again after each correction protects nothing.
func FuzzLaterVersionsStayCovered(f *testing.F) {
	seedRequests(f)
	f.Fuzz(func(t *testing.T, b []byte) {
		d := &dice{b}
		r := d.request()
		if len(r.own) == 0 || r.question.Asking.Law != "" {
			return
		}
		r.own[0].Prohibitions = append(r.own[0].Prohibitions, record.Prohibition{
			Since: now, Target: record.Target{Kind: record.TargetDocument, Set: r.document.Set},
		})
		r.document.Version += 1 + d.roll(9)
		r.document.Newest, r.document.OID = r.document.Version, "1.2.3.99"
		r.document.Created, r.document.Corrected = now.AddDate(1, 0, 0), now.AddDate(1, 0, 0)
		if v := r.decide(); v.Allowed && v.Rule != "D6" && v.Rule != "D15" {
			t.Errorf("a later version is disclosed by %s", v.Rule)
		}
	})
}

// Why it exists: what the rules do not know must close.
func FuzzUnknownValuesDiscloseNothing(f *testing.F) {
	seedRequests(f)
	f.Fuzz(func(t *testing.T, b []byte) {
		d := &dice{b}
		r := d.request()
		unknowns := []func(){
			func() { r.question = access.Question{} },
			func() { r.question.Asking = record.Asking{} },
			func() { r.question.Asking.Law = "65 §" },
			func() { r.question.Asking.Recipient = "" },
			func() { r.document = record.Document{} },
			func() { r.document.Status = "draft" },
			func() { r.document.Verified = false },
			func() { r.document.Client = false },
			func() { r.document.Newest++; r.document.Version = r.document.Newest - 1 },
			func() { r.unknown = true },
		}
		n := d.roll(len(unknowns))
		unknowns[n]()
		if got := r.decide(); got.Allowed || got.Statutory || got.Rule == "" {
			t.Errorf("unknown value %d: got %+v", n, got)
		}
	})
}

// Why it exists: D20. To who may not know why, every denial is the same.
func FuzzADenialWithoutItsRuleIsLikeAnyOther(f *testing.F) {
	seedRequests(f)
	f.Fuzz(func(t *testing.T, b []byte) {
		v := (&dice{b}).request().decide()
		if got := v.Unexplained(); !v.Allowed && got != (access.Verdict{}) || got.Allowed != v.Allowed || got.Statutory != v.Statutory {
			t.Errorf("%+v becomes %+v", v, got)
		}
	})
}

func TestTheZeroValuesDiscloseNothing(t *testing.T) {
	if v := (access.Verdict{}); outcome(v) != "denied" {
		t.Errorf("the zero verdict is %s", outcome(v))
	}
	if v := access.Disclose(&access.Question{}, access.Candidate{}); v.Allowed || v.Rule == "" {
		t.Errorf("nothing asked of nothing: %+v", v)
	}
}
