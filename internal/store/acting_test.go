package store

import (
	"errors"
	"slices"
	"testing"
	"time"

	"kuulas.example/internal/record"
)

func putRight(t *testing.T, db *DB, session, handle, sealed string) (replaced []byte) {
	t.Helper()
	err := db.Change(t.Context(), func(tx *Tx) (err error) {
		replaced, err = tx.PutActing(ActingRow{Session: []byte(session), Name: []byte(handle), Sealed: []byte(sealed), Created: at})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return replaced
}

func rightIs(t *testing.T, db *DB, session, handle, want string) {
	t.Helper()
	got, err := db.Acting(t.Context(), []byte(session), []byte(handle))
	if err != nil && !errors.Is(err, record.ErrNotFound) {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Errorf("right of %s for %s is %q, want %q", session, handle, got, want)
	}
}

func TestAChoiceIsTakenOnceAndByItsOwnLogin(t *testing.T) {
	db := openTest(t)
	if err := db.CreateChoice(t.Context(), []byte("s1"), []byte("state"), []byte("sealed"), at); err != nil {
		t.Fatal(err)
	}
	for _, attempt := range []struct{ session, want string }{{"s2", ""}, {"s1", "sealed"}, {"s1", ""}} {
		got, err := db.TakeChoice(t.Context(), []byte(attempt.session), []byte("state"))
		if string(got) != attempt.want || (attempt.want == "") != errors.Is(err, record.ErrNotFound) {
			t.Errorf("%s took %q, %v; want %q", attempt.session, got, err, attempt.want)
		}
	}
}

func TestARightBelongsToItsLogin(t *testing.T) {
	db := openTest(t)
	putRight(t, db, "s1", "h1", "a")
	putRight(t, db, "s1", "h2", "b")
	putRight(t, db, "s2", "h1", "c")
	if replaced := putRight(t, db, "s1", "h1", "d"); string(replaced) != "a" {
		t.Errorf("replaced %q, want a", replaced)
	}
	rightIs(t, db, "s1", "h1", "d")
	rightIs(t, db, "s2", "h2", "")
	rights, err := db.ActingOf(t.Context(), []byte("s1"))
	if err != nil || len(rights) != 2 || string(rights[0].Sealed) != "d" || string(rights[1].Sealed) != "b" {
		t.Errorf("rights of s1 are %v, %v", rights, err)
	}
}

// A page that asked the register before a right was stopped must not bring it back.
func TestARightThatEndedMeanwhileIsNotRenewed(t *testing.T) {
	db := openTest(t)
	putRight(t, db, "s1", "h1", "a")
	renew := func(was, sealed string) {
		t.Helper()
		if err := db.RenewActing(t.Context(), []byte("s1"), []byte("h1"), []byte(was), []byte(sealed)); err != nil {
			t.Fatal(err)
		}
	}
	renew("a", "b")
	rightIs(t, db, "s1", "h1", "b")
	renew("a", "c")
	rightIs(t, db, "s1", "h1", "b")
	err := db.Change(t.Context(), func(tx *Tx) error { return tx.DeleteActing([]byte("s1"), []byte("h1")) })
	if err != nil {
		t.Fatal(err)
	}
	renew("b", "c")
	rightIs(t, db, "s1", "h1", "")
}

func sorted(all []ActingRow) (s []string) {
	for _, b := range all {
		s = append(s, string(b.Sealed))
	}
	slices.Sort(s)
	return s
}

func TestWhatALoginLeavesIsTakenTogether(t *testing.T) {
	db := openTest(t)
	insertPerson(t, db, "p1")
	if err := db.CreateSession(t.Context(), testSession("s1", "sid", "sub")); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		session, state string
		at             time.Time
	}{{"s1", "fresh", at}, {"s1", "old", at.Add(-time.Hour)}, {"gone", "orphan", at}} {
		if err := db.CreateChoice(t.Context(), []byte(c.session), []byte(c.state), []byte(c.state), c.at); err != nil {
			t.Fatal(err)
		}
	}
	putRight(t, db, "s1", "h1", "live")
	putRight(t, db, "gone", "h1", "ended")
	choices, rights, err := db.TakeEndedActing(t.Context(), at.Add(-time.Minute))
	if err != nil || !slices.Equal(sorted(choices), []string{"old", "orphan"}) || !slices.Equal(sorted(rights), []string{"ended"}) {
		t.Errorf("the sweep took %v and %v, %v", choices, rights, err)
	}
	choices, rights, err = db.TakeActingOf(t.Context(), []byte("s1"))
	if err != nil || !slices.Equal(sorted(choices), []string{"fresh"}) || !slices.Equal(sorted(rights), []string{"live"}) {
		t.Errorf("the logout took %v and %v, %v", choices, rights, err)
	}
	rightIs(t, db, "s1", "h1", "")
}
