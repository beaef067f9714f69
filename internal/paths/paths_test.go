package paths

import (
	"net/url"
	"strings"
	"testing"
)

func TestEveryBuilderMakesALocalAddressBelowItsLanguage(t *testing.T) {
	for _, lang := range []string{"fi", "sv"} {
		for _, address := range []string{
			Start(lang), Login(lang, ""), Login(lang, "/fi/p/self"), Logout(lang), Exit(lang), Extend(lang), Ended(lang),
			Overview(lang, Self), Documents(lang, Self), Task(lang, Self, "elderly"), Document(lang, Self, "abc"),
			Print(lang, Self, "abc"), DocumentPDF(lang, Self, "abc"), ReceiptPDF(lang, Self, 3), Why(lang), Help(lang), Leaflet(lang), Accessibility(lang), Privacy(lang),
			Organisations(lang), Organisation(lang, "1.2.3"), Others(lang), OthersAfter(lang, "refused"), Stop(lang),
			Disclosure(lang, Self), Notice(lang, Self), Permit(lang, Self), Prohibitions(lang, Self), Prohibit(lang, Self),
			ProhibitTarget(lang, Self, "task", ""), ProhibitTarget(lang, Self, "task", "a/b&c#d"), ProhibitStep(lang, Self, "effect", "A&b"),
			Prohibition(lang, Self, "abc"), Withdraw(lang, Self, "abc"), WithdrawStep(lang, Self, "abc", "A&b"), Receipts(lang, Self), Receipt(lang, Self, 3),
		} {
			u, err := url.Parse(address)
			if err != nil || u.Host != "" || !strings.HasPrefix(address, "/"+lang+"/") {
				t.Errorf("%q is not a local address below /%s/", address, lang)
			}
		}
	}
}

// Why it exists: a value in an address must never open another segment, query or host.
func TestValuesCannotLeaveTheirSegment(t *testing.T) {
	for _, value := range []string{"a/b", "a?b", "a#b", "../x", "//host", "a b", "%2F", "ä"} {
		for _, address := range []string{
			Document("fi", Self, value), Task("fi", Self, value), Overview("fi", value), Organisation("fi", value), Prohibition("fi", Self, value),
		} {
			u, err := url.Parse(address)
			if err != nil || u.RawQuery != "" || u.Fragment != "" || u.Host != "" {
				t.Errorf("%q leaves its segment: %v", address, err)
				continue
			}
			last := u.EscapedPath()[strings.LastIndex(u.EscapedPath(), "/")+1:]
			if got, err := url.PathUnescape(last); err != nil || got != value {
				t.Errorf("%q: last segment is %q, want %q", address, got, value)
			}
		}
	}
}

func TestLoginCarriesTheWayBackAsOneValue(t *testing.T) {
	u, err := url.Parse(Login("sv", "/sv/p/self/documents?q=a&page=2"))
	if err != nil || u.Query().Get("to") != "/sv/p/self/documents?q=a&page=2" || len(u.Query()) != 1 {
		t.Errorf("got %v, %v", u, err)
	}
}
