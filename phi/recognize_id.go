package phi

import "strings"

// cueWord recognises what begins with, or is announced by, the word at i.
func (sc *scanner) cueWord(i int) int {
	t := &sc.toks[i]
	c := cues[t.cue]
	if c.is&cueDigit != 0 {
		if n := sc.at(i + 1); n.kind == tokenWord && n.cue == 0 && !repeated.has(n.hash) || n.cue != 0 && !n.cueIs(cueDigit) {
			return i + 1
		}
		return max(sc.spokenNumber(i), i+1)
	}
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
	if c.is&cueWeekday != 0 && t.size() > 2 { // wed 10/22
		if sc.shortDate(i + 1); sc.at(i+1).flags&used != 0 && i+1 < len(sc.toks) {
			return sc.add(i, i+1, Date)
		}
	}
	if c.is&cueHoliday != 0 && t.flags&capital != 0 && sc.at(i-1).cueIs(cueDate|cueStop) && sc.at(i-1).hash != hashFor && sc.at(i-1).hash != hashWith && sc.at(i-1).hash != hashThe {
		return sc.add(sc.withRelative(i), i+1, Date)
	}
	if c.is&(cueKey|cueWeakKey) != 0 {
		if next := sc.key(i, c); next > i {
			return next
		}
	}
	if c.is&cueDate != 0 {
		switch n := sc.at(i + 1); n.kind {
		case tokenNumber:
			sc.shortDate(i + 1)
		case tokenPunct:
			if sc.text[n.start] == ':' {
				sc.shortDate(i + 2)
			}
		case tokenWord:
			if n.hash == hashThe {
				sc.wordedDay(i)
			} else if n.flags&capital != 0 && t.hash != hashBefore {
				sc.namedDay(i)
			}
		}
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
	if c.cat == OtherID && sc.isPunct(i-1, '_') && sc.joined(i) && technicalIDs.has(sc.at(i-2).hash) {
		return i // req_id=req_9f8a7b6c
	}
	strong := c.is&cueKey != 0
	noun := false
	marked := false // a colon, # or = stands between
	cat := c.cat
	if cat == HealthPlan && sc.isPunct(i-1, ',') && sc.at(i-2).flags&used != 0 && len(sc.spans) > 0 && isHealthID(sc.spans[len(sc.spans)-1].Category) {
		noun = true // ID W12345678, group VJ2996
	}
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
			case '.':
				if sc.isPunct(j+1, '.') && sc.leader(j) > j {
					return sc.behindLeader(i, sc.leader(j), cat)
				}
			case '-', '/', '*', '\'', '"', '[', ']', '|':
			case '(':
				open++
			case ')':
				open--
			default:
				if !sc.dash(j) {
					return i
				}
				marked = true
			}
			continue
		case tokenWord:
			if int(t.end) < len(sc.text) && sc.text[t.end] == '_' && sc.joined(j+2) {
				if next := sc.underscored(i, j, cat, strong || noun || marked, noun || marked); next > i {
					return next
				}
			}
			if cat == OtherID && j <= i+2 && t.cue == 0 && t.flags&capital == 0 && sc.isLoginOf(i, j, marked) {
				return sc.add(j, j+1, OtherID)
			}
			if t.size() <= 2 && sc.isPunct(j+1, ':') && sc.joined(j+1) {
				if next := sc.colons(j); next > j { // ea:a2:b6:12:26:de
					return next
				}
			}
			if cat == URL && (sc.at(j-1).hash == hashIs || j == i+2 && sc.isPunct(i+1, ':')) {
				if next := sc.bareHost(j); next > j {
					return next
				}
			}
			tc := cues[t.cue]
			switch {
			case c.cat == SSN && t.hash == hashSecurity && j == i+1:
				continue
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
			if n := sc.at(j + 1); cat == Vehicle && t.is(allCaps) && t.size() <= 3 && n.kind == tokenNumber && n.size() <= 5 && n.flags&(lineBefore|used) == 0 {
				_, to := sc.extent(j + 1)
				return sc.add(j, to, Vehicle) // KLM 4421, OR 441-KJP
			}
			if (t.is(allCaps) || marked && t.size() == 1 && t.is(capital)) && (strong || noun || marked || j == i+1 && sc.groupsEnd(j+1, 9) > j+1) {
				if end := sc.prefixed(j, cat); end > j {
					return sc.add(j, end, cat) // XBX 920494916
				}
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
			if cat == Device && marked && words > 0 && to == j+1 && t.size() < 4 {
				return i // device: Trilogy 100
			}
			if cat == OtherID && t.kind == tokenMixed && isLetter(sc.text[t.start]) && (sc.isLogin(i) || sc.isUser(i) && (j == i+1 || marked && j == i+2)) {
				return sc.add(from, to, OtherID)
			}
			return sc.keyed(i, from, to, cat, strong || noun || marked, noun || marked)
		}
	}
	return i
}

