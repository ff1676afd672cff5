package detect

import (
	"strings"

	"github.com/carebus/carebus/phi/internal/category"
	"github.com/carebus/carebus/phi/internal/chars"
	"github.com/carebus/carebus/phi/internal/cue"
	"github.com/carebus/carebus/phi/internal/words"
)

// Logins: what a user is called by a system.

// isLoginOf reports whether the word in small letters at j, of no list, is the
// login of the user whose key word stands at i: user croe logged in, User: croe (.
func (sc *Scanner) isLoginOf(i, j int, marked bool) bool {
	t := &sc.toks[j]
	if sc.at(i).hash != hashUser {
		return false
	}
	n := sc.at(j + 1)
	if !(j == i+1 && loggedWords.Has(n.hash)) &&
		!(marked && j == i+2 && t.size() > 4 && (sc.isPunct(j+1, '(') || n.is(lineBefore))) {
		return false
	}
	return sc.lists.Get(t.hash).Word() == 0
}

// assignedLogin returns the index behind the login that a line of a log gives a
// user, behind the equals sign at token i, if it is made of a person's names: an
// initial and a surname, or words with a period between; or i.
func (sc *Scanner) assignedLogin(i int) int {
	t := sc.at(i + 1)
	if sc.strict || !userWords.Has(sc.at(i-1).hash) || !sc.glues(i) {
		return i
	}
	_, to := sc.extent(i + 1)
	dotted := to == i+4 && sc.isPunct(i+2, '.')
	switch {
	case dotted && sc.at(i+3).kind == tokenWord && (t.size() == 1 || sc.lists.Get(t.hash).Named()), // jane.roe
		(dotted || to == i+2) && sc.initialAndSurname(i+1): // jroe, jroe.adm
		return sc.add(i+1, to, category.OtherID)
	}
	return i
}

// glues reports whether the sign at i stands right between its neighbours, of which the next
// is a word.
func (sc *Scanner) glues(i int) bool {
	t := sc.at(i + 1)
	return sc.tight(i) && t.kind == tokenWord && !t.is(used)
}

// initialAndSurname reports whether the word at i is a surname behind an initial, and no word.
func (sc *Scanner) initialAndSurname(i int) bool {
	s := sc.lit(i)
	return len(s) > 4 && sc.lists.Get(sc.at(i).hash).Word() == 0 &&
		sc.lists.Get(words.Hash(s[1:])).Surname() >= words.Common
}

// queryName returns the index behind the name in the query of a URL behind the equals sign at
// i, or i: /search?name=quillfeather&dob=….
func (sc *Scanner) queryName(i int) int {
	parameter := sc.isOneOf(i-2, "?&") && sc.joined(i-1)
	if sc.strict || !queryNames.Has(sc.at(i-1).hash) || !parameter || !sc.glues(i) {
		return i
	}
	personal := sc.queriesPerson(int(sc.toks[i+1].start))
	to, known := i, false
	for more := true; more; {
		w := sc.at(to + 1)
		known = known || sc.queriedName(w, personal)
		to += 2
		more = sc.isOneOf(to, "+-") && sc.tight(to) && sc.at(to+1).kind == tokenWord
	}
	if !known {
		return i
	}
	return sc.add(i+1, to, category.Name)
}

// namesJoined returns the index behind the login in small letters that a given name and a
// surname make with the sign at i between, or i: jane.roe, jane_roe. The surname is no word,
// nor is the given name but for a frequent one. Nothing is joined to the two, as more is in
// the names of hosts and of packages.
func (sc *Scanner) namesJoined(i int) int {
	if sc.strict || !sc.tight(i) {
		return i
	}
	g, s := &sc.toks[i-1], &sc.toks[i+1]
	if g.kind != tokenWord || s.kind != tokenWord || g.is(capital|used) || s.is(capital|used) {
		return i
	}
	begins := g.is(lineBefore|spaceBefore) || sc.isOneOf(i-2, "\"'=:([<")
	ends := !sc.joined(i+2) || sc.isOneOf(i+2, "\"'),;:]>") || sc.isPunct(i+2, '.') && !sc.joined(i+3)
	if !begins || !ends {
		return i
	}
	given, surname := sc.lists.Get(g.hash), sc.lists.Get(s.hash)
	if given.Given() < words.Common || given.Word() > 0 && given.Given() < words.Frequent ||
		surname.Surname() < words.Common || surname.Word() > 0 {
		return i
	}
	return sc.add(i-1, i+2, category.OtherID)
}

