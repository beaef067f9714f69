package archive

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"pgregory.net/rapid"
)

func readLines(t testing.TB, r io.Reader, most int) (numbers []int, texts []string) {
	t.Helper()
	l := newLineReader(r)
	l.most = most
	for {
		got, err := l.next()
		if errors.Is(err, io.EOF) {
			return numbers, texts
		}
		if err != nil {
			t.Fatal(err)
		}
		text := string(got.text)
		if got.long {
			text = "LONG"
		}
		numbers, texts = append(numbers, got.number), append(texts, text)
	}
}

func TestLinesAreReadWithTheirNumbers(t *testing.T) {
	for _, c := range []struct {
		name, text, want string
	}{
		{"two lines", "a\nb\n", "a|b"},
		{"no end of line at the end", "a\nb", "a|b"},
		{"empty lines are skipped and counted", "\n  \na\r\n\n", "a\r"},
		{"byte order mark", "\ufeffa\n\ufeffb", "a|\ufeffb"},
		{"nothing", "", ""},
		{"a long line between two", "a\n" + strings.Repeat("x", 11) + "\nb", "a|LONG|b"},
		{"a line of the greatest length", strings.Repeat("x", 10) + "\nb", strings.Repeat("x", 10) + "|b"},
		{"a long line at the end", "a\n" + strings.Repeat("x", 5000), "a|LONG"},
	} {
		_, texts := readLines(t, strings.NewReader(c.text), 10)
		if got := strings.Join(texts, "|"); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
	numbers, _ := readLines(t, strings.NewReader("\n\na\n\nb"), 10)
	if len(numbers) != 2 || numbers[0] != 3 || numbers[1] != 5 {
		t.Errorf("got numbers %v, want 3 and 5", numbers)
	}
}

func TestLinesDoNotDependOnHowTheyArrive(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lines := rapid.SliceOf(rapid.StringMatching(`[a-z]{1,40}`)).Draw(t, "lines")
		text := strings.Join(lines, "\n")
		for _, r := range []io.Reader{strings.NewReader(text), iotest.OneByteReader(strings.NewReader(text)), iotest.DataErrReader(strings.NewReader(text))} {
			l := newLineReader(r)
			for i, want := range lines {
				if got, err := l.next(); err != nil || string(got.text) != want || got.number != i+1 {
					t.Fatalf("line %d: got %q, %v", i+1, got.text, err)
				}
			}
			if _, err := l.next(); !errors.Is(err, io.EOF) {
				t.Fatalf("got %v, want the end", err)
			}
		}
	})
}

func TestALongLineIsSkippedInConstantMemory(t *testing.T) {
	endless := io.LimitReader(zeros{}, 256<<20)
	l := newLineReader(io.MultiReader(endless, strings.NewReader("\nb\n")))
	first, err := l.next()
	if err != nil || !first.long {
		t.Fatalf("got %+v, %v, want a long line", first.number, err)
	}
	second, err := l.next()
	if err != nil || !bytes.Equal(second.text, []byte("b")) || second.number != 2 {
		t.Fatalf("got %q, %v, want the next line", second.text, err)
	}
	if cap(l.buffer) > 2*MaxLine+1<<20 {
		t.Errorf("kept %d bytes of a line that is not read", cap(l.buffer))
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = '0'
	}
	return len(p), nil
}
