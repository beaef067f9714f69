package views

// HelpPage says what is shown, what is not and why, who sees it, and how an error is
// corrected. On paper it is a leaflet of two pages for service points (s4): links give way
// to telephone numbers and the service's own address.
type HelpPage struct {
	Shell         Shell
	Address       string // the service's address as people type it, without https
	Later         Later
	Timing        Foreign // the operator's text on what does not yet show or move (O3)
	Contact       Contact // the operator's; without a name
	Organisations []OrganisationFacts
}

// paperNumbers is how many organisations' telephone numbers fit the second page; with more,
// the paper says where they stand.
const paperNumbers = 8

func (p HelpPage) listed() []OrganisationFacts {
	if len(p.Organisations) > paperNumbers {
		return nil
	}
	return p.Organisations
}
