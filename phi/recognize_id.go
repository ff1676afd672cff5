package phi

import "strings"

// cueWord recognises what begins with, or is announced by, the word at i.
func (sc *scanner) cueWord(i int) int {
	t := &sc.toks[i]
	c := cues[t.cue]
	if c.is&cueMonth != 0 {
		if next := sc.monthDate(i); next > i {
			return next
		}
		if next := sc.bareMonth(i); next > i {
			return next
		}
	}
	if c.is&cueWeekday != 0 && (t.flags&capital != 0 || t.size() > 5) {
		return sc.weekday(i)
	}
	if c.is&cueHoliday != 0 && t.flags&capital != 0 && sc.at(i-1).cueIs(cueDate|cueStop) && sc.at(i-1).hash != hashFor && sc.at(i-1).hash != hashWith && sc.at(i-1).hash != hashThe {
		return sc.add(i, i+1, Date)
	}
	if c.is&(cueKey|cueWeakKey) != 0 {
		if next := sc.key(i, c); next > i {
			return next
		}
	}
	if c.is&cueDate != 0 {
		if sc.isPunct(i+1, ':') {
			sc.shortDate(i + 2)
		}
		sc.shortDate(i + 1)
		if c.cat == BirthDate {
			sc.birthYear(i + 1)
		}
	}
	if t.hash == hashAt {
		if next := sc.spokenEmail(i); next > i {
			return next
		}
	}
	if c.is&(cueRoad|cueUnitWord|cueStreet) != 0 {
		if next := sc.road(i, c); next > i {
			return next
		}
	}
	if c.is&cueAddress != 0 {
		if next := sc.announced(i); next > i {
			return next
		}
	}
	if c.is&cueNumeral != 0 {
		if next := sc.wordedAge(i); next > i {
			return next
		}
	}
	return i + 1
}

// key finds the identifier that a key word announces: MRN: 123-45-789,
// policy number is HP-678901, account ending in 4242.
func (sc *scanner) key(i int, c cue) int {
	strong := c.is&cueKey != 0
	noun := false
	marked := false // a colon, # or = stands between
	cat := c.cat
	open := 0
	for j, words := i+1, 0; j < len(sc.toks) && j < i+10; j++ {
		t := &sc.toks[j]
		if t.flags&lineBefore != 0 && !(marked && j == i+2) {
			return i
		}
		if t.flags&used != 0 {
			return i
		}
		switch t.kind {
		case tokenPunct:
			switch sc.text[t.start] {
			case '#', ':', '=':
				marked = true
			case '-', '.', '/', '*', '\'', '"', '[', ']', '|':
			case '(':
				open++
			case ')':
				open--
			default:
				return i
			}
			continue
		case tokenWord:
			if t.size() <= 2 && sc.isPunct(j+1, ':') && sc.joined(j+1) {
				if next := sc.colons(j); next > j { // ea:a2:b6:12:26:de
					return next
				}
			}
			tc := cues[t.cue]
			switch {
			case tc.is&cueNoun != 0:
				noun = true
				continue
			case tc.is&cueUnitWord != 0 && cat != PostalCode:
				return i
			case tc.is&(cueKey|cueWeakKey) != 0:
				strong = strong || tc.is&cueKey != 0
				if tc.cat != OtherID && tc.cat != Phone || cat == None {
					cat = tc.cat
				}
				continue
			case tc.is&cueFill != 0, open > 0:
				if words++; words > 3 && !(words < 6 && accountWords.has(sc.at(i).hash)) {
					return i
				}
				continue
			}
			from, to := sc.extent(j)
			if to > from+1 && sc.hasDigit(from, to) { // SG-920311
				return sc.keyed(i, from, to, cat, strong || noun || marked, noun || marked)
			}
			if cat == OtherID && sc.isLogin(i) && (marked || strings.ContainsAny(sc.text[sc.toks[from].start:sc.toks[to-1].end], "._")) {
				return sc.add(from, to, OtherID)
			}
			if words++; words > 1 && !(words < 5 && accountWords.has(sc.at(i).hash)) || strong && marked {
				return i
			}
		default:
			from, to := sc.extent(j)
			if cat == OtherID && t.kind == tokenMixed && isLetter(sc.text[t.start]) && (sc.isLogin(i) || sc.isUser(i) && j == i+1) {
				return sc.add(from, to, OtherID)
			}
			return sc.keyed(i, from, to, cat, strong || noun || marked, noun || marked)
		}
	}
	return i
}

// isLogin reports whether the key word at i announces a login name.
func (sc *scanner) isLogin(i int) bool {
	return loginWords.has(sc.at(i).hash)
}

