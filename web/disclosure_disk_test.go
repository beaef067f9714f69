package web_test

import (
	"net/http"
	"testing"

	"kuulas.example/internal/testkit"
)

// What the page says when a change was not saved, and when that is not known.
const (
	notSaved = "Muutosta ei tallennettu"
	notKnown = "Emme vielä tiedä, tallentuiko muutos"
)

// prepared makes the database that a house in another process begins with.
func prepared(t *testing.T) {
	t.Helper()
	filledOnce(t)
	t.Setenv(filledVariable, filled.file)
}

func in(folder string) func(*house) { return func(h *house) { h.folder = folder } }

// Why it exists: "saved" that was not saved is a prohibition lost. Whatever room a full disk has
// left, a change is whole and said to be saved, or not there and said not to be; when there is room
// again, nobody has to start anything.
func TestOnAFullDiskThePageSaysThatNothingWasSaved(t *testing.T) {
	prepared(t)
	testkit.OnSmallDisk(t, "64m", func(disk *testkit.SmallDisk) {
		h := newHouse(t, in(disk.Folder))
		s := h.self("Lehtonen")
		s.permitted("fi")
		preview, token := s.preview("fi", "task", "elderly"), s.b.token()
		confirm := func() answer {
			return s.b.post(s.below("fi", "/prohibitions"), "token", token, "step", "confirm", "preview", preview)
		}
		before := h.rows()
		disk.Fill()
		a := confirm()
		wantStatus(t, a, http.StatusServiceUnavailable)
		says(t, a, []string{notSaved}, []string{notKnown, "disk"})
		wantStatus(t, s.read("fi", "/disclosure"), http.StatusServiceUnavailable) // no evidence, no page (L1)
		wantStatus(t, s.b.get("/fi/help"), http.StatusOK)
		disk.Free(-1)
		if h.rows() != before || len(s.inForce()) != 0 {
			t.Error("what was not saved is there")
		}
		wantStatus(t, confirm(), http.StatusSeeOther)
		if ids := s.inForce(); len(ids) != 1 || h.rows() != before+3 {
			t.Errorf("with room again %d prohibitions are in force", len(ids))
		}
		saved, refused := 0, 0
		for room := int64(0); saved < 3; room += 5 * 4096 {
			value, said := [2]string{"no", "yes"}[saved%2], [2]string{"Lupa on annettu", "Lupa on peruutettu"}[saved%2]
			before := h.rows()
			token := s.b.token()
			disk.Fill()
			disk.Free(room)
			a := s.b.post(s.below("fi", "/permit"), "token", token, "permit", value)
			disk.Free(-1)
			switch now := h.rows(); {
			case a.status == http.StatusSeeOther && now == before+2: // its receipt and its official document
				saved++
			case a.status == http.StatusServiceUnavailable && now == before:
				says(t, a, []string{notSaved}, []string{notKnown})
				says(t, s.read("fi", "/disclosure"), []string{said}, nil)
				refused++
			default:
				t.Fatalf("with %d bytes of room: %d, %d rows were written", room, a.status, now-before)
			}
		}
		if refused < 3 {
			t.Errorf("only %d amounts of room were too little", refused)
		}
	})
}

// Why it exists: a disk that refuses to write is as good as full; one that takes what is written and
// does not promise to keep it leaves open what became of it, and the page must not say more.
func TestOnABrokenDiskThePageSaysWhatIsKnown(t *testing.T) {
	prepared(t)
	testkit.OnFailingDisk(t, func(folder string, f *testkit.Faults) {
		h := newHouse(t, in(folder))
		s := h.self("Lehtonen")
		s.permitted("fi")
		for _, c := range []struct {
			task        string
			fail        func()
			once, again string // what the page says, and says when it is asked again
		}{
			{"elderly", func() { f.Fail(0, -1) }, notSaved, notSaved},
			{"disability", func() { f.FailSyncs(0, -1) }, notSaved, notSaved}, // the confirmation cannot even be looked at
			{"families", func() { f.FailSyncs(1, -1) }, notKnown, notSaved},   // the change was written, and no more promised
		} {
			preview, token, before, inForce := s.preview("fi", "task", c.task), s.b.token(), h.rows(), len(s.inForce())
			find := "/fi/p/self/prohibitions/new?step=confirm&preview=" + preview
			confirm := func() answer {
				return s.b.post(s.below("fi", "/prohibitions"), "token", token, "step", "confirm", "preview", preview)
			}
			c.fail()
			for _, text := range []string{c.once, c.again} {
				a := confirm()
				wantStatus(t, a, http.StatusServiceUnavailable)
				says(t, a, []string{text}, []string{"disk"})
				wantStatus(t, s.b.get(find), http.StatusServiceUnavailable)
			}
			if f.Heal() == 0 {
				t.Fatal("nothing failed")
			}
			wantStatus(t, s.b.get(find), http.StatusOK) // found out: it was not made
			if now := len(s.inForce()); now != inForce || h.rows() != before {
				t.Errorf("%s: what was not saved is there", c.task)
			}
			wantStatus(t, confirm(), http.StatusSeeOther)
			if now := len(s.inForce()); now != inForce+1 {
				t.Errorf("%s: %d prohibitions are in force", c.task, now)
			}
		}
	})
}
