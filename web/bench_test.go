package web_test

import (
	"io"
	"net/http"
	"testing"
)

// BenchmarkPages measures whole pages over HTTP, each with its session, decisions and
// durable evidence, for 64 readers at once.
func BenchmarkPages(b *testing.B) {
	h := newHouse(b)
	reader := h.loggedIn("Rantala")
	document := "/fi/p/self/documents/" + reader.documents()[0]
	cookies := reader.cookies()
	for _, page := range []struct{ name, address string }{
		{"list of 50", "/fi/p/self/documents"}, {"overview", "/fi/p/self"}, {"document", document}, {"start", "/fi/"},
	} {
		b.Run(page.name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetParallelism(32)
			client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 256}}
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					r, _ := http.NewRequest(http.MethodGet, h.base+page.address, nil)
					for _, c := range cookies {
						r.AddCookie(c)
					}
					w, err := client.Do(r)
					if err != nil || w.StatusCode != http.StatusOK {
						b.Errorf("%v %v", w, err)
						return
					}
					_, _ = io.Copy(io.Discard, w.Body)
					_ = w.Body.Close()
				}
			})
		})
	}
}
