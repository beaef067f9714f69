package web

import (
	"net/url"
	"strings"
	"testing"

	"kuulas.example/internal/record"
)

func TestFilterReadsDatesAsPeopleAndAsProgramsWriteThem(t *testing.T) {
	want := record.Date{Year: 2026, Month: 12, Day: 6}
	for _, typed := range []string{"6.12.2026", "06.12.2026", " 6.12.2026 ", "6. 12. 2026", "2026-12-06"} {
		f := readFilter(url.Values{"from": {typed}}, record.Finnish)
		if !f.valid() || f.filter.From != want {
			t.Errorf("%q: got %v, %v", typed, f.filter.From, f.wrong)
		}
	}
}

func TestEachBadFilterValueIsNamedByItsField(t *testing.T) {
	tests := []struct {
		name, query, field string
	}{
		{"a day that is not", "from=31.2.2026", "from"},
		{"words for a day", "to=eilen", "to"},
		{"the end before the beginning", "from=2.1.2026&to=1.1.2026", "to"},
		{"too many words", "q=" + strings.Repeat("a", maxQuery+1), "q"},
		{"a query that is no text", "q=%ff", "q"},
		{"an unknown task", "task=everything", "q"},
		{"a kind that no definition could have", "kind=P%C3%84", "q"},
		{"a controller that is none", "controller=x", "q"},
		{"page zero", "page=0", "q"},
		{"a page in words", "page=last", "q"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			q, err := url.ParseQuery(tt.query)
			if err != nil {
				t.Fatal(err)
			}
			f := readFilter(q, record.Finnish)
			if f.wrong[tt.field] == "" || len(f.wrong) != 1 {
				t.Errorf("got %v, want a message at %s only", f.wrong, tt.field)
			}
		})
	}
}

func TestTheAddressOfAnotherPageKeepsTheFilter(t *testing.T) {
	given := "task=elderly&kind=paatos&controller=1.2.246.10.1&from=1.2.2026&to=3.4.2026&q=hoito+ja+apu"
	q, err := url.ParseQuery(given)
	if err != nil {
		t.Fatal(err)
	}
	f := readFilter(q, record.Swedish)
	address, err := url.Parse(f.address("/sv/p/self/documents", 3))
	if err != nil {
		t.Fatal(err)
	}
	again := readFilter(address.Query(), record.Swedish)
	want := f.filter
	want.Page = 3
	if again.filter != want || !f.active() {
		t.Errorf("got %+v, want %+v", again.filter, want)
	}
	if again.from != "1.2.2026" || again.to != "3.4.2026" {
		t.Errorf("the days were typed as 1.2.2026 and 3.4.2026, the next page shows %q and %q", again.from, again.to)
	}
	wrong := readFilter(url.Values{"from": {"eilen"}, "to": {"3.4.2026"}}, record.Swedish)
	if got := wrong.address("/x", 2); got != "/x?page=2&to=3.4.2026" {
		t.Errorf("a day that cannot be read goes along: %q", got)
	}
	none := readFilter(url.Values{}, record.Swedish)
	if got := none.address("/sv/p/self/documents", 1); got != "/sv/p/self/documents" || none.active() {
		t.Errorf("no filter: got %q", got)
	}
}

func FuzzFilter(f *testing.F) {
	f.Add("task=elderly&from=1.1.2026&q=x&page=2")
	f.Add("page=-1&controller=..&kind=%00")
	f.Fuzz(func(t *testing.T, query string) {
		q, _ := url.ParseQuery(query)
		form := readFilter(q, record.Finnish)
		if form.filter.Page < 1 {
			t.Errorf("page %d", form.filter.Page)
		}
		if form.filter.Task != "" && !form.filter.Task.Known() {
			t.Error("an unknown task went through")
		}
		u, err := url.Parse(form.address("/fi/x", 2))
		if err != nil || u.Path != "/fi/x" || u.Host != "" {
			t.Errorf("address %v, %v", u, err)
		}
	})
}

func TestISODates(t *testing.T) {
	for want, d := range map[string]record.Date{
		"2026-12-06": {Year: 2026, Month: 12, Day: 6}, "0987-01-31": {Year: 987, Month: 1, Day: 31},
	} {
		if got := iso(d); got != want {
			t.Errorf("iso(%v) = %q, want %q", d, got, want)
		}
	}
}