// leader returns the index behind three periods or more that lead from a label
// to its value across a form, and begin at token i, or i.
func (sc *scanner) leader(i int) int {
	j := i
	for j < i+80 && sc.isPunct(j, '.') && (j == i || sc.joined(j)) {
		j++
	}
	if j < i+3 {
		return i
	}
	return j
}

// behindLeader finds the identifier of the key word at i that a line of periods
// leads to, at token j. It returns the index behind it, or i.
func (sc *scanner) behindLeader(i, j int, cat Category) int {
	t := sc.at(j)
	if t.flags&(used|lineBefore) != 0 || !t.alnum() {
		return i
	}
	if t.is(allCaps) {
		if end := sc.prefixed(j, cat); end > j {
			return sc.add(j, end, cat)
		}
	}
	if from, to := sc.extent(j); sc.hasDigit(from, to) {
		return sc.keyed(i, from, to, cat, true, true)
	}
	return i
}

// prefixed returns the index behind an identifier whose letters and digits
// stand apart, which begins with the letters at token j, or j.
func (sc *scanner) prefixed(j int, cat Category) int {
	t, n := sc.at(j), sc.at(j+1)
	if !t.is(allCaps) && !(t.size() == 1 && t.is(capital)) || t.size() > 4 || t.cueIs(cueKey|cueWeakKey|cueMonth) || sc.isState(j) || codePrefixes[t.hash] || n.kind != tokenNumber || n.size() < 5 && sc.groupsEnd(j+1, 7) == j+1 || n.flags&(lineBefore|used) != 0 || n.flags&spaceBefore == 0 {
		return j
	}
	switch cat {
	case MedicalRecord, HealthPlan, Account, License, OtherID, Device:
	default:
		return j
	}
	end := max(j+2, sc.groupsEnd(j+1, 7))
	if k := sc.at(end); k.cueIs(cueUnit) && k.flags&lineBefore == 0 || end < len(sc.toks) && sc.connects(end) {
		return j
	}
	return end
}

// groupsEnd returns the index behind the numbers of two digits or more at token
// i that only a space parts, 8841 20937 01, if there are two or more of them and
// least digits in all; or i.
func (sc *scanner) groupsEnd(i, least int) int {
	n, j := 0, i
	for ; j < i+5; j++ {
		t := sc.at(j)
		if t.kind != tokenNumber || t.flags&(used|lineBefore) != 0 || t.size() < 2 || t.size() > 8 || j > i && sc.toks[j].start-sc.toks[j-1].end != 1 {
			break
		}
		n += t.size()
	}
	if j < i+2 || n < least || sc.isPunct(j, '/') || sc.isPunct(j, ':') || sc.isPunct(j, '.') && sc.joined(j) && sc.at(j+1).kind == tokenNumber && sc.joined(j+1) {
		return i
	}
	return j
}

