package command

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// readyFor is how long an answer to /readyz stands: anybody may ask, and each look at the
// disk is a durable write.
const readyFor = time.Second

// readiness remembers the last look. Whoever asks while one is under way gets its answer.
type readiness struct {
	mu  sync.Mutex
	at  time.Time
	err error
}

func (r *readiness) ask(now func() time.Time, look func() error) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.at.IsZero() || now().Sub(r.at).Abs() >= readyFor {
		r.err, r.at = look(), now()
	}
	return r.err
}

// ready reports why the portal cannot serve. The look does not end with the one who asked,
// because its answer is for others too.
func (h *house) ready(ctx context.Context) error {
	return h.readiness.ask(time.Now, func() error {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		return h.look(ctx)
	})
}

// look: the store must answer, a change must reach the disk, and there must be definitions.
func (h *house) look(ctx context.Context) error {
	if len(h.definitions.All()) == 0 {
		return errors.New("no definition is loaded")
	}
	if _, err := h.db.Organisations(ctx); err != nil {
		return fmt.Errorf("read the store: %w", err)
	}
	if err := h.db.Probe(ctx); err != nil {
		return fmt.Errorf("write to the store: %w", err)
	}
	return nil
}
