package words

import "testing"

// The tiers that recognizers build on.
func TestLists(t *testing.T) {
	l := Lists()
	get := func(w string) Flags { return l.Get(Hash(w)) }
	for _, c := range []struct {
		word string
		ok   bool
		what string
	}{
		{"Jennifer", get("Jennifer").Given() == 3, "a very common given name"},
		{"Smith", get("Smith").Surname() == 3, "a very common surname"},
		{"O'Brien", get("O'Brien").Surname() >= 2 && get("OBRIEN") == get("obrien"), "found without its apostrophe and in capitals"},
		{"García", get("García").Surname() >= 2 && get("García") == get("garcia"), "found without its accent"},
		{"house", get("house").Word() == 3, "an everyday word"},
		{"Chicago", get("Chicago").City() == 2, "a large city"},
		{"New York City", get("new york city").City() == 2, "a city of several words"},
		{"sertraline", get("sertraline").Drug() && get("sertraline").City() == 0, "a medicine, not a city"},
		{"xqzvt", get("xqzvt") == 0, "nothing"},
	} {
		if !c.ok {
			t.Errorf("%s isn't %s", c.word, c.what)
		}
	}
}
