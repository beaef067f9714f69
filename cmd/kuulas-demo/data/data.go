// Package data holds what the demo starts with: invented organisations, documents of invented
// persons and the list of persons who can log in.
//
// Nobody in it exists: identity codes are of the artificial series (900–999), names of
// organisations, addresses and numbers are made up. The documents are written for the embedded
// definitions (internal/sosmeta), in Finnish and Swedish, so that every state of a page has
// somebody who shows it; People says who.
package data

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"

	"kuulas.example/internal/record"
)

//go:embed organisations/*.yaml bundles/*.jsonl people.json
var files embed.FS

// Person is one invented person of the login list.
type Person struct {
	Code   string      `json:"code"`   // identity code, artificial and of right form
	Given  string      `json:"given"`  // given names, separated by spaces
	Family string      `json:"family"` // family name
	About  record.Text `json:"about"`  // one sentence: what is special in this person's view
}

// Files holds the folders organisations (one YAML file each) and bundles (JSON Lines).
func Files() fs.FS { return files }

// People lists the persons in the order of the login list.
func People() ([]Person, error) {
	b, err := files.ReadFile("people.json")
	if err != nil {
		return nil, fmt.Errorf("demo data: %w", err)
	}
	var people []Person
	if err := json.Unmarshal(b, &people); err != nil {
		return nil, fmt.Errorf("demo data: people.json: %w", err)
	}
	return people, nil
}