// queriesPerson reports whether the query around index at of the text is for a person.
func (sc *Scanner) queriesPerson(at int) bool {
	around := sc.text[max(0, at-60):min(len(sc.text), at+80)]
	for _, w := range []string{"dob", "birth", "patient", "client"} {
		if strings.Contains(around, w) {
			return true
		}
	}
	return false
}

// queriedName reports whether a word of a query is a name. personal says that the query is
// for a person, where what is no word is one as well.
func (sc *Scanner) queriedName(t *token, personal bool) bool {
	l := sc.lists.Get(t.hash)
	if t.size() <= 3 || l.Drug() {
		return false
	}
	if personal {
		return !l.OnlyWord()
	}
	return l.Word() == 0 && l.Named()
}

// queryNames are parameters of queries that look for persons.
var queryNames = words.SetOf("name q query search patient client first last firstname lastname fname lname surname first_name last_name")

// personPath returns the index behind the name that stands in a path behind the slash at i
// and a word for persons, or i: GET /patients/jane-roe.
func (sc *Scanner) personPath(i int) int {
	holder := sc.at(i - 1).hash
	if sc.strict || !pathPersons.Has(holder) || !sc.isPunct(i-2, '/') || !sc.glues(i) || !sc.isOneOf(i+2, "-._") || !sc.glues(i+2) {
		return i
	}
	first, second := sc.at(i+1), sc.at(i+3)
	given, surname := sc.lists.Get(first.hash), sc.lists.Get(second.hash)
	if given.Given() == 0 || given.Word() >= words.Common && given.Given() < words.Frequent {
		return i
	}
	listed := surname.Surname() >= words.Common && (given.Word() == 0 || surname.Word() == 0)
	unlisted := pathPatients.Has(holder) && surname.Word() == 0 && second.size() > 3
	if !listed && !unlisted {
		return i
	}
	return sc.add(i+1, i+4, category.Name)
}

// recordPath returns the index behind the id that stands behind the slash at i and a word for
// patients, as in paths and in references of FHIR, or i: saved Patient/12345.
func (sc *Scanner) recordPath(i int) int {
	if sc.strict || !pathPatients.Has(sc.at(i-1).hash) || !sc.tight(i) || !sc.at(i+1).alnum() {
		return i
	}
	from, to := sc.extent(i + 1)
	if from != i+1 || sc.at(from).is(used) || chars.CountDigits(sc.textOf(from, to)) < 3 {
		return i
	}
	return sc.add(from, to, category.PersonID)
}

// pathPersons stand in paths before whose records they lead to.
var pathPersons = words.SetOf("patients patient clients client members member people persons users user providers clinicians staff")

// pathPatients are those of them that are no users of programs.
var pathPatients = words.SetOf("patients patient clients client")

var userWords = words.SetOf("user usr uname login principal sub actor")

// isLogin reports whether the key word at i announces a login name.
func (sc *Scanner) isLogin(i int) bool {
	return loginWords.Has(sc.at(i).hash)
}

// gluedSentences reports whether an everyday word ends a sentence at token i and the next
// one begins right behind its period: to handle stress.As adults
func (sc *Scanner) gluedSentences(i int) bool {
	n := sc.at(i + 2)
	return sc.isPunct(i+1, '.') && n.kind == tokenWord && n.is(capital) && !sc.toks[i].is(capital) &&
		sc.lists.Get(sc.toks[i].hash).Word() > 0
}

// isUser reports whether the key word at i may stand right before a login
// name, if that holds a digit: user ada77.
func (sc *Scanner) isUser(i int) bool {
	h := sc.at(i).hash
	return h == hashUser || h == hashAccount
}

var (
	accountWords = words.SetOf("username userid login")
	loginWords   = words.SetOf("username userid login handle nickname screenname snapchat snap insta ig instagram tiktok discord skype gamertag venmo twitter wechat telegram")
	loggedWords  = words.SetOf("logged signed authenticated login logout viewed opened accessed printed exported downloaded edited deleted")
	hashUser     = words.Hash("user")
	hashAccount  = words.Hash("account")
)

