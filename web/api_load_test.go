package web_test

import (
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"kuulas.example/internal/evidence"
	"kuulas.example/internal/paths"
	"kuulas.example/internal/portal"
	"kuulas.example/internal/record"
	"kuulas.example/internal/store"
	"kuulas.example/internal/testkit"
)

// BenchmarkDecisions asks the machine interface about all 50 documents of one person after the other,
// alone and eight at once, each with a token of its own: HTTP, signature, state, decision and its
// record on disk before the answer. It runs once, whatever -benchtime says.
func BenchmarkDecisions(b *testing.B) {
	c := newCrowded(b, smallCrowd)
	for n := range smallCrowd {
		person, _, err := c.db.PersonByCode(b.Context(), c.crowd.Code(n))
		must(b, err)
		must(b, c.db.Change(b.Context(), func(tx *store.Tx) error {
			return tx.PutPermit(person, store.PermitSaid{Permit: record.Permit{Given: true, Since: c.clock.now().AddDate(0, -1, 0)}})
		}))
	}
	c.decideInProcess(b)
	requests, used := c.decisionRequests(b, 24_000), atomic.Int64{}
	next := func(int, int) []byte {
		n := used.Add(1) - 1
		if int(n) >= len(requests) {
			panic("no token is left")
		}
		return requests[n]
	}
	for _, connections := range []int{1, 8} {
		_, err := testkit.Press(c.address, connections, time.Second/2, next) // warm
		must(b, err)
		before := processorTime(b)
		load, err := testkit.Press(c.address, connections, 2*time.Second, next)
		must(b, err)
		b.Logf("decisions about 50 documents over HTTP, %d at once: %5.0f requests a second, %4d µs of processor each with the client, p50 %.1f ms, p99 %.1f ms",
			connections, load.PerSecond(), (processorTime(b)-before).Microseconds()/int64(load.Requests), milliseconds(load.P50), milliseconds(load.P99))
	}
}

// decideInProcess measures the same request without HTTP, in the same run.
func (c *crowded) decideInProcess(b *testing.B) {
	b.Helper()
	p := portal.New(portal.Config{Store: c.db, Definitions: c.definitions, Evidence: evidence.New(c.db, c.keys, evidence.NewNode()), Now: c.clock.now})
	before, began, n := processorTime(b), time.Now(), 0
	for ; time.Since(began) < 2*time.Second; n++ {
		q := portal.DisclosureRequest{Client: c.crowd.Code(n % smallCrowd), Asking: record.Asking{
			Recipient: "1.2.246.10.9999903.10.0", Relationship: true, Purpose: record.Text{FI: "palvelutarpeen arvio", SV: "bedömning av servicebehovet"},
		}}
		for d := range c.crowd.Documents {
			q.Documents = append(q.Documents, crowdSet(n%smallCrowd, d))
		}
		_, err := p.Decide(b.Context(), portal.Caller{Name: "a machine"}, q)
		must(b, err)
	}
	b.Logf("decisions about 50 documents in the process, 1 at once: %5.0f requests a second, %4d µs of processor each",
		float64(n)/time.Since(began).Seconds(), (processorTime(b)-before).Microseconds()/int64(n))
}

func crowdSet(person, document int) record.OID {
	return record.OID(fmt.Sprintf("1.2.246.10.9999901.11.%d.%d", person+1, document+1))
}

// decisionRequests are requests as bytes on the wire. A client may ask so often and no more: they come
// from many.
func (c *crowded) decisionRequests(b *testing.B, n int) (requests [][]byte) {
	b.Helper()
	for i := range n {
		person := i % smallCrowd
		var sets []string
		for d := range c.crowd.Documents {
			sets = append(sets, `"`+string(crowdSet(person, d))+`"`)
		}
		body := fmt.Sprintf(`{"client":%q,"recipient":"1.2.246.10.9999903.10.0","documents":[%s],"purpose":{"fi":"palvelutarpeen arvio","sv":"bedömning av servicebehovet"},"relationship":true}`,
			c.crowd.Code(person).Reveal(), strings.Join(sets, ","))
		token := c.token(scopes[paths.APIDecisions], map[string]any{"iss": fmt.Sprintf("client-%d", i/150)})
		requests = append(requests, fmt.Appendf(nil, "POST %s HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nAuthorization: Bearer %s\r\nContent-Length: %d\r\n\r\n%s",
			paths.APIDecisions, c.address, token, len(body), body))
	}
	return requests
}
