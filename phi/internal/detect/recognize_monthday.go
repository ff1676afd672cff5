package detect

import (
	"github.com/carebus/carebus/phi/internal/category"
	"github.com/carebus/carebus/phi/internal/chars"
	"github.com/carebus/carebus/phi/internal/cue"
	"github.com/carebus/carebus/phi/internal/words"
)

// A month and a day without a year, 3/15, and what tells them from shares and scores.

// monthAndDayTold reports whether c, two numbers around a slash, is told to be a month and
// a day by its form or by what stands around it: 10/03, on Tue 10/3, seen 10/3 at 9 am.
func (sc *Scanner) monthAndDayTold(from, to int, c string) bool {
	return sc.timeAt(to) ||
		sc.hoursBehind(from, to) ||
		padded(c) && sc.at(from-1).hash != hashVersion || // but form version 02/12
		dayWords.Has(sc.at(from-1).hash) ||
		sc.shortWeekday(from-1) ||
		sc.daysOfMonth(from, to) ||
		sc.besideSignature(from, to) ||
		sc.lastTime(from) ||
		sc.entryBegins(from, to) ||
		sc.dayBehind(from, to) ||
		sc.moreThanWhole(from, to) ||
		sc.noWhole(from, to)
}

// padded reports whether c is a month and a day of which one has a zero before
// it, as neither shares nor scores have: 10/03, 07/14.
func padded(c string) bool { return len(c) == 5 && (c[0] == '0' || c[3] == '0') && c[4] != '0' }

// shortDate finds 3/15 behind words such as on and since.
func (sc *Scanner) shortDate(i int) {
	if !sc.monthAndDay(i) || sc.at(i).is(lineBefore) && !sc.timeAt(i+3) && !sc.entryBegins(i, i+3) {
		return
	}
	if n := sc.at(i + 3); sc.isPunct(i+3, '/') && sc.joined(i+3) || sc.decimalPoint(i+3) ||
		n.cueIs(cue.Unit) && !n.is(lineBefore) && n.hash != hashSession { // 4/16 sessions
		return
	}
	sc.add(i, i+3, category.Date)
	if sc.isPunct(i+3, ',') || sc.at(i+3).hash == hashAnd || sc.rangeSign(i+3) { // 4/1, 4/8 and 4/15; 3/3 to 3/31
		sc.shortDate(i + 4)
	}
}

// monthAndDay reports whether a month and a day stand at token i: 3/15.
func (sc *Scanner) monthAndDay(i int) bool {
	return sc.at(i).kind == tokenNumber && sc.isPunct(i+1, '/') && sc.tight(i+1) &&
		sc.at(i+2).kind == tokenNumber && monthOf(sc.lit(i)) && day(sc.lit(i+2))
}

// rangeSign reports whether what stands between the ends of a range stands at token i: to, -.
func (sc *Scanner) rangeSign(i int) bool { return sc.dash(i) || rangeWords.Has(sc.at(i).hash) }

// timeAt reports whether a time of day or a word for an appointment stands at
// token i, so that 3/15 before it is a day: 3/15 2pm, 3/15 appt.
func (sc *Scanner) timeAt(i int) bool {
	t := sc.at(i)
	if t.is(lineBefore) {
		return false
	}
	if sc.isPunct(i, '@') || t.hash == hashAt {
		i++
		t = sc.at(i)
		if t.kind == tokenNumber && (t.size() <= 2 || militaryTime(sc.lit(i))) { // 4/12 @ 0930
			return true
		}
	}
	if t.kind == tokenMixed && t.size() <= 4 {
		s := sc.lit(i)
		n := 0
		for n < len(s) && chars.IsDigit(s[n]) {
			n++
		}
		return n > 0 && n <= 2 && dayHalves.Has(words.Hash(s[n:]))
	}
	if t.kind == tokenNumber && t.size() <= 2 && sc.isPunct(i+1, ':') && sc.joined(i+1) {
		return true
	}
	return appointments.Has(t.hash) || t.hash == hashF && sc.isPunct(i+1, '/') && sc.at(i+2).hash == hashU // 3/15 f/u
}

// hoursBehind reports whether a time of four digits stands at token to, behind a month and
// a day from token from on that are no score: 4/9 2200.
func (sc *Scanner) hoursBehind(from, to int) bool {
	t, p := sc.at(to), sc.at(from-1)
	return t.kind == tokenNumber && !t.is(lineBefore) && !sc.joined(to) && militaryTime(sc.lit(to)) &&
		!sc.at(to+1).cueIs(cue.Unit) && !sc.decimalPoint(to+1) && !scoreWords.Has(p.hash) && !p.cueIs(cue.Unit|cue.Medical)
}

