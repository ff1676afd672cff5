package phi

import (
	"errors"
	"strings"
	"time"
)

// Config configures a [Scrubber].
type Config struct {
	// Key is the HMAC key of pseudonyms: 32 bytes or more. Required.
	Key []byte
	// KeyID stands in each pseudonym, so that keys can be rotated: one to
	// sixteen lower-case letters and digits. Default "k1".
	KeyID string
	// OldKeys are keys that were used before, by KeyID. Pseudonyms made with
	// them are recognised and left as they are.
	OldKeys map[string][]byte
	// Profile is the set of actions. Default Operational.
	Profile Profile
	// Policy overrides the profile. Default nil: no overrides.
	Policy *Policy
	// Tenant separates the pseudonyms of one tenant from those of another for
	// input that names no tenant itself. Default "".
	Tenant string
	// Now is the clock by which birth years tell an age over 89. Default time.Now.
	Now func() time.Time
	// Explain fills Report.Findings. Default false.
	Explain bool
}

// Policy overrides a profile.
type Policy struct{}

// A Scrubber removes protected health information. It is safe for concurrent
// use and never changes after New.
type Scrubber struct {
	cfg     Config
	lex     *lexicon
	actions [numCategories]Action
	tokens  *pseudonyms
	now     func() time.Time
	explain bool
}

// A Span is a finding in a text.
type Span struct {
	Start, End int // byte offsets; End is exclusive
	Category   Category
}

// New returns a Scrubber. It fails when the key is shorter than 32 bytes or
// the key id or the policy isn't valid.
func New(cfg Config) (*Scrubber, error) {
	if len(cfg.Key) < 32 {
		return nil, errors.New("phi: Config.Key must hold at least 32 bytes")
	}
	if cfg.KeyID == "" {
		cfg.KeyID = "k1"
	}
	if !validKeyID(cfg.KeyID) {
		return nil, errors.New("phi: Config.KeyID must be one to sixteen lower-case letters and digits")
	}
	if cfg.Profile >= numProfiles {
		return nil, errUnknownProfile
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	s := &Scrubber{cfg: cfg, lex: standardLexicon(), actions: profileActions[cfg.Profile], now: cfg.Now, explain: cfg.Explain}
	s.tokens = newPseudonyms(cfg.Key, cfg.KeyID)
	s.cfg.Key, s.cfg.OldKeys = nil, nil
	return s, nil
}

func validKeyID(id string) bool {
	for _, c := range []byte(id) {
		if !isLower(c) && !isDigit(c) {
			return false
		}
	}
	return len(id) >= 1 && len(id) <= 16
}

// ScrubJSON appends the scrubbed form of src, one JSON value, to dst. Invalid
// JSON, invalid UTF-8 and nesting deeper than 256 are errors, and dst comes
// back as it was. Errors never hold any of the input. src is not retained.
func (s *Scrubber) ScrubJSON(dst, src []byte) ([]byte, Report, error) {
	sc := scratchPool.Get().(*scratch)
	defer sc.release()
	return s.scrubJSON(sc, dst, src, 0)
}

func (s *Scrubber) scrubJSON(sc *scratch, dst, src []byte, level int) ([]byte, Report, error) {
	var err error
	if sc.nodes, err = parse(sc.nodes[:0], src); err != nil {
		return dst, Report{}, err
	}
	w := walker{s: s, sc: sc, src: src}
	w.value(0, keyInfo{}, surroundings{})
	e := emitter{s: s, sc: sc, src: src, dst: dst, tenant: s.cfg.Tenant, level: level}
	e.run(0, int32(len(sc.nodes)))
	if e.err != nil {
		return dst, Report{}, e.err
	}
	return e.finish(), e.r, nil
}

// ScrubEvent appends the scrubbed form of src, one CloudEvents 1.0 JSON event, to dst.
func (s *Scrubber) ScrubEvent(dst, src []byte) ([]byte, Report, error) { return s.ScrubJSON(dst, src) }

// ScrubText appends the scrubbed form of text to dst. Invalid UTF-8 becomes
// U+FFFD.
func (s *Scrubber) ScrubText(dst []byte, text string) ([]byte, Report) {
	sc := scratchPool.Get().(*scratch)
	defer sc.release()
	e := emitter{s: s, sc: sc, tenant: s.cfg.Tenant}
	dst = e.text(dst, strings.ToValidUTF8(text, "\uFFFD"))
	return dst, e.r
}

// Spans returns what was found in text, in order and without overlaps.
func (s *Scrubber) Spans(text string) []Span {
	sc := scratchPool.Get().(*scratch)
	defer sc.release()
	return append([]Span(nil), s.scanText(&sc.scan, &sc.known, text, modeText)...)
}
