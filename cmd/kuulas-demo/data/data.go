// Package data holds what the demo starts with: invented organisations, documents of invented
// persons, the list of persons who can log in, and for whom they may act.
//
// Nobody in it exists: identity codes are of the artificial series (900–999), names of
// organisations, addresses and numbers are made up. The documents are written for the embedded
// definitions (internal/sosmeta), in Finnish and Swedish, so that every state of a page has
// somebody who shows it; People and Pairs say who. One child turns 18 the day after the demo is
// started, so what is given depends on the day.
package data

import (
	"archive/zip"
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"

	"kuulas.example/internal/record"
)

//go:embed organisations/*.yaml bundles/*.jsonl people.json pairs.json coming-of-age.jsonl.tmpl
var files embed.FS

// Person is one invented person of the login list.
type Person struct {
	Code   string      `json:"code"`   // identity code, artificial and of right form
	Given  string      `json:"given"`  // given names, separated by spaces
	Family string      `json:"family"` // family name
	About  record.Text `json:"about"`  // one or two sentences: what is special, and what to try
}

// Pair is what the register of e-Authorizations knows of two invented people.
type Pair struct {
	Delegate  string      `json:"delegate"`  // identity code of the one who acts
	Principal string      `json:"principal"` // identity code of the one for whom
	Name      string      `json:"name"`      // of the principal
	About     record.Text `json:"about"`     // one sentence: what becomes of the choice
	Roles     []string    `json:"roles"`     // as the register gives them; none: no right
}

const (
	// Theme stands in these data for the mandate theme of social services. It is our own guess:
	// the authority's real one is not public, and this one must never be taken for it.
	Theme = "http://valtuusrekisteri.example/sosiaalihuollon_asiointi"
	// InfoRole stands in these data for a right to information about a child, another guess.
	InfoRole = "urn:kuulas-demo:right-to-information"
)

// Files holds the folders organisations (one YAML file each) and bundles (JSON Lines) as they
// are on a day. A zip archive in memory is a file system that can have one file more.
func Files(today record.Date) fs.FS {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	err := w.AddFS(files)
	if err == nil {
		err = addComingOfAge(w, today)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		panic(err) // all of it is embedded: only a broken build gets here
	}
	all, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		panic(err) // written a moment ago
	}
	return all
}

// People lists the persons in the order of the login list, as they are on a day.
func People(today record.Date) ([]Person, error) { return read[Person]("people.json", today) }

// Pairs lists who may act for whom, in the order of the register's pages, as it is on a day.
func Pairs(today record.Date) ([]Pair, error) { return read[Pair]("pairs.json", today) }

func read[T any](name string, today record.Date) ([]T, error) {
	b, err := files.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("demo data: %w", err)
	}
	var list []T
	b = bytes.ReplaceAll(b, []byte(comingOfAge), []byte(codeOf(today)))
	if err := json.Unmarshal(b, &list); err != nil {
		return nil, fmt.Errorf("demo data: %s: %w", name, err)
	}
	return list, nil
}
