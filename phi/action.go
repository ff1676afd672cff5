package phi

// Action says what is done with a finding. The zero Action is Redact.
type Action uint8

// The actions.
const (
	Redact     Action = iota // put the category in its place: [NAME]
	Mask                     // put * in place of letters and digits, three at most for each run of them
	Pseudonym                // put a keyed token in its place: the same value gives the same token within a tenant and category
	Generalize               // keep what Safe Harbor allows: a date's year, a ZIP's first three digits, an age up to 89
	Shift                    // move a date by a number of days that is fixed for the subject
	Drop                     // the same as Redact; profiles use the word for fields that are removed whole, such as notes and photos
	Keep                     // leave it
	numActions = iota
)

var actionNames = [numActions]string{"redact", "mask", "pseudonym", "generalize", "shift", "drop", "keep"}

// String returns the action's name as it stands in policy files.
func (a Action) String() string {
	if int(a) >= numActions {
		return "unknown"
	}
	return actionNames[a]
}

// ParseAction is the inverse of [Action.String].
func ParseAction(s string) (Action, error) {
	for i, n := range actionNames {
		if n == s {
			return Action(i), nil
		}
	}
	return Redact, errUnknownAction
}
