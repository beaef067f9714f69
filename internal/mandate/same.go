package mandate

// SameChoice reports whether two grants came of one choice: they share the session at the
// register, so End of one ends both.
func (g Grant) SameChoice(other Grant) bool { return g.session != "" && g.session == other.session }