// isLoginOf reports whether the word in small letters at j, of no list, is the
// login of the user whose key word stands at i: user croe logged in, User: croe (.
func (sc *scanner) isLoginOf(i, j int, marked bool) bool {
	t := &sc.toks[j]
	if sc.at(i).hash != hashUser {
		return false
	}
	n := sc.at(j + 1)
	if !(j == i+1 && loggedWords.has(n.hash)) && !(marked && j == i+2 && t.size() > 4 && (sc.isPunct(j+1, '(') || n.flags&lineBefore != 0)) {
		return false
	}
	return sc.lists.get(t.hash).word() == 0
}

// assignedLogin returns the index behind the login that a line of a log gives a
// user, behind the equals sign at token i, if it is made of a person's names: an
// initial and a surname, or words with a period between; or i.
func (sc *scanner) assignedLogin(i int) int {
	t := sc.at(i + 1)
	if sc.strict || !userWords.has(sc.at(i-1).hash) || !sc.joined(i) || !sc.joined(i+1) || t.kind != tokenWord || t.flags&used != 0 {
		return i
	}
	_, to := sc.extent(i + 1)
	s := sc.lit(i + 1)
	whole := sc.lists.get(t.hash)
	switch {
	case to > i+2 && sc.isPunct(i+2, '.') && sc.at(i+3).kind == tokenWord && to == i+4 && (t.size() == 1 || whole.named()):
	case to == i+2 && len(s) > 4 && whole.word() == 0 && sc.lists.get(foldHash(s[1:])).surname() >= 2:
	case to == i+4 && sc.isPunct(i+2, '.') && len(s) > 4 && whole.word() == 0 && sc.lists.get(foldHash(s[1:])).surname() >= 2:
	default:
		return i
	}
	return sc.add(i+1, to, OtherID)
}

var userWords = setOf("user usr uname login principal sub actor")

// underscored finds behind the key word at i what begins with the word at j and
// an underscore: a login, or an identifier such as emp_55232.
func (sc *scanner) underscored(i, j int, cat Category, sure, marked bool) int {
	from, to := sc.extent(j)
	if from != j {
		return i
	}
	if cat == OtherID && !(sc.isPunct(i-1, '_') && sc.joined(i)) && (sc.isLogin(i) && j <= i+3 || sc.isUser(i) && (j == i+1 && !sc.joined(j) || marked && j == i+2)) {
		return sc.add(from, to, OtherID) // user celeste_roe
	}
	if sure && sc.hasDigit(from, to) {
		return sc.keyed(i, from, to, cat, true, marked)
	}
	return i
}

