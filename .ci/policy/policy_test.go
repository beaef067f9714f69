package policy

import (
	"math/rand/v2"
	"syscall"
	"testing"

	"kuulas.example/internal/access"
)

type engines struct {
	cedar  *Cedar
	opa    *OPA
	casbin *Casbin
}

func all(t testing.TB) engines {
	t.Helper()
	c, err := NewCedar()
	if err != nil {
		t.Fatal(err)
	}
	o, err := NewOPA()
	if err != nil {
		t.Fatal(err)
	}
	b, err := NewCasbin()
	if err != nil {
		t.Fatal(err)
	}
	return engines{c, o, b}
}

// answers asks every engine about documents of one request.
func (e engines) answers(t testing.TB, facts []*Facts) map[string][]string {
	t.Helper()
	got := map[string][]string{}
	input, err := e.opa.Request(facts)
	if err != nil {
		t.Fatal(err)
	}
	fromOPA, err := e.opa.Decide(input)
	if err != nil {
		t.Fatal(err)
	}
	for i, f := range facts {
		fromCedar, err := e.cedar.Decide(e.cedar.Request(f))
		if err != nil {
			t.Fatal(err)
		}
		fromCasbin, err := e.casbin.Decide(f)
		if err != nil {
			t.Fatal(err)
		}
		answer, _ := fromOPA[i].(string)
		got["cedar"], got["opa"], got["casbin"] = append(got["cedar"], fromCedar), append(got["opa"], answer), append(got["casbin"], fromCasbin)
	}
	return got
}

// Why it exists: times of engines that answer otherwise compare nothing.
func TestEveryEngineAnswersAsThePortalWithTheSameRule(t *testing.T) {
	e, seen := all(t), map[string]int{}
	r := rand.New(rand.NewPCG(1, 2))
	for i := range 6000 {
		q, c := random(r)
		want := Answer(access.Disclose(&q, c))
		seen[want]++
		for engine, got := range e.answers(t, []*Facts{FactsOf(&q, c, works(q))}) {
			if got[0] != want {
				t.Fatalf("request %d: %s says %q, want %q", i, engine, got[0], want)
			}
		}
	}
	if len(seen) < 15 {
		t.Errorf("only %d answers were compared: %v", len(seen), seen)
	}
	t.Log(seen)
}

func TestEveryEngineAnswersTheRequestOfTheBenchmarks(t *testing.T) {
	e := all(t)
	q, documents := fifty()
	facts := make([]*Facts, len(documents))
	for i, c := range documents {
		facts[i] = FactsOf(&q, c, false)
	}
	for engine, got := range e.answers(t, facts) {
		for i, c := range documents {
			if want := Answer(access.Disclose(&q, c)); got[i] != want {
				t.Errorf("document %d: %s says %q, want %q", i, engine, got[i], want)
			}
		}
	}
}

// measure adds the processor time of the whole process, collector included: on a machine that others
// use as well, the clock on the wall says little.
func measure(b *testing.B, decide func()) {
	b.Helper()
	b.ReportAllocs()
	decide()
	before := processor(b)
	for b.Loop() {
		decide()
	}
	b.ReportMetric(float64(processor(b)-before)/float64(b.N), "cpu-ns/op")
}

func processor(b *testing.B) int64 {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return u.Utime.Nano() + u.Stime.Nano()
}

func BenchmarkDisclose50DocumentsKuulas(b *testing.B) {
	q, documents := fifty()
	verdicts := make([]access.Verdict, len(documents))
	measure(b, func() {
		for i := range documents {
			verdicts[i] = access.Disclose(&q, documents[i])
		}
	})
}

func BenchmarkDisclose50DocumentsCedar(b *testing.B) {
	e := all(b).cedar
	q, documents := fifty()
	requests := make([]CedarRequest, len(documents))
	for i, c := range documents {
		requests[i] = e.Request(FactsOf(&q, c, false))
	}
	measure(b, func() {
		for i := range requests {
			if _, err := e.Decide(requests[i]); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkDisclose50DocumentsOPA(b *testing.B) {
	e := all(b).opa
	q, documents := fifty()
	facts := make([]*Facts, len(documents))
	for i, c := range documents {
		facts[i] = FactsOf(&q, c, false)
	}
	input, err := e.Request(facts)
	if err != nil {
		b.Fatal(err)
	}
	measure(b, func() {
		if _, err := e.Decide(input); err != nil {
			b.Fatal(err)
		}
	})
}

func BenchmarkDisclose50DocumentsCasbin(b *testing.B) {
	e := all(b).casbin
	q, documents := fifty()
	facts := make([]*Facts, len(documents))
	for i, c := range documents {
		facts[i] = FactsOf(&q, c, false)
	}
	measure(b, func() {
		for _, f := range facts {
			if _, err := e.Decide(f); err != nil {
				b.Fatal(err)
			}
		}
	})
}