// daysOfMonth reports whether the number from token from to token to, a month
// and a day, stands before or behind another day of that month: 10/8 & 10/15.
// Scores have the number behind the slash in common, or none.
func (sc *Scanner) daysOfMonth(from, to int) bool {
	if !sc.at(to+1).is(lineBefore) &&
		(sc.isOneOf(to, "&+,") || sc.at(to).hash == hashAnd) && sc.laterDay(from, to+1) {
		return true
	}
	return (sc.isOneOf(from-1, "&+") || sc.at(from-1).hash == hashAnd) && sc.at(from-2).is(used) &&
		sc.laterDay(from-4, from)
}

// laterDay reports whether a month and a day stand at token b that is a later
// day in the month than that at token a.
func (sc *Scanner) laterDay(a, b int) bool {
	if a < 0 ||
		b+2 >= len(sc.toks) ||
		sc.lit(a) != sc.lit(b) ||
		!sc.isPunct(b+1, '/') ||
		!sc.joined(b+1) ||
		!sc.joined(b+2) ||
		sc.isPunct(b+3, '/') {
		return false
	}
	x, y := sc.lit(a+2), sc.lit(b+2)
	return monthOf(sc.lit(a)) && chars.AllDigits(x) && chars.AllDigits(y) && day(x) && day(y) &&
		chars.DigitsValue(x) < chars.DigitsValue(y)
}

// besideSignature reports whether the number from token from to token to stands
// in a column of its own at the end of a line that begins with a signature.
func (sc *Scanner) besideSignature(from, to int) bool {
	if !sc.at(to).is(lineBefore) || from < 2 || sc.toks[from].start-sc.toks[from-1].end < 2 {
		return false
	}
	j := from - 1
	for n := 0; n < 12 && j > 0 && !sc.toks[j].is(lineBefore); n++ {
		j--
	}
	return signedWords.Has(sc.at(j).hash) && sc.toks[j].is(lineBefore)
}

// entryBegins reports whether the month and the day from token from to token to begin an
// entry of notes: 6/4 Ind tx, 3/7 Pt called, 11/3: no show. Most scores have the larger
// number behind the slash, which is no more than twelve.
func (sc *Scanner) entryBegins(from, to int) bool {
	t, n := &sc.toks[from], sc.at(to)
	month, d := chars.DigitsValue(sc.lit(from)), chars.DigitsValue(sc.lit(from+2))
	if t.is(lineBefore) && (sc.isPunct(to, ':') && !sc.joined(to+1) || sc.dash(to) && !sc.joined(to)) {
		return month > d || d > 12
	}
	if n.kind == tokenWord && t.is(lineBefore) && !n.is(lineBefore) && !n.cueIs(cue.Unit|cue.Medical) && sc.entryAbove(from) {
		return true
	}
	if !t.is(lineBefore|sentence) || n.kind != tokenWord || !n.isBut(capital, lineBefore) || n.cueIs(cue.Medical) {
		return false
	}
	return month > d || d > 12 && !n.is(allCaps) || entryWords.Has(n.hash)
}

// entryAbove reports whether the line above that of token i begins with a month and a day
// that were found, as entries of a log do.
func (sc *Scanner) entryAbove(i int) bool {
	for j := i - 1; j >= 0 && j > i-40; j-- {
		if sc.toks[j].is(lineBefore) || j == 0 {
			return sc.monthAndDay(j) && sc.toks[j].is(used)
		}
	}
	return false
}

// dayBehind reports whether the words before the month and the day from token from to
// token to tell that they are no score: no show 8/8, booked for 7/19, moved to 3/31, CXR 1/5, d. 2/23.
func (sc *Scanner) dayBehind(from, to int) bool {
	p, q := sc.at(from-1), sc.at(from-2)
	switch {
	case sc.at(from).is(lineBefore):
		return false
	case p.hash == hashShow:
		return q.hash == hashNo || sc.isPunct(from-2, '-') && sc.at(from-3).hash == hashNo
	case p.hash == hashOf: // week of 7/14, as of 7/14
		return q.hash == hashWeek || q.hash == hashWk || q.hash == hashAs
	case sc.isPunct(from-2, '/') && sc.tight(from-2): // f/u 8/8, d/c'd 8/8 to
		first := sc.at(from - 3).hash
		shortened := first == hashF && p.hash == hashU || first == hashD && (p.hash == hashC || p.hash == hashCd)
		return shortened && (sc.dayEnds(to) || sc.at(to).hash == hashTo)
	case p.list.Drug(): // started Zoloft 8/8
		return doneOn.Has(q.hash) && sc.dayEnds(to) && !sc.rated(from)
	case p.hash == hashTo: // appt moved to 3/31
		return sc.movedBefore(from-1) && sc.dayEnds(to) && !sc.rated(from)
	case p.hash == hashWas: // session was 8/12
		return appointments.Has(q.hash) && !sc.rated(from)
	case sc.isPunct(from-1, ','): // yesterday, 5/6
		return (q.hash == hashYesterday || q.hash == hashTomorrow || q.cueIs(cue.Weekday)) && sc.dayEnds(to) && !sc.rated(from)
	case p.hash == hashFor || lastWords.Has(p.hash):
		return (chars.DigitsValue(sc.lit(from+2)) > 12 || p.hash == hashNext) && (sc.dayEnds(to) || sc.isPunct(to, ':'))
	case keptWords.Has(p.hash) && sc.at(to).is(lineBefore) && q.kind == tokenWord: // Front desk log 8/21
		return !p.is(allCaps)
	case sc.isPunct(from-1, '('):
		return (studies.Has(q.hash) || q.cueIs(cue.Weekday) || dayWords.Has(q.hash)) && sc.isPunct(to, ')')
	case sc.isPunct(from-1, '.'):
		return q.hash == hashD && !q.is(lineBefore|capital)
	}
	done := doneOn.Has(p.hash) || occasions.Has(p.hash) || p.hash == hashBack && q.hash == hashCall
	ends := sc.dayEnds(to) || sc.at(to).hash == hashTo || sc.isOneOf(to, "(&")
	return studies.Has(p.hash) || done && ends
}

