package web

import (
	"net/http"
	"strings"
	"testing"

	"kuulas.example/internal/i18n"
	"kuulas.example/internal/paths"
	"kuulas.example/internal/record"
	"kuulas.example/locales"
)

// Why it exists: a builder and its pattern that drift apart are a dead link.
func TestEveryBuiltAddressFindsItsRoute(t *testing.T) {
	texts, err := i18n.Load(locales.Files)
	if err != nil {
		t.Fatal(err)
	}
	s := &Server{}
	for i, lang := range record.Languages {
		s.sites[i] = &site{lang: lang, text: texts.In(lang)}
	}
	e := s.router()
	id := strings.Repeat("a", 26)
	reached := map[string]bool{}
	for _, lang := range []string{"fi", "sv"} {
		for _, tt := range []struct{ method, address, pattern string }{
			{http.MethodGet, paths.Start(lang), paths.StartPattern},
			{http.MethodGet, paths.Login(lang, "/fi/p/self"), paths.LoginPattern},
			{http.MethodPost, paths.Logout(lang), paths.LogoutPattern},
			{http.MethodPost, paths.Exit(lang), paths.ExitPattern},
			{http.MethodPost, paths.Extend(lang), paths.ExtendPattern},
			{http.MethodGet, paths.Ended(lang), paths.EndedPattern},
			{http.MethodGet, paths.OthersAfter(lang, "refused"), paths.OthersPattern},
			{http.MethodPost, paths.Others(lang), paths.OthersPattern},
			{http.MethodPost, paths.Stop(lang), paths.StopPattern},
			{http.MethodGet, paths.Overview(lang, paths.Self), paths.OverviewPattern},
			{http.MethodGet, paths.Documents(lang, paths.Self), paths.DocumentsPattern},
			{http.MethodGet, paths.Task(lang, paths.Self, "elderly"), paths.TaskPattern},
			{http.MethodGet, paths.Document(lang, paths.Self, id), paths.DocumentPattern},
			{http.MethodGet, paths.Print(lang, paths.Self, id), paths.PrintPattern},
			{http.MethodGet, paths.DocumentPDF(lang, paths.Self, id), paths.DocumentPDFPattern},
			{http.MethodGet, paths.Disclosure(lang, paths.Self), paths.DisclosurePattern},
			{http.MethodPost, paths.Notice(lang, paths.Self), paths.NoticePattern},
			{http.MethodPost, paths.Permit(lang, paths.Self), paths.PermitPattern},
			{http.MethodGet, paths.Prohibit(lang, paths.Self), paths.ProhibitPattern},
			{http.MethodGet, paths.ProhibitTarget(lang, paths.Self, "task", "elderly"), paths.ProhibitPattern},
			{http.MethodGet, paths.ProhibitStep(lang, paths.Self, "effect", id), paths.ProhibitPattern},
			{http.MethodPost, paths.Prohibitions(lang, paths.Self), paths.ProhibitionsPattern},
			{http.MethodGet, paths.Prohibition(lang, paths.Self, id), paths.ProhibitionPattern},
			{http.MethodGet, paths.WithdrawStep(lang, paths.Self, id, id), paths.ProhibitionPattern},
			{http.MethodPost, paths.Withdraw(lang, paths.Self, id), paths.WithdrawPattern},
			{http.MethodGet, paths.Receipts(lang, paths.Self), paths.ReceiptsPattern},
			{http.MethodGet, paths.Receipt(lang, paths.Self, 3), paths.ReceiptPattern},
			{http.MethodGet, paths.ReceiptPDF(lang, paths.Self, 3), paths.ReceiptPDFPattern},
			{http.MethodGet, paths.Why(lang), paths.WhyPattern},
			{http.MethodGet, paths.Help(lang), paths.HelpPattern},
			{http.MethodGet, paths.Leaflet(lang), paths.LeafletPattern},
			{http.MethodGet, paths.Accessibility(lang), paths.AccessibilityPattern},
			{http.MethodGet, paths.Privacy(lang), paths.PrivacyPattern},
			{http.MethodGet, paths.Organisations(lang), paths.OrganisationsPattern},
			{http.MethodGet, paths.Organisation(lang, "1.2.3"), paths.OrganisationPattern},
		} {
			address, _, _ := strings.Cut(tt.address, "?")
			c := e.NewContext(nil, nil)
			e.Router().Find(tt.method, address, c)
			if want := "/" + lang + tt.pattern; c.Path() != want {
				t.Errorf("%s %s: route %q, want %q", tt.method, address, c.Path(), want)
			}
			reached[tt.method+" "+c.Path()] = true
		}
	}
	for _, r := range e.Routes() {
		if below := strings.HasPrefix(r.Path, "/fi/") || strings.HasPrefix(r.Path, "/sv/"); below && r.Method != http.MethodHead && !reached[r.Method+" "+r.Path] {
			t.Errorf("no builder makes an address of %s %s", r.Method, r.Path)
		}
	}
}
