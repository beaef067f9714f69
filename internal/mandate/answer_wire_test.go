package mandate

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"log"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"kuulas.example/internal/record"
	"kuulas.example/internal/standin"
)

const yes = `{"result":"ALLOWED"}`

func zipped(s string) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = io.WriteString(z, s)
	_ = z.Close()
	return b.Bytes()
}

// body answers 200 with headers, given in pairs, and a body.
func body(b string, headers ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		_, _ = io.WriteString(w, b)
	}
}

// status answers with a status and a body.
func status(code int, b string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(code)
		body(b)(w, r)
	}
}

// dripping sends a body byte by byte, with a pause before each, until nobody reads it any more.
func dripping(b string, pause time.Duration) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		for i := range len(b) {
			select {
			case <-time.After(pause):
			case <-r.Context().Done():
				return
			}
			_, _ = io.WriteString(w, b[i:i+1])
			_ = http.NewResponseController(w).Flush()
		}
	}
}

// Why it exists: an answer can be spoiled between its writer and its reader in more ways than
// JSON knows, and only a whole one counts.
func TestAnAnswerCountsOnlyWhenItCameWholeAndReadable(t *testing.T) {
	bomb := zipped(yes + strings.Repeat(" ", 100*bodySize))
	for name, c := range map[string]struct {
		answer http.HandlerFunc
		limit  func(*Config)
		want   error
	}{
		"compressed":                  {body(string(zipped(yes)), "Content-Encoding", "gzip"), patient, nil},
		"compressed, and far too big": {body(string(bomb), "Content-Encoding", "gzip"), patient, ErrUncheckable},
		"compressed and cut off":      {body(string(zipped(yes)[:30]), "Content-Encoding", "gzip"), patient, ErrUncheckable},
		"said to be compressed":       {body(yes, "Content-Encoding", "gzip"), patient, ErrUncheckable},
		"compressed in another way":   {body("\x0b\x02\x80", "Content-Encoding", "br"), patient, ErrUncheckable},
		"with a byte order mark":      {body("\ufeff" + yes), patient, ErrUncheckable},
		"in UTF-16":                   {body("{\x00\"\x00r\x00"), patient, ErrUncheckable},
		"of another type":             {body(yes, "Content-Type", "text/plain; charset=iso-8859-1"), patient, nil},
		"in pieces":                   {dripping(yes, 0), patient, nil},
		"drop by drop for too long":   {dripping(yes+strings.Repeat(" ", 1000), 10*time.Millisecond), impatient, ErrUncheckable},
		"shorter than it says":        {body(yes, "Content-Length", "30"), patient, ErrUncheckable},
		"without a body":              {body(""), patient, ErrUncheckable},
		"as to HEAD":                  {body("", "Content-Length", "20"), patient, ErrUncheckable},
		"with a huge head":            {body(yes, "X-More", strings.Repeat("x", 2*bodySize)), patient, ErrUncheckable},
		"after a word in advance": {func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(http.StatusEarlyHints)
			body(yes)(w, r)
		}, patient, nil},
		"said to be made":   {status(http.StatusCreated, yes), patient, ErrUncheckable},
		"from another hand": {status(http.StatusNonAuthoritativeInfo, yes), patient, ErrUncheckable},
		"said to be a part": {status(http.StatusPartialContent, yes), patient, ErrUncheckable},
		"with a refusal":    {status(http.StatusForbidden, yes), patient, ErrUncheckable},
		"with a cookie":     {body(yes, "Set-Cookie", "a=b; Path=/"), patient, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, c.limit)
			w.answers(Authorization, c.answer)
			chosen, err := w.attempt(standin.AuthorizationsFaults{})
			if c.want != nil {
				refuses(t, name, chosen, err, c.want)
			} else if err != nil || len(chosen.Grants) != 1 {
				t.Errorf("%d grants, %v", len(chosen.Grants), err)
			}
			hides(t, err)
		})
	}
}

// Why it exists: whoever keeps the answers may keep text only, and an exchange that cannot be
// kept would be told as the portal's fault instead of the register's.
func TestAnAnswerOfForeignBytesIsKeptAsText(t *testing.T) {
	w := newWorld(t)
	w.answers(Delegates, body("[{\"personId\":\""+theChild+"\",\"name\":\"Kuusim\xe4ki\"}]", "Content-Type", "application/json;charset=ISO-8859-1"))
	chosen, err := w.attempt(standin.AuthorizationsFaults{})
	refuses(t, "ISO-8859-1", chosen, err, ErrUncheckable)
	kept := w.kept()
	if c := kept[len(kept)-1]; c.Operation != Delegates || !utf8.ValidString(c.Answer) || !strings.Contains(c.Answer, "Kuusim\ufffdki") {
		t.Errorf("%s kept as %q", c.Operation, c.Answer)
	}
}

