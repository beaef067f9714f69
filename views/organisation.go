package views

// OrganisationsPage lists the organisations whose documents are or will be shown.
type OrganisationsPage struct {
	Shell         Shell
	Organisations []OrganisationFacts
}

// OrganisationPage is one organisation's information sheet (O2).
type OrganisationPage struct {
	Shell        Shell
	Organisation OrganisationFacts
}
