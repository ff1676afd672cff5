package phi

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/carebus/carebus/phi/internal/category"
	"github.com/carebus/carebus/phi/internal/chars"
	"github.com/carebus/carebus/phi/internal/detect"
	"github.com/carebus/carebus/phi/internal/lexicon"
	"github.com/carebus/carebus/schema"
)

// Config configures a [Scrubber].
type Config struct {
	// Key is the HMAC key of pseudonyms: 32 bytes or more. Required.
	Key []byte
	// KeyID stands in each pseudonym, so that keys can be rotated: one to
	// sixteen lower-case letters and digits. Default "k1".
	KeyID string
	// OldKeys are keys that were used before, by KeyID. What they made stays as
	// it is, and [Scrubber.Tokens] knows of it. Default none.
	OldKeys map[string][]byte
	// Profile is the set of actions. Default Operational.
	Profile Profile
	// Policy overrides the profile. Default nil: no overrides.
	Policy *Policy
	// Registry tells [Scrubber.ScrubEvent] what the fields of event types hold,
	// by their struct tag phi. Types registered later aren't known. Default nil:
	// keys and contents decide. eventbus.Open sets its own registry
	// ([Scrubber.WithRegistry]).
	Registry *schema.Registry
	// Tenant separates the pseudonyms of one tenant from those of another for
	// input that names no tenant itself. Default "".
	Tenant string
	// Now is the clock by which birth years tell an age over 89. Default time.Now.
	Now func() time.Time
	// Explain fills Report.Findings. Default false.
	Explain bool
}

// Format writes the profile alone, whatever the verb: a configuration that is printed or
// logged shows no key.
func (c Config) Format(s fmt.State, _ rune) { fmt.Fprintf(s, "phi.Config(%v)", c.Profile) }

// A Scrubber removes protected health information. It is safe for concurrent
// use. What it remembers of events saves time and changes nothing.
type Scrubber struct {
	profile Profile
	version string // of the policy
	policy  policy
	types   map[string]*eventType // that are registered
	rules   detect.Rules          // what is found in text
	actions [category.Count]Action
	tokens  *pseudonyms
	old     []*pseudonyms
	tenant  string
	now     func() time.Time
	explain bool
	heads   *heads
	phrases *phrases
}

// A Span is a finding in a text.
type Span struct {
	Start, End int // byte offsets; End is exclusive
	Category   Category
}

