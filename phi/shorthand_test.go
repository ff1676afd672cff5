package phi_test

import "testing"

// Notes give an age and a sex in one word. A temperature and a million look the same.
func TestAgesWithSex(t *testing.T) {
	checkMarked(t, []marked{
		"{age:92M} with CHF",
		"{age:92F} c/o SOB",
		"pt is a {age:94F}",
		"{age:94F}, hx of CHF",
		"HPI: {age:93M} p/w AMS",
		"{name:Ethel Crabtree}, {age:94F} with CHF; Pt {age:91F} fell.",
		"{age:95M}, s/p CABG, {age:ninety one} years old, {age:ninety-one} years old",
		"89M with CHF; T 98F, HR 72; Temp: 99F, HR 88; temp 99F with chills; a 101F fever; raised to 95F.",
		"98F, HR 72",
		"92M rows; $92M, 94M in revenue; a 92M dataset; 90F water",
	})
}
