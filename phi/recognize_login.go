package phi

// Logins: what a user is called by a system.

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
	hashUser     = foldHash("user")
	hashAccount  = foldHash("account")
)

// loginBeside notes the login that logs have beside the address from token from to
// token to: 203.0.113.9 - lroe [11/Feb/2026; Accepted publickey for lroe from 203.0.113.9.
func (sc *scanner) loginBeside(from, to int) {
	login := func(i int) bool {
		t := sc.at(i)
		return t.alnum() && t.kind != tokenNumber && t.flags&(used|lineBefore) == 0 && t.cue == 0 && sc.lists.get(t.hash).word() == 0
	}
	if a, b := sc.extentOf(to + 1); sc.isPunct(to, '-') && a == to+1 && sc.isPunct(b, '[') && sc.at(b+1).kind == tokenNumber && login(a) {
		sc.add(a, b, OtherID)
	}
	if sc.at(from-1).hash == hashFrom && login(from-2) && (sc.at(from-3).hash == hashFor && loginEvents.has(sc.at(from-4).hash) || sc.at(from-3).hash == hashUser) {
		sc.add(from-2, from-1, OtherID)
	}
}

// loginEvents stand before "for" and a login.
var loginEvents = setOf("publickey password pam interactive auth authentication login logon session accepted failed failure hostbased mic opened closed")

// extentOf is extent for a token that may not be there.
func (sc *scanner) extentOf(i int) (from, to int) {
	if i >= len(sc.toks) || !sc.toks[i].alnum() {
		return i + 1, i + 1
	}
	return sc.extent(i)
}