// movedBefore reports whether the words before token i say that something was moved, such as
// an appointment: moved, pushed back. What is measured changes as well.
func (sc *Scanner) movedBefore(i int) bool {
	j := i - 1
	if h := sc.at(j).hash; h == hashUp || h == hashBack || h == hashOut {
		j--
	}
	return movedTo.Has(sc.at(j).hash) && (sc.at(j-1).kind != tokenWord || !sc.scoredBefore(j))
}

// rated reports whether the second of the month and the day at token i is what ratings and the
// common scales count out of: 8/10, 4/5.
func (sc *Scanner) rated(i int) bool {
	d := chars.DigitsValue(sc.lit(i + 2))
	return d <= 5 || d == 10 || wholes>>d&1 != 0
}

// moreThanWhole reports whether the month from token from on is more than the day behind it,
// as the parts of a share or a score are not, and nothing that is measured so stands around:
// written 6/3, d/c'd 9/4, but not BP 12/8 and vision 6/5.
func (sc *Scanner) moreThanWhole(from, to int) bool {
	if chars.DigitsValue(sc.lit(from)) <= chars.DigitsValue(sc.lit(from+2)) ||
		sc.at(from).is(lineBefore) ||
		sc.joined(from) && !sc.isPunct(from-1, '(') ||
		sc.sided(to) ||
		scoreWords.Has(sc.at(to).hash) ||
		sc.at(from-1).hash == hashA {
		return false
	}
	return !sc.scoredBefore(from)
}

// noWhole reports whether the second of the month and the day from token from to token to is
// a number that few things are counted out of, behind a verb of what happens on a day or
// behind a name, where the clause ends: (married 6/22), cancelled 1/19 group, staffed with
// Dr. Roe 6/18; but not MDQ 7/13, week 4/26, and met 9/17 criteria.
func (sc *Scanner) noWhole(from, to int) bool {
	d, p, n := chars.DigitsValue(sc.lit(from+2)), sc.at(from-1), sc.at(to)
	if d < 13 || wholes>>d&1 != 0 || sc.at(from).is(lineBefore) || sc.joined(from) && !sc.isPunct(from-1, '(') || sc.sided(to) ||
		sc.scoredBefore(from) || countWords.Has(p.hash) {
		return false
	}
	done := doneOn.Has(p.hash) || happens.Has(p.hash)
	if done && !n.is(lineBefore) && dayNexts.Has(n.hash) {
		return true
	}
	named := p.kind == tokenWord && p.is(capital) && !p.is(sentence) && p.list.Word() == 0 && p.cue == 0
	return (done || named || sc.isPunct(from-1, '(') && doneOn.Has(sc.at(from-2).hash)) && sc.dayEnds(to)
}

// dayNexts stand behind the day on which something was done: cancelled 1/19 group.
var dayNexts = words.SetOf("group appt visit due by from with w at and to")

// wholes has a bit for each number of more than twelve, and up to 31, out of which the common
// scales count: 15 points of coma, 27 of PHQ-9, 21 of GAD-7, 30 of MMSE.
const wholes = 1<<15 | 1<<16 | 1<<20 | 1<<21 | 1<<24 | 1<<25 | 1<<27 | 1<<28 | 1<<30

// scoredBefore reports whether what stands before the two numbers at token from, past words
// such as is and of, isn't a word, or one for what is scored or measured.
func (sc *Scanner) scoredBefore(from int) bool {
	j := from - 1
	for n := 0; n < 3 && (sc.at(j).cueIs(cue.Fill) || sc.isPunct(j, ':') || sc.isPunct(j, '(')); n++ {
		j--
	}
	p := sc.at(j)
	return p.kind != tokenWord || p.is(allCaps) || scoreWords.Has(p.hash) || p.cueIs(cue.Medical|cue.Unit) ||
		sc.lists.Get(p.hash).Drug()
}

