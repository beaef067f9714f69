// Package sosmeta loads the definitions of official documents, checks documents against
// them and turns documents into a neutral tree that a page can draw.
//
// A definition is a JSON Schema (draft-07) whose nodes carry a "sosmeta" object: labels in
// Finnish and Swedish, kind of value, order of display and rules in words. Every node is
// optional and its authors slip at times, so loading is generous (Report tells the slips),
// while checking is strict and rendering shows only what the definition knows.
//
// The package does no I/O but for the folder it is given, reads the clock only to time a
// load, and knows no HTML.
package sosmeta
