package lexicon

import "github.com/carebus/carebus/phi/internal/category"

// A Mode says how the value of a node is treated when it is written.
type Mode uint8

// The modes.
const (
	Text  Mode = iota // undeclared: strings are scanned as free text
	Safe              // technical: only identifiers of unmistakable form and known values are looked for
	Meta              // as Safe, without known values: it says what others mean
	Typed             // the key says what it is: the category's action applies
	Hint              // likely a name, but only if it reads like one
	Keep              // declared free of PHI by policy
	Path              // entity/id, such as patient/42
	Drop              // not declared by a policy that asks for declarations
	Rows              // rows whose columns stand beside it
)

// A Meaning is what the lexicon knows about a key.
type Meaning struct {
	Mode   Mode
	Cat    category.Category
	Role   Role
	Entity Entity
	Rank   uint8 // of labels: lower is stronger
	Via    Via
	Keys   category.Category // of identifiers that stand as keys in an object under it
}

// Is reports whether a key plays one of the roles.
func (k Meaning) Is(r Role) bool { return k.Role&r != 0 }

// Undeclared reports whether a key says nothing of what its value is, though it
// may say whose it is or what part it plays.
func (k Meaning) Undeclared() bool {
	return k.Mode == Text && k.Cat == category.None &&
		!k.Is(RoleText|RolePersonName|RoleID|RoleEnum|RoleRef) && k.Via != ViaPolicy && k.Via != ViaSchema
}

// Hints reports whether a key says that its value is likely a name.
func (k Meaning) Hints() bool { return k.Mode == Hint || k.StandsForPerson() }

// StandsForPerson reports whether a key is a word for a person and nothing else, so that
// a string under it names or identifies them: therapist.
func (k Meaning) StandsForPerson() bool {
	return k.Entity == Person && k.Mode == Text && !k.Is(RoleText|RoleHandle)
}

// A Role says what part a key plays among its siblings.
type Role uint16

// The roles. A key may play several.
const (
	RolePersonName Role = 1 << iota // "name": a person's or a thing's, by what stands around it
	RoleValue                       // its meaning stands in a sibling
	RoleLabel                       // its value may say what a sibling means
	RoleMeta                        // does not take over its container's category
	RoleText                        // free text by declaration
	RoleRef                         // a reference such as Patient/42
	RoleID                          // "id": a person's or a thing's
	RoleParty                       // an object that stands for a person rather than for its category
	RoleEnum                        // a container of coded values: nothing within is free text
	RoleLeafValue                   // as RoleValue, but for strings and numbers only
	RolePersonal                    // evidence that the object describes a person
	RoleKind                        // its value says whose the siblings are: {"type":"patient"}
	RoleHandle                      // a person's word for something with a name of its own: account, session
	RoleKeyOnly                     // tells of a JSON key, not of a word in a text
	RoleMapKey                      // the key is itself an id, or a finding
	RoleReference                   // a member of a FHIR reference
)

// An Entity says whose name "name" would be.
type Entity uint8

// The entities.
const (
	Unknown Entity = iota
	Person
	Thing
	Transparent // whatever stands around it
)

// A Via says how a value got its category.
type Via uint8

// The ways.
const (
	ViaKey       Via = iota // its key
	ViaSibling              // a label beside it
	ViaContainer            // what stands around it
	ViaPolicy               // a rule of the user's
	ViaSchema               // the event's type
)
