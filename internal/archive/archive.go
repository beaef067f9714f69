// Package archive reads what the national archive delivers: bundles of entries (JSON Lines) and
// organisation files (YAML). It checks every entry, refuses what contradicts the contract with
// line, key and a reason in words, and loads the rest through internal/store.
//
// A bundle is UTF-8 text with one JSON object a line, MaxLine bytes at most; empty lines are
// skipped. Keys are exact, a key stands once, an unknown key refuses the entry. An optional key
// may be null, which means the same as its absence; a required key may not. Identifiers are
// object identifiers in dotted form, instants are RFC 3339 with an offset (kept to the
// millisecond), days are yyyy-mm-dd. "kind" says which keys an entry has; r = required.
//
// document — a client document (V1–V9, D14), of a definition of group 1506:
//
//	oid r           identity of this version
//	setOid r        identity of all versions together
//	version r       1 or greater; the highest of a set counts (V3)
//	status r        current | replaced | voided
//	definition r    object identifier of the definition with its version
//	phase r         format of the archive, a whole number; below 2 is never shown (V2)
//	clients r       one or more personal identity codes, each once (V1)
//	controller r    organisation in whose register the document is
//	producer r      organisation that made it
//	production r    own | purchased | voucher | private (D14)
//	serviceTask r   key of a service task, or its national code (list 1.2.246.537.6.1221)
//	sharedCase r    true | false; several clients need true
//	language r      fi | sv: the language of the document's own text
//	case            set of the case that it belongs to
//	created r       when it was drawn up
//	archived r      when it reached the archive
//	corrected       when it was corrected, if it was (V17)
//	display r       {special r, withheldFromGuardians r, released r: true | false; notBefore: day} (V5, V7–V9)
//	body r          the document itself; optional and unchecked when status is voided
//
// relationship — the document of a client relationship, definition 1505.1, and
// case — the document of a case, definition 1505.2: the keys of a document, of which producer,
// production (both or neither), serviceTask and sharedCase are optional. A relationship has
// exactly one client. Where sharedCase is absent, several clients mean a shared case. The
// service task comes from the body where the key is absent and the body names exactly one.
//
// declaration — a permit (definition 1505.8) or a prohibition (1505.9) in its full set (D9):
//
//	oid r, setOid r, version r, definition r, created r, body r
//	                created: a time that has not come counts as the time of delivery
//	client r        one personal identity code
//	basedOn         oid of the version that it replaces; must be the newest one here
//
// disclosure — data went to another controller (L3):
//
//	id r            text of 200 bytes at most
//	client r        one personal identity code
//	when r          instant
//	documents r     sets that were disclosed
//	recipient r     organisation
//	discloser r     controller
//	purpose r       {fi, sv}: one of them at least
//	basis r         {permit: true} or {law: text}
//	serviceTask r   as in a document
//
// registerUse — a producer's right to use an organiser's register (D15):
//
//	id r, version r (the highest counts), producer r, organiser r, from r (day), to (day)
//
// identity — a changed personal identity code (T10):
//
//	id r, old r, new r
//
// The same entry twice changes nothing; the same oid or id with other content is refused, and so
// is a second oid for the same version of a set.
package archive
