package detect

import (
	"net/netip"
	"sort"
	"strings"

	"github.com/carebus/carebus/phi/internal/category"
	"github.com/carebus/carebus/phi/internal/chars"
	"github.com/carebus/carebus/phi/internal/lexicon"
	"github.com/carebus/carebus/phi/internal/words"
)

// tokenAfter returns the index of the first token that starts at or behind
// byte offset end, searching from i.
func (sc *Scanner) tokenAfter(i, end int) int {
	for i < len(sc.toks) && int(sc.toks[i].start) < end {
		i++
	}
	return i
}

// tokenAt returns the index of the first token that begins at or behind a place in
// the text.
func (sc *Scanner) tokenAt(at int) int {
	return sort.Search(len(sc.toks), func(i int) bool { return int(sc.toks[i].start) >= at })
}

// addBytes notes a finding by byte offsets. near is a token within it.
func (sc *Scanner) addBytes(near, start, end int, cat category.Category) int {
	sc.spans = append(sc.spans, Span{start, end, cat})
	from := near
	for from > 0 && int(sc.toks[from-1].end) > start {
		from--
	}
	return sc.protect(from, max(sc.tokenAfter(near, end), near+1))
}

// email finds the address around an @ (RFC 5322 atoms, RFC 6531 letters), and handles such
// as @jane_doe.
func (sc *Scanner) email(i int) int {
	if sc.at(i+1).kind == tokenMark {
		return i + 1
	}
	at := int(sc.toks[i].start)
	start, end := localPart(sc.text, at), domainEnd(sc.text, at+1)
	if start == at || end == at+1 {
		return sc.handle(i)
	}
	switch local, domain := sc.text[start:at], sc.text[at+1:end]; {
	case isRevision(domain):
		return i + 1
	case topLevel(domain), ofHost(local, domain):
		return sc.addBytes(i, start, end, category.Email)
	}
	return sc.handle(i)
}

// encodedEmail finds the address in a query of a URL whose @ is encoded by the percent sign
// at i, or returns i: ?email=jane.roe%40example.org.
func (sc *Scanner) encodedEmail(i int) int {
	at := int(sc.toks[i].start)
	sign := "%40"
	if strings.HasPrefix(sc.text[at:], "%2540") { // of a URL within a URL
		sign = "%2540"
	}
	if !strings.HasPrefix(sc.text[at:], sign) {
		return i
	}
	start, end := localPart(sc.text, at), domainEnd(sc.text, at+len(sign))
	if escape := strings.LastIndexByte(sc.text[start:at], '%'); escape >= 0 { // the sign before the address
		start = min(at, start+escape+len("%3D"))
	}
	if start == at || !topLevel(sc.text[at+len(sign):end]) {
		return i
	}
	return sc.addBytes(i, start, end, category.Email)
}

// localPart returns where the part of an address begins that stands before the @ at a
// place in the text, or that place: jane.roe, "jane roe".
func localPart(text string, at int) int {
	start := at
	for start > 0 && at-start < 64 && (isAtom(text[start-1]) || text[start-1] >= 0x80) {
		start--
	}
	if start == at && at > 0 && text[at-1] == '"' {
		from := max(0, at-66)
		if q := strings.LastIndexByte(text[from:at-1], '"'); q >= 0 {
			start = from + q
		}
	}
	for start < at && (text[start] == '.' || text[start] == '\'' || text[start] == '-') {
		start++
	}
	return start
}

// domainEnd returns where the domain of an address ends that begins at start.
func domainEnd(text string, start int) int {
	end := start
	for end < len(text) && end-start < 253 {
		c := text[end]
		if !chars.IsLetter(c) && !chars.IsDigit(c) && c != '.' && c != '-' && c < 0x80 {
			break
		}
		end++
	}
	for end > start && (text[end-1] == '.' || text[end-1] == '-') {
		end--
	}
	return end
}

// topLevel reports whether a domain ends with a top-level domain: example.org.
func topLevel(domain string) bool {
	dot := strings.LastIndexByte(domain, '.')
	return dot > 0 && len(domain)-dot > 2 && !chars.IsDigit(domain[dot+1])
}

// ofHost reports whether an address is that of a user of a host in a network of one's own,
// whose name has no dots: jroe@intranet.
func ofHost(local, domain string) bool {
	return len(domain) > 1 && len(domain) < 63 && strings.IndexByte(domain, '.') < 0 && !chars.IsDigit(domain[0]) &&
		chars.IsLetter(local[0]) && strings.IndexByte(local, '/') < 0
}

