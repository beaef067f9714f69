package views

import (
	"strings"

	"kuulas.example/internal/i18n"
)

// Clocks say truthfully how far a change has come: day and time, or empty for "not yet".
type Clocks struct {
	Recorded, Sent, Acknowledged string
	// Wait is why it was not sent yet: "receiver", "turn", "code", "definition", "name",
	// "unclear", "superseded" or "other"; empty: it goes by itself.
	Wait    string
	Refused string  // when the receiver did not accept it
	Later   string  // when it accepted a later one of the same, which tells all there is to tell
	Over    bool    // what it made so was changed again since
	Local   bool    // it is not sent anywhere: an acknowledged notice
	Office  Contact // whom to ask about a refusal
}

var waitTexts = map[string]string{
	"": "clocks.wait.next", "receiver": "clocks.wait.receiver", "turn": "clocks.wait.turn", "code": "clocks.wait.code",
	"definition": "clocks.wait.definition", "name": "clocks.wait.name", "unclear": "clocks.wait.unclear", "other": "clocks.wait.other",
	"superseded": "clocks.wait.superseded",
}

// superseded reports whether a later change tells of this one, which does not go itself, or not any
// more: an answer to it is not waited for.
func (c Clocks) superseded() bool {
	return c.Wait == "superseded" && c.Acknowledged == "" && c.Refused == ""
}

// waits says why it is not sent yet and what is so all the same.
func (c Clocks) waits(p *i18n.Printer) []string {
	lines := []string{p.T(waitTexts[c.Wait])}
	kept := "clocks.followed"
	if c.Over {
		kept = "clocks.kept"
	}
	switch c.Wait {
	case "superseded":
		return lines
	case "unclear": // there is something to do
		return append(lines, p.T(kept))
	}
	return append(lines, p.T(kept)+" "+p.T("clocks.nothing-to-do"))
}

// refusal says what it means that the receiver did not accept a change.
func (c Clocks) refusal(p *i18n.Printer) string {
	if c.Later != "" {
		return p.F("clocks.refused-later", "at", c.Later)
	}
	if c.Over {
		return p.T("clocks.kept") + " " + p.T("clocks.refused-told")
	}
	return p.T("clocks.refused-followed") + " " + p.T("clocks.refused-told")
}

// line is all of it in a few sentences. What has no clocks has none.
func (c Clocks) line(p *i18n.Printer) string {
	if c.Recorded == "" || c.Local {
		return ""
	}
	lines := []string{p.F("clocks.line.recorded", "at", c.Recorded)}
	switch {
	case c.Refused != "":
		lines = append(lines, p.F("clocks.refused", "at", c.Refused), c.refusal(p))
	case c.Acknowledged != "":
		lines = append(lines, p.F("clocks.line.sent", "at", c.Sent), p.F("clocks.line.acknowledged", "at", c.Acknowledged))
	case c.superseded() && c.Sent != "":
		lines = append(lines, p.F("clocks.line.sent", "at", c.Sent), p.T("clocks.superseded"))
	case c.superseded():
		lines = append(lines, p.T("clocks.wait.superseded"))
	case c.Sent != "":
		lines = append(lines, p.F("clocks.line.sent", "at", c.Sent), p.T("clocks.line.acknowledged-not"))
	default:
		lines = append(lines, p.T("clocks.line.sent-not"), p.T(waitTexts[c.Wait]))
	}
	return strings.Join(lines, " ")
}
