package testkit

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"

	"kuulas.example/internal/record"
	"kuulas.example/internal/sosmeta"
)

// Instance makes a valid document of a definition. Required properties are always there,
// others four times out of five; lists have up to three items. The texts are invented.
func Instance(d *sosmeta.Definition, r *rand.Rand) []byte {
	return InstanceOf(d, Maker{Rand: r})
}

// Maker steers how a document is made. The zero value of every field is a fair default.
type Maker struct {
	Rand *rand.Rand
	Full bool // every property is there and every list has two items
	// Text gives the text of one field; nil or an empty answer makes an invented one.
	Text func(path string, p *sosmeta.Property) string
}

// InstanceOf makes a valid document as the maker says.
func InstanceOf(d *sosmeta.Definition, m Maker) []byte {
	if m.Rand == nil {
		m.Rand = rand.New(rand.NewPCG(1, 2))
	}
	body := map[string]any{d.Key(): m.occurrences(d.Root(), "/"+d.Key())}
	out, err := json.Marshal(body)
	if err != nil {
		panic(err) // made of maps, lists and texts alone
	}
	return out
}

func (m Maker) occurrences(p *sosmeta.Property, path string) any {
	if !p.Repeats() {
		return m.one(p, path)
	}
	n := 2
	if !m.Full {
		n = 1 + m.Rand.IntN(3)
	}
	list := make([]any, n)
	for i := range list {
		list[i] = m.one(p, fmt.Sprintf("%s/%d", path, i))
	}
	return list
}

func (m Maker) one(p *sosmeta.Property, path string) any {
	if allowed, ok := p.Keyword("enum").([]any); ok {
		return allowed[m.Rand.IntN(len(allowed))]
	}
	switch p.Type() {
	case "object":
		if p.Property("value") != nil && p.Property("code") != nil {
			return map[string]any{"value": m.one(p.Property("value"), path+"/value"), "code": units[m.Rand.IntN(len(units))]}
		}
		group := make(map[string]any)
		for _, kid := range p.Properties() {
			if m.Full || p.Required(kid.Key()) || m.Rand.IntN(5) > 0 {
				group[kid.Key()] = m.occurrences(kid, path+"/"+kid.Key())
			}
		}
		return group
	case "boolean":
		return m.Rand.IntN(2) == 0
	case "integer":
		return m.Rand.IntN(40) + 1
	case "number":
		return json.Number(fmt.Sprintf("%d.%d", 1+m.Rand.IntN(9), m.Rand.IntN(100)))
	}
	return m.text(p, path)
}

var systemForm = regexp.MustCompile(`^\^(urn:oid:[0-9.\\]+?)(\(|\$)`)

func (m Maker) text(p *sosmeta.Property, path string) string {
	pattern, _ := p.Keyword("pattern").(string)
	if system := systemForm.FindStringSubmatch(pattern); system != nil {
		return strings.ReplaceAll(system[1], `\`, "") + ".2024"
	}
	if strings.HasPrefix(pattern, "^-?[0-9]{4}") {
		return m.date(strings.Contains(pattern, "T("))
	}
	switch {
	case strings.HasSuffix(path, "/system"):
		return "urn:oid:1.2.246.21"
	case strings.HasSuffix(path, "/henkilotunnus/value"):
		return IdentityCode(m.Rand).Reveal()
	case strings.Contains(path, "/oid_tunnus"), strings.HasSuffix(path, "/asiakkuuden_yksilointitunnus/value"):
		return fmt.Sprintf("1.2.246.10.9999901.11.2024.%d", m.Rand.IntN(9999))
	}
	if m.Text != nil {
		if s := m.Text(path, p); s != "" {
			return s
		}
	}
	return sentences[m.Rand.IntN(len(sentences))]
}

var sentences = []string{"Aamulla satoi.", "Sovittiin uusi aika.", "Kirjasto on auki iltaan.\nPuisto on vieressä.", "Möte på måndag.", "Koivu ja kuusi", "12 a"}

func (m Maker) date(instant bool) string {
	day := fmt.Sprintf("%04d-%02d-%02d", 1990+m.Rand.IntN(40), 1+m.Rand.IntN(12), 1+m.Rand.IntN(28))
	switch m.Rand.IntN(5) {
	case 0:
		return day[:4]
	case 1:
		return day[:7]
	case 2, 3:
		if instant {
			return fmt.Sprintf("%sT%02d:%02d:00+02:00", day, m.Rand.IntN(24), m.Rand.IntN(60))
		}
	}
	return day
}

// IdentityCode makes a personal identity code of the artificial series 900–999.
func IdentityCode(r *rand.Rand) record.IdentityCode {
	const checks = "0123456789ABCDEFHJKLMNPRSTUVWXY"
	day, month, year, serial := 1+r.IntN(28), 1+r.IntN(12), r.IntN(100), 900+r.IntN(100)
	n := ((day*100+month)*100+year)*1000 + serial
	code, err := record.ParseIdentityCode(fmt.Sprintf("%02d%02d%02d-%03d%c", day, month, year, serial, checks[n%31]))
	if err != nil {
		panic(err) // the check character is computed from the digits
	}
	return code
}

var units = []string{"EUR", "m2", "h", "kpl"}
