package command

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"

	"kuulas.example/internal/config"
	"kuulas.example/internal/sosmeta"
)

// Why it exists: whoever tries official definitions in the demo must still see its people's
// documents, and no other program may take the embedded definitions for the operator's.
func TestOnlyTheDemoKeepsItsOwnDefinitionsBesideAFolder(t *testing.T) {
	own, _, err := sosmeta.Load(sosmeta.Embedded())
	if err != nil {
		t.Fatal(err)
	}
	for environment, want := range map[config.Environment]int{
		config.Demo: len(own.All()), config.Staging: 0, config.Production: 0,
	} {
		set, report, err := sosmeta.Load(definitionsOf(&config.Config{Environment: environment, Definitions: t.TempDir()}))
		if err != nil || len(set.All()) != want || report.Definitions != want {
			t.Errorf("%s: got %v definitions and %v, want %d", environment, set, err, want)
		}
	}
	folder := filepath.Join(t.TempDir(), "missing")
	if _, _, err := sosmeta.Load(definitionsOf(&config.Config{Environment: config.Demo, Definitions: folder})); err == nil {
		t.Error("a folder that is not there was no error")
	}
}

func TestAFolderGoesBeforeWhatIsBesideIt(t *testing.T) {
	file := func(content string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(content)} }
	both := beside{
		FS:  fstest.MapFS{"a.json": file("theirs"), "deep/b.json": file("theirs")},
		own: fstest.MapFS{"a.json": file("own"), "c.json": file("own"), "other/d.json": file("own")},
	}
	got := map[string]string{}
	err := fs.WalkDir(both, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := fs.ReadFile(both, name)
		got[name] = string(content)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"a.json": "theirs", "deep/b.json": "theirs", "c.json": "own", "other/d.json": "own"}
	if len(got) != len(want) {
		t.Errorf("got %v, want %v", got, want)
	}
	for name, content := range want {
		if got[name] != content {
			t.Errorf("%s: got %q, want %q", name, got[name], content)
		}
	}
	if _, err := both.Open("nothing"); !os.IsNotExist(err) {
		t.Errorf("a file of neither: %v", err)
	}
}
