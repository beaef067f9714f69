package views

// PrivacyPage is the privacy statement.
type PrivacyPage struct {
	Shell         Shell
	Operator      Foreign // the controller of the data on use: the operator's name
	Contact       Contact // the operator's; without a name
	Officer       Contact // its data protection officer
	IdleMinutes   int     // session limits as configured
	AbsoluteHours int
}
