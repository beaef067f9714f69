package archive

import (
	"context"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"kuulas.example/internal/record"
	"kuulas.example/internal/store"
)

// state is all that a database knows from the archive, without what differs from one database
// to the next: persons are named by the hashes of their codes, sealed texts are opened.
func (h *house) state() []string {
	h.t.Helper()
	var out []string
	err := h.DB.Read(context.Background(), func(r *store.Read) error {
		names, err := personNames(r)
		if err != nil {
			return err
		}
		for table, columns := range map[string]string{
			"identity_code":   "person_id, hash, current",
			"protection":      "person_id, source, version, mark, until",
			"entry":           "'', oid, set_oid, version, kind, definition, digest",
			"client_document": "person_id, * ",
			"relationship":    "person_id, id, facts",
			"declaration":     "person_id, oid, set_oid, version, based_on, definition, created, valid, digest",
			"disclosure":      "person_id, id, at, digest",
			"register_use":    "'', *",
			"identity_change": "'', *",
			"organisation":    "'', *",
		} {
			rows, err := h.dump(r, table, columns, names)
			if err != nil {
				return fmt.Errorf("%s: %w", table, err)
			}
			out = append(out, rows...)
		}
		return nil
	})
	if err != nil {
		h.t.Fatal(err)
	}
	slices.Sort(out)
	return out
}

func personNames(r *store.Read) (map[string]string, error) {
	rows, err := r.Query("SELECT person_id, hex(hash) FROM identity_code ORDER BY hash")
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	names := map[string]string{}
	for rows.Next() {
		var id, hash string
		if err := rows.Scan(&id, &hash); err != nil {
			return nil, err
		}
		names[id] += hash[:8] + "+"
	}
	return names, rows.Err()
}

func (h *house) dump(r *store.Read, table, columns string, names map[string]string) (out []string, err error) {
	rows, err := r.Query("SELECT " + columns + " FROM " + table)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	head, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	for rows.Next() {
		values := make([]any, len(head))
		for i := range values {
			values[i] = &values[i]
		}
		if err := rows.Scan(values...); err != nil {
			return nil, err
		}
		line := table
		for i, v := range values {
			switch b, isBlob := v.([]byte); {
			case head[i] == "person_id":
				line += " " + names[fmt.Sprint(v)]
			case head[i] == "facts":
				facts, err := h.Keys.Open(b, store.FactsContext(record.DocumentID(fmt.Sprint(values[1]))))
				if err != nil {
					return nil, err
				}
				line += " " + string(facts)
			case isBlob:
				line += " " + hex.EncodeToString(b)
			default:
				line += fmt.Sprintf(" %v", v)
			}
		}
		out = append(out, line)
	}
	return out, rows.Err()
}

// variant is a line of the example bundle with replacements, pair by pair.
func variant(t testing.TB, n int, pairs ...string) string {
	t.Helper()
	l := example(t, n)
	for i := 0; i < len(pairs); i += 2 {
		if !strings.Contains(l, pairs[i]) {
			t.Fatalf("line %d does not hold what is to be replaced (%d)", n, i)
		}
		l = strings.ReplaceAll(l, pairs[i], pairs[i+1])
	}
	return l
}

// entangled are entries whose outcome would depend on their order in a careless importer.
func entangled(t testing.TB) []string {
	codes := []string{aino, inventedCode(7), inventedCode(8), inventedCode(9)}
	identity := func(n, from, to int) string {
		return fmt.Sprintf(`{"kind":"identity","id":"chain-%d","old":"%s","new":"%s"}`, n, codes[from], codes[to])
	}
	all := []string{}
	for i := range exampleLines(t) {
		all = append(all, example(t, i+1))
	}
	all = append(all,
		// three codes of one person, each with documents of its own, one set with two of them
		identity(1, 0, 1), identity(2, 1, 2),
		variant(t, 2, "2026.17", "2026.41", `"version": 2`, `"version": 1`, aino, codes[1]),
		variant(t, 2, "2026.17", "2026.42", `"version": 2`, `"version": 1`, aino, codes[2]),
		variant(t, 2, "2026.17.2", "2026.43.1", "2026.17", "2026.43", `"version": 2`, `"version": 1`, `"clients": ["`+aino+`"]`, `"clients": ["`+codes[0]+`", "`+codes[1]+`"]`, `"sharedCase": false`, `"sharedCase": true`),
		variant(t, 2, "2026.17.2", "2026.43.2", "2026.17", "2026.43", `"clients": ["`+aino+`"]`, `"clients": ["`+codes[2]+`"]`),
		variant(t, 2, "2026.17.2", "2026.43.3", "2026.17", "2026.43", `"version": 2`, `"version": 3`, `"clients": ["`+aino+`"]`, `"clients": ["`+codes[3]+`"]`),
		// a relationship in three versions: protected, silent about it, voided
		variant(t, 9, "2026.32", "2026.44"),
		variant(t, 9, "2026.32.1", "2026.44.2", "2026.32", "2026.44", `"version": 1`, `"version": 2`, `"turvakielto": true, "turvakiellon_paattymispaiva": "2027"`, `"turvakielto": false`),
		variant(t, 9, "2026.32.1", "2026.44.3", "2026.32", "2026.44", `"version": 1`, `"version": 3`, `"status": "current"`, `"status": "voided"`),
		// a set that went from the newest code to the oldest: still one person's
		variant(t, 2, "2026.17.2", "2026.45.1", "2026.17", "2026.45", `"version": 2`, `"version": 1`, aino, codes[2]),
		variant(t, 2, "2026.17.2", "2026.45.2", "2026.17", "2026.45"),
		// a relationship that was another person's first
		variant(t, 8, "2026.30", "2026.46"),
		variant(t, 9, "2026.32.1", "2026.46.2", "2026.32", "2026.46", `"version": 1`, `"version": 2`),
		// the declaration's third version
		variant(t, 13, "2026.2.2", "2026.2.3", "2026.2.1", "2026.2.2", `"version": 2`, `"version": 3`),
	)
	return all
}

func TestTheOrderOfDeliveryAndRepetitionsDoNotMatter(t *testing.T) {
	all := entangled(t)
	reference := newHouse(t)
	if s := reference.lines(all...); !s.OK() {
		t.Fatalf("refused: %v", reference.problems)
	}
	want := reference.state()
	for seed := range uint64(12) {
		random := rand.New(rand.NewPCG(seed, 14))
		lines := slices.Clone(all)
		for range random.IntN(10) {
			lines = append(lines, all[random.IntN(len(all))])
		}
		random.Shuffle(len(lines), func(i, j int) { lines[i], lines[j] = lines[j], lines[i] })
		h := newHouse(t)
		if s := h.lines(lines...); !s.OK() {
			t.Fatalf("seed %d: refused: %v", seed, h.problems)
		}
		if got := h.state(); !slices.Equal(got, want) {
			t.Fatalf("seed %d: another state:\n%s", seed, difference(got, want))
		}
		h.close()
	}
}

func difference(got, want []string) string {
	var out []string
	for _, l := range got {
		if !slices.Contains(want, l) {
			out = append(out, "got  "+l)
		}
	}
	for _, l := range want {
		if !slices.Contains(got, l) {
			out = append(out, "want "+l)
		}
	}
	return strings.Join(out, "\n")
}
