package views

import "kuulas.example/internal/i18n"

// ReceiptPage is the receipt of one change. It carries no identifier of any register and no
// address of anybody, on the screen and on paper.
type ReceiptPage struct {
	Shell   Shell
	Fresh   bool // the change was made just now
	Receipt Receipt
	PDFURL  string // empty: there is no file
	ListURL string
	BackURL string // the management of data use
	Printed string // today, for the foot on paper
}

// Receipt is one change: who, for whom, in which role, what, since when.
type Receipt struct {
	Number   string            // runs from 1 for each person
	What     string            // "notice", "permit-given", "permit-denied", "permit-withdrawn", "prohibition-set", "prohibition-withdrawn" or "professional" (D9)
	Target   ProhibitionTarget // of a prohibition
	Subject  string            // name of the person whose data it is about; empty: the register has none
	By       Act
	At       string   // day and time: from then on it is in force
	Version  string   // of the notice
	Waits    bool     // a prohibition that was set without a permit (D8)
	Over     bool     // what it made so was changed since
	Text     []string // what was shown at the confirmation, as it was then
	TextLang string   // "fi" or "sv": the language in which it was shown
	Clocks   Clocks
}

// ReceiptsPage is the list of all changes, newest first, with the name of whoever acted (A8).
type ReceiptsPage struct {
	Shell   Shell
	Rows    []ReceiptRow
	Pages   *Pagination
	BackURL string
}

// ReceiptRow is one change in the list.
type ReceiptRow struct {
	Number string // empty: it has no receipt, since a professional's declaration made it (D9)
	What   string
	Target ProhibitionTarget
	By     Act
	At     string
	URL    string // of the receipt; without a number of the prohibition, or empty
}

var receiptTitles = map[string]string{
	"notice": "receipt.what.notice", "permit-given": "receipt.what.permit-given", "permit-denied": "receipt.what.permit-denied",
	"permit-withdrawn": "receipt.what.permit-withdrawn", "prohibition-set": "receipt.what.prohibition-set",
	"prohibition-withdrawn": "receipt.what.prohibition-withdrawn", "professional": "receipt.what.professional",
}

// does is what the change means, in the page's language.
func (r Receipt) does(p *i18n.Printer) []string {
	switch r.What {
	case "notice":
		return []string{p.T("receipt.does.notice")}
	case "permit-given":
		return []string{p.T("receipt.does.permit-given"), p.T("permit.covers"), p.T("receipt.does.until-permit")}
	case "permit-denied", "permit-withdrawn":
		return []string{p.T("receipt.does.permit-no")}
	case "prohibition-set":
		lines := []string{p.T(confirmTexts[r.Target.Kind])}
		if r.Waits {
			lines = append(lines, p.T("receipt.does.waits"))
		}
		return append(lines, p.T("receipt.does.until"))
	case "prohibition-withdrawn":
		return []string{p.T("receipt.does.withdrawn")}
	case "professional":
		return []string{p.T("receipt.does.professional")}
	}
	return nil
}

// doesNot is what it leaves as it is (D6, D7, D13).
func (r Receipt) doesNot(p *i18n.Printer) []string {
	switch r.What {
	case "notice":
		return []string{p.T("notice.done-text")}
	case "permit-given":
		return []string{p.T("receipt.not.prohibitions"), p.T("permit.health"), p.T("law.text")}
	case "permit-denied", "permit-withdrawn":
		return []string{p.T("confirm.own"), p.T("receipt.not.past"), p.T("permit.health"), p.T("law.text")}
	case "prohibition-set":
		return []string{p.T("confirm.own"), p.T("confirm.past"), p.T("law.text")}
	case "prohibition-withdrawn":
		return []string{p.T("withdraw.others"), p.T("receipt.not.covered")}
	}
	return []string{p.T("law.text")}
}

var receiptRoles = map[string]string{
	"self": "receipt.role.self", "mandate": "receipt.role.mandate", "guardian": "receipt.role.guardian", "professional": "receipt.role.professional",
}

// over says what came after the change.
func (r Receipt) over(p *i18n.Printer) string {
	switch r.What {
	case "permit-given", "permit-denied", "permit-withdrawn":
		return p.T("receipt.over-permit")
	case "prohibition-withdrawn":
		return p.T("receipt.over-withdrawn")
	}
	return p.T("receipt.over")
}

// who names whoever acted; a name that is not told leaves the role (L4).
func (r Receipt) who(s Shell) string {
	if r.By.Name == "" {
		return r.By.by(s)
	}
	return r.By.Name
}

// role is the role beside a name.
func (r Receipt) role(p *i18n.Printer) string {
	if id, known := receiptRoles[r.By.Role]; known && r.By.Name != "" {
		return p.T(id)
	}
	return ""
}

func (r Receipt) subject(p *i18n.Printer) string {
	if r.Subject == "" {
		return p.T("others.nameless")
	}
	return r.Subject
}

// language names the language of the text that was shown.
func (r Receipt) language(p *i18n.Printer) string {
	if r.TextLang == "sv" {
		return p.T("receipt.text-swedish")
	}
	return p.T("receipt.text-finnish")
}

// textLang is the lang attribute of that text where it differs from the page's.
func (r Receipt) textLang(p *i18n.Printer) string {
	if r.TextLang == p.Code() {
		return ""
	}
	return r.TextLang
}

// title names the change and its receipt in the list.
func (r ReceiptRow) title(p *i18n.Printer) string {
	return p.T(receiptTitles[r.What])
}
