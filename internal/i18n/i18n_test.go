package i18n

import (
	"errors"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"kuulas.example/internal/record"
)

func small(t testing.TB, fi, sv string) *Texts {
	t.Helper()
	texts, err := Load(fstest.MapFS{"fi.json": {Data: []byte(fi)}, "sv.json": {Data: []byte(sv)}})
	if err != nil {
		t.Fatal(err)
	}
	return texts
}

const (
	smallFI = `{"date.clock":"klo","plain":"Asiakirja","hello":"Hei, {{.name}}!","count":{"one":"{{.n}} asiakirja","other":"{{.n}} asiakirjaa"}}`
	smallSV = `{"date.clock":"kl.","plain":"Handling","hello":"Hej {{.name}}!","count":{"one":"{{.n}} handling","other":"{{.n}} handlingar"}}`
)

func TestTextsComeInTheLanguageOfThePrinter(t *testing.T) {
	texts := small(t, smallFI, smallSV)
	fi, sv := texts.In(record.Finnish), texts.In(record.Swedish)
	for _, c := range []struct{ got, want string }{
		{fi.T("plain"), "Asiakirja"},
		{sv.T("plain"), "Handling"},
		{fi.F("hello", "name", "<Elsa>"), "Hei, <Elsa>!"},
		{sv.F("hello", "name", "Elsa"), "Hej Elsa!"},
		{fi.N("count", 0), "0 asiakirjaa"},
		{fi.N("count", 1), "1 asiakirja"},
		{sv.N("count", 2), "2 handlingar"},
		{sv.N("count", 12345), "12\u00a0345 handlingar"},
		{fi.Code() + fi.Other(), "fisv"},
		{sv.Code() + sv.Other(), "svfi"},
		{texts.In("en").Code(), "fi"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

func TestAMissingTextShowsItsIdAndNeverTheOtherLanguage(t *testing.T) {
	texts := small(t, smallFI, `{"date.clock":"kl."}`)
	sv := texts.In(record.Swedish)
	for id, got := range map[string]string{"plain": sv.T("plain"), "hello": sv.F("hello", "name", "x"), "count": sv.N("count", 3)} {
		if got != id {
			t.Errorf("got %q, want the id %q", got, id)
		}
	}
}

func TestALanguageFileThatCannotBeReadStopsTheStart(t *testing.T) {
	for name, files := range map[string]fstest.MapFS{
		"missing": {"fi.json": {Data: []byte(smallFI)}},
		"broken":  {"fi.json": {Data: []byte(smallFI)}, "sv.json": {Data: []byte(`{"plain":`)}},
	} {
		if _, err := Load(files); err == nil || name == "broken" && !strings.Contains(err.Error(), "sv.json") {
			t.Errorf("%s: got error %v", name, err)
		}
	}
}

func TestDatesAndNumbersReadAsPeopleInFinlandWriteThem(t *testing.T) {
	texts := small(t, smallFI, smallSV)
	fi, sv := texts.In(record.Finnish), texts.In(record.Swedish)
	evening := time.Date(2026, 7, 5, 21, 5, 0, 0, time.UTC) // after midnight in Helsinki
	for _, c := range []struct{ got, want string }{
		{fi.Date(record.Date{Year: 2026, Month: 12, Day: 6}), "6.12.2026"},
		{fi.Date(record.Date{}), ""},
		{sv.DateOf(evening), "6.7.2026"},
		{sv.DateOf(time.Time{}), ""},
		{fi.Clock(evening), "klo\u00a00.05"},
		{sv.DateTime(evening), "6.7.2026 kl.\u00a00.05"},
		{fi.DateTime(time.Time{}), ""},
		{fi.Number(0), "0"},
		{fi.Number(1234.5), "1\u00a0234,5"},
		{fi.Number(-1234567), "−1\u00a0234\u00a0567"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

func TestADateIsReadAsItIsTyped(t *testing.T) {
	for typed, want := range map[string]record.Date{
		"6.12.2026": {Year: 2026, Month: 12, Day: 6}, " 06. 01. 2026 ": {Year: 2026, Month: 1, Day: 6}, "": {}, "29.2.2024": {Year: 2024, Month: 2, Day: 29},
	} {
		if got, err := ParseDate(typed); err != nil || got != want {
			t.Errorf("%q: got %v, %v; want %v", typed, got, err, want)
		}
	}
	for _, typed := range []string{"31.2.2026", "2026-12-06", "6.12", "6.12.26", "eilen", "6/12/2026"} {
		if got, err := ParseDate(typed); !errors.Is(err, record.ErrInvalid) {
			t.Errorf("%q: got %v, %v; want an error", typed, got, err)
		}
	}
}

func FuzzParseDateReadsBackWhatDateWrites(f *testing.F) {
	p := small(f, smallFI, smallSV).In(record.Finnish)
	f.Add("6.12.2026")
	f.Add("0.0.0000")
	f.Fuzz(func(t *testing.T, typed string) {
		day, err := ParseDate(typed)
		if err != nil || day.IsZero() || day.Year < 1000 {
			return
		}
		if again, err := ParseDate(p.Date(day)); err != nil || again != day {
			t.Errorf("%q: %v became %v, %v", typed, day, again, err)
		}
	})
}

func BenchmarkPlainText(b *testing.B) {
	p := small(b, smallFI, smallSV).In(record.Finnish)
	for b.Loop() {
		_ = p.T("plain")
	}
}
