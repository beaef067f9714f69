package main

import (
	"context"
	"net"
	"net/http"
	"net/http/cookiejar"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"kuulas.example/internal/command"
	"kuulas.example/internal/testkit"
)

// demo is the whole program with its data and its provider, on a port of its own.
type demo struct {
	origin string
	said   *output
}

// output collects what a program says; several goroutines write.
type output struct {
	mu   sync.Mutex
	text strings.Builder
	told chan struct{} // closed at the greeting
	once sync.Once
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.text.Write(p)
	if strings.Contains(o.text.String(), "Ctrl-C stops") {
		o.once.Do(func() { close(o.told) })
	}
	return len(p), nil
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

// startDemo runs the program until the test ends, and sees that it stops cleanly.
func startDemo(t *testing.T, settings ...string) *demo {
	t.Helper()
	return startProgram(t, program(), settings...)
}

func startProgram(t *testing.T, p command.Program, settings ...string) *demo {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	if err := listener.Close(); err != nil { // the program takes the port itself
		t.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(address)
	d := &demo{origin: "http://localhost:" + port, said: &output{told: make(chan struct{})}}
	system := command.System{
		Environ: append([]string{"KUULAS_LISTEN=" + address, "KUULAS_DB=sqlite:" + filepath.Join(t.TempDir(), "kuulas.db")}, settings...),
		Stdin:   strings.NewReader(""), Stdout: d.said, Stderr: d.said,
	}
	ctx, stop := context.WithCancel(context.Background())
	status := make(chan int, 1)
	go func() { status <- command.Main(ctx, p, nil, system) }()
	t.Cleanup(func() {
		stop()
		if got := <-status; got != 0 {
			t.Errorf("the demo ended with status %d:\n%s", got, d.said)
		}
	})
	select {
	case <-d.said.told:
	case got := <-status:
		status <- got
		t.Fatalf("the demo did not start:\n%s", d.said)
	case <-time.After(2 * time.Minute):
		t.Fatalf("the demo did not greet:\n%s", d.said)
	}
	return d
}

// logIn goes through the login page of the portal and of the provider as a person of the list.
func (d *demo) logIn(b *testkit.Browser, lang, name string) {
	b.Open(d.origin + "/" + lang + "/")
	b.Click(`a[href^="/` + lang + `/login"]`)
	testkit.Ask[bool](b, `[...document.querySelectorAll("button")].find(e => e.innerText === "`+name+`").id = "chosen", true`)
	b.Click("#chosen")
}

func TestATakenPortIsAClearError(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	said := &output{told: make(chan struct{})}
	got := command.Main(t.Context(), program(), nil, command.System{
		Environ: []string{"KUULAS_LISTEN=" + taken.Addr().String(), "KUULAS_DB=sqlite:" + filepath.Join(t.TempDir(), "kuulas.db")},
		Stdin:   strings.NewReader(""), Stdout: said, Stderr: said,
	})
	if got != 1 || !strings.Contains(said.String(), "KUULAS_LISTEN") || !strings.Contains(said.String(), "in use") {
		t.Errorf("status %d, said %q", got, said)
	}
}

func TestTheDemoIsForTheMachineItselfOnly(t *testing.T) {
	said := &output{told: make(chan struct{})}
	got := command.Main(t.Context(), program(), nil, command.System{
		Environ: []string{"KUULAS_LISTEN=0.0.0.0:0", "KUULAS_DB=sqlite:" + filepath.Join(t.TempDir(), "kuulas.db")},
		Stdin:   strings.NewReader(""), Stdout: said, Stderr: said,
	})
	if got != 1 || !strings.Contains(said.String(), "KUULAS_LISTEN") {
		t.Errorf("status %d, said %q", got, said)
	}
}

// Why it exists: numbers of the evidence log must not be given again by the next start.
func TestARestartGoesOnWhereThePortalStopped(t *testing.T) {
	database := "KUULAS_DB=sqlite:" + filepath.Join(t.TempDir(), "kuulas.db")
	for _, start := range []string{"first start", "second start"} {
		t.Run(start, func(t *testing.T) {
			d := startDemo(t, database)
			jar, err := cookiejar.New(nil)
			if err != nil {
				t.Fatal(err)
			}
			d.logInWithoutBrowser(t, &http.Client{Jar: jar}, "fi", 0)
		})
	}
}

func TestNothingPersonalIsSaidInTheLog(t *testing.T) {
	d := startDemo(t)
	before := len(d.said.String()) // the greeting names the people of the list
	b := testkit.StartBrowser(t)
	d.logIn(b, "fi", "Aino Kyllikki Lehtonen")
	b.Open(d.origin + "/fi/p/self/documents?q=yhteenveto")
	b.Click("main table a, main li a")
	heading := testkit.Ask[string](b, `document.querySelector("h1").innerText`)
	id := b.Address()[strings.LastIndex(b.Address(), "/")+1:]
	if _, err := http.Get(d.origin + "/fi/p/self/documents/" + id); err != nil {
		t.Fatal(err)
	}
	log := d.said.String()[before:]
	for _, personal := range []string{"Lehtonen", "Aino", heading, id, "yhteenveto", "127.0.0.1"} {
		if strings.Contains(log, personal) {
			t.Errorf("%q stands in the log", personal)
		}
	}
	if !strings.Contains(log, "status=200") {
		t.Error("the log says nothing at all")
	}
	if os.Getenv("KUULAS_SHOTS") != "" {
		t.Log(log)
	}
}