func isHealthID(c Category) bool { return c == HealthPlan || c == MedicalRecord || c == OtherID }

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
	loggedWords  = setOf("logged signed authenticated login logout")
	technicalIDs = setOf("req request trace span job event message msg correlation batch run build commit thread process task queue")
	hashUser     = foldHash("user")
	hashSocial   = foldHash("social")
	hashCVV      = foldHash("cvv")
	hashCVC      = foldHash("cvc")
	hashSecurity = foldHash("security")
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
	if next := sc.ownForm(from, to, c, cat); next > from {
		return next
	}
	digits, letters := madeOf(c)
	if sc.otherwise(i, from, to, c, cat, letters, marked) {
		return i
	}
	switch cat {
	case URL:
		return i
	case Phone:
		if next := sc.phone(from); next > from {
			return next
		}
		if letters > 0 || digits < 7 || digits > 15 {
			return i
		}
		return sc.add(from, to, Phone)
	case Card:
		if next := sc.card(from); next > from {
			return next
		}
		if h := sc.at(i).hash; (h == hashCVV || h == hashCVC) && to == from+1 && letters == 0 && (digits == 3 || digits == 4) {
			return sc.add(from, to, Card)
		}
		if sure && digits == 4 && letters == 0 && (marked || sc.hasWordBetween(i, from, hashEnding)) {
			return sc.likes(sc.add(from, to, Card), from, to, Card)
		}
		if digits < 12 {
			return i
		}
	case Secret:
		if digits > 0 && digits+letters >= 4 {
			return sc.addBytes(from, int(sc.toks[from].start), secretEnd(sc.text, int(sc.toks[to-1].end)), Secret)
		}
		return i
	case SSN:
		if sc.at(i).hash == hashSocial && digits < 9 && !(sure && sc.hasWordBetween(i, from, hashSecurity)) {
			return i // social history: 2019
		}
		if digits == 9 || digits == 4 && letters == 0 || digits >= 7 {
			return sc.add(from, to, SSN)
		}
		return i
	}
	if cat == Vehicle && letters == 0 && digits < 5 && sure { // plate 441 KJP
		if n := sc.at(to); n.kind == tokenWord && n.is(allCaps) && n.size() <= 4 && n.flags&(lineBefore|used) == 0 && !n.cueIs(cueUnit) {
			return sc.add(from, to+1, cat)
		}
	}
	if cat == License && letters == 0 && digits == 2 && sure { // DL 22 274 461
		if a, b := sc.at(to), sc.at(to+1); a.kind == tokenNumber && a.size() == 3 && b.kind == tokenNumber && b.size() == 3 && (a.flags|b.flags)&(lineBefore|used) == 0 {
			return sc.add(from, to+2, cat)
		}
	}
	switch {
	case digits < 2 || digits+letters < 3:
		return i
	case letters == 0 && digits < 4 && !(sure && marked):
		return i
	case !sure && letters > 0 && digits >= 3 && sc.at(to).kind == tokenNumber && sc.at(to).size() >= 4 && sc.at(to).flags&(lineBefore|used) == 0: // policy W3214 83660
		to++
	case !sure && (digits < 5 || letters == 0 && digits < 6):
		return i
	case isDecimal(c), quantity(c):
		return i
	}
	to = sc.behindSpace(to, cat, digits, letters, sure)
	return sc.likes(sc.add(sc.withHash(from), to, cat), from, to, cat)
}

// secretEnd returns where the secret ends that reaches to index i: before the
// next space, without the signs that end a sentence. A password is of any signs.
func secretEnd(text string, i int) int {
	end := i
	for i < len(text) && text[i] > ' ' && text[i] < 0x80 && strings.IndexByte("\"'`<>,;)]}", text[i]) < 0 {
		if i++; text[i-1] != '.' && text[i-1] != '?' && text[i-1] != ':' && (text[i-1] != '!' || i < len(text) && (isLetter(text[i]) || isDigit(text[i]))) {
			end = i
		}
	}
	return end
}

// madeOf counts the digits and the ASCII letters of c.
func madeOf(c string) (digits, letters int) {
	for k := range len(c) {
		switch {
		case isDigit(c[k]):
			digits++
		case isLetter(c[k]):
			letters++
		}
	}
	return digits, letters
}

// ownForm finds behind a key word what is known by its own form: a hardware
// address, an IBAN, a street, a telephone number.
func (sc *scanner) ownForm(from, to int, c string, cat Category) int {
	if next := sc.colons(from); next > from {
		return next
	}
	t := sc.at(from)
	if cat == Account && to == from+1 && t.kind == tokenMixed && t.size() == 4 {
		if next := sc.spacedIBAN(from); next > from {
			return next
		}
	}
	if t.kind == tokenNumber && t.size() == 3 && to == from+1 && cat != Phone {
		if next := sc.spacedSSN(from); next > from {
			return next
		}
	}
	if t.kind == tokenNumber && t.size() <= 6 && to == from+1 {
		if next := sc.street(from); next > from {
			return next
		}
	}
	if cat == OtherID && dialled(c) {
		return sc.phone(from)
	}
	return from
}