func TestTheLimitHoldsForTheWholeAnswer(t *testing.T) {
	w := newWorld(t, impatient)
	w.answers(Register, dripping(strings.Repeat(" ", 10_000), 10*time.Millisecond))
	begun := time.Now()
	_, _, err := w.client.Begin(t.Context(), w.user(theAgent), record.Finnish)
	if took := time.Since(begun); !errors.Is(err, ErrUncheckable) || took > 50*w.config.Timeout {
		t.Errorf("%v after %s", err, took)
	}
}

// Why it exists: the end of a session comes with whatever page stands in front of the register.
func TestARefusalIsOneHoweverItsPageComes(t *testing.T) {
	for name, answer := range map[string]http.HandlerFunc{
		"long": func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusUnauthorized)
			_, _ = io.WriteString(w, strings.Repeat("<p>not authorized</p>", bodySize/10))
		},
		"cut off": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "1000")
			w.WriteHeader(http.StatusUnauthorized)
			_, _ = io.WriteString(w, "<p>")
		},
	} {
		w := newWorld(t)
		u := w.user(theAgent)
		g := w.grant(u, 0)
		w.answers(Authorization, answer)
		if _, err := w.client.Check(t.Context(), u, g); !errors.Is(err, ErrChooseAgain) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Why it exists: what left for the register is on record also when nobody waits for its answer.
func TestACallIsKeptWhenTheUserGoesAwayInItsMiddle(t *testing.T) {
	w := newWorld(t, patient)
	ctx, cancel := context.WithCancel(t.Context())
	choice, address := w.begin(w.user(theAgent))
	callback := w.pick(address, 0)
	w.answers(AuthorizationList, func(_ http.ResponseWriter, r *http.Request) {
		cancel()
		<-r.Context().Done()
	})
	before := len(w.kept())
	chosen, err := w.client.Finish(ctx, w.user(theAgent), choice, callback)
	refuses(t, "gone", chosen, err, ErrUncheckable)
	kept := w.kept()[before:]
	if len(kept) != 3 || kept[2].Operation != AuthorizationList || kept[2].Status != 0 || kept[2].Principal != code(t, theChild) || kept[2].RequestID == "" {
		t.Errorf("%d calls are kept", len(kept))
	}
	for range 20 { // chance decides which of two things that are ready is taken
		if _, err := w.client.Finish(ctx, w.user(theAgent), choice, callback); !errors.Is(err, ErrUncheckable) || len(w.kept()) != before+3 {
			t.Fatalf("who is gone already has the register asked: %v", err)
		}
	}
}

// Why it exists: net/http sends a call again when a connection that it kept breaks. The register
// would see the same requestId twice, and the evidence one call (H13).
func TestNoCallIsSentTwice(t *testing.T) {
	w := newWorld(t)
	u := w.user(theAgent)
	g := w.grant(u, 0)
	w.fake.SetFaults(standin.AuthorizationsFaults{Refused: true})
	w.fake.ForgetCalls()
	before := len(w.kept())
	if _, err := w.client.Check(t.Context(), u, g); !errors.Is(err, ErrUncheckable) {
		t.Errorf("got %v", err)
	}
	if sent, kept := len(w.fake.Calls()), len(w.kept())-before; sent != 1 || kept != 1 {
		t.Errorf("sent %d times, kept %d times", sent, kept)
	}
}

// Why it exists: net/http writes the beginning of what comes unasked to the log (L5).
func TestWhatComesAfterAnAnswerDoesNotReachTheLog(t *testing.T) {
	w := newWorld(t)
	var lines strings.Builder
	log.SetOutput(&lines)
	defer log.SetOutput(os.Stderr)
	gone := make(chan struct{})
	w.answers(Register, func(rw http.ResponseWriter, _ *http.Request) {
		defer close(gone)
		conn, both, err := http.NewResponseController(rw).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		defer func() { _ = conn.Close() }()
		_, _ = both.WriteString("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}HTTP/1.1 200 OK\r\n\r\n" + theAgent)
		_ = both.Flush()
		_, _ = io.Copy(io.Discard, both) // until the client closes
	})
	if _, _, err := w.client.Begin(t.Context(), w.user(theAgent), record.Finnish); !errors.Is(err, ErrUncheckable) {
		t.Errorf("got %v", err)
	}
	<-gone
	if strings.Contains(lines.String(), theAgent) {
		t.Errorf("logged: %s", lines.String())
	}
}
