package detect

import (
	"strings"

	"github.com/carebus/carebus/phi/internal/chars"
	"github.com/carebus/carebus/phi/internal/lexicon"
	"github.com/carebus/carebus/phi/internal/words"
)

// Programs stand with their versions, above all in what a browser says of itself (RFC 9110,
// section 10.1.5), and their settings. Some are called like people, and four numbers read
// like an IPv4 address.

// versionBefore reports whether a version number is announced before token i.
func (sc *Scanner) versionBefore(i int) bool {
	t := sc.at(i)
	switch {
	case sc.joined(i) && sc.isPunct(i-1, '.'):
		return true
	case t.is(lineBefore):
		return false
	case strings.HasPrefix(sc.text[t.end:], ".0.0.0") && sc.browserBefore(i): // Chrome/119.0.0.0
		return true
	case sc.isPunct(i-1, ':') || sc.isPunct(i-1, '='): // appVersion: 10.2.3.4
		key := sc.at(i - 2)
		return key.kind == tokenWord && lexicon.IsNumbering(chars.Bytes(sc.text[key.start:key.end]))
	}
	return versionWords.Has(sc.at(i - 1).hash)
}

// browserBefore reports whether a browser is named before token i, perhaps with a slash between.
func (sc *Scanner) browserBefore(i int) bool {
	if sc.isPunct(i-1, '/') && sc.tight(i-1) {
		i--
	}
	return browsers.Has(sc.at(i - 1).hash)
}

var (
	versionWords = words.SetOf("v version ver release build rev firmware oid linkid")
	browsers     = words.SetOf("chrome chromium headlesschrome crios edg edga edgios edge opr opera opios safari firefox fxios samsungbrowser vivaldi yabrowser brave whale electron ucbrowser silk duckduckgo webview trident")
)

// maximum reports whether the word at i says that what follows is the most there may be,
// and not who it is: Max Memory Used, Max age: 30, Heap Max 1024.
func (sc *Scanner) maximum(i int) bool {
	n := sc.at(i + 1)
	if sc.toks[i].hash != hashMax || n.is(lineBefore) {
		return false
	}
	if n.kind == tokenNumber {
		return n.size() > 2
	}
	return maxima.Has(n.hash) && (n.isBut(capital, allCaps) || sc.isPunct(i+2, ':') || sc.isPunct(i+2, '='))
}

var (
	hashMax = words.Hash("max")
	maxima  = words.SetOf("age attempt attempts backoff bandwidth batch body buffer bytes capacity clients concurrency concurrent connection connections cpu daily delay depth disk dose duration entries events heap heart height idle iops iterations items latency length level lifetime limit lines load memory messages msgs open pages pool pressure queue rate records replicas requests retries retry rows rss score sessions size speed temp temperature threads throughput time timeout tokens ttl upload usage value velocity wait width workers")
)

// versioned reports whether the word at i is a program's, since the version stands behind a
// slash: CFNetwork/1408.0.4 Darwin/22.5. Three numbers are a version unless they may be a
// date; two are one behind another program's.
func (sc *Scanner) versioned(i int) bool {
	if !sc.isPunct(i+1, '/') || !sc.tight(i+1) || sc.at(i+2).kind != tokenNumber || sc.isPunct(i-1, '/') {
		return false
	}
	parts, last := 1, i+2
	for sc.isPunct(last+1, '.') && sc.tight(last+1) && sc.at(last+2).kind == tokenNumber {
		parts, last = parts+1, last+2
	}
	if parts == 3 && sc.at(last).size() != 2 && sc.at(last).size() != 4 {
		return true
	}
	for i--; sc.at(i).kind == tokenNumber || sc.isPunct(i, '.'); i-- {
	}
	return (parts == 2 || parts == 3) && sc.isPunct(i, '/') && sc.tight(i) && sc.at(i-1).kind == tokenWord
}

// configures reports whether the name at i is a word of configuration: max: 30s, max=50,
// grace-api, ami-0abcdef1234567890.
func (sc *Scanner) configures(i int) bool {
	t, n := sc.at(i), sc.at(i+2)
	if !sc.joined(i+1) || n.is(lineBefore) {
		return false
	}
	switch {
	case sc.isPunct(i+1, ':'), sc.isPunct(i+1, '='):
		return settings.Has(t.hash) && (n.kind == tokenNumber || n.kind == tokenMixed)
	case sc.isPunct(i+1, '_'):
		return settings.Has(t.hash) && maxima.Has(n.hash)
	case sc.isPunct(i+1, '-') && sc.joined(i+2):
		return settings.Has(t.hash) || programParts.Has(n.hash) || n.kind == tokenMixed && n.size() >= 8
	}
	return false
}

var (
	settings     = words.SetOf("max")
	programParts = words.SetOf("api app staging prod production dev test service services server db cache queue worker cluster projection proxy gateway bot client cli sdk lib auth")
)
