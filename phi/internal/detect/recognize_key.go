package detect

import (
	"strings"

	"github.com/carebus/carebus/phi/internal/category"
	"github.com/carebus/carebus/phi/internal/chars"
	"github.com/carebus/carebus/phi/internal/cue"
	"github.com/carebus/carebus/phi/internal/words"
)

// An identifier that a key word announces: what may stand between the two.

// An announcement is a key word and what was read behind it.
type announcement struct {
	key    int // index of the key word
	cat    category.Category
	strong bool // the word, or another behind it, announces identifiers alone
	noun   bool // a word such as number stands between
	marked bool // a colon, # or = stands between
	open   int  // parentheses
	words  int  // that stand between and announce nothing
}

// sure reports whether what follows is an identifier even if it is short.
func (a *announcement) sure() bool { return a.strong || a.noun || a.marked }

// maxBetween is how many tokens may stand between a key word and its identifier.
const maxBetween = 8

// key finds the identifier that a key word announces: MRN: 123-45-789,
// policy number is HP-678901, account ending in 4242.
func (sc *Scanner) key(i int, c cue.Cue) int {
	if c.Cat == category.OtherID && sc.isPunct(i-1, '_') && sc.joined(i) && technicalIDs.Has(sc.at(i-2).hash) {
		return i // req_id=req_9f8a7b6c
	}
	if sc.perDeciliter(i) {
		return i
	}
	if sc.inSlug(i) {
		return i
	}
	a := announcement{key: i, cat: c.Cat, strong: c.Is&cue.Key != 0}
	a.noun = a.cat == category.HealthPlan && sc.behindHealthID(i)
	for j := i + 1; j < len(sc.toks) && j <= i+1+maxBetween; j++ {
		t := &sc.toks[j]
		if t.is(lineBefore) && !(a.marked && j == i+2) || t.is(used) {
			return i
		}
		next, more := i, false
		switch t.kind {
		case tokenPunct:
			next, more = sc.signBehindKey(&a, j)
		case tokenWord:
			next, more = sc.wordBehindKey(&a, j)
		default:
			next = sc.numberBehindKey(&a, j)
		}
		if !more {
			return next
		}
	}
	return i
}

// dottedKey returns the index of the last of the letters with periods at i that spell a key
// word, which then stands for that, or i: S.S.N. 534276180, D.O.B. 19860417.
func (sc *Scanner) dottedKey(i int) int {
	word, last := words.StartFolded, i
	for j := i; j < i+8 && sc.at(j).size() == 1 && sc.at(j).kind == tokenWord && (j == i || sc.joined(j)); j += 2 {
		word.Write(sc.lit(j))
		if last = j; !sc.isPunct(j+1, '.') || !sc.joined(j+1) {
			break
		}
	}
	if last < i+4 {
		return i
	}
	hash := word.Sum()
	if c := cue.Table.Get(hash); cue.All[c].Is&(cue.Key|cue.Date) != 0 {
		sc.toks[last].hash, sc.toks[last].cue = hash, c
		return last
	}
	return i
}

// behindHealthID reports whether the word at i goes on a list of what a health plan knows
// somebody by: ID W12345678, group VJ2996.
func (sc *Scanner) behindHealthID(i int) bool {
	return sc.isPunct(i-1, ',') && sc.at(i-2).is(used) && len(sc.spans) > 0 &&
		isHealthID(sc.spans[len(sc.spans)-1].Category)
}

// inSlug reports whether the word at i is part of the name of a program or of what runs it, and
// announces nothing: billing-worker-7c9f8d6b5-x2x9q, chart-sync-6f7b9.
func (sc *Scanner) inSlug(i int) bool {
	n := sc.at(i + 2)
	if !sc.isPunct(i+1, '-') || !sc.tight(i+1) || n.kind != tokenWord || n.is(capital) || sc.toks[i].is(capital) ||
		!sc.isPunct(i+3, '-') || !sc.tight(i+3) {
		return false
	}
	return slugWords.Has(n.hash)
}

// slugWords are parts of the names of programs.
var slugWords = words.SetOf(`api svc service services server worker workers sync gateway portal engine job jobs queue app ui web db cache proxy consumer producer processor handler batch
	cron daemon backend frontend loader importer exporter agent scheduler stream router bridge adapter connector operator controller publisher subscriber indexer pipeline etl mgr manager core bot prod staging dev`)

// perDeciliter reports whether the word at i is the end of a unit and no driver's
// licence: Glucose (mg/dL): 112.
func (sc *Scanner) perDeciliter(i int) bool {
	return sc.at(i).hash == hashDL && sc.isPunct(i-1, '/') && sc.tight(i-1)
}

