// Package views holds the pages of the portal as templ components, each with one typed
// struct of plain texts, flags and slices that mirrors the page from top to bottom. Package
// web fills the structs; nothing here loads, decides or formats dates. Every page stands
// inside Layout, which takes a Shell. Components that know no word of the domain live in
// views/ui.
//
// Two things hold for every page of a logged-in person: the title in the browser's tab and
// history never tells the kind of a document or a service, and the quick exit comes first
// in the order of the keyboard.
package views

import "kuulas.example/internal/i18n"

// Shell is what surrounds every page.
type Shell struct {
	P        *i18n.Printer // texts in the page's language
	Title    string        // the neutral name of the page, without the portal's name
	Invalid  bool          // the page shows a form again with errors: the title says so first
	OtherURL string        // this page in the other language
	Here     string        // this page's own local address; the session form returns to it
	Session  *Session      // nil for someone who is not logged in
	Crumbs   []Link        // the pages above this one, outermost first; this page is not among them
	Acting   *Acting       // for whom the user acts (A7); nil on one's own pages
	Others   bool          // acting for others is switched on: pages and navigation speak of it

	Disclosure string // address of the management of data use of the same subject; empty: there is none
	style      string // a further style sheet, which some pages need
}

// Session is what the frame of a logged-in person's page needs to know.
type Session struct {
	Name    string // the user's name
	Token   string // session-bound form token, hidden in every form
	Subject string // "self" or a handle: the subject in the path of the navigation's links
	Current string // which entry of the navigation this page is: "overview", "documents", "disclosure", "others" or ""
	Ends    string // clock time at which the session ends if nothing is done, with its word
	EndsAt  string // the same instant in RFC 3339, for the script that warns
	Final   bool   // the absolute limit comes first: the session cannot be made longer
}

// Link is a text that leads somewhere.
type Link struct{ Text, URL string }

// Contact is how to reach somebody. Empty fields are left out.
type Contact struct {
	Name    string
	Phone   string // as people read it; the link to call is made of its digits
	Email   string
	Address []string // lines
}

// Foreign is a text that may stand in another language than the page.
type Foreign struct {
	Text string
	Lang string // "fi" or "sv" where it differs from the page's language, else empty
}
