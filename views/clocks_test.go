package views

import (
	"strings"
	"testing"
)

// Why it exists: a receipt must not promise what does not happen, nor hide what did.
func TestClocksSayWhatIsSoAndNothingElse(t *testing.T) {
	const at, sent, answered = "at-1", "at-2", "at-3"
	for lang, p := range printers(t) {
		t.Run(lang, func(t *testing.T) {
			self, followed, nothing := p.T("clocks.wait.next"), p.T("clocks.followed"), p.T("clocks.nothing-to-do")
			done, refused := p.F("clocks.line.acknowledged", "at", answered), p.F("clocks.refused", "at", answered)
			for name, c := range map[string]struct {
				clocks      Clocks
				want, never []string
			}{
				"it goes by itself":      {Clocks{}, []string{p.T("clocks.not-yet"), self, followed, nothing}, nil},
				"nobody receives":        {Clocks{Wait: "receiver"}, []string{p.T("clocks.wait.receiver"), followed, nothing}, []string{self}},
				"there is something to":  {Clocks{Wait: "unclear"}, []string{p.T("clocks.wait.unclear"), followed}, []string{self, nothing}},
				"changed since":          {Clocks{Wait: "turn", Over: true}, []string{p.T("clocks.wait.turn"), p.T("clocks.kept")}, []string{self, followed}},
				"superseded":             {Clocks{Wait: "superseded"}, []string{p.T("clocks.wait.superseded")}, []string{self, followed, p.T("clocks.acknowledged")}},
				"tried, then superseded": {Clocks{Sent: sent, Wait: "superseded"}, []string{sent, p.T("clocks.superseded")}, []string{self, p.T("clocks.acknowledged-waits"), p.T("clocks.not-yet")}},
				"no answer":              {Clocks{Sent: sent}, []string{sent, p.T("clocks.acknowledged-waits")}, []string{self, followed}},
				"acknowledged":           {Clocks{Sent: sent, Acknowledged: answered}, []string{sent, answered}, []string{self, p.T("clocks.not-yet")}},
				"refused": {
					Clocks{Sent: sent, Refused: answered, Office: Contact{Phone: "029 000 0000"}},
					[]string{sent, refused, p.T("clocks.refused-followed"), p.T("clocks.refused-told"), "029 000 0000"},
					[]string{self, done, p.T("clocks.not-yet")},
				},
				"refused, a later one accepted": {
					Clocks{Sent: sent, Refused: answered, Later: "at-4", Over: true},
					[]string{refused, p.F("clocks.refused-later", "at", "at-4")},
					[]string{p.T("clocks.refused-told"), p.T("clocks.kept")},
				},
				"refused and changed since": {Clocks{Sent: sent, Refused: answered, Over: true}, []string{refused}, []string{p.T("clocks.refused-followed")}},
				"local":                     {Clocks{Local: true}, []string{at}, []string{p.T("clocks.sent"), p.T("clocks.not-yet")}},
			} {
				c.clocks.Recorded = at
				text := words(parse(t, render(t, clocks(shellOf(p, ""), c.clocks))))
				for _, want := range append(c.want, at) {
					if !strings.Contains(text, want) {
						t.Errorf("%s: %q is not in %q", name, want, text)
					}
				}
				for _, never := range c.never {
					if strings.Contains(text, never) {
						t.Errorf("%s: %q is in %q", name, never, text)
					}
				}
			}
			if line := (Clocks{Recorded: at, Sent: sent, Acknowledged: answered}).line(p); !strings.HasSuffix(line, done) || !strings.Contains(line, sent) {
				t.Errorf("in a line: %q", line)
			}
			if line := (Clocks{Recorded: at, Wait: "code"}).line(p); !strings.HasSuffix(line, p.T("clocks.wait.code")) || strings.Contains(line, done) {
				t.Errorf("in a line: %q", line)
			}
			if line := (Clocks{Recorded: at, Sent: sent, Refused: answered}).line(p); !strings.Contains(line, refused) {
				t.Errorf("in a line: %q", line)
			}
			if line := (Clocks{Recorded: at, Sent: sent, Wait: "superseded"}).line(p); !strings.HasSuffix(line, p.T("clocks.superseded")) || !strings.Contains(line, sent) {
				t.Errorf("in a line: %q", line)
			}
			if line := (Clocks{}).line(p); line != "" {
				t.Errorf("without clocks: %q", line)
			}
		})
	}
}

// Why it exists: a search that finds nothing does not say that nothing can be prohibited, and a
// register without a name is no document.
func TestNothingIsCalledWhatItIsNot(t *testing.T) {
	for lang, p := range printers(t) {
		page := targetPageOf(p, shellOf(p, ""), "document")
		page.Options = nil
		if got := page.nothing(); got != p.T("choose.none") {
			t.Errorf("%s: without a search: %q", lang, got)
		}
		page.Search = &TargetSearch{Query: "x"}
		if got := page.nothing(); got != p.T("choose.none-found") {
			t.Errorf("%s: of a search: %q", lang, got)
		}
		for kind, want := range map[string]string{"controller": "target.not-named", "document": "target.not-shown", "unclear": "target.unclear-name"} {
			if got := (ProhibitionTarget{Kind: kind}).name(p).Text; got != p.T(want) {
				t.Errorf("%s: a nameless %s is %q", lang, kind, got)
			}
		}
	}
}