// loginBeside notes the login that logs have beside the address from token from to
// token to: 203.0.113.9 - lroe [11/Feb/2026; Accepted publickey for lroe from 203.0.113.9.
func (sc *Scanner) loginBeside(from, to int) {
	login := func(i int) bool {
		t := sc.at(i)
		return t.alnum() && t.kind != tokenNumber && !t.is(used|lineBefore) && t.cue == 0 &&
			sc.lists.Get(t.hash).Word() == 0
	}
	if a, b := sc.extentOf(to + 1); sc.isPunct(to, '-') && a == to+1 && sc.isPunct(b, '[') &&
		sc.at(b+1).kind == tokenNumber && login(a) {
		sc.add(a, b, category.OtherID)
	}
	if sc.at(from-1).hash == hashFrom && login(from-2) &&
		(sc.at(from-3).hash == hashFor && loginEvents.Has(sc.at(from-4).hash) || sc.at(from-3).hash == hashUser) {
		sc.add(from-2, from-1, category.OtherID)
	}
}

// failedLogin reports whether the word in small letters at j, of no list, is the login that
// the key word at i announces: username jsilva, login failed for jsilva.
func (sc *Scanner) failedLogin(i, j int) bool {
	t, p := &sc.toks[j], sc.at(j-1)
	if t.is(capital) || t.size() < 4 || t.cue != 0 || sc.lists.Get(t.hash).Word() > 0 || !accountWords.Has(sc.at(i).hash) {
		return false
	}
	return j == i+1 && sc.at(i).hash != hashLogin || p.hash == hashFor && loginEvents.Has(sc.at(j-2).hash)
}

var hashLogin = words.Hash("login")

// loginEvents stand before "for" and a login.
var loginEvents = words.SetOf("publickey password pam interactive auth authentication login logon session accepted failed failure hostbased mic opened closed")

// accessLogUser notes the user that the access log of a server has before the time in the
// brackets at i: 203.0.113.9 - lroe [11/Feb/2026:10:12:44 -0500].
func (sc *Scanner) accessLogUser(i int) {
	if sc.at(i+1).kind != tokenNumber || !sc.isPunct(i+2, '/') || !sc.at(i+3).cueIs(cue.Month) || !sc.isPunct(i+4, '/') ||
		sc.at(i+5).kind != tokenNumber || i < 3 || sc.joined(i) || !sc.at(i-1).alnum() || sc.toks[i-1].is(used) {
		return
	}
	from, to := sc.extent(i - 1)
	if to == i && from > 1 && sc.isPunct(from-1, '-') && !sc.joined(from) && !sc.joined(from-1) {
		sc.add(from, to, category.OtherID)
	}
}

// homeOf returns the index behind the login in the path of somebody's home, behind the slash
// at i, or i: C:\Users\lroe\Desktop, /home/ann.roe. It is made of a person's names.
func (sc *Scanner) homeOf(i int) int {
	t, p := sc.at(i+1), sc.at(i-1)
	if sc.strict || !homeDirs.Has(p.hash) || !sc.glues(i) || !sc.isPunct(i-2, sc.text[sc.toks[i].start]) ||
		sc.joined(i-2) && sc.at(i-3).alnum() {
		return i
	}
	_, to := sc.extent(i + 1)
	whole := sc.lists.Get(t.hash)
	switch {
	case to == i+4 && sc.at(i+3).kind == tokenWord && (t.size() == 1 || whole.Given() > 0) && sc.lists.Get(sc.at(i+3).hash).Surname() >= words.Common: // ann.roe
	case to != i+2:
		return i
	case !whole.Named() && t.cue == 0 && sc.initialAndSurname(i+1): // aroe
	case whole.Given() == words.Frequent && whole.Word() < words.Frequent && !toolNames.Has(t.hash): // maria
	default:
		return i
	}
	return sc.add(i+1, to, category.OtherID)
}

// homeDirs hold a directory for each user.
var homeDirs = words.SetOf("users home profiles settings")

// extentOf is extent for a token that may not be there.
func (sc *Scanner) extentOf(i int) (from, to int) {
	if i >= len(sc.toks) || !sc.toks[i].alnum() {
		return i + 1, i + 1
	}
	return sc.extent(i)
}