var hashDL = words.Hash("dl")

// vertebra reports whether token i is that of a vertebra: C3, T12, L5.
func (sc *Scanner) vertebra(i int) bool {
	s := sc.lit(i)
	return len(s) >= 2 && len(s) <= 3 && strings.IndexByte("CTLS", s[0]) >= 0 && chars.AllDigits(s[1:])
}

// medicalRecord finds the number of a medical record behind MR, as HL7's table 0203 calls
// one. Mr. is a title, and an image's number has fewer digits: MR = 654321, MR No. 44821.
func (sc *Scanner) medicalRecord(i int) int {
	from := i + 1
	for from < i+4 && (sc.isOneOf(from, "#:=") || sc.at(from).cueIs(cue.Noun) || sc.isPunct(from, '.') && from > i+1) {
		from++
	}
	switch t := sc.at(from); {
	case t.kind == tokenMark && from > i+1:
		return sc.protect(i, from)
	case t.kind != tokenNumber && t.kind != tokenMixed, t.is(used | lineBefore), sc.isPunct(from-1, '#') && sc.joined(from):
		return i // hashID finds MR#654321
	}
	from, to := sc.extent(from)
	if from <= i || chars.CountDigits(sc.textOf(from, to)) < 5 {
		return i
	}
	next := sc.keyed(i, from, to, category.MedicalRecord, true, true)
	if next > i {
		sc.protect(i, from)
	}
	return next
}

// signBehindKey reads the sign at j. more says that an identifier may follow;
// otherwise next is what key returns.
func (sc *Scanner) signBehindKey(a *announcement, j int) (next int, more bool) {
	switch sc.text[sc.toks[j].start] {
	case '#', ':', '=':
		a.marked = true
	case '.':
		if sc.isPunct(j+1, '.') && sc.leader(j) > j {
			return sc.behindLeader(a.key, sc.leader(j), a.cat), false
		}
		if n := sc.at(j + 1); a.words > 0 && n.kind == tokenWord && n.is(sentence) { // Social Circle. Plan: F41.1
			return a.key, false
		}
	case '-', '/', '*', '\'', '"', '[', ']', '|':
	case '(':
		a.open++
	case ')':
		a.open--
	default:
		if !sc.dash(j) {
			return a.key, false
		}
		a.marked = true
	}
	return a.key, true
}

// wordBehindKey reads the word at j, which may begin the identifier, tell more of it
// or stand between. It returns what signBehindKey does.
func (sc *Scanner) wordBehindKey(a *announcement, j int) (next int, more bool) {
	if next := sc.formBehindKey(a, j); next > a.key {
		return next, false
	}
	t := &sc.toks[j]
	switch c := cue.All[t.cue]; {
	case a.cat == category.SSN && t.hash == hashSecurity && j == a.key+1:
		return a.key, true
	case c.Is&cue.Noun != 0:
		a.noun = true
		return a.key, true
	case c.Is&cue.Date != 0 && c.Cat == category.BirthDate && a.open > 0: // Client(dob=
		return a.key, false
	case c.Is&cue.UnitWord != 0 && a.cat != category.PostalCode,
		coverWords.Has(t.hash) && sc.at(j+1).alnum() && sc.at(j+1).size() == 5: // does Medicare cover 96130?
		return a.key, false
	case c.Is&(cue.Key|cue.WeakKey) != 0:
		a.strong = a.strong || c.Is&cue.Key != 0
		if c.Cat != category.OtherID && c.Cat != category.Phone || a.cat == category.None {
			a.cat = c.Cat
		}
		return a.key, true
	case c.Is&cue.Fill != 0, a.open > 0:
		a.words++
		return a.key, a.words <= 3 || a.words < 6 && accountWords.Has(sc.at(a.key).hash)
	}
	return sc.lettersBehindKey(a, j)
}

// coverWords stand between a payer and the codes of services, of five characters, that it
// pays for.
var coverWords = words.SetOf("cover covers covered covering pay pays paid reimburse reimburses reimbursed allow allows")

// formBehindKey returns the index behind the identifier that begins with the word at
// j and whose form alone, behind such a key word, tells it; or the key word's index.
func (sc *Scanner) formBehindKey(a *announcement, j int) int {
	i, t := a.key, &sc.toks[j]
	if int(t.end) < len(sc.text) && sc.text[t.end] == '_' && sc.joined(j+2) {
		if next := sc.underscored(i, j, a.cat, a.sure(), a.noun || a.marked); next > i {
			return next
		}
	}
	if a.cat == category.OtherID && j <= i+2 && t.cue == 0 && !t.is(capital) && sc.isLoginOf(i, j, a.marked) {
		return sc.add(j, j+1, category.OtherID)
	}
	if t.size() <= 2 && sc.isPunct(j+1, ':') && sc.joined(j+1) {
		if next := sc.colons(j); next > j { // ea:a2:b6:12:26:de
			return next
		}
	}
	if a.cat == category.URL && (sc.at(j-1).hash == hashIs || j == i+2 && sc.isPunct(i+1, ':')) {
		if next := sc.bareHost(j); next > j {
			return next
		}
	}
	return i
}

