package testkit

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"kuulas.example/internal/seal"
	"kuulas.example/internal/store"
)

// empty are databases without a row of anybody, by the fingerprint of their data key.
var empty struct {
	sync.Mutex
	content map[string][]byte
}

// EmptyDatabase lays at path what store.Open makes there at first: the schema, tied to a data key.
// Building it takes longer than most tests, so it is built once in a process and copied since.
func EmptyDatabase(t testing.TB, path string, keys *seal.Keys) {
	t.Helper()
	content, err := emptyDatabase(keys)
	if err == nil {
		err = os.WriteFile(path, content, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func emptyDatabase(keys *seal.Keys) (content []byte, err error) {
	empty.Lock()
	defer empty.Unlock()
	key := string(keys.Fingerprint())
	if content, ok := empty.content[key]; ok {
		return content, nil
	}
	folder, err := os.MkdirTemp("", "kuulas-empty-")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	path := filepath.Join(folder, "empty.db")
	db, err := store.Open(context.Background(), path, keys)
	if err != nil {
		return nil, err
	}
	if err := db.Close(); err != nil { // what was written is in the one file now
		return nil, err
	}
	if content, err = os.ReadFile(path); err != nil {
		return nil, err
	}
	if empty.content == nil {
		empty.content = map[string][]byte{}
	}
	empty.content[key] = content
	return content, nil
}
