package command

import (
	"fmt"
	"io"
	"strings"

	"kuulas.example/internal/archive"
)

// progressBar draws how far an import has come, on a terminal only.
type progressBar struct {
	w     io.Writer
	on    bool
	drawn bool
}

const barWidth = 30

func (b *progressBar) show(p archive.Progress) {
	if !b.on {
		return
	}
	b.drawn = true
	if p.Total <= 0 {
		_, _ = fmt.Fprintf(b.w, "\r%d entries, %d refused\x1b[K", p.Entries, p.Problems)
		return
	}
	done := min(1, float64(p.Read)/float64(p.Total))
	full := int(done * barWidth)
	_, _ = fmt.Fprintf(b.w, "\r[%s%s] %3.0f %%  %d entries, %d refused\x1b[K",
		strings.Repeat("=", full), strings.Repeat(" ", barWidth-full), done*100, p.Entries, p.Problems)
}

// clear takes the bar away, so that a line can be written in its place.
func (b *progressBar) clear() {
	if b.drawn {
		_, _ = fmt.Fprint(b.w, "\r\x1b[K")
		b.drawn = false
	}
}