// lettersBehindKey finds the identifier that the word at j, which announces nothing,
// begins: KLM 4421, XBX 920494916, SG-920311. It returns what signBehindKey does.
func (sc *Scanner) lettersBehindKey(a *announcement, j int) (next int, more bool) {
	i := a.key
	if a.cat == category.Vehicle && sc.plateBegins(j) {
		_, to := sc.extent(j + 1)
		return sc.add(j, to, category.Vehicle), false // KLM 4421, OR 441-KJP
	}
	if sc.mayBePrefix(a, j) {
		if end := sc.prefixed(j, a.cat); end > j {
			return sc.add(j, end, a.cat), false // XBX 920494916
		}
	}
	from, to := sc.extent(j)
	if to > from+1 && sc.hasDigit(from, to) { // SG-920311
		if sc.onlyHeads(a) && !memberNumber(sc.textOf(from, to)) {
			return i, false
		}
		return sc.keyed(i, from, to, a.cat, a.sure(), a.noun || a.marked), false
	}
	if a.cat == category.OtherID && (sc.failedLogin(i, j) || sc.loginBehind(a, from, to)) {
		return sc.add(from, to, category.OtherID), false
	}
	a.words++
	return i, (a.words <= 1 || a.words < 5 && accountWords.Has(sc.at(i).hash)) && !(a.strong && a.marked)
}

// plateBegins reports whether the letters at j and a number behind them may be a number plate.
func (sc *Scanner) plateBegins(j int) bool {
	t, n := &sc.toks[j], sc.at(j+1)
	return t.is(allCaps) && t.size() <= 3 && n.kind == tokenNumber && n.size() <= 5 && !n.is(lineBefore|used)
}

// mayBePrefix reports whether the word at j may be the letters with which an identifier
// begins. Behind a key word that isn't sure, long groups of digits must stand behind it.
func (sc *Scanner) mayBePrefix(a *announcement, j int) bool {
	t := &sc.toks[j]
	if !t.is(allCaps) && !(a.marked && t.size() == 1 && t.is(capital)) {
		return false
	}
	return a.sure() || j == a.key+1 && (sc.groupsEnd(j+1, 9) > j+1 || sc.groupBehind(j+2))
}

// loginBehind reports whether what stands from token from to token to is the login that the
// key word announces: behind a sign, or with a period or an underscore in it.
func (sc *Scanner) loginBehind(a *announcement, from, to int) bool {
	return sc.isLogin(a.key) &&
		(a.marked || !sc.gluedSentences(from) && strings.ContainsAny(sc.textOf(from, to), "._"))
}

// numberBehindKey finds the identifier that begins with the digits at j.
func (sc *Scanner) numberBehindKey(a *announcement, j int) int {
	i, t := a.key, &sc.toks[j]
	from, to := sc.extent(j)
	if a.cat == category.Vehicle && (sc.vertebra(j) || sc.toks[to-1].cueIs(cue.Unit)) {
		return i // a plate from C3 to C5, with 14-mm screws
	}
	if a.cat == category.Device && a.marked && a.words > 0 && to == j+1 && t.size() < 4 {
		return i // device: Trilogy 100
	}
	if sc.onlyHeads(a) && !memberNumber(sc.textOf(from, to)) && !sc.numberApart(to) {
		return i // Plan: F41.1
	}
	if a.cat == category.OtherID && t.kind == tokenMixed && chars.IsLetter(sc.text[t.start]) &&
		(sc.isLogin(i) || sc.isUser(i) && (j == i+1 || a.marked && j == i+2)) {
		return sc.add(from, to, category.OtherID)
	}
	return sc.keyed(i, from, to, a.cat, a.sure(), a.noun || a.marked)
}

// onlyHeads reports whether the key word is one that heads what is to be done or paid, unless
// a number of a health plan stands behind it: Plan: F41.1, Auth: RS256, Group: 90853.
func (sc *Scanner) onlyHeads(a *announcement) bool {
	return a.cat == category.HealthPlan && a.marked && !a.strong && !a.noun &&
		headings.Has(sc.at(a.key).hash) && !sc.isPunct(a.key+1, '#')
}

