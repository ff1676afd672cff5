package main

import (
	"context"
	"fmt"
	"regexp"

	"github.com/carebus/carebus/phi"
)

// scrubScenario is one goroutine that scrubs the documents of a corpus in turn.
func scrubScenario(env *testbed, c corpus) scenario {
	return scenario{
		name:    c.scenario,
		metrics: []metric{megabytesPerSecond(c.scenario)},
		contenders: []contender{
			newContender(carebusName, func(_ context.Context, n int) (sample, error) { return scrubCarebus(c, n) }),
			newContender("regexp", func(_ context.Context, n int) (sample, error) { return scrubRegexp(c, n) }),
			newContender("redact-pii", func(ctx context.Context, n int) (sample, error) { return env.scrubNPM(ctx, "redact-pii", c, n) }),
			newContender("@redactpii/node", func(ctx context.Context, n int) (sample, error) { return env.scrubNPM(ctx, "@redactpii/node", c, n) }),
		},
		maxEvents: 10_000_000,
	}
}

// scrubCarebus scrubs by the profile of the bus. Nothing planted may be left.
func scrubCarebus(c corpus, n int) (sample, error) {
	s, err := newScrubber(phi.Operational)
	if err != nil {
		return sample{}, err
	}
	var failed error
	isJSON := c.scenario == jsonCorpus.scenario
	sources := make([][]byte, len(c.documents))
	for i, d := range c.documents {
		sources[i] = []byte(d.Text)
	}
	var dst []byte
	got := scrubAll(c, n, func(i int) []byte {
		if !isJSON {
			dst, _ = s.ScrubText(dst[:0], c.documents[i].Text)
			return dst
		}
		var err error
		if dst, _, err = s.ScrubJSON(dst[:0], sources[i]); err != nil {
			failed = err
		}
		return dst
	})
	if failed == nil && got.left > 0 {
		failed = fmt.Errorf("%d of %d planted values were left", got.left, c.planted())
	}
	return got.sample, failed
}

// plainPatterns is what a service writes for itself: a regular expression for
// each kind of identifier, one after another.
var plainPatterns = []struct {
	pattern *regexp.Regexp
	with    []byte
}{
	{regexp.MustCompile(`\b\d{3}-\d{2}-\d{4}\b`), []byte("[SSN]")},
	{regexp.MustCompile(`[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}`), []byte("[EMAIL]")},
	{regexp.MustCompile(`(?:\+?1[-. ]?)?(?:\(\d{3}\) ?|\b\d{3}[-. ])\d{3}[-. ]\d{4}\b`), []byte("[PHONE]")},
	{regexp.MustCompile(`\b(?:\d{4}[- ]?){3}\d{4}\b`), []byte("[CARD]")},
	{regexp.MustCompile(`\b(?:\d{1,3}\.){3}\d{1,3}\b`), []byte("[IP]")},
	{regexp.MustCompile(`\b\d{1,2}/\d{1,2}/(?:19|20)\d{2}\b`), []byte("[DATE]")},
	{regexp.MustCompile(`\bMRN[:# ]*[A-Z0-9-]{5,}`), []byte("[MRN]")},
	{regexp.MustCompile(`https?://[^\s"]+`), []byte("[URL]")},
	{regexp.MustCompile(`\b\d{1,5} (?:[A-Z][a-z]+ ){1,3}(?:Street|St|Avenue|Ave|Road|Rd|Lane|Ln|Court|Ct|Drive|Dr)\b`), []byte("[ADDRESS]")},
	{regexp.MustCompile(`\b[A-Z]{2} \d{5}(?:-\d{4})?\b`), []byte("[ZIP]")},
	{regexp.MustCompile(`\b(?:Mr|Mrs|Ms|Dr|Patient|Partner)[.:]? [A-Z][a-z]+(?: [A-Z][a-z]+)?`), []byte("[NAME]")},
}

func scrubRegexp(c corpus, n int) (sample, error) {
	got := scrubAll(c, n, func(i int) []byte {
		text := []byte(c.documents[i].Text)
		for _, p := range plainPatterns {
			text = p.pattern.ReplaceAllLiteral(text, p.with)
		}
		return text
	})
	return got.sample, nil
}

// scrubbed is what came of a corpus.
type scrubbed struct {
	sample
	left int // planted values that are still there
}

// scrubAll scrubs n documents of a corpus in turn. It looks at what is left in
// a pass of its own, which isn't measured.
func scrubAll(c corpus, n int, scrub func(i int) []byte) scrubbed {
	var got scrubbed
	for i, d := range c.documents {
		got.left += d.left(string(scrub(i)))
	}
	var bytes int64
	watch := startWatch()
	for k := range n {
		i := k % len(c.documents)
		scrub(i)
		bytes += int64(len(c.documents[i].Text))
	}
	got.sample = watch.stop(n)
	got.bytes = bytes
	got.note = leftNote(got.left, c)
	return got
}

// leftNote tells how well a contender scrubs, beside how fast.
func leftNote(left int, c corpus) string {
	return fmt.Sprintf("leaves %d of %d planted values", left, c.planted())
}
