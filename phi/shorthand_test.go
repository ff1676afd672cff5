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

// The abdomen and the emergency department are shortened to what are names as well.
func TestPartsOfAnExam(t *testing.T) {
	checkMarked(t, []marked{
		"Gen: NAD. Abd: soft, NT. Ext: no edema",
		"Abd soft; Abd/GU: benign; {name:Abd al-Rahman} was here",
		"ED COURSE: stable",
		"ED TRIAGE\nSeen in the ED; {name:ED SMITH} CALLED; {name:Ed} called",
	})
}

// Notes write days without a year, and times of day without a colon.
func TestDaysOfNotes(t *testing.T) {
	checkMarked(t, []marked{
		"surgery {date:5/30}, catheter replaced {date:12/1} by {name:Dr. Diop}, Court {date:8/14}, NURSING NOTE {date:4/9} 2200: restless, the {date:2nd of may}",
		"pain 7/10 1400, strength 4/5 2200, removed 2/3 of the nail, 1/2 1000 mL, 3 of may 4",
	})
}

// Words that notes shorten are names as well, where something beside them tells.
func TestShortWordsOfNotes(t *testing.T) {
	checkMarked(t, []marked{
		"Cont lisinopril 20 mg. Cont ASA. A/P: Cont home meds, Cont Seroquel 50; Inc lasix; Endo: no polyuria; Ros: neg; Na: 138; Ca: 9.4; Crea 1.1; Gu: nl",
		"Neuro: MS RRMS, EDSS 2; A&O. CV: nl; Trelegy, PR referral; Bx Barrett; Geri: nl; {place:Ponce, PR}; {name:R. XU} called, {name:MS SMITH}",
		"Max assist x2; Max dose 40 mg; Max temp 101; Max A; Dev delay; Dev: normal; Cal count; Brady to 40s, Brady down",
		"{name:Rae Max} called; {name:Max} is here; {name:Max}, 44M; {name:Dev} said hello; {name:Dev Patel} called; {name:Brady} called",
		"{name:Dr. Cont}; {name:Ms. Ros}; {name:Ros, Maria}; {name:Mr. Na}; son {name:Max}; {name:Loc} said no; {name:Loc}, 44, was here",
	})
}
