package web_test

import (
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
	"syscall"
	"testing"
	"time"

	"kuulas.example/cmd/kuulas-demo/data"
	"kuulas.example/internal/archive"
	"kuulas.example/internal/portal"
	"kuulas.example/internal/record"
	"kuulas.example/internal/seal"
	"kuulas.example/internal/sosmeta"
	"kuulas.example/internal/store"
	"kuulas.example/internal/testkit"
	"kuulas.example/web"
)

// Sizes of the measurement: what make bench reports.
const (
	readers    = 64  // concurrent connections
	visitors   = 640 // persons who are logged in
	pressTime  = 5 * time.Second
	smallCrowd = 200    // persons with 50 documents: 10,000 documents
	largeCrowd = 20_000 // persons with 50 documents: 1,000,000 documents
)

// crowded is a portal whose store holds a crowd.
type crowded struct {
	*house
	crowd       testkit.Crowd
	keys        *seal.Keys
	definitions *sosmeta.Set
	pages       http.Handler
	address     string
	requests    map[string][][]byte // one of each visitor, by page
}

// heavy is the person with 5,000 documents of which 4,500 are silent.
var heavy = testkit.Crowd{Persons: 1, Documents: 5000, Silent: 4500, First: 500_000}

// newCrowded fills a store and serves it; the import is measured on the way.
func newCrowded(b *testing.B, persons int, options ...store.Option) *crowded {
	b.Helper()
	c := &crowded{crowd: testkit.Crowd{Persons: persons, Documents: 50}, requests: map[string][][]byte{}}
	c.house = &house{t: b, log: &logged{}, metrics: web.NewMetrics(), level: 8, clock: &clock{at: time.Now().Truncate(time.Second)}}
	for n := range min(visitors, persons) {
		c.people = append(c.people, data.Person{Code: c.crowd.Code(n).Reveal(), Given: "Asiakas", Family: fmt.Sprintf("Esimerkki%d", n)})
	}
	c.people = append(c.people, data.Person{Code: heavy.Code(0).Reveal(), Given: "Asiakas", Family: "Raskas"})
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(b, err)
	c.base, c.address = "http://"+listener.Addr().String(), listener.Addr().String()
	c.keys, err = testKeys()
	must(b, err)
	c.file = filepath.Join(b.TempDir(), "kuulas.db")
	c.db, err = store.Open(b.Context(), c.file, c.keys, append(options, store.WithClock(c.clock.now))...)
	must(b, err)
	c.definitions, _, err = sosmeta.Load(sosmeta.Embedded())
	must(b, err)
	c.load(b, c.crowd)
	c.load(b, heavy)
	c.pages = c.house.pages(c.keys, c.definitions)
	server := &http.Server{Handler: c.pages, ReadHeaderTimeout: time.Minute}
	go func() { _ = server.Serve(listener) }()
	b.Cleanup(func() {
		must(b, server.Close())
		must(b, c.db.Close())
	})
	return c
}

// load imports a crowd and tells how fast, with the memory that was held at the end.
func (c *crowded) load(b *testing.B, crowd testkit.Crowd) {
	b.Helper()
	organisation := filepath.Join(b.TempDir(), "organisation.yaml")
	must(b, os.WriteFile(organisation, []byte(testkit.OrganisationFile), 0o600))
	began := time.Now()
	summary, err := archive.Import(b.Context(), archive.Options{
		DB: c.db, Keys: c.keys, Definitions: c.definitions, Parser: archive.Parser{ArtificialOnly: true}, Stdin: crowd.Bundle(),
	}, organisation, "-")
	must(b, err)
	if !summary.OK() {
		b.Fatalf("the crowd was not loaded: %v", summary.Problems)
	}
	if n := crowd.Persons * crowd.Documents; n >= 10_000 {
		var memory runtime.MemStats
		runtime.ReadMemStats(&memory)
		b.Logf("import of %d entries: %.0f a second, %d MB of heap at its end", n, float64(n)/time.Since(began).Seconds(), memory.HeapInuse>>20)
	}
}

// logInAll logs the visitors in and writes their requests as bytes on the wire.
func (c *crowded) logInAll(b *testing.B) {
	b.Helper()
	for n, p := range c.people {
		c.clock.pass(time.Since(c.clock.now())) // the provider's clock is the machine's
		person := c.browser()
		person.login("/fi/login", p.Family)
		var cookies []string
		for _, k := range person.cookies() {
			cookies = append(cookies, k.Name+"="+k.Value)
		}
		request := func(page, address string) {
			c.requests[page] = append(c.requests[page], fmt.Appendf(nil, "GET %s HTTP/1.1\r\nHost: %s\r\nCookie: %s\r\n\r\n", address, c.address, strings.Join(cookies, "; ")))
		}
		if n == len(c.people)-1 {
			request("heavy", "/fi/p/self/tasks/disability")
			continue
		}
		request("task", "/fi/p/self/tasks/disability")
		request("document", "/fi/p/self/documents/"+person.documents()[0])
	}
}