// otherwise reports whether the run behind the key word at i is something else
// than an identifier: a time, a date, a year, an amount, a share, a place in a row.
func (sc *scanner) otherwise(i, from, to int, c string, cat Category, letters int, marked bool) bool {
	switch {
	case clockTime(c): // 19:40
	case cat == Account && to == from+3 && sc.at(from).size() == 5 && sc.at(from+2).size() == 2 && cues[sc.at(i).cue].is&cueKey == 0: // a procedure's code and its modifier
	case cat != SSN && numericDate(c) > 0:
	case to == from+1 && !marked && sc.isYear(from):
	case sc.at(to).cueIs(cueUnit) && sc.at(to).flags&lineBefore == 0 && letters == 0 && !(sc.at(to).hash == hashIn && len(c) > 4): // 574280 in case
	case sc.isPunct(to, '%'):
	case ordinal(c) > 0 && letters > 0:
	case from > 0 && sc.joined(from) && sc.text[sc.toks[from].start-1] == '$':
	default:
		return false
	}
	return true
}

// behindSpace returns where an identifier ends that goes on behind a space: SG
// 920311, 4402 1187 3356, a number plate's 442 KLM.
func (sc *scanner) behindSpace(to int, cat Category, digits, letters int, sure bool) int {
	goesOn := func() bool { return sc.at(to).kind == tokenNumber && sc.at(to).flags&(lineBefore|used) == 0 }
	if size := sc.at(to).size(); sure && digits < 5 && goesOn() && (size > 3 || size == 3 && sc.at(to+1).kind == tokenNumber && sc.at(to+1).size() == 3) {
		for goesOn() && sc.at(to).size() == size {
			to++
		}
		if n := sc.at(to); goesOn() && n.size() > 1 && n.size() < size && !sc.at(to+1).cueIs(cueUnit) {
			to++ // 4044 8628 68
		}
	}
	if n := sc.at(to); cat == Vehicle && n.kind == tokenWord && n.is(allCaps) && n.size() <= 4 && n.flags&(lineBefore|used) == 0 {
		to++
	}
	return to
}

// likes finds identifiers in a row: charts 242-2481 and 172-9877. The one from
// token from to token to was found, what follows has its form.
func (sc *scanner) likes(end, from, to int, cat Category) int {
	size := sc.toks[to-1].end - sc.toks[from].start
	for {
		k := end
		if sc.isPunct(k, ',') || sc.isPunct(k, '&') {
			k++
		}
		if sc.at(k).hash == hashAnd {
			k++
		}
		t := sc.at(k)
		if k == end || !t.alnum() || t.flags&(used|lineBefore) != 0 {
			return end
		}
		f, next := sc.extent(k)
		if f != k || next-f != to-from || sc.toks[next-1].end-t.start != size || t.kind != sc.toks[from].kind || !sc.hasDigit(f, next) || sc.at(next).cueIs(cueUnit) {
			return end
		}
		for j := range to - from {
			if a, b := &sc.toks[from+j], &sc.toks[f+j]; a.kind != b.kind || a.size() != b.size() {
				return end
			}
		}
		end = sc.add(f, next, cat)
	}
}

// withHash returns the index of the # that stands right before token i, or i.
func (sc *scanner) withHash(i int) int {
	if sc.isPunct(i-1, '#') && sc.joined(i) && sc.at(i-1).flags&used == 0 {
		return i - 1
	}
	return i
}

// clockTime reports whether c is a time of day: 9:05, 19:40.
func clockTime(c string) bool {
	colon := strings.IndexByte(c, ':')
	return (colon == 1 || colon == 2) && len(c) == colon+3 && allDigits(c[:colon]) && allDigits(c[colon+1:])
}

// quantity reports whether c is a number with its unit: 500mg, 2.5ml.
func quantity(c string) bool {
	n := 0
	for n < len(c) && (isDigit(c[n]) || c[n] == '.') {
		n++
	}
	return n > 0 && n < 6 && n < len(c) && cues[cueTable.get(foldHash(c[n:]))].is&cueUnit != 0
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
