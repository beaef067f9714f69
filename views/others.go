package views

// Acting says for whom the user acts on a page; every such page carries it as a banner (A7).
type Acting struct {
	Name string // of the person as the register writes it; empty: the register has none
	Role string // "guardian", "informed" or "mandate"
}

// OthersPage is where one chooses for whom to act. Shell.Others tells whether that is
// switched on in this deployment.
type OthersPage struct {
	Shell    Shell
	Outcome  string // how the last choice ended: "", "refused", "unchecked", "again", "cancelled" or "stopped"
	Informed bool   // the deployment knows the role of a right to information (A2)
	People   []ActingPerson
}

// ActingPerson is someone for whom the user acts in this login.
type ActingPerson struct {
	Acting
	URL    string // the person's overview
	Handle string // the subject in the form that stops
}
