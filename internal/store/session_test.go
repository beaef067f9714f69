package store

import (
	"errors"
	"reflect"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"kuulas.example/internal/record"
)

var at = time.UnixMilli(1_763_700_000_000)

func testSession(hash, providerSession, subject string) SessionRow {
	return SessionRow{
		Hash: []byte(hash), Person: "p1", ProviderSession: []byte(providerSession), ProviderSubject: []byte(subject),
		Sealed: []byte("sealed"), Created: at, Touched: at,
	}
}

func sessionIs(t *testing.T, db *DB, hash string, want bool) {
	t.Helper()
	_, err := db.Session(t.Context(), []byte(hash))
	if err != nil && !errors.Is(err, record.ErrNotFound) {
		t.Fatal(err)
	}
	if got := err == nil; got != want {
		t.Errorf("session %s exists: %v, want %v", hash, got, want)
	}
}

func TestASessionIsKeptTouchedForwardsAndEnded(t *testing.T) {
	db := openTest(t)
	insertPerson(t, db, "p1")
	want := testSession("h1", "sid", "sub")
	if err := db.CreateSession(t.Context(), want); err != nil {
		t.Fatal(err)
	}
	if err := db.CreateSession(t.Context(), want); err == nil {
		t.Error("one identifier made two sessions")
	}
	db.TouchSession(want.Hash, at.Add(time.Minute))
	db.TouchSession(want.Hash, at) // late, must not turn the clock back
	change(t, db, "INSERT INTO setting VALUES ('a later batch', x'00')")
	want.Touched = at.Add(time.Minute)
	if got, err := db.Session(t.Context(), want.Hash); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, %v; want %+v", got, err, want)
	}
	for range 2 {
		if err := db.DeleteSession(t.Context(), want.Hash); err != nil {
			t.Error(err)
		}
		sessionIs(t, db, "h1", false)
	}
}

func TestAProvidersLogoutEndsTheSessionsThatItNames(t *testing.T) {
	db := openTest(t)
	insertPerson(t, db, "p1")
	for _, row := range []SessionRow{
		testSession("a", "sid1", "sub1"), testSession("b", "sid2", "sub1"), testSession("c", "", "sub2"), testSession("d", "", "sub2"), testSession("e", "", "sub3"),
	} {
		if err := db.CreateSession(t.Context(), row); err != nil {
			t.Fatal(err)
		}
	}
	for _, step := range []struct {
		session, subject string
		ends             int
	}{{"sid1", "sub1", 1}, {"", "sub2", 2}, {"", "", 0}, {"sid9", "sub3", 0}} {
		got, err := db.DeleteSessionsOf(t.Context(), []byte(step.session), []byte(step.subject))
		if err != nil || got != step.ends {
			t.Errorf("%+v: ended %d, %v", step, got, err)
		}
	}
	for hash, want := range map[string]bool{"a": false, "b": true, "c": false, "d": false, "e": true} {
		sessionIs(t, db, hash, want)
	}
}

func TestWhatExpiredIsRemoved(t *testing.T) {
	db := openTest(t)
	insertPerson(t, db, "p1")
	old, unused := testSession("old", "", ""), testSession("unused", "", "")
	old.Created = at.Add(-9 * time.Hour)
	unused.Touched = at.Add(-time.Hour)
	for _, row := range []SessionRow{old, unused, testSession("good", "", "")} {
		if err := db.CreateSession(t.Context(), row); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.CreatePendingLogin(t.Context(), []byte("s"), []byte("b"), nil, at.Add(-time.Hour)); err != nil {
		t.Fatal(err)
	}
	if err := db.DeleteExpired(t.Context(), at.Add(-15*time.Minute), at.Add(-8*time.Hour), at.Add(-10*time.Minute)); err != nil {
		t.Fatal(err)
	}
	for hash, want := range map[string]bool{"old": false, "unused": false, "good": true} {
		sessionIs(t, db, hash, want)
	}
	if _, _, err := db.TakePendingLogin(t.Context(), []byte("s"), []byte("b")); !errors.Is(err, record.ErrNotFound) {
		t.Errorf("an expired login was taken: %v", err)
	}
}

func TestABegunLoginIsTakenOnceAndByItsOwnBrowser(t *testing.T) {
	db := openTest(t)
	if err := db.CreatePendingLogin(t.Context(), []byte("state"), []byte("browser"), []byte("sealed"), at); err != nil {
		t.Fatal(err)
	}
	if _, _, err := db.TakePendingLogin(t.Context(), []byte("state"), []byte("other")); !errors.Is(err, record.ErrNotFound) {
		t.Errorf("another browser: got %v, want ErrNotFound", err)
	}
	var taken atomic.Int32
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			sealed, created, err := db.TakePendingLogin(t.Context(), []byte("state"), []byte("browser"))
			if err == nil && string(sealed) == "sealed" && created.Equal(at) {
				taken.Add(1)
			} else if !errors.Is(err, record.ErrNotFound) {
				t.Errorf("got %q, %v, %v", sealed, created, err)
			}
		})
	}
	wg.Wait()
	if got := taken.Load(); got != 1 {
		t.Errorf("taken %d times, want once", got)
	}
}

func TestATokenIsFreshOnce(t *testing.T) {
	db := openTest(t)
	for i, want := range []bool{true, false, false} {
		if got, err := db.UseToken(t.Context(), []byte("jti"), at); err != nil || got != want {
			t.Errorf("use %d: fresh %v, %v; want %v", i, got, err, want)
		}
	}
}

func TestAPersonIsFoundByTheKeyedHashOfTheCode(t *testing.T) {
	db := openTest(t)
	code, err := record.ParseIdentityCode("010190-900P")
	if err != nil {
		t.Fatal(err)
	}
	if _, ok, err := db.PersonByCode(t.Context(), code); ok || err != nil {
		t.Errorf("somebody is known in an empty database: %v", err)
	}
	var made [2]record.PersonID
	for i := range made {
		err := db.Change(t.Context(), func(tx *Tx) (err error) {
			made[i], err = db.EnsurePerson(tx, code)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	got, ok, err := db.PersonByCode(t.Context(), code)
	if err != nil || !ok || got != made[0] || made[0] != made[1] || got == "" {
		t.Errorf("got %q, %v, %v; made %q", got, ok, err, made)
	}
}
