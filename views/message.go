package views

// MessagePage is a page that says one thing: not found, an error, the end of a session. The
// component chooses the words.
type MessagePage struct {
	Shell     Shell
	Reference string // of an error, for a person to quote; means nothing by itself
	RetryURL  string // where trying again leads, a login for the most part
}
