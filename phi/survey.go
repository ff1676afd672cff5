package phi

import (
	"bytes"
	"slices"
	"strings"
)

const noRank = 255

// A survey is what an object's members say about each other.
type survey struct {
	resource  entity  // FHIR: what the resourceType stands for
	label     keyInfo // what the label says about the value; rank noRank when there is none
	named     bool    // has a member "name" or "id"
	personal  bool    // has members that describe a person
	evidence  int     // how many
	person    bool    // a FHIR reference to a person
	reference bool    // has the members of a FHIR reference and no others
	notes     bool    // a label says that the text is of psychotherapy
	ends      uint8   // has strings as members first and last
}

// survey looks the object's keys up, which it notes in their nodes, and finds
// the member that says what the others mean.
func (w *walker) survey(i int32) survey {
	v := survey{label: keyInfo{rank: noRank}}
	nodes := w.sc.nodes
	values, labels, texts, urls := false, false, false, false
	weakest := uint8(0) // the rank that a label must stay below to explain one of the texts
	v.reference = true
	for j := i + 1; j < nodes[i].next; {
		key, child := &nodes[j], &nodes[j+1]
		k := w.meaning(key)
		key.keyInfo = k
		v.reference = v.reference && k.is(roleReference)
		values = values || k.is(roleValue)
		urls = urls || k.cat == URL
		if k.is(roleText) && string(w.text(key)) == "text" {
			texts = true
			if child.kind == kindString {
				weakest = max(weakest, k.rank)
			}
		}
		labels = labels || k.is(roleLabel)
		v.named = v.named || k.role&(rolePersonName|roleID) != 0
		if k.is(rolePersonal) {
			v.personal = true
			v.evidence++
		}
		if child.kind == kindObject && k.is(roleKind) {
			if c := w.member(j+1, "text"); c != nil && c.kind == kindString {
				v.notes = v.notes || ofPsychotherapy(w.text(key), w.text(c))
			}
		}
		if child.kind == kindString {
			if size := key.end - key.start; k.mode == modeText && (size == 4 || size == 5) {
				v.ends |= endOf(w.text(key))
			}
			switch {
			case k.is(roleRef):
				v.person = refersToPerson(w.text(child))
			case k.is(roleMeta) && string(w.keyText(key)) == "resourceType":
				v.resource = resourceEntity(w.text(child))
			case !k.is(roleText):
				v.notes = v.notes || ofPsychotherapy(w.text(key), w.text(child))
				if v.resource == entityUnknown && k.is(roleKind) {
					if of, _ := w.s.lex.entities.get(asBytes(strings.ToLower(asString(w.text(child))))); of == entityPerson {
						v.resource = entityPerson
					}
				}
			}
		}
		j = child.next
	}
	if labels && (values || texts) {
		if values || urls || w.s.policy.paths != nil {
			weakest = noRank
		}
		v.label = w.findLabel(i, weakest)
	}
	return v
}

// findLabel finds the strongest label of an object that is stronger than a rank.
// The label's own rank is noRank when there is none.
func (w *walker) findLabel(i int32, weakest uint8) keyInfo {
	found := keyInfo{rank: noRank}
	nodes := w.sc.nodes
	for j := i + 1; j < nodes[i].next; {
		key, child := &nodes[j], &nodes[j+1]
		if key.role&roleLabel != 0 && key.rank < min(found.rank, weakest) {
			at := child
			switch at.kind {
			case kindObject: // code: {text: "Date of birth"}
				at = w.conceptText(j + 1)
			case kindArray: // loc: ["body", "patient", "last_name"]
				at = w.lastElement(j + 1)
				if l := w.pathLabel(j + 1); l.mode == modeTyped && w.s.actions[l.cat] != Keep {
					found = l
					found.rank = key.rank
					j = child.next
					continue
				}
			}
			if at != nil && at.kind == kindString {
				l, ok := w.s.lex.label(w.keyText(at))
				if ok && (l.mode != modeTyped || w.s.actions[l.cat] == Keep) && !definesElement(w.text(at)) &&
					(key.cat == URL && urlSigns(w.text(at)) || w.goes(w.keyText(at), key.keyInfo)) {
					ok = false // it goes, and with it what it says
				}
				if ok {
					found = l
					found.rank = key.rank
				}
			}
		}
		j = child.next
	}
	return found
}

// conceptText returns the text of a FHIR concept, or else the code of its first
// coding; nil when it has neither.
func (w *walker) conceptText(i int32) *node {
	for _, name := range []string{"text", "title", "label", "name", "ref"} {
		if text := w.member(i, name); text != nil {
			return text
		}
	}
	nodes := w.sc.nodes
	for j := i + 1; j < nodes[i].next; j = nodes[j+1].next {
		if c := j + 1; string(w.keyText(&nodes[j])) == "coding" && nodes[c].kind == kindArray && nodes[c].next > c+1 && nodes[c+1].kind == kindObject {
			return w.member(c+1, "code")
		}
	}
	return nil
}

// pathLabel returns what the last two elements of an array of strings say together, as
// parts of a path do: ["body", "client", "last"].
func (w *walker) pathLabel(i int32) keyInfo {
	nodes := w.sc.nodes
	n := nodes[i].next
	if n < i+3 || nodes[n-1].kind != kindString || nodes[n-2].kind != kindString || w.goes(w.keyText(&nodes[n-1]), keyInfo{}) {
		return keyInfo{}
	}
	holder := slices.Clone(w.keyText(&nodes[n-2]))
	if !heldKeys.has(w.keyText(&nodes[n-1])) {
		return keyInfo{}
	}
	return w.joined(holder, w.keyText(&nodes[n-1]))
}

// lastElement returns the last element of an array, or nil.
func (w *walker) lastElement(i int32) *node {
	nodes := w.sc.nodes
	var last *node
	for j := i + 1; j < nodes[i].next; j = nodes[j].next {
		last = &nodes[j]
	}
	return last
}

// extendsPerson reports whether the object at i is a FHIR extension whose url names
// a person.
func (w *walker) extendsPerson(i int32) bool {
	url := w.member(i, "url")
	if url == nil || url.kind != kindString {
		return false
	}
	text := w.text(url)
	return personKind(bytes.TrimPrefix(text[bytes.LastIndexByte(text, '/')+1:], []byte("patient-")))
}

// member returns the value of an object's member, or nil.
func (w *walker) member(i int32, name string) *node {
	nodes := w.sc.nodes
	for j := i + 1; j < nodes[i].next; j = nodes[j+1].next {
		if string(w.keyText(&nodes[j])) == name {
			return &nodes[j+1]
		}
	}
	return nil
}
