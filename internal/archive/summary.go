package archive

import (
	"strconv"
	"time"

	"kuulas.example/internal/record"
)

// Count is what became of the entries of one kind.
type Count struct {
	Stored  int // new
	Known   int // the same entry was there before
	Refused int
}

// Problem is one thing that was refused, in words for the operator. It carries no personal
// data and no text of a document (L5).
type Problem struct {
	File   string // as it was given or found; "-" is standard input
	Line   int    // 0: the file as a whole
	Key    string // dotted path in the entry; may be empty
	Reason string
}

// String writes file, line, key and reason.
func (p Problem) String() string {
	s := p.File
	if p.Line > 0 {
		s += ":" + strconv.Itoa(p.Line)
	}
	if p.Key != "" {
		s += ": " + p.Key
	}
	return s + ": " + p.Reason
}

// mostProblems is how many problems a Summary keeps; Options.Problem sees all.
const mostProblems = 100

// Unreadable is the key in Summary.Entries of lines whose kind of entry is not known.
const Unreadable = "unreadable"

// OrganisationFile is the key in Summary.Entries of organisation files.
const OrganisationFile = "organisation"

// Summary is what an import did.
type Summary struct {
	Files   int // that were read
	Entries map[string]*Count
	// Unverified counts, by controller, versions that were stored now although the
	// controller's organisation file is not loaded: they are not shown (D14).
	Unverified map[record.OID]int
	// Verified counts documents of clients that an organisation file verified now, and
	// Contradicting those that stay hidden because the file contradicts them (D14).
	Verified, Contradicting int
	// NotLoaded counts, by definition, entries that were stored now without a check of their
	// body because the definition is not loaded: they are not shown (V11).
	NotLoaded map[record.OID]int
	// Checked counts sets and declarations whose definition was loaded since they came and whose body is
	// valid; Invalid those whose body is not: they stay hidden.
	Checked, Invalid int
	Problems         []Problem // the first ones
	ProblemCount     int       // all of them
	Elapsed          time.Duration
}

func newSummary() *Summary {
	return &Summary{Entries: map[string]*Count{}, Unverified: map[record.OID]int{}, NotLoaded: map[record.OID]int{}}
}

// Total adds the counts of all kinds.
func (s *Summary) Total() Count {
	var t Count
	for _, c := range s.Entries {
		t.Stored += c.Stored
		t.Known += c.Known
		t.Refused += c.Refused
	}
	return t
}

// OK reports whether nothing was refused.
func (s *Summary) OK() bool { return s.ProblemCount == 0 }

func (s *Summary) count(kind string) *Count {
	if kind == "" {
		kind = Unreadable
	}
	c := s.Entries[kind]
	if c == nil {
		c = &Count{}
		s.Entries[kind] = c
	}
	return c
}

func (s *Summary) problem(p Problem) {
	s.ProblemCount++
	if len(s.Problems) < mostProblems {
		s.Problems = append(s.Problems, p)
	}
}

// Progress tells how far an import has come.
type Progress struct {
	Read, Total int64 // bytes of the bundles as they lie on disk; standard input adds nothing to Total
	Entries     int   // read so far, refused ones included
	Problems    int
}
