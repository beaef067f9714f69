package views

// Acting says for whom the user acts on a page; every such page carries it as a banner (A7).
type Acting struct {
	Name string // of the person as the register writes it; empty: the register has none
	Role string // "guardian", "informed" or "mandate"
}

// OthersPage is where one chooses for whom to act.
type OthersPage struct {
	Shell   Shell
	Off     bool   // acting for others is switched off in this deployment
	Outcome string // how the last choice ended: "", "refused", "unchecked", "again", "cancelled" or "stopped"
	People  []ActingPerson
}

// ActingPerson is someone for whom the user acts in this login.
type ActingPerson struct {
	Acting
	URL    string // the person's overview
	Handle string // the subject in the form that stops
}
