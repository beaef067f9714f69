package archive

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
)

// line is one line of a bundle with its number, which begins at 1.
type line struct {
	number int
	text   []byte // valid until the next line is read
	long   bool   // longer than MaxLine: text is empty
}

// lineReader reads lines in memory of one line at most.
type lineReader struct {
	r      *bufio.Reader
	number int
	buffer []byte
	most   int
}

func newLineReader(r io.Reader) *lineReader {
	return &lineReader{r: bufio.NewReaderSize(r, 256<<10), most: MaxLine}
}

// next gives the next line that is not empty; io.EOF after the last one.
func (l *lineReader) next() (line, error) {
	for {
		text, long, err := l.read()
		if err != nil && (!errors.Is(err, io.EOF) || (len(text) == 0 && !long)) {
			return line{number: l.number}, err
		}
		if l.number == 1 {
			text = bytes.TrimPrefix(text, []byte("\ufeff")) // a byte order mark is no content
		}
		if long || len(bytes.TrimSpace(text)) > 0 {
			return line{l.number, text, long}, nil
		}
		if err != nil {
			return line{number: l.number}, err
		}
	}
}

// read gives one line without its end. Of a long line nothing is kept.
func (l *lineReader) read() (text []byte, long bool, err error) {
	l.number++
	l.buffer = l.buffer[:0]
	for {
		part, err := l.r.ReadSlice('\n')
		if !long && len(l.buffer)+len(part) > l.most+1 {
			long, l.buffer = true, l.buffer[:0]
		}
		if !long && (err != nil || len(l.buffer) > 0) {
			l.buffer = append(l.buffer, part...)
			part = l.buffer
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case long:
			return nil, true, err
		case err != nil && !errors.Is(err, io.EOF):
			return nil, false, fmt.Errorf("read: %w", err)
		}
		return bytes.TrimSuffix(part, []byte("\n")), false, err
	}
}