// New returns a Scrubber. It fails when a key is shorter than 32 bytes, or a
// key id or the policy isn't valid.
func New(cfg Config) (*Scrubber, error) {
	if cfg.KeyID == "" {
		cfg.KeyID = "k1"
	}
	if cfg.Profile >= numProfiles {
		return nil, errUnknownProfile
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	s := &Scrubber{
		profile: cfg.Profile, rules: detect.Rules{Lex: lexicon.Standard(), NoCodes: cfg.Profile == SafeHarbor}, actions: profileActions[cfg.Profile],
		tenant: cfg.Tenant, now: cfg.Now, explain: cfg.Explain,
		heads: newHeads(), phrases: newPhrases(),
	}
	var err error
	if s.tokens, err = newPseudonyms(cfg.Key, cfg.KeyID); err != nil {
		return nil, err
	}
	for _, id := range slices.Sorted(maps.Keys(cfg.OldKeys)) {
		old, err := newPseudonyms(cfg.OldKeys[id], id)
		if err != nil {
			return nil, err
		}
		if id == cfg.KeyID {
			return nil, errors.New("phi: Config.OldKeys holds the id of the current key")
		}
		s.old = append(s.old, old)
	}
	if cfg.Registry != nil {
		s.types = s.eventTypes(cfg.Registry)
	}
	if cfg.Policy != nil {
		if err := s.adopt(cfg.Policy); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// WithRegistry returns a scrubber that does what s does and goes by the tags of
// r's types, as [Config.Registry] has it; s itself, if that was set.
func (s *Scrubber) WithRegistry(r *schema.Registry) *Scrubber {
	if s.types != nil {
		return s
	}
	with := *s
	with.types, with.heads = s.eventTypes(r), newHeads()
	return &with
}

// ScrubJSON appends the scrubbed form of src, one JSON value (RFC 8259), to
// dst. Invalid JSON, invalid UTF-8 and nesting deeper than 256 are errors, and
// dst comes back as it was. Errors never hold any of the input. src is not
// retained.
func (s *Scrubber) ScrubJSON(dst, src []byte) ([]byte, Report, error) {
	sc := scratchPool.Get().(*scratch)
	defer sc.release(len(src))
	return s.scrub(sc, &sc.known, dst, src, circumstances{tenant: s.tenant})
}

// ScrubEvent appends the scrubbed form of src, one CloudEvents 1.0 JSON event,
// to dst. It does what ScrubJSON does and knows the attributes: time stays,
// tenant separates pseudonyms, the dates of one subject shift together, and
// the type says whose data it is.
func (s *Scrubber) ScrubEvent(dst, src []byte) ([]byte, Report, error) {
	sc := scratchPool.Get().(*scratch)
	defer sc.release(len(src))
	return s.scrub(sc, &sc.known, dst, src, circumstances{tenant: s.tenant, event: true})
}

// scrub classifies every value of src, then writes them.
func (s *Scrubber) scrub(sc *scratch, known *detect.Known, dst, src []byte, in circumstances) ([]byte, Report, error) {
	var h *head
	look := in.event && s.heads.pay()
	if look {
		sc.nodes, h = s.heads.parse(sc.nodes[:0], src)
	}
	if h == nil {
		var err error
		if sc.nodes, err = parse(sc.nodes[:0], src); err != nil {
			return dst, Report{}, err
		}
	}
	w := walker{s: s, sc: sc, known: known, src: src, in: in, trail: slices.Clip(in.trail)}
	switch {
	case !in.event:
		w.document()
	case h != nil:
		w.event(h.of)
	default:
		w.event(eventType{})
		if look {
			s.heads.learn(&w)
		}
	}
	for round := 1; ; round++ {
		learned, told := known.Values(), known.Told()
		e := emitter{s: s, sc: sc, known: known, src: src, dst: dst, in: w.in}
		e.run()
		if e.err != nil {
			return dst, Report{}, e.err
		}
		if round == maxRounds || in.level > 0 || known.Values() == learned && !known.SaidBefore(src, told) {
			return e.finish(), e.r, nil
		}
	}
}

// maxRounds is how often an input is written at most. It is written again when
// its markup, messages, base64 or prose taught values that what stands before
// them holds or may hold.
const maxRounds = 3

// ScrubText appends the scrubbed form of text to dst: prose, also with markup,
// JSON or an HL7 v2 message. Invalid UTF-8 becomes U+FFFD. What can't be
// scrubbed, such as JSON nested too deep, becomes [OTHER_ID] whole.
func (s *Scrubber) ScrubText(dst []byte, text string) ([]byte, Report) {
	sc := scratchPool.Get().(*scratch)
	defer sc.release(len(text))
	if !utf8.ValidString(text) {
		text = strings.ToValidUTF8(text, "\uFFFD")
	}
	for round := 1; ; round++ {
		learned := sc.known.Size()
		e := emitter{s: s, sc: sc, known: &sc.known, in: circumstances{tenant: s.tenant}}
		out := e.whole(dst, chars.Bytes(text))
		if round == maxRounds || sc.known.Size() == learned {
			return out, e.r
		}
	}
}

// whole appends a text, scrubbed.
func (e *emitter) whole(dst, src []byte) []byte {
	out, ok := e.embedded(nil, src, chars.MakeupOf(src))
	switch {
	case e.err != nil:
		return append(dst, e.dropped(nil, OtherID, "nesting")...)
	case ok && out != nil:
		return append(dst, out...)
	case ok:
		return append(dst, src...)
	}
	dst, _ = e.part(nil, dst, src)
	return dst
}

// Spans returns what is found in text as prose, in order and without overlaps,
// whatever the profile does with it.
func (s *Scrubber) Spans(text string) []Span {
	sc := scratchPool.Get().(*scratch)
	defer sc.release(len(text))
	var spans []Span
	for _, sp := range sc.scan.Find(&s.rules, &sc.known, text, lexicon.Text, nil) {
		spans = append(spans, Span(sp))
	}
	return spans
}

// Tokens returns the pseudonyms that stand for a value of a tenant: that of
// the current key first, then those of old keys. By them a person's records
// can be found in scrubbed data.
func (s *Scrubber) Tokens(tenant string, cat Category, value string) []string {
	tokens := []string{string(s.tokens.append(nil, tenant, cat, []byte(value)))}
	for _, old := range s.old {
		tokens = append(tokens, string(old.append(nil, tenant, cat, []byte(value))))
	}
	return tokens
}
