package main

import (
	"os/exec"
	"reflect"
	"strings"
	"testing"
)

func TestCorpus(t *testing.T) {
	for _, c := range []corpus{jsonCorpus, textCorpus} {
		size := 0
		for _, d := range c.documents {
			size += len(d.Text)
			if got := d.left(d.Text); got != len(d.Planted) {
				t.Fatalf("%s: %d of %d planted values are in a document", c.scenario, got, len(d.Planted))
			}
		}
		if size /= len(c.documents); size < 900 || size > 1900 {
			t.Errorf("%s: documents have %d bytes", c.scenario, size)
		}
	}
	if again := newCorpus(jsonCorpus.scenario, jsonDocument); !reflect.DeepEqual(again, jsonCorpus) {
		t.Error("every run has other documents")
	}
}

func TestScrubContenders(t *testing.T) {
	for _, c := range []corpus{jsonCorpus, textCorpus} {
		for _, scrub := range []func(corpus, int) (sample, error){scrubCarebus, scrubRegexp} {
			s, err := scrub(c, 10)
			if err != nil {
				t.Fatalf("%s: %v", c.scenario, err)
			}
			want := 0
			for _, d := range c.documents[:10] {
				want += len(d.Text)
			}
			if s.events != 10 || s.bytes != int64(want) || s.elapsed <= 0 {
				t.Errorf("%s: %+v, want %d bytes", c.scenario, s, want)
			}
		}
	}
}

// Carebus' figure only counts if nothing planted is left.
func TestScrubAllSeesWhatIsLeft(t *testing.T) {
	got := scrubAll(textCorpus, 10, func(i int) []byte { return []byte(textCorpus.documents[i].Text) })
	if want := textCorpus.planted(); got.left != want {
		t.Errorf("%d of %d values seen in documents that nobody scrubbed", got.left, want)
	}
}

// The peer's patterns are no straw man: they find all that has a fixed form.
func TestPlainPatterns(t *testing.T) {
	for _, d := range textCorpus.documents {
		text := []byte(d.Text)
		for _, p := range plainPatterns {
			text = p.pattern.ReplaceAllLiteral(text, p.with)
		}
		for _, v := range d.Planted[1:] { // but for the name
			if strings.Contains(string(text), v) {
				t.Fatalf("a planted %s is left", v)
			}
		}
	}
}

func TestNPMWithoutNode(t *testing.T) {
	t.Setenv("PATH", "")
	_, err := exec.LookPath("node")
	if err == nil {
		t.Fatal("node is still found")
	}
	env := &testbed{dir: t.TempDir()}
	_, err = env.scrubNPM(t.Context(), "redact-pii", textCorpus, 1)
	if skip, ok := err.(*skipError); !ok || skip.reason != "node is not installed" {
		t.Errorf("error %v", err)
	}
}
