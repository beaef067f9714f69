// Package declaration builds the official documents of what a client declared — the
// prohibition document (Kieltoasiakirja) and the permit document (Luovutuslupa-asiakirja) — and
// reads those that a professional drew up with the client (D9, D17). It does no I/O and reads
// no clock.
//
// Nothing of a document's form is written here. Keys, fixed phrase, code systems and the shape
// of every value come from the definition that is loaded at run time: a form is found in it by
// meaning — code systems first, then the kind of value, then stems of keys and labels in both
// languages — so that a later version with other keys, or with further fields, still works. A
// field that a definition requires and that nothing here can fill is an error that names the
// field, and nothing is built. What was built is checked against the definition and read back
// before it is returned; if it does not say the same, it is not returned.
//
// Reading is careful in one direction only: what is not understood prohibits more and permits
// less. A prohibition whose target is not understood becomes record.Target{}, which covers
// everything; a permit of which anything is not understood is not given. Read returns this
// careful result beside its error, so that a caller who only logs the error is safe.
//
// The definitions that the program carries itself lie under a private arc. They serve demo and
// tests; a declaration made with them is never sent (Sendable).
package declaration
