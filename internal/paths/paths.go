// Package paths holds the addresses of the portal: each route pattern stands beside the
// function that builds an address of it, so that the two cannot drift apart. A test routes
// every built address back to its pattern.
package paths

import (
	"net/url"
	"strconv"
)

// Patterns of pages below a language, in the router's form. Lang is replaced by a group.
const (
	StartPattern         = "/"
	LoginPattern         = "/login"
	LogoutPattern        = "/logout"
	ExitPattern          = "/exit"
	ExtendPattern        = "/session/extend"
	EndedPattern         = "/session/ended"
	OverviewPattern      = "/p/:subject"
	DocumentsPattern     = "/p/:subject/documents"
	TaskPattern          = "/p/:subject/tasks/:task"
	DocumentPattern      = "/p/:subject/documents/:id"
	PrintPattern         = "/p/:subject/documents/:id/print"
	DocumentPDFPattern   = "/p/:subject/documents/:id/pdf"
	DisclosurePattern    = "/p/:subject/disclosure"
	NoticePattern        = "/p/:subject/notice"
	PermitPattern        = "/p/:subject/permit"
	ProhibitPattern      = "/p/:subject/prohibitions/new"
	ProhibitionsPattern  = "/p/:subject/prohibitions"
	ProhibitionPattern   = "/p/:subject/prohibitions/:id"
	WithdrawPattern      = "/p/:subject/prohibitions/:id/withdraw"
	ReceiptsPattern      = "/p/:subject/receipts"
	ReceiptPattern       = "/p/:subject/receipts/:number"
	ReceiptPDFPattern    = "/p/:subject/receipts/:number/pdf"
	OthersPattern        = "/others"
	StopPattern          = "/others/stop"
	WhyPattern           = "/why"
	HelpPattern          = "/help"
	LeafletPattern       = "/help/leaflet"
	AccessibilityPattern = "/accessibility"
	PrivacyPattern       = "/privacy"
	OrganisationsPattern = "/organisations"
	OrganisationPattern  = "/organisations/:id"
)

// Addresses without a language.
const (
	Root              = "/"
	Callback          = "/auth/callback"
	MandatesCallback  = "/auth/mandates/callback"
	BackchannelLogout = "/auth/backchannel-logout"
	Healthy           = "/healthz"
	Ready             = "/readyz"
	Static            = "/static/"
)

// Addresses of the machine interface.
const (
	API                = "/api"
	APIEntries         = "/api/v1/entries"
	APIDecisions       = "/api/v1/disclosure-decisions"
	APIDeclarations    = "/api/v1/declarations/query"
	APIDescription     = "/api/v1/openapi.yaml"
	APIDescriptionJSON = "/api/v1/openapi.json"
)

// Self is the subject in the path of one's own pages.
const Self = "self"

// Start is the public front page.
func Start(lang string) string { return "/" + lang + "/" }

// Login starts a login; returnTo is a local address or empty.
func Login(lang, returnTo string) string {
	address := "/" + lang + LoginPattern
	if returnTo != "" {
		address += "?" + url.Values{"to": {returnTo}}.Encode()
	}
	return address
}

// Logout ends the session here and at the provider.
func Logout(lang string) string { return "/" + lang + LogoutPattern }

// Exit is the quick exit.
func Exit(lang string) string { return "/" + lang + ExitPattern }

// Extend makes the session longer.
func Extend(lang string) string { return "/" + lang + ExtendPattern }

// Ended says that the session has ended.
func Ended(lang string) string { return "/" + lang + EndedPattern }

// Overview is a subject's first page.
func Overview(lang, subject string) string { return "/" + lang + "/p/" + url.PathEscape(subject) }

// Documents lists all documents of a subject.
func Documents(lang, subject string) string { return Overview(lang, subject) + "/documents" }

// Task lists the documents of a service task.
func Task(lang, subject, task string) string {
	return Overview(lang, subject) + "/tasks/" + url.PathEscape(task)
}

