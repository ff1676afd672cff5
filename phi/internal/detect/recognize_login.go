package detect

import (
	"strings"

	"github.com/carebus/carebus/phi/internal/category"
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
	if sc.strict ||
		!userWords.Has(sc.at(i-1).hash) ||
		!sc.joined(i) ||
		!sc.joined(i+1) ||
		t.kind != tokenWord ||
		t.is(used) {
		return i
	}
	_, to := sc.extent(i + 1)
	s := sc.lit(i + 1)
	whole := sc.lists.Get(t.hash)
	switch {
	case to > i+2 && sc.isPunct(i+2, '.') && sc.at(i+3).kind == tokenWord && to == i+4 &&
		(t.size() == 1 || whole.Named()):
	case to == i+2 && len(s) > 4 && whole.Word() == 0 && sc.lists.Get(words.Hash(s[1:])).Surname() >= words.Common:
	case to == i+4 && sc.isPunct(i+2, '.') && len(s) > 4 && whole.Word() == 0 &&
		sc.lists.Get(words.Hash(s[1:])).Surname() >= words.Common:
	default:
		return i
	}
	return sc.add(i+1, to, category.OtherID)
}

// queryName returns the index behind the name in the query of a URL behind the equals sign at
// i, or i: /search?name=quillfeather&dob=….
func (sc *Scanner) queryName(i int) int {
	t := sc.at(i + 1)
	if sc.strict || !queryNames.Has(sc.at(i-1).hash) || !sc.joined(i) || !sc.joined(i+1) || t.kind != tokenWord || t.is(used) ||
		!sc.isPunct(i-2, '?') && !sc.isPunct(i-2, '&') || !sc.joined(i-1) {
		return i
	}
	start := int(t.start)
	around := sc.text[max(0, start-60):min(len(sc.text), start+80)]
	personal := strings.Contains(around, "dob") || strings.Contains(around, "birth") || strings.Contains(around, "patient") || strings.Contains(around, "client")
	var to int
	known := false
	for j := i + 1; ; j += 2 {
		w := sc.at(j)
		l := sc.lists.Get(w.hash)
		known = known || w.size() > 3 && !l.Drug() && (personal && (l.Word() == 0 || l.Named()) || l.Word() == 0 && l.Named())
		to = j + 1
		if !sc.isPunct(j+1, '+') && !sc.isPunct(j+1, '-') || !sc.joined(j+1) || !sc.joined(j+2) || sc.at(j+2).kind != tokenWord {
			break
		}
	}
	if !known {
		return i
	}
	return sc.add(i+1, to, category.Name)
}

// queryNames are parameters of queries that look for persons.
var queryNames = words.SetOf("name q query search patient client first last firstname lastname fname lname surname first_name last_name")

// personPath returns the index behind the name that stands in a path behind the slash at i
// and a word for persons, or i: GET /patients/jane-roe.
func (sc *Scanner) personPath(i int) int {
	t := sc.at(i + 1)
	if sc.strict || !pathPersons.Has(sc.at(i-1).hash) || !sc.isPunct(i-2, '/') || !sc.joined(i) || !sc.joined(i+1) || t.kind != tokenWord || t.is(used) {
		return i
	}
	n := sc.at(i + 3)
	if !sc.isPunct(i+2, '-') && !sc.isPunct(i+2, '.') && !sc.isPunct(i+2, '_') || !sc.joined(i+2) || !sc.joined(i+3) || n.kind != tokenWord || n.is(used) {
		return i
	}
	given, surname := sc.lists.Get(t.hash), sc.lists.Get(n.hash)
	if given.Given() == 0 || given.Word() >= words.Common ||
		!(surname.Surname() >= words.Common && (given.Word() == 0 || surname.Word() == 0) || pathPatients.Has(sc.at(i-1).hash) && surname.Word() == 0 && n.size() > 3) {
		return i
	}
	return sc.add(i+1, i+4, category.Name)
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

// extentOf is extent for a token that may not be there.
func (sc *Scanner) extentOf(i int) (from, to int) {
	if i >= len(sc.toks) || !sc.toks[i].alnum() {
		return i + 1, i + 1
	}
	return sc.extent(i)
}
