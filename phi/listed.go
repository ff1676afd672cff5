package phi

import (
	"github.com/carebus/carebus/phi/internal/chars"
	"github.com/carebus/carebus/phi/internal/cue"
	"github.com/carebus/carebus/phi/internal/words"
)

// listed returns what the lists say of a word.
func listed(word []byte) words.Flags { return words.Lists().Get(words.Hash(chars.String(word))) }

// cuesOf returns what a word is a cue for, 0 for none.
func cuesOf(word []byte) cue.Kind { return cue.All[cue.Table.Get(words.Hash(chars.String(word)))].Is }
