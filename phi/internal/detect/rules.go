package detect

import (
	"regexp"
	"slices"

	"github.com/carebus/carebus/phi/internal/category"
	"github.com/carebus/carebus/phi/internal/chars"
	"github.com/carebus/carebus/phi/internal/lexicon"
)

// Rules are what is looked for beyond what every scanner looks for. They are safe
// for concurrent use once they are made.
type Rules struct {
	Lex      *lexicon.Lexicon // says what labels in text mean
	NoCodes  bool             // pseudonyms are findings: Safe Harbor leaves no code derived from a value, 45 CFR 164.514(c)(1)
	patterns []pattern
	allow    Known
	deny     Known
}

// A pattern finds what a regular expression's group matches.
type pattern struct {
	name  string
	re    *regexp.Regexp
	group int
	cat   category.Category
}

// AddPattern adds a regular expression. Its first group, or else all of it, is the
// finding.
func (r *Rules) AddPattern(name string, re *regexp.Regexp, cat category.Category) {
	r.patterns = append(r.patterns, pattern{name, re, min(re.NumSubexp(), 1), cat})
}

// Allow adds a term that stays although it looks like a finding.
func (r *Rules) Allow(term string) { r.allow.phrase(new(Scanner), term, category.None) }

// Deny adds a term that is a finding wherever it stands.
func (r *Rules) Deny(term string, cat category.Category) { r.deny.phrase(new(Scanner), term, cat) }

// Custom reports whether the rules find anything of their own in text.
func (r *Rules) Custom() bool { return r.deny.used || r.patterns != nil }

// Origin returns the name of the pattern that finds a span in a text, "deny" for a
// term that Deny added, or "" for what every scanner finds.
func (r *Rules) Origin(text string, s Span) string {
	for _, p := range r.patterns {
		for _, m := range p.re.FindAllStringSubmatchIndex(text, -1) {
			if m[2*p.group] == s.Start && m[2*p.group+1] == s.End {
				return p.name
			}
		}
	}
	if r.deny.used && new(Scanner).reads(&r.deny, text[s.Start:s.End]) {
		return "deny"
	}
	return ""
}

// reads reports whether a text is one of the values, whole.
func (sc *Scanner) reads(k *Known, text string) bool {
	sc.load()
	if sc.plain.Of(text) {
		text = chars.String(sc.plain.Text)
	}
	sc.text = text
	sc.tokenize(text)
	return sc.isTerm(k, Span{Start: 0, End: len(text)})
}

// apply finds what the patterns and terms find in the scanner's text, and takes
// out what stays.
func (r *Rules) apply(sc *Scanner) {
	for _, p := range r.patterns {
		for _, m := range p.re.FindAllStringSubmatchIndex(sc.text, -1) {
			if start, end := m[2*p.group], m[2*p.group+1]; start >= 0 && start < end {
				sc.spans = append(sc.spans, Span{start, end, p.cat})
			}
		}
	}
	if r.deny.used {
		sc.findTerms(&r.deny)
	}
	if r.allow.used {
		sc.spans = slices.DeleteFunc(sc.spans, func(s Span) bool { return sc.isTerm(&r.allow, s) })
	}
}
