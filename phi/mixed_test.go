package phi_test

import "testing"

// What is said of people whose names no list holds, in words that lists hold.
func TestNamesOfNoList(t *testing.T) {
	checkMarked(t, []marked{
		"Follow up with {name:danny agyapong-darteh}. Seen by {name:Dr. Ajose-adeogun} for {name:Onoriode Akeem-omosanya}.",
		"follow up with {name:francis nkrumah-yaamoa} in 2 months.",
		"A smith-like person, a chan-led team. Kernig-positive, a Smith-Black test.",
		"In pregnant patients like {name:Mate Vukanović}, under {name:Dr. Claudie Emmerich-White}, or {name:Mr. An F.}, seen.",
		"The Modified Rankin scale, the Young Mania and the Hamilton Anxiety scale; use of Grade Gleason scores.",
		"A man with cancer, {name:ObaniJesu Adekunle}, on IgE. pt w/ melanoma, {name:Ken A.}, visited. Like case of {name:Đắc T} seen here. Sjögren T cell.",
		"{name:Sebastiani} is a 22-month-old infant. {name:Ahonen} is a 3 week old girl. Bactrim is a 50-year-old drug.",
		"{name:Ms. Lindqvist-okafor-jones} came. {name:Anna Lindqvist-smithson}, {name:Anna Okafor-baker}.",
		"MY WIFE {name:TURKS} CALLED. {name:Oyelaran} is a 6 mo old healthy boy.",
	})
}

// What is as old as a child, has a grade or a place, or is sold under two words, is
// nobody.
func TestThingsOfNoList(t *testing.T) {
	checkMarked(t, []marked{
		"Black Eye, 3 days old. Red Spot is a 2 day old lesion. Jenkins is 3 weeks old. Terraform is a 3-week-old state. Long Laceration, 2 weeks old.",
		"We use True Metrix strips. We use Oral Zellotek there. See the Lane A. then.",
		"A Jewish Health Educator came. The Jewish Medical Student. Religious preference Jewish Health Care Proxy.",
	})
}

func TestPhonesOfMoreForms(t *testing.T) {
	checkMarked(t, []marked{
		"No answer at {phone:(+62) 695 2667 9944}; (+2) for nausea.",
		"Contact: {phone:519.754.565}. Her contact is {phone:00385 27 747 023}. (Contact: {phone:062 384 8522})",
		"Last contact: {date:05-06-2024}. Contact: 3 of 4 close contacts.",
		"Edema (+2) {date:05/06/2024 10:30}, pulses (+2) 120/80 98.6 72. At UTC(+10) {date:2024-05-06 10:30}. Copies (+5) 1234567.",
		"Visa (+1) {card:4111 1111 1111 1111}; {phone:(+62)8123456789}.",
	})
}

func TestHousesOfMoreForms(t *testing.T) {
	checkMarked(t, []marked{
		"Seen at {place:Texas Children's} first and at {place:National Jewish Health}; operated at {place:Hospital for Special Surgery}, who visited {place:Maimonides} then.",
		"Admit to Hospital for IV antibiotics. She visited Zumba class. He attended Narcotics Anonymous. A Jewish wedding.",
		"Driven to Hospital for Chest Pain. Hospital for Heart Failure Exacerbation. Hospital for Tylenol Overdose.",
		"Taken to Hospital for {name:Maria Teresa Gonzalez Diaz Perez Hernandez}. Later {name:Gonzalez} left.",
		"{place:Hospital for Sick Children in Toronto}; {place:Hospital for Special Surgery} {name:Lindqvist-okafor}. Seen at {place:Texas Children's of Houston}, at {place:Boston Children's at Peabody}.",
		"She attended Pilates. He visited Instagram; who visited WebMD then.",
	})
}

// The line behind a unit is a town's, when it is hardly anything else.
func TestTownsBehindUnits(t *testing.T) {
	checkMarked(t, []marked{
		"Same address: {address:77 Kramer Street\nApt. 238\nRijendam}\nSertraline 50 mg daily",
		"Lives at {address:12 Main St\nApt 4\nSpokane}\nDiagnosis\nGAD",
		"{address:12 Main St, Apt 4}\nAllergies\nPenicillin",
	})
}

// Who a sentence speaks of stands behind a comma or "like", whatever its form.
func TestNamesInApposition(t *testing.T) {
	checkMarked(t, []marked{
		"A 60-year-old male with COPD, {name:alice barre}, who was treated; in patients like {name:aristotele longhi} from {place:Boston}.",
		"Seen by {name:Dr. jai tagore}. A man with lung cancer, {name:E.R.}, admitted, and a case similar to {name:Cormier K}, seen at home.",
		"A 60-year-old male, african american, with COPD. A female, gravida para, who smokes. A male, obese smoker, with gout.",
		"Patients like diabetic smokers, who relapse. Cases like guillain barre, who improved. Dr. see below. Rev. of systems.",
		"A man on warfarin, apixaban rivaroxaban, from the pharmacy. Pt with hepatitis B, treated. A pt at 5 P.M., seen.",
		"A 60-year-old male, {name:BW Mustapha}, seen. {name:Johnson} \"{name:Uzodimma}\" {name:Leonard}, a friend of Docker \"Compose\" Kubernetes.",
		"Seen on Tue {date:7/15}, Sat. {date:12/19} and Sun. O2 Sat 98/2.",
	})
}
