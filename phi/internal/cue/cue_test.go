package cue

import (
	"testing"

	"github.com/carebus/carebus/phi/internal/words"
)

func TestCueTable(t *testing.T) {
	used := 0
	for _, h := range Table {
		if h != 0 {
			used++
		}
	}
	if used > len(Table)/2 {
		t.Errorf("the table of cues is %d of %d full: lookups get slow", used, len(Table))
	}
	for _, c := range []struct {
		word string
		is   Kind
	}{{"Hospital", Facility}, {"st", Street}, {"New Zealand", Country}, {"new", PlaceStart}, {"denies", Speech}, {"I'm", Stop}, {"Sjögren", Eponym}} {
		if All[Table.Get(words.Hash(c.word))].Is&c.is == 0 {
			t.Errorf("%s isn't the cue it should be", c.word)
		}
	}
}