// Document is one document.
func Document(lang, subject, id string) string {
	return Documents(lang, subject) + "/" + url.PathEscape(id)
}

// Print is a document for paper.
func Print(lang, subject, id string) string { return Document(lang, subject, id) + "/print" }

// DocumentPDF is a document as a file.
func DocumentPDF(lang, subject, id string) string { return Document(lang, subject, id) + "/pdf" }

// Disclosure is the management of data use of a subject.
func Disclosure(lang, subject string) string { return Overview(lang, subject) + "/disclosure" }

// Notice is where the information notice is acknowledged.
func Notice(lang, subject string) string { return Overview(lang, subject) + "/notice" }

// Permit is where the permit is given and withdrawn.
func Permit(lang, subject string) string { return Overview(lang, subject) + "/permit" }

// Prohibitions is where a prohibition is previewed and confirmed.
func Prohibitions(lang, subject string) string { return Overview(lang, subject) + "/prohibitions" }

// Prohibit is where a new prohibition begins.
func Prohibit(lang, subject string) string { return Prohibitions(lang, subject) + "/new" }

// ProhibitTarget is the choice of a target of one kind; the target that is chosen beforehand may
// be empty.
func ProhibitTarget(lang, subject, kind, target string) string {
	query := url.Values{"type": {kind}}
	if target != "" {
		query.Set("target", target)
	}
	return Prohibit(lang, subject) + "?" + query.Encode()
}

// ProhibitStep is a later step, "effect" or "confirm", of the prohibition of a preview.
func ProhibitStep(lang, subject, step, preview string) string {
	return Prohibit(lang, subject) + "?" + url.Values{"step": {step}, "preview": {preview}}.Encode()
}

// Prohibition is one prohibition.
func Prohibition(lang, subject, id string) string {
	return Prohibitions(lang, subject) + "/" + url.PathEscape(id)
}

// Withdraw is where a prohibition is withdrawn.
func Withdraw(lang, subject, id string) string { return Prohibition(lang, subject, id) + "/withdraw" }

// WithdrawStep is the page of a prohibition with the preview of its withdrawal.
func WithdrawStep(lang, subject, id, preview string) string {
	return Prohibition(lang, subject, id) + "?" + url.Values{"preview": {preview}}.Encode()
}

// Receipts lists the receipts of all changes.
func Receipts(lang, subject string) string { return Overview(lang, subject) + "/receipts" }

// Receipt is the receipt of one change.
func Receipt(lang, subject string, number int) string {
	return Receipts(lang, subject) + "/" + strconv.Itoa(number)
}

// ReceiptPDF is a receipt as a file.
func ReceiptPDF(lang, subject string, number int) string {
	return Receipt(lang, subject, number) + "/pdf"
}

// Others is where one chooses for whom to act.
func Others(lang string) string { return "/" + lang + OthersPattern }

// OthersAfter is the same page with how a choice ended.
func OthersAfter(lang, outcome string) string {
	return Others(lang) + "?" + url.Values{"outcome": {outcome}}.Encode()
}

// Stop ends acting for a person.
func Stop(lang string) string { return "/" + lang + StopPattern }

// Why answers why a document is not seen.
func Why(lang string) string { return "/" + lang + WhyPattern }

// Help says what is shown and what is not.
func Help(lang string) string { return "/" + lang + HelpPattern }

// Leaflet is the two-page leaflet for service points.
func Leaflet(lang string) string { return "/" + lang + LeafletPattern }

// Accessibility is the accessibility statement.
func Accessibility(lang string) string { return "/" + lang + AccessibilityPattern }

// Privacy is the privacy statement.
func Privacy(lang string) string { return "/" + lang + PrivacyPattern }

// Organisations lists the organisations whose documents are or will be shown.
func Organisations(lang string) string { return "/" + lang + OrganisationsPattern }

// Organisation is the information sheet of one organisation.
func Organisation(lang, oid string) string { return Organisations(lang) + "/" + url.PathEscape(oid) }