// isUser reports whether the key word at i may stand right before a login
// name, if that holds a digit: user ada77.
func (sc *scanner) isUser(i int) bool {
	h := sc.at(i).hash
	return h == hashUser || h == hashAccount
}

var (
	accountWords = setOf("username userid login")
	loginWords   = setOf("username userid login handle nickname screenname snapchat snap insta ig instagram tiktok discord skype gamertag venmo twitter")
	hashUser     = foldHash("user")
	hashAccount  = foldHash("account")
)

func (sc *scanner) hasDigit(from, to int) bool {
	for i := from; i < to; i++ {
		if k := sc.toks[i].kind; k == tokenNumber || k == tokenMixed {
			return true
		}
	}
	return false
}

// keyed judges whether the run behind a key word is an identifier.
func (sc *scanner) keyed(i, from, to int, cat Category, sure, marked bool) int {
	c := sc.text[sc.toks[from].start:sc.toks[to-1].end]
	if len(c) > 48 || uuid(c) && cat != MedicalRecord || isVersion(c) {
		return i
	}
	if cat == PostalCode {
		if end := sc.postalCode(from, true); end > from {
			return sc.add(from, end, PostalCode)
		}
		return i
	}
	if next := sc.colons(from); next > from {
		return next
	}
	if t := sc.at(from); cat == Account && to == from+1 && t.kind == tokenMixed && t.size() == 4 {
		if next := sc.spacedIBAN(from); next > from {
			return next
		}
	}
	if sc.at(from).kind == tokenNumber && sc.at(from).size() <= 6 && to == from+1 {
		if next := sc.street(from); next > from {
			return next
		}
	}
	digits, letters := 0, 0
	for k := range len(c) {
		switch {
		case isDigit(c[k]):
			digits++
		case isLetter(c[k]):
			letters++
		}
	}
	if n := numericDate(c); n > 0 && cat != SSN || sc.isYear(from) && to == from+1 && !marked {
		return i
	}
	if sc.at(to).cueIs(cueUnit) && sc.at(to).flags&lineBefore == 0 && letters == 0 || sc.isPunct(to, '%') || ordinal(c) > 0 && letters > 0 {
		return i
	}
	if from > 0 && sc.joined(from) && sc.text[sc.toks[from].start-1] == '$' {
		return i
	}
	switch cat {
	case Phone:
		if letters > 0 || digits < 7 || digits > 15 {
			if p := sc.phone(from); p > from {
				return p
			}
			return i
		}
		if p := sc.phone(from); p > from {
			return p
		}
		return sc.add(from, to, Phone)
	case Card:
		if sure && digits == 4 && letters == 0 && (marked || sc.hasWordBetween(i, from, hashEnding)) {
			return sc.add(from, to, Card)
		}
		if digits < 12 {
			return i
		}
	case Secret:
		if digits > 0 && digits+letters >= 4 {
			return sc.add(from, to, Secret)
		}
		return i
	case SSN:
		if digits == 9 || digits == 4 && letters == 0 || digits >= 7 {
			return sc.add(from, to, SSN)
		}
		return i
	}
	switch {
	case digits < 2 || digits+letters < 3:
		return i
	case letters == 0 && digits < 4 && !(sure && marked):
		return i
	case !sure && (digits < 5 || letters == 0 && digits < 6):
		return i
	case isDecimal(c), quantity(c):
		return i
	}
	// A run that goes on behind a space: SG 920311.
	if to < len(sc.toks) && digits < 5 && sc.at(to).kind == tokenNumber && sc.at(to).size() > 3 && sc.at(to).flags&(lineBefore|used) == 0 && sure {
		to++
	}
	if n := sc.at(to); cat == Vehicle && letters == 0 && n.kind == tokenWord && n.is(allCaps) && n.size() <= 4 && n.flags&(lineBefore|used) == 0 {
		to++ // 442 KLM
	}
	return sc.add(sc.withHash(from), to, cat)
}

// withHash returns the index of the # that stands right before token i, or i.
func (sc *scanner) withHash(i int) int {
	if sc.isPunct(i-1, '#') && sc.joined(i) && sc.at(i-1).flags&used == 0 {
		return i - 1
	}
	return i
}

// quantity reports whether c is a number with its unit: 500mg, 2.5ml.
func quantity(c string) bool {
	n := 0
	for n < len(c) && (isDigit(c[n]) || c[n] == '.') {
		n++
	}
	return n > 0 && n < len(c) && cues[cueTable.get(foldHash(c[n:]))].is&cueUnit != 0
}