var headings = words.SetOf("plan auth authorization coverage health certificate insurance policy group grp member")

// memberNumber reports whether c is as long as the numbers of health plans are, and without
// the signs of scores, diagnoses and times. Five digits from 90000 on are a service: 90853.
func memberNumber(c string) bool {
	digits, letters := madeOf(c)
	return digits >= 5 && (letters > 0 || digits >= 6 || c[0] != '9') && !strings.ContainsAny(c, "/.:%")
}

// leader returns the index behind three periods or more that lead from a label
// to its value across a form, and begin at token i, or i.
func (sc *Scanner) leader(i int) int {
	j := i
	for j < i+80 && sc.isPunct(j, '.') && (j == i || sc.joined(j)) {
		j++
	}
	if j < i+3 {
		return i
	}
	if sc.isPunct(j, ':') {
		j++
	}
	return j
}

// behindLeader finds the identifier of the key word at i that a line of periods
// leads to, at token j. It returns the index behind it, or i.
func (sc *Scanner) behindLeader(i, j int, cat category.Category) int {
	t := sc.at(j)
	if t.is(used|lineBefore) || !t.alnum() {
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
func (sc *Scanner) prefixed(j int, cat category.Category) int {
	t, n := sc.at(j), sc.at(j+1)
	if !t.is(allCaps) && !(t.size() == 1 && t.is(capital)) ||
		t.size() > 4 ||
		t.cueIs(cue.Key|cue.WeakKey|cue.Month) ||
		sc.isState(j) ||
		codePrefixes.Has(t.hash) ||
		n.kind != tokenNumber ||
		n.size() < 5 && sc.groupsEnd(j+1, 7) == j+1 && !sc.groupBehind(j+2) ||
		!n.isBut(spaceBefore, lineBefore|used) ||
		!takesPrefix[cat] {
		return j
	}
	end := max(j+2, sc.groupsEnd(j+1, 7))
	if end == j+2 && sc.groupBehind(end) {
		end++ // YXP 883 W10442
	}
	if k := sc.at(end); k.cueIs(cue.Unit) && !k.is(lineBefore) || end < len(sc.toks) && sc.connects(end) {
		return j
	}
	return end
}

// takesPrefix are the categories whose identifiers may have letters apart from their digits.
var takesPrefix = [category.Count]bool{
	category.MedicalRecord: true, category.HealthPlan: true, category.Account: true, category.License: true, category.OtherID: true, category.Device: true,
}

// groupBehind reports whether the last part of an identifier stands at token i: a
// capital and four digits or more.
func (sc *Scanner) groupBehind(i int) bool {
	t := sc.at(i)
	return t.kind == tokenMixed && t.size() >= 5 && !t.is(lineBefore|used) &&
		chars.IsUpper(sc.text[t.start]) && chars.AllDigits(sc.text[t.start+1:t.end])
}

// groupsEnd returns the index behind the numbers of two digits or more at token
// i that only a space parts, 8841 20937 01, if there are two or more of them and
// least digits in all; or i.
func (sc *Scanner) groupsEnd(i, least int) int {
	n, j := 0, i
	for ; j < i+5; j++ {
		t := sc.at(j)
		if t.kind != tokenNumber ||
			t.is(used|lineBefore) ||
			t.size() < 2 ||
			t.size() > 8 ||
			j > i && sc.toks[j].start-sc.toks[j-1].end != 1 {
			break
		}
		n += t.size()
	}
	if j < i+2 || n < least || sc.isPunct(j, '/') || sc.isPunct(j, ':') || sc.decimalPoint(j) {
		return i
	}
	return j
}

// underscored finds behind the key word at i what begins with the word at j and
// an underscore: a login, or an identifier such as emp_55232.
func (sc *Scanner) underscored(i, j int, cat category.Category, sure, marked bool) int {
	from, to := sc.extent(j)
	if from != j {
		return i
	}
	if cat == category.OtherID && !(sc.isPunct(i-1, '_') && sc.joined(i)) &&
		(sc.isLogin(i) && j <= i+3 || sc.isUser(i) && (j == i+1 && !sc.joined(j) || marked && j == i+2)) {
		return sc.add(from, to, category.OtherID) // user celeste_roe
	}
	if sure && sc.hasDigit(from, to) {
		return sc.keyed(i, from, to, cat, true, marked)
	}
	return i
}

func isHealthID(c category.Category) bool {
	return c == category.HealthPlan || c == category.MedicalRecord || c == category.OtherID
}

var technicalIDs = words.SetOf("req request trace span job event message msg correlation batch run build commit thread process task queue")
