package views

// StartPage is the public front page: what the service is, who can use it, the way in.
type StartPage struct {
	Shell       Shell
	LoginURL    string  // start of a login
	OverviewURL string  // one's own pages, for someone who is logged in; else empty
	Contact     Contact // the operator's; without a name
}