// isRevision reports whether what stands behind an @ is no host but the revision of a
// program, the digest of an image, or a unit of systemd: setup-go@v5, tool@latest,
// api:2.1@sha256:9f86…, getty@tty1.service.
func isRevision(s string) bool {
	switch {
	case s == "latest", s == "sha256", s == "sha512":
		return true
	case len(s) > 1 && s[0] == 'v' && chars.IsDigit(s[1]):
		return strings.Trim(s[1:], "0123456789.") == ""
	case len(s) >= 7 && len(s) <= 40 && strings.Trim(s, "0123456789abcdef") == "":
		return chars.CountDigits(s) > 1
	}
	return strings.HasSuffix(s, ".service") || strings.HasSuffix(s, ".socket") || strings.HasSuffix(s, ".timer")
}

// handle finds the name of an account, such as @jane_doe.
func (sc *Scanner) handle(i int) int {
	at := int(sc.toks[i].start)
	if at > 0 && wordByte(sc.text[at-1]) || !sc.joined(i+1) || !sc.at(i+1).alnum() && !sc.isPunct(i+1, '_') {
		return i + 1
	}
	end, letters := handleEnd(sc.text, at+1)
	if letters < 3 || end-at == maxHandle || sc.docTag(i) || broadcasts.Has(words.Hash(sc.text[at+1:end])) {
		return i + 1
	}
	if rest := sc.text[end:]; rest != "" && (rest[0] == '(' || rest[0] == '/' || rest[0] >= 0x80) {
		return i + 1 // a function, a package
	}
	for j := i + 1; int(sc.at(j).start) < end && j < len(sc.toks); j++ {
		if sc.toks[j].kind == tokenMark {
			return i + 1
		}
	}
	return sc.addBytes(i, at, end, category.OtherID)
}

// maxHandle is how long the name of an account may be with its @, in bytes.
const maxHandle = 64

// handleEnd returns where the name of an account ends that begins at index i of text, behind
// the @, and how many letters it has.
func handleEnd(text string, i int) (end, letters int) {
	limit := min(len(text), i-1+maxHandle)
	for end = i; end < limit; end++ {
		switch c := text[end]; {
		case chars.IsLetter(c):
			letters++
		case chars.IsDigit(c), c == '_', c == '.' && end+1 < len(text) && chars.IsLetter(text[end+1]):
		default:
			return end, letters
		}
	}
	return end, letters
}

// wordByte reports whether c is of a word: a letter, a digit, a part of what ASCII has not.
func wordByte(c byte) bool { return chars.IsLetter(c) || chars.IsDigit(c) || c >= 0x80 }

// docTag reports whether the @ at token i begins a tag of a comment or a decorator of
// code, which stand at the beginning of a line, or an attribute in a path of XPath:
// @param, * @returns, @property; name/@value, extension[@url='…'].
func (sc *Scanner) docTag(i int) bool {
	if attributes.Has(sc.at(i+1).hash) && sc.joined(i) && sc.isOneOf(i-1, "/[") {
		return true
	}
	return docTags.Has(sc.at(i+1).hash) && (sc.toks[i].is(lineBefore) || sc.isPunct(i-1, '*') && sc.at(i-1).is(lineBefore))
}

// broadcasts call all who read a chat.
var broadcasts = words.SetOf("channel here everyone all team")

var attributes = words.SetOf("value url id class href src name type code codesystem displayname root extension use key lang xmlns nullflavor index version status ref style title target role")

var docTags = words.SetOf("param params return returns throws throw license deprecated override property see since author version example type typedef private public internal todo classmethod staticmethod contextmanager dataclass fixture pytest component injectable autowired test describe default readonly template suppresswarnings")

// spokenEmail finds addresses whose @ and dots are written as words: jane dot
// doe at example dot org, jane.doe [at] example.org. i is the word at.
func (sc *Scanner) spokenEmail(i int) int {
	from, to := i, i+1
	bracketed := sc.isOneOf(i-1, "[(") && sc.isOneOf(i+1, "])")
	if bracketed {
		from, to = i-1, i+2
	}
	if !sc.mailWord(to) {
		return i
	}
	to = sc.spokenDomain(to, bracketed || sc.shoutedAt(i)) // jane AT example.org
	if to == 0 || sc.at(to-1).kind != tokenWord || !sc.mailWord(from-1) || sc.at(from).is(lineBefore) {
		return i
	}
	return sc.add(sc.spokenLocal(from-1), to, category.Email)
}

