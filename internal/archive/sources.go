package archive

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/klauspost/compress/gzip"
)

// stdin is the path that means JSON Lines on standard input.
const stdin = "-"

// sources are the files of an import, organisation files apart: they are loaded first.
type sources struct {
	organisations []string
	bundles       []string
	bytes         int64 // of the bundles as they lie on disk; standard input counts as nothing
}

// find turns paths into files: folders are walked through in the order of names, and files of
// other kinds in them are passed over. A path that does not exist, or a file of another kind
// that is named itself, is an error before anything is loaded.
func find(paths []string) (sources, error) {
	var s sources
	var errs []error
	seen := map[string]bool{}
	for _, path := range paths {
		if path == stdin {
			if !seen[path] {
				s.bundles = append(s.bundles, path)
			}
			seen[path] = true
			continue
		}
		if err := s.walk(path, seen); err != nil {
			errs = append(errs, err)
		}
	}
	return s, errors.Join(errs...)
}

func (s *sources) walk(path string, seen map[string]bool) error {
	info, err := os.Stat(path)
	if err != nil {
		return fmt.Errorf("import: %w", err)
	}
	if !info.IsDir() {
		if !s.add(path, info, seen) {
			return fmt.Errorf("import %s: neither a bundle (.jsonl, .jsonl.gz) nor an organisation file (.yaml)", path)
		}
		return nil
	}
	// The separator makes a link to a folder that is named itself count as that folder. Links to
	// folders further down are passed over: they could lead round in a circle.
	err = filepath.WalkDir(path+string(filepath.Separator), func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := os.Stat(file) // follows a link to a file
		if err != nil {
			return err
		}
		if info.Mode().IsRegular() {
			s.add(file, info, seen)
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("import: %w", err)
	}
	return nil
}

func (s *sources) add(path string, info fs.FileInfo, seen map[string]bool) bool {
	name := strings.ToLower(filepath.Base(path))
	bundle := strings.HasSuffix(name, ".jsonl") || strings.HasSuffix(name, ".jsonl.gz")
	organisation := strings.HasSuffix(name, ".yaml") || strings.HasSuffix(name, ".yml")
	if clean := filepath.Clean(path); (bundle || organisation) && !seen[clean] {
		seen[clean] = true
		if bundle {
			s.bundles = append(s.bundles, path)
			s.bytes += info.Size()
		} else {
			s.organisations = append(s.organisations, path)
		}
	}
	return bundle || organisation
}

// open opens a bundle for reading and tells count how many bytes of the file were read.
func open(path string, standardInput io.Reader, count func(n int)) (io.Reader, func() error, error) {
	if path == stdin {
		if standardInput == nil {
			return nil, nil, errors.New("there is no standard input here")
		}
		return standardInput, func() error { return nil }, nil
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, nil, err
	}
	counted := &counter{f, count}
	if !strings.HasSuffix(strings.ToLower(path), ".gz") {
		return counted, f.Close, nil
	}
	z, err := gzip.NewReader(counted)
	if err != nil {
		return nil, nil, errors.Join(fmt.Errorf("not a gzip file: %w", err), f.Close())
	}
	return z, f.Close, nil
}

type counter struct {
	r     io.Reader
	count func(n int)
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.count(n)
	return n, err
}
