package record

import "time"

// Action names what was done, as subject.verb.
type Action string

// The actions of this version of the portal.
const (
	ActionLogin        Action = "session.login"
	ActionLoginRefused Action = "session.refused"
	ActionLogout       Action = "session.logout"
	ActionExit         Action = "session.exit"
	ActionOverview     Action = "overview.view"
	ActionList         Action = "documents.list"
	ActionView         Action = "document.view"
	ActionPrint        Action = "document.print"
	ActionFile         Action = "document.pdf"
	ActionChoose       Action = "acting.choose" // went to the register to choose for whom to act
	ActionAct          Action = "acting.begin"  // may act from now on, or was refused
	ActionRecheck      Action = "acting.check"  // a right was found ended, or could not be checked
	ActionStop         Action = "acting.stop"
	ActionRegister     Action = "register.ask" // a question to e-Authorizations with its answer
)

// The actions by which a client governs disclosure.
const (
	ActionDisclosure  Action = "disclosure.view" // the management of data use
	ActionAcknowledge Action = "notice.acknowledge"
	ActionPermit      Action = "permit.give"
	ActionNoPermit    Action = "permit.withdraw"
	ActionPreview     Action = "prohibition.preview" // the effect of setting or withdrawing one
	ActionProhibition Action = "prohibition.view"
	ActionProhibit    Action = "prohibition.set"
	ActionRelease     Action = "prohibition.withdraw"
	ActionReceipt     Action = "receipt.view"
	ActionReceiptFile Action = "receipt.pdf"
	ActionReceipts    Action = "receipts.list"
	ActionDeclare     Action = "declaration.renew" // the portal by itself: the official document says what is in force again
)

// The actions of machine clients and of the operator.
const (
	ActionDecide       Action = "disclosure.decide" // see portal.Decide for what its rule and objects say
	ActionDeliver      Action = "entry.deliver"
	ActionDeclarations Action = "declarations.query"
	ActionTokenRefused Action = "token.refused" // of a known key: used before, or without the scope
)

// Roles of those who are no persons of the portal, in events only.
const (
	AsMachine  Role = "machine"
	AsOperator Role = "operator"
)

// Result says how an act ended.
type Result string

// The results.
const (
	Allowed Result = "allowed"
	Denied  Result = "denied"
)

// Event is one act to be recorded before its answer leaves (L1). It carries identifiers and
// counts, never the text of a document.
type Event struct {
	At      time.Time
	Action  Action
	Role    Role
	Result  Result
	Rule    string   // the rule that decided, where one did
	Objects []string // what was seen: "set:<oid>", "task:<key>"; what was refused: "document:<id>"; only keyed hashes leave this struct
	Actor   Viewer   // the person who acted; zero where nobody is known
	Subject PersonID // whose data
	Address string   // network address of the client, personal data
	Details []Detail // further personal or explaining facts
}

// Detail is one named fact of an event.
type Detail struct{ Name, Value string }