// spokenDomain returns the index behind the domain whose first word is token i, with up to
// four dots that are written as words: example dot org; 0 without any. signs says that dots
// and hyphens may be signs as well.
func (sc *Scanner) spokenDomain(i int, signs bool) int {
	dots := 0
	for i++; dots < 4; i += 2 {
		sign := signs && sc.tight(i)
		if !sc.mailWord(i + 1) {
			break
		}
		if sign && sc.isPunct(i, '-') {
			continue
		}
		if sc.at(i).hash != hashDot && !(sign && sc.isPunct(i, '.')) {
			break
		}
		dots++
	}
	if dots == 0 {
		return 0
	}
	return i
}

// spokenLocal returns the index of the first word of the part before the @ that ends with
// token i: jane dot roe, jane.roe.
func (sc *Scanner) spokenLocal(i int) int {
	for i > 1 && sc.mailWord(i-2) {
		sign := sc.tight(i-1) && sc.isOneOf(i-1, "._-+")
		if sc.at(i-1).hash != hashDot && !sign {
			break
		}
		i -= 2
	}
	return i
}

// shoutedAt reports whether the AT at token i stands between the parts of an
// address: capitals between small letters, or behind a word that says so.
func (sc *Scanner) shoutedAt(i int) bool {
	p, n := sc.at(i-1), sc.at(i+1)
	if n.kind == tokenPunct || n.is(capital) || p.is(capital) || !sc.at(i).is(spaceBefore) || !n.is(spaceBefore) {
		return false
	}
	if sc.toks[i].is(allCaps) {
		return true
	}
	for j := i - 2; j >= 0 && j > i-10; j-- {
		if h := sc.at(j).hash; h == hashEmail || h == hashMail {
			return true
		}
	}
	return false
}

// mailWord reports whether token j may be a part of an address.
func (sc *Scanner) mailWord(j int) bool {
	t := sc.at(j)
	return t.alnum() && !t.is(used)
}

var (
	hashDot   = words.Hash("dot")
	hashEmail = words.Hash("email")
	hashMail  = words.Hash("mail")
)

// isAtom reports whether c may stand in the local part of an address, RFC 5322, as people
// write theirs.
func isAtom(c byte) bool { return atoms[c] }

var atoms = func() (t [256]bool) {
	for i := range t {
		c := byte(i)
		t[i] = chars.IsLetter(c) || chars.IsDigit(c) || strings.IndexByte("._%+-'&~!$*", c) >= 0
	}
	return
}()

// url finds the URL around ://. Vocabularies are protected.
func (sc *Scanner) url(i int) int {
	text, at := sc.text, int(sc.toks[i].start)
	if at+2 >= len(text) || text[at+1] != '/' || text[at+2] != '/' || !sc.joined(i) || sc.at(i-1).kind == tokenPunct {
		return i
	}
	start := int(sc.toks[i-1].start)
	end := lexicon.URLEnd(text, at+3)
	if end <= at+3 {
		return i
	}
	if lexicon.IsNamespace(text[start:end]) {
		return sc.protect(i-1, sc.tokenAfter(i, end))
	}
	return sc.addBytes(i, start, end, category.URL)
}

// webHost finds www.example.org at token i.
func (sc *Scanner) webHost(i int) int {
	if !sc.isPunct(i+1, '.') || !sc.tight(i+1) {
		return i
	}
	start := int(sc.toks[i].start)
	return sc.addBytes(i, start, lexicon.URLEnd(sc.text, start+4), category.URL)
}

// ipv4AndMore reports whether s is an IPv4 address, perhaps with a port or prefix length.
func ipv4AndMore(s string) bool {
	if i := strings.IndexAny(s, ":/"); i > 0 {
		s = s[:i]
	}
	return IPv4(s)
}

// IPv4 reports whether s is an IPv4 address.
func IPv4(s string) bool {
	if len(s) > len("255.255.255.255") || strings.Count(s, ".") != 3 {
		return false // without the error that a parser would make
	}
	a, err := netip.ParseAddr(s)
	return err == nil && a.Is4()
}

// hexWordBefore reports whether the letters before the colon at token i may be the first of
// the hexadecimal groups that colons finds: fe:…, dead:….
func (sc *Scanner) hexWordBefore(i int) bool {
	p := sc.at(i - 1)
	return p.kind == tokenWord && p.size() <= maxHexGroup && !p.is(used) && sc.tight(i) &&
		!(sc.isPunct(i-2, ':') && sc.joined(i-1))
}

// maxHexGroup is how many digits a group of an IPv6 address has at most.
const maxHexGroup = 4

