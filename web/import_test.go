package web_test

import (
	"context"
	"os"
	"os/exec"
	"testing"

	"kuulas.example/internal/archive"
	"kuulas.example/internal/sosmeta"
	"kuulas.example/internal/store"
	"kuulas.example/internal/testkit"
)

// importInto names the database of a load test for a process of its own that imports.
const importInto = "KUULAS_TEST_IMPORT_INTO"

// pressDuringImport measures while another process, of lower priority, imports a crowd.
func (c *crowded) pressDuringImport(b *testing.B) measure {
	b.Helper()
	ctx, stop := context.WithCancel(b.Context())
	importer := exec.CommandContext(ctx, "nice", "-n", "10", os.Args[0], "-test.run", "^TestAnotherProcessImports$")
	importer.Env = append(os.Environ(), importInto+"="+c.file)
	must(b, importer.Start())
	m := c.press(b, "task")
	stop()
	if importer.Wait() == nil {
		b.Fatal("the import was over before the measurement")
	}
	return m
}

// TestAnotherProcessImports is no test by itself: it is the process that a load test starts.
func TestAnotherProcessImports(t *testing.T) {
	file := os.Getenv(importInto)
	if file == "" {
		t.Skip("is the other process of a benchmark")
	}
	keys, err := testKeys()
	must(t, err)
	db, err := store.Open(t.Context(), file, keys)
	must(t, err)
	definitions, _, err := sosmeta.Load(sosmeta.Embedded())
	must(t, err)
	_, err = archive.Import(t.Context(), archive.Options{
		DB: db, Keys: keys, Definitions: definitions, Parser: archive.Parser{ArtificialOnly: true},
		Stdin: testkit.Crowd{Persons: 100_000, Documents: 50, First: 600_000}.Bundle(),
	}, "-")
	must(t, err)
}
