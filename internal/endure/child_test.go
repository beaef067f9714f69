package endure

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"kuulas.example/internal/store"
)

// Variables of the child: the file that it works on, and how it is made to fail.
const (
	childVariable = "KUULAS_ENDURE_CHILD"
	modeVariable  = "KUULAS_ENDURE_MODE"
	early         = "acknowledges early"
	unchecked     = "makes no checkpoint"
)

// writers work at once in the child, several for each person.
const writers = 2 * people

func TestMain(m *testing.M) {
	if path := os.Getenv(childVariable); path != "" {
		os.Exit(child(path, os.Getenv(modeVariable)))
	}
	os.Exit(m.Run())
}

// child is what a process does that a test started.
func child(path, mode string) (status int) {
	work := govern // until it is killed
	if mode == acts || mode == stale || mode == forgets {
		work = actTogether
	}
	if err := work(path, mode); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// say is one line to who kills: written at once, so that it is true of the moment.
func say(words ...any) {
	_, _ = os.Stdout.WriteString(fmt.Sprintln(words...))
}

// govern opens a database and changes what people declared, and checkpoints, until it is killed.
func govern(path, mode string) error {
	h, err := open(context.Background(), path)
	if err != nil {
		return err
	}
	say("open")
	failed, n := make(chan error), writers
	if mode == early {
		n = people
	}
	for w := range n {
		go func() { failed <- h.write(w, mode == early) }()
	}
	if mode == unchecked {
		// Nothing leaves the log of writes, so that cutting it loses changes.
		err := h.db.Append(context.Background(), func(tx *store.Tx) error {
			var pages int
			return tx.QueryRow("PRAGMA wal_autocheckpoint = 0", nil, &pages)
		})
		if err != nil {
			return err
		}
	} else {
		go func() { failed <- checkpoints(path) }()
	}
	return <-failed
}

// write makes one change after the other.
func (h *house) write(w int, before bool) error {
	person, session := w%people, []byte{byte(w)}
	for {
		number, err := h.change(context.Background(), person, session, func(a act) {
			say("try", w, person, a)
			if before { // it says so before it is true
				receipts, _ := h.db.Receipts(context.Background(), h.ids[person])
				say("gave", w, len(receipts)+1)
			}
		})
		switch {
		case errors.Is(err, errNothing):
			say("none", w)
		case err != nil:
			return err
		case !before:
			say("gave", w, number)
		}
	}
}

// checkpoints does often what the database does by itself rarely, and in every way.
func checkpoints(path string) error {
	db, err := sql.Open("sqlite", "file:"+path+"?_pragma=busy_timeout(5000)&_pragma=synchronous(FULL)")
	if err != nil {
		return err
	}
	for {
		time.Sleep(time.Duration(rand.IntN(30_000)) * time.Microsecond)
		mode := []string{"PASSIVE", "FULL", "RESTART", "TRUNCATE"}[rand.IntN(4)]
		say("checkpoint")
		var busy, log, done int
		if err := db.QueryRowContext(context.Background(), "PRAGMA wal_checkpoint("+mode+")").Scan(&busy, &log, &done); err != nil {
			return err
		}
		say("checked")
	}
}
