package phi

// Streets without a house number, and roads whose name is a number.

// numberedRoad returns the index behind a road that has a number for its name
// at token j, or j: County Road 275, State Hwy 7, US-88.
func (sc *scanner) numberedRoad(j int) int {
	w, n := sc.at(j), sc.at(j+1)
	if !roadOwners.has(w.hash) || n.flags&(lineBefore|used) != 0 {
		return j
	}
	k := j + 1
	if sc.isPunct(k, '-') && sc.joined(k) && sc.joined(k+1) || n.kind == tokenWord && (highways.has(n.hash) || n.hash == hashRoad) {
		k++
	} else if w.hash != hashUS {
		return j
	}
	if n = sc.at(k); n.kind == tokenNumber && n.size() <= 4 && n.flags&(lineBefore|used) == 0 && (!sc.at(k+1).cueIs(cueUnit) || sc.at(k+1).cueIs(cueUnitWord)) {
		return k + 1
	}
	return j
}

var (
	roadOwners = setOf("county state us co interstate farm")
	hashRoad   = foldHash("road")
	hashUS     = foldHash("us")
)

// unnumbered finds the street that ends with the word at i and has no number,
// or one behind it: on Ridge Street, at Villacher Strasse 89.
func (sc *scanner) unnumbered(i int) int {
	w := sc.at(i)
	soft := weakStreet(w)
	if soft && (w.flags&capital == 0 || !softStreets.has(w.hash) || sc.nameable(i+1) && sc.at(i+1).flags&lineBefore == 0) { // on call, Dr Smith
		return i
	}
	from := i
	if p := sc.at(i - 1); p.kind == tokenNumber && p.size() <= 4 && p.flags&(used|lineBefore) == 0 && sc.at(i).flags&lineBefore == 0 && i > 1 {
		from--
	}
	if w.flags&capital == 0 && from == i && sc.capitals {
		return i
	}
	for from > 0 && i-from < 5 {
		p := sc.at(from - 1)
		if sc.at(from).flags&lineBefore != 0 || p.kind != tokenWord || p.flags&(used|capital) != capital || p.cueIs(cueMonth|cueStop|cueNotName) && p.list.surname() < 2 {
			break
		}
		from--
	}
	if from == i || from == i-1 && sc.at(from).kind == tokenNumber {
		return i
	}
	if p := sc.at(from - 1); p.hash == hashAnd && sc.at(from-2).flags&used != 0 && sc.at(from).flags&lineBefore == 0 { // Elm Street and Maple Way
	} else if soft && p.hash != hashOn && p.hash != hashNear && p.hash != hashOff {
		return i
	} else if p.kind != tokenWord || p.flags&capital != 0 || sc.at(from).flags&lineBefore != 0 || !(p.hash == hashOn || p.hash == hashAt || p.hash == hashNear || p.hash == hashOff || p.hash == hashAlong || p.hash == hashFrom || p.hash == hashTo && sc.at(i-1).kind == tokenNumber) {
		return i
	}
	end := i + 1
	if sc.isPunct(end, '.') && sc.joined(end) && shortStreets.has(w.hash) {
		end++
	}
	if n := sc.at(end); w.hash == hashSt && end > i+1 && n.kind == tokenWord && n.flags&(capital|lineBefore) == capital {
		return i // Providence St. Vincent
	}
	if n := sc.at(end); n.cueIs(cueFacility) && n.flags&(capital|lineBefore) == capital {
		return i // Elm Street Clinic
	}
	if n := sc.at(end); n.kind == tokenNumber && n.size() <= 4 && n.flags&(used|lineBefore) == 0 && !sc.at(end+1).cueIs(cueUnit) {
		end++
	}
	return sc.addressBlock(from, end)
}

// softStreets are suffixes that make a street without a number behind "on".
var softStreets = setOf("circle way trail court loop place dr ct cir")

// compoundStreet finds Koskikatu 25: a word that is a street, and a number.
func (sc *scanner) compoundStreet(i int) bool {
	t := &sc.toks[i]
	n := sc.at(i + 1)
	if t.flags&capital == 0 || n.kind != tokenNumber && n.kind != tokenMixed || n.size() > 5 || n.flags&(lineBefore|used) != 0 || !streetCompound(sc.lit(i)) {
		return false
	}
	from := i
	for from > 0 && i-from < 2 && sc.toks[from-1].kind == tokenWord && sc.toks[from-1].flags&capital != 0 && sc.toks[from].flags&lineBefore == 0 && sc.toks[from-1].flags&used == 0 && sc.toks[from-1].cue == 0 {
		from--
	}
	sc.addressBlock(from, i+2)
	return true
}
