package phi

// What stands beside a finding and is told by it alone.

// besideFindings notes the other half of a name in a list of quoted values, ages over 89
// behind names, and postal codes behind towns.
func (sc *scanner) besideFindings() {
	for i := range sc.toks {
		switch t := &sc.toks[i]; t.kind {
		case tokenPunct:
			if sc.text[t.start] == ',' && sc.joined(i) && sc.quoteMark(i-1) && sc.quoteMark(i+1) {
				sc.quotedBeside(i)
			}
		case tokenNumber:
			if t.flags&(used|lineBefore) == 0 && (t.size() == 2 || t.size() == 3 || t.size() == 5) {
				sc.numberBeside(i)
			}
		}
	}
}

// quotedBeside notes the other half of a name that stands in quotes on one side of the
// comma at token i, as code and errors print rows: 'Lotte', 'Vondel'.
func (sc *scanner) quotedBeside(i int) {
	a, b := i-2, i+2
	switch {
	case sc.at(a).flags&nameFound != 0 && sc.otherHalf(b) && sc.quoteMark(b+1):
		sc.addName(b, b+1, true)
	case sc.at(b).flags&nameFound != 0 && sc.otherHalf(a) && sc.quoteMark(a-1):
		sc.addName(a, a+1, true)
	}
}

// otherHalf reports whether the word at i may be half of a name, its other half beside
// it.
func (sc *scanner) otherHalf(i int) bool {
	t := sc.at(i)
	l := t.list
	return sc.nameable(i) && t.size() > 1 && !sc.acronym(t) && !l.drug() && t.cue == 0 && (l.named() && l.word() < 2 || l.word() == 0 && l.city() == 0)
}

// numberBeside notes the number at token i if it is the age behind a name, Ethel, 95,
// lives alone; or the postal code behind a town: Haydenville 01039.
func (sc *scanner) numberBeside(i int) {
	if sc.toks[i].size() == 5 {
		if last := sc.at(i - 1); last.flags&used != 0 && !sc.joined(i) && sc.saidAlone(i+1) && sc.foundAs(i-1, Place) {
			sc.add(i, i+1, PostalCode)
		}
		return
	}
	if v := digitsValue(sc.lit(i)); v >= oldestAge && v <= 115 && (sc.isPunct(i-1, ',') || sc.isPunct(i-1, '(')) && sc.at(i-2).flags&nameFound != 0 && sc.saidAlone(i+1) {
		sc.add(i, i+1, Age)
	}
}

// foundAs reports whether a finding of a category ends with token i.
func (sc *scanner) foundAs(i int, cat Category) bool {
	for _, sp := range sc.spans {
		if sp.End == int(sc.toks[i].end) && sp.Category == cat {
			return true
		}
	}
	return false
}