// measure is one line of the report.
type measure struct {
	testkit.Load
	allocations float64       // per request, in the whole process; the client's are next to none
	processor   time.Duration // of the whole process, per request: what a busy machine changes least
}

func (c *crowded) press(b *testing.B, page string) measure {
	b.Helper()
	requests := c.requests[page]
	return press(b, c.address, func(connection, n int) []byte { return requests[(n*readers+connection)%len(requests)] })
}

func press(b *testing.B, address string, next func(connection, n int) []byte) measure {
	b.Helper()
	_, err := testkit.Press(address, readers, pressTime/5, next) // warm
	must(b, err)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	began := processorTime(b)
	load, err := testkit.Press(address, readers, pressTime, next)
	must(b, err)
	used := processorTime(b) - began
	runtime.ReadMemStats(&after)
	return measure{load, float64(after.Mallocs-before.Mallocs) / float64(load.Requests), used / time.Duration(load.Requests)}
}

func processorTime(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	must(b, syscall.Getrusage(syscall.RUSAGE_SELF, &u))
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// pressMemory measures the same page from memory and a bare handler with as many bytes.
func (c *crowded) pressMemory(b *testing.B, size int) (memory, bare measure) {
	b.Helper()
	code := c.crowd.Code(0)
	person, found, err := c.db.PersonByCode(b.Context(), code)
	must(b, err)
	if !found {
		b.Fatal("the first person is not there")
	}
	server, ok := c.pages.(*web.Server)
	if !ok {
		b.Fatal("the pages are not a web server")
	}
	handler, err := server.TaskFromMemory(portal.OwnVisit(record.Viewer{Person: person, Code: code}, ""), record.Disability)
	must(b, err)
	s := httptest.NewServer(handler)
	defer s.Close()
	address := s.Listener.Addr().String()
	fixed := func(path string) func(int, int) []byte {
		request := fmt.Appendf(nil, "GET %s HTTP/1.1\r\nHost: %s\r\n\r\n", path, address)
		return func(int, int) []byte { return request }
	}
	return press(b, address, fixed("/memory")), press(b, address, fixed(fmt.Sprintf("/bare/%d", size)))
}

// BenchmarkPage is one kind of page alone, for profiles.
func BenchmarkPage(b *testing.B) {
	for _, page := range []string{"task", "document"} {
		b.Run(page, func(b *testing.B) {
			c := newCrowded(b, smallCrowd)
			c.logInAll(b)
			b.ResetTimer()
			m := c.press(b, page)
			b.ReportMetric(m.PerSecond(), "pages/s")
			b.ReportMetric(m.allocations, "allocs/page")
			b.ReportMetric(float64(m.processor.Nanoseconds())/1000, "µs/page")
		})
	}
}

// BenchmarkLoad is the portal's report on itself. It runs once, whatever -benchtime says, and
// prints a table: everything in one run on one machine, so that the ratios mean something.
func BenchmarkLoad(b *testing.B) {
	if testing.Short() {
		b.Skip("fills a store with a million documents")
	}
	defer debug.SetGCPercent(debug.SetGCPercent(400)) // as the program does when it serves
	small := newCrowded(b, smallCrowd)
	small.logInAll(b)
	large := newCrowded(b, largeCrowd)
	large.logInAll(b)

	task := large.press(b, "task")
	memory, bare := large.pressMemory(b, task.Bytes)
	report := func(name string, m measure) {
		b.Logf("%-44s %6.0f/s %5.2f of bare  p50 %5.1f ms  p99 %5.1f ms  %4d µs of processor  %5.0f allocations  %5d bytes", name, m.PerSecond(),
			m.PerSecond()/bare.PerSecond(), milliseconds(m.P50), milliseconds(m.P99), m.processor.Microseconds(), m.allocations, m.Bytes)
	}
	report("bare Echo handler, as many bytes", bare)
	report("the task's page from memory", memory)
	report("task, 50 rows, 1,000,000 documents stored", task)
	report("task, 50 rows, 10,000 documents stored", small.press(b, "task"))
	report("document, 1,000,000 documents stored", large.press(b, "document"))
	report("document, 10,000 documents stored", small.press(b, "document"))
	report("task of 5,000 documents, 4,500 silent", large.press(b, "heavy"))
	report("task while an import runs", large.pressDuringImport(b))
	uncached := newCrowded(b, smallCrowd, store.WithCachedRows(0))
	uncached.logInAll(b)
	report("task, rows read anew at each request", uncached.press(b, "task"))
	b.ReportMetric(task.PerSecond(), "pages/s")
	b.ReportMetric(task.PerSecond()/bare.PerSecond(), "of-bare")
	b.ReportMetric(milliseconds(task.P99), "p99-ms")
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