// colons finds MAC and IPv6 addresses: runs of hexadecimal groups and colons
// that begin at token i.
func (sc *Scanner) colons(i int) int {
	t := &sc.toks[i]
	if t.alnum() && !(int(t.end) < len(sc.text) && (sc.text[t.end] == ':' || sc.text[t.end] == '.')) {
		return i // as most numbers
	}
	if sc.joined(i) && sc.behindColons(i-1) {
		return i // the middle of a longer run
	}
	start := int(t.start)
	end, colons := colonRun(sc.text, start)
	if colons < 2 || end < len(sc.text) && (chars.IsLetter(sc.text[end]) || chars.IsDigit(sc.text[end])) {
		return i
	}
	if s := sc.text[start:end]; !macAddress(s) && !ipv6(s, colons) {
		return i
	}
	return sc.addBytes(i, start, end, category.Network)
}

// behindColons reports whether the colon at i, if it is one, ends a run of groups and colons.
func (sc *Scanner) behindColons(i int) bool {
	if !sc.isPunct(i, ':') || !sc.joined(i) {
		return false
	}
	p := sc.at(i - 1)
	return p.kind == tokenNumber || p.kind == tokenMixed && p.size() <= maxHexGroup || sc.isPunct(i-1, ':')
}

// colonRun returns where the run of hexadecimal digits, periods and colons ends that begins
// at start, without the signs that only stand behind it, and how many colons it has.
func colonRun(text string, start int) (end, colons int) {
	limit := min(len(text), start+len("ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255")+1)
	for end = start; end < limit; end++ {
		if c := text[end]; c == ':' {
			colons++
		} else if !chars.IsHex(c) && c != '.' {
			break
		}
	}
	for ; end > start; end-- {
		switch alone := end < start+2 || text[end-2] != ':'; {
		case text[end-1] == ':' && alone:
			colons--
		case text[end-1] != '.':
			return end, colons
		}
	}
	return end, colons
}

// ipv6 reports whether s, which has so many colons, is an IPv6 address.
func ipv6(s string, colons int) bool {
	if colons != 7 && !strings.Contains(s, "::") {
		return false // without the error that a parser would make
	}
	a, err := netip.ParseAddr(s)
	return err == nil && a.Is6()
}

// macAddress reports whether s is an EUI-48 or EUI-64 in any usual notation.
func macAddress(s string) bool {
	if len(s) == 14 && s[4] == '.' && s[9] == '.' { // xxxx.xxxx.xxxx
		return allHex(s[:4]) && allHex(s[5:9]) && allHex(s[10:])
	}
	if len(s) != 17 && len(s) != 23 || s[2] != ':' && s[2] != '-' {
		return false
	}
	for i := range len(s) {
		if i%3 == 2 {
			if s[i] != s[2] {
				return false
			}
		} else if !chars.IsHex(s[i]) {
			return false
		}
	}
	return true
}

func allHex(s string) bool {
	for i := range len(s) {
		if !chars.IsHex(s[i]) {
			return false
		}
	}
	return true
}

// profile finds the page of a person around the / at token i, on a host where
// people have theirs, without a scheme: facebook.com/marisol.q.
func (sc *Scanner) profile(i int) int {
	if i < 3 ||
		!sc.joined(i) ||
		!sc.joined(i+1) ||
		!sc.isPunct(i-2, '.') ||
		!sc.joined(i-1) ||
		!sc.joined(i-2) ||
		!profileDomains.Has(sc.at(i-1).hash) ||
		!profileHosts.Has(sc.at(i-3).hash) ||
		sc.at(i-3).is(used) {
		return i
	}
	start := int(sc.toks[i-3].start)
	end := lexicon.URLEnd(sc.text, int(sc.toks[i].end))
	if end <= int(sc.toks[i].end) || start > 0 && (sc.text[start-1] == '/' || sc.text[start-1] == '-') {
		return i
	}
	return sc.addBytes(i, start, end, category.URL)
}

var profileDomains = words.SetOf("com me ee")

var profileHosts = words.SetOf("facebook fb linkedin instagram twitter tiktok venmo t wa linktr psychologytoday snapchat")

// bareHost finds at token j the host, and the path behind it, that a word such
// as website announces: marisol-counseling.example/book.
func (sc *Scanner) bareHost(j int) int {
	k := j
	for sc.isPunct(k+1, '-') && sc.tight(k+1) && sc.at(k+2).alnum() {
		k += 2
	}
	if sc.isPunct(j-1, '/') ||
		!sc.isPunct(k+1, '.') ||
		!sc.joined(k+1) ||
		!sc.joined(k+2) ||
		sc.at(k+2).kind != tokenWord ||
		sc.at(k+2).is(capital) {
		return j
	}
	start := int(sc.toks[j].start)
	return sc.addBytes(j, start, lexicon.URLEnd(sc.text, int(sc.toks[k+2].end)), category.URL)
}
