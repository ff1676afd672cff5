package phi

import "github.com/carebus/carebus/phi/internal/category"

// A Report says what a call found. It is a value without pointers unless the
// scrubber explains, so a call that finds nothing allocates nothing. It never
// holds a value, a hash or a token. The zero Report is empty.
type Report struct {
	// Total is the number of findings.
	Total int
	// Counts holds the findings by category, indexed by [Category].
	Counts [category.Count]uint32
	// Findings is filled in explain mode only, in document order but for what
	// strings hold.
	Findings []Finding
}

// A Finding says which rule acted where.
type Finding struct {
	// Path is where the finding stands, such as data.name[0].family. A key that
	// is itself PHI, or that looks like data, stands as *.
	Path string
	// Category is what was found.
	Category Category
	// Detector is the rule that found it, such as "lexicon", "sibling",
	// "known-value", the name of a policy's recognizer, or "deny" for a policy's term.
	Detector string
	// Action is what was done.
	Action Action
}

// Count returns the number of findings of a category.
func (r Report) Count(c Category) int {
	if int(c) >= category.Count {
		return 0
	}
	return int(r.Counts[c])
}

// Map returns the categories found, by name. It is nil when nothing was found.
func (r Report) Map() map[string]int {
	var m map[string]int
	for c, n := range r.Counts {
		if n > 0 {
			if m == nil {
				m = make(map[string]int)
			}
			m[Category(c).String()] = int(n)
		}
	}
	return m
}

// Add adds another report's findings to r.
func (r *Report) Add(o Report) {
	r.Total += o.Total
	for i, n := range o.Counts {
		r.Counts[i] += n
	}
	r.Findings = append(r.Findings, o.Findings...)
}

func (r *Report) hit(c Category) {
	r.Total++
	r.Counts[c]++
}

// DataClass returns the sensitivity of the input, judged by what was found in
// it before it was scrubbed: "restricted" when it held psychotherapy notes,
// SSNs, secrets, payment cards or biometrics, "confidential" when it held any
// other identifier, "internal" when nothing was found. Nothing can show from
// text alone that it is public, so "public" is never returned.
func (r Report) DataClass() string {
	switch {
	case r.Counts[Psychotherapy]+r.Counts[SSN]+r.Counts[Secret]+r.Counts[Card]+r.Counts[Biometric] > 0:
		return "restricted"
	case r.Total > 0:
		return "confidential"
	}
	return "internal"
}