// sided reports whether a side of the body stands at token i, of which strength and pupils
// are measured: 4/2 R.
func (sc *Scanner) sided(i int) bool {
	t := sc.at(i)
	return !t.is(lineBefore) && t.kind != tokenWord && !sc.dayEnds(i) || bodySides.Has(t.hash)
}

// weekdayBefore notes the shortened day of the week before the date at token i.
func (sc *Scanner) weekdayBefore(i int) {
	if sc.at(i).is(lineBefore) || !sc.shortWeekday(i-1) {
		return
	}
	j := i - 1
	if sc.isPunct(j, '.') {
		j--
	}
	sc.add(j, i+3, category.Date)
}

// shortWeekday reports whether token i is a day of the week in three letters that
// are other words as well, so that a number behind it tells: Tue 7/15, Sat. 12/19.
func (sc *Scanner) shortWeekday(i int) bool {
	if sc.isPunct(i, '.') && sc.joined(i) {
		i--
	}
	t := sc.at(i)
	return t.is(capital) && shortWeekdays.Has(t.hash) || t.hash == hashTue || t.hash == hashThu
}

// lastTime reports whether a word such as last stands before token i, with up to
// two words between that no number counts: last drink 7/4, next court 11/4.
func (sc *Scanner) lastTime(i int) bool {
	for j := i - 1; j > i-4 && j >= 0 && !sc.toks[j+1].is(lineBefore); j-- {
		t := &sc.toks[j]
		if t.kind != tokenWord {
			return false
		}
		if t.hash == hashIs && j == i-1 {
			continue // next session is 6/19
		}
		if lastWords.Has(t.hash) {
			return j < i-1 && !sc.toks[i-1].is(allCaps)
		}
		if t.hash != hashDose && (t.cueIs(cue.Unit|cue.Stop) && t.hash != hashSession || scoreWords.Has(t.hash)) {
			return false
		}
	}
	return false
}

var (
	hashSession   = words.Hash("session")
	hashDose      = words.Hash("dose")
	hashU         = words.Hash("u")
	hashF         = words.Hash("f")
	hashCd        = words.Hash("c'd")
	hashShow      = words.Hash("show")
	hashWeek      = words.Hash("week")
	hashWk        = words.Hash("wk")
	hashVersion   = words.Hash("version")
	movedTo       = words.SetOf("moved bumped delayed deferred rescheduled resched pushed postponed r/s'd")
	hashYesterday = words.Hash("yesterday")
	hashTomorrow  = words.Hash("tomorrow")
	hashOut       = words.Hash("out")
	hashTue       = words.Hash("tue")
	hashThu       = words.Hash("thu")
	entryWords    = words.SetOf("pt patient client clt ct called tc lvm spoke met saw seen session telehealth")
	studies       = words.SetOf("cxr ct mri mra eeg ekg ecg echo xr xray us ultrasound mammogram colonoscopy egd dexa cath labs uds utox")
	bodySides     = words.SetOf("r l rt lt right left bilaterally bilat od os ou")
	doneOn        = words.SetOf("revoked drawn printed ordered termed terminated mailed faxed posted processed received rcvd sent submitted resubmitted written refilled started stopped left booked moved canceled cancelled thru through given ended expired missed spoke done met married cx'd cxd r/s'd")
	// occasions are what is on a day, and happens what is counted as well: paid 4/4.
	occasions     = words.SetOf("intake discharge discharged admission admitted addendum funeral wedding party trip arrested arraigned incident accident fell died passed anniversary eff effective starts ends begins signed opened renewed expires nv rtc fu dates eval evaluation consult sentencing vaccine vaccinated")
	happens       = words.SetOf("call down completed reviewed paid billed approved denied picked closed valid curfew shot entry check-in")
	keptWords     = words.SetOf("log logs note notes rounds huddle report roster census agenda minutes list callback callbacks")
	countWords    = words.SetOf("session sessions visit visits week wk day module step class unit room rm apt page pg lot epoch batch attempt items item attended scored recalled correct cell")
	lastWords     = words.SetOf("last next prior previous upcoming")
	scoreWords    = words.SetOf("score scores pain rating strength vision acuity reading readings grade murmur step round try va od os ou bp apgar apgars ratio pupils reflexes power dose doses tab tabs odds split mix shift shifts schedule page chapter")
	shortWeekdays = words.SetOf("tue thu sat sun")
	signedWords   = words.SetOf("signature signed sign witness")
	dayWords      = words.SetOf("today tomorrow tmrw tmr tmw yesterday tonight overnight eod cob")
)