func (sc *scanner) hasWordBetween(from, to int, hash uint32) bool {
	for i := from; i < to; i++ {
		if sc.at(i).hash == hash {
			return true
		}
	}
	return false
}

func isDecimal(c string) bool {
	dot := strings.IndexByte(c, '.')
	return dot > 0 && allDigits(c[:dot]) && allDigits(c[dot+1:]) && len(c) < 8
}

// codePrefixes are letters that stand before numbers which aren't identifiers.
var codePrefixes = func() map[uint32]bool {
	m := map[uint32]bool{}
	for _, h := range setOf(`cpt icd icd10 icd9 loinc hcpcs ndc snomed rxnorm iso rfc utf sha sha256 md5 covid sars h1n1 mp3 ipv4 ipv6 fips cvx drg rev phq gad pcl phq9 gad7 audit dast dsm hl7 fhir r4 v2 v3 windows iphone cve ieee ansi din en
		http https omim chembl pubmed pmid doi nct ec sct umls atc hgnc q2 q3 q4 gpt level grade stage type il cd ca hla hba1c b12 d3 omega t1 t2 l1 l2 l3 l4 l5 s1 c1 c2 c3 c4 c5 c6 c7 f20 f32 f33 f41 f43 sp o2 spo2 co2 ph fev1 fvc wbc rbc mcv prn bid tid
		us uk ny synthea kg mg ml cm mm`) {
		m[h] = true
	}
	return m
}()

// shapedID finds identifiers by shape alone: one to five capitals, a hyphen or
// #, and five digits or more, or the reverse.
func (sc *scanner) shapedID(from, to int, c string, sh shape) int {
	if sh.n < 2 || sh.n > 3 || sh.words == 0 || !strings.ContainsAny(c, "-") {
		return from
	}
	if codePrefixes[sc.toks[from].hash] {
		return from
	}
	letters, digits, lower := 0, 0, 0
	for k := range len(c) {
		switch {
		case isDigit(c[k]):
			digits++
		case isUpper(c[k]):
			letters++
		case isLower(c[k]):
			lower++
		}
	}
	if lower > 0 || letters == 0 || letters > 6 {
		return from
	}
	switch {
	case sh.digits[0] < 0 && sc.toks[from].kind == tokenWord && letters <= 5 && digits >= 5,
		sh.digits[0] < 0 && sh.n == 3 && digits >= 4 && sc.toks[from].kind == tokenWord,
		sh.digits[0] >= 4 && sh.n == 2 && digits >= 4 && letters >= 1 && letters <= 4 && sc.toks[to-1].kind == tokenWord && !sc.toks[to-1].cueIs(cueUnit):
		return sc.add(from, to, MedicalRecord)
	}
	return sc.bracketedID(from, to)
}

// bracketedID finds an identifier that stands alone in parentheses or behind #.
func (sc *scanner) bracketedID(from, to int) int {
	if sc.isPunct(from-1, '(') && sc.isPunct(to, ')') && to-from >= 3 {
		digits := 0
		c := sc.text[sc.toks[from].start:sc.toks[to-1].end]
		for k := range len(c) {
			if isDigit(c[k]) {
				digits++
			}
		}
		if digits >= 4 && !codePrefixes[sc.toks[from].hash] {
			return sc.add(from, to, OtherID)
		}
	}
	return from
}

// hashID finds #SG-920311 and #84796.
func (sc *scanner) hashID(i int) int {
	if !sc.joined(i+1) || !sc.at(i+1).alnum() {
		return i
	}
	from, to := sc.extent(i + 1)
	if from != i+1 {
		return i
	}
	c := sc.text[sc.toks[from].start:sc.toks[to-1].end]
	digits := 0
	for k := range len(c) {
		if isDigit(c[k]) {
			digits++
		}
	}
	if digits < 4 || len(c) > 24 || sc.joined(i) && sc.at(i-1).alnum() && sc.at(i-1).flags&used == 0 {
		return i
	}
	return sc.add(i, to, OtherID)
}

func fileName(c string) bool {
	dot := strings.LastIndexByte(c, '.')
	if dot < 0 {
		return false
	}
	return len(c)-dot <= 5 && imageEndings.has(foldHash(c[dot+1:]))
}

var imageEndings = setOf("jpg jpeg png gif heic dcm tif tiff bmp mp4 mov wav m4a webp")

// fileID notes the name of an image or recording that holds a number.
func (sc *scanner) fileID(from, to int, c string) int {
	digits := 0
	for k := range len(c) {
		if isDigit(c[k]) {
			digits++
		}
	}
	if digits >= 4 {
		return sc.add(from, to, Photo)
	}
	return max(to, from+1)
}
