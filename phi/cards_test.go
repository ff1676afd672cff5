package phi_test

import "testing"

// A card of identity that was read by a scan names its holder behind LN and FN.
func TestNamesOnCards(t *testing.T) {
	checkMarked(t, []marked{
		"TEXAS\nDL {license:04177882}\nLN {name:QUETZAL}\nFN {name:SUMMER RAIN}\nDOB {birth_date:06/11/1988}\nSEX F",
		"LN: {name:O'DAY-LAKE}\nFN: {name:SUMMER}\nEYES BRN",
		"Neck: LN negative\nFN intact",
		"LN NEGATIVE\nFN 3",
	})
}

// What is typed into a search box is a name where a date of birth, a day of long ago or a
// telephone number is all that follows.
func TestSearchedNames(t *testing.T) {
	checkMarked(t, []marked{
		"{name:castaneda} dob {birth_date:5/19/69}",
		"{name:whitley}, {name:rosalind} {phone:518-555-0144}",
		"{name:castaneda} {birth_date:5/19/1969}",
		"sertraline {date:5/19/69}",
		"intake forms {date:5/19/69}",
		"castaneda worksheets",
	})
}

// Headings and labels in Spanish are no names.
func TestSpanishHeadings(t *testing.T) {
	checkMarked(t, []marked{
		"Nota de progreso",
		"Evaluación lista",
		"Sesión con {name:Ana}",
		"PHQ-9 (Español)",
		"{name:Nota de la Cruz} llegó",
	})
}
