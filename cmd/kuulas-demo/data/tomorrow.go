package data

import (
	"archive/zip"
	"fmt"
	"strings"
	"text/template"
	"time"

	"kuulas.example/internal/record"
)

// comingOfAge stands in people.json and pairs.json for the identity code of the child who
// turns 18 tomorrow (A9), and comingNumber is the child's own in the artificial series.
const (
	comingOfAge  = "18 tomorrow"
	comingNumber = 975
)

// codeOf is the identity code of the child who turns 18 on the day after today. On 28 February
// of a leap year nobody does: who was born at the end of that month 18 years before turned 18
// on the 28th or does so on 1 March, which is the birthday that the child has then.
func codeOf(today record.Date) string {
	born := today.Next().AddYears(-18)
	digits := fmt.Sprintf("%02d%02d%02d", born.Day, int(born.Month), born.Year%100)
	for _, check := range "0123456789ABCDEFHJKLMNPRSTUVWXY" {
		code := fmt.Sprintf("%sA%d%c", digits, comingNumber, check)
		if _, err := record.ParseIdentityCode(code); err == nil {
			return code
		}
	}
	panic("demo data: no identity code for " + born.String()) // one of the signs is always right
}

// addComingOfAge writes the child's bundle. Every day has identities of its own, so that the
// database of yesterday takes today's child as another one.
func addComingOfAge(w *zip.Writer, today record.Date) error {
	day := func(days int) time.Time {
		return time.Date(today.Year, today.Month, today.Day+days, 0, 0, 0, 0, record.Helsinki)
	}
	t, err := template.New("coming-of-age.jsonl.tmpl").Funcs(template.FuncMap{
		"day": func(days int) string { return record.Today(day(days)).String() },
		"at": func(days int, clock string) (string, error) {
			at, err := time.ParseInLocation("2006-01-02 15:04", record.Today(day(days)).String()+" "+clock, record.Helsinki)
			return at.Format(time.RFC3339), err
		},
		"set": func(n int) string {
			return fmt.Sprintf("1.2.246.10.9999901.11.%d.19%03d.%s", today.Year, n, strings.ReplaceAll(today.String(), "-", ""))
		},
	}).ParseFS(files, "coming-of-age.jsonl.tmpl")
	if err != nil {
		return err
	}
	f, err := w.Create("bundles/joel-kallio.jsonl")
	if err != nil {
		return err
	}
	return t.Execute(f, struct{ Code string }{codeOf(today)})
}
