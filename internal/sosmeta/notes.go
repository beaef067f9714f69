package sosmeta

import (
	"regexp"
	"strings"

	"kuulas.example/internal/record"
)

// rules are the display rules that a field's description and implementation note state in
// words and that hold for a reader. Most notes speak to the author of a document ("shown
// if … is chosen"): what an author could not see was not filled in, so a document shows
// all that it holds, and those notes need nothing here.
type rules struct {
	once        bool // the heading of a repeated group stands only before the first
	heads       bool // the value is the heading of its group, and its own label is not shown
	forbidden   bool // an OID: never shown to a client
	unlessCode  bool // shown only where the person has no identity code
	anonymous   bool // with anonyymi_ilmoitus, names and contacts of this group are not shown
	ownContacts bool // a protected person's own municipality and most contacts are not shown
}

// Package regexp knows word boundaries of ASCII only, so none stands beside ä, å or ö.
var (
	onceRule  = regexp.MustCompile(`(otsikko|nimi)\b[^.]*näytetään (vain|ainoastaan) (kerran|yhden kerran|ensimmäise)|(rubrik|namn)[^.]*\b(bara|endast|enbart) (en (enda )?gång|(den )?första gången)`)
	headsRule = regexp.MustCompile(`näytetään[^.]*\botsikkona|visas\b[^.]*\bsom (en )?rubrik`)
	unnamed   = regexp.MustCompile(`\bei (tällöin )?näytetä|\b(visas|syns) (då )?inte\b`)
	oidWord   = regexp.MustCompile(`\boid([-\s]?(tunnu|tunnist|kod|yksilöint|id)|\b)`)
	codeRule  = regexp.MustCompile(`näytetään vain,? jos henkilötunnusta ei ole|visas (bara|endast) om (det )?inte finns (någon )?personbeteckning|visas (bara|endast) om personbeteckning saknas`)
)

// readRules reads the words of one field. Only an identifier can be an OID: other fields
// may well speak of one ("the name of the unit, found by its OID").
func readRules(key string, r Representation, note, description record.Text) rules {
	lastPart := key == "oid" || strings.HasPrefix(key, "oid_") || strings.HasSuffix(key, "_oid")
	found := rules{forbidden: lastPart || (r == AsIdentifier && oidWord.MatchString(strings.ToLower(
		note.FI+"\n"+note.SV+"\n"+description.FI+"\n"+description.SV)))}
	if note.Empty() {
		return found
	}
	words := strings.ToLower(note.FI + "\n" + note.SV)
	if strings.Contains(words, "kerran") || strings.Contains(words, "ensimmäise") || strings.Contains(words, "gång") {
		found.once = onceRule.MatchString(words)
	}
	found.heads = (r == AsName || r == AsText) && headsRule.MatchString(words) && unnamed.MatchString(words)
	found.unlessCode = strings.Contains(key, "syntyma") && codeRule.MatchString(words)
	found.anonymous = strings.Contains(words, "ilmoittajan nimi- ja yhteystietokenttiä ei näytetä")
	found.ownContacts = isMark(key) && strings.Contains(words, "ei kotikuntaa")
	return found
}
