package command

import (
	"cmp"
	"errors"
	"io/fs"
	"os"
	"slices"

	"kuulas.example/internal/config"
	"kuulas.example/internal/sosmeta"
)

// definitionsOf are the definitions that a program works with: the operator's folder, else the
// small set that the program carries. The demo's own documents are written under that set, so the
// demo keeps it beside a folder: what it shows stays shown where the official definitions are tried.
func definitionsOf(cfg *config.Config) fs.FS {
	switch {
	case cfg.Definitions == "":
		return sosmeta.Embedded()
	case cfg.Environment == config.Demo:
		return beside{FS: os.DirFS(cfg.Definitions), own: sosmeta.Embedded()}
	}
	return os.DirFS(cfg.Definitions)
}

// beside is a folder together with those files of another that it does not have itself.
type beside struct {
	fs.FS
	own fs.FS
}

// Open opens the folder's file, or the other one's where it has none.
func (b beside) Open(name string) (fs.File, error) {
	file, err := b.FS.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return b.own.Open(name)
	}
	return file, err
}

// ReadDir lists both, each name once. A folder that cannot be read is an error, as it is alone.
func (b beside) ReadDir(name string) ([]fs.DirEntry, error) {
	entries, err := fs.ReadDir(b.FS, name)
	missing := errors.Is(err, fs.ErrNotExist) && name != "."
	if err != nil && !missing {
		return nil, err
	}
	own, err := fs.ReadDir(b.own, name)
	if err != nil && (missing || !errors.Is(err, fs.ErrNotExist)) {
		return nil, err
	}
	for _, e := range own {
		if !slices.ContainsFunc(entries, func(o fs.DirEntry) bool { return o.Name() == e.Name() }) {
			entries = append(entries, e)
		}
	}
	slices.SortFunc(entries, func(a, b fs.DirEntry) int { return cmp.Compare(a.Name(), b.Name()) })
	return entries, nil
}
