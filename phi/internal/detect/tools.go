package detect

import "github.com/carebus/carebus/phi/internal/words"

// tools are called after those who made them: Kelly clamp, Blake drain.
var tools = words.SetOf("clamp clamps forceps retractor retractors drain drains sump scissors trocar cannula maneuver maneuvers")

// toolName returns the index behind the capitalised words from token i on after which a
// tool or a way to use it is called, or i: the Cobb elevator, a small Kerrison rongeur,
// Kling bandages. A noun that may be a verb needs an article.
func (sc *Scanner) toolName(i int) int {
	end := i + 1
	if n := sc.at(end); n.kind != tokenWord || !n.is(capital) && !toolNouns.Has(n.hash) && !toolVerbs.Has(n.hash) {
		return i
	}
	for end < i+3 && sc.at(end).kind == tokenWord && sc.at(end).isBut(capital, lineBefore) {
		end++
	}
	n, p := sc.at(end), sc.at(i-1)
	switch {
	case n.kind != tokenWord || n.is(capital|lineBefore):
		return i
	case toolNouns.Has(n.hash) && sc.toks[i].list.Given() < words.Frequent:
		return end
	case !toolVerbs.Has(n.hash) || sc.toks[i].is(lineBefore):
		return i
	}
	if p.kind == tokenWord && p.cue == 0 && !p.is(capital) { // a blunt Penfield probe
		p = sc.at(i - 2)
	}
	if p.kind == tokenNumber || p.kind == tokenWord && articlesOfTools.Has(p.hash) {
		return end
	}
	return i
}

var (
	articlesOfTools = words.SetOf("a an the this using utilizing two")
	toolNouns       = words.SetOf(`elevator elevators retractor retractors forceps tenaculum osteotome dissector dissectors speculum curette curettes rongeur rongeurs headrest headholder tongs mouthgag trocar cannula tourniquet laryngoscope dynamometer
		bandage bandages osteotomy bunionectomy anastomosis culdoplasty orchiopexy hernioplasty fundoplication`)
	toolVerbs = words.SetOf(`clamp clamps needle needles drain drains blade blades scissors holder halo frame brace splint cast dressing dressings sponge sponges suture sutures stitch plate plates screw screws rod rods pin pins wire wires
		nail stem catheter tube port stapler staple probe hook punch saw drill bur burr drape drapes hose stockings graft patch valve stent lens implant prosthesis device gag ligament fascia incision technique repair flap
		flaps tuck taper collar electrode spatula pump monitor boot stand`)
)
