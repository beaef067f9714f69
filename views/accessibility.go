package views

// AccessibilityPage is the statement that the act on digital services (306/2019) demands.
type AccessibilityPage struct {
	Shell    Shell
	Operator Foreign // the operator's name
	Feedback string  // e-mail address for feedback on accessibility
	Phone    string  // the operator's telephone, for those who do not write; may be empty
}
