package phi_test

import "testing"

// Names that no list or only a list of rare ones holds, by the words around.
func TestRareNames(t *testing.T) {
	checkMarked(t, []marked{
		"RE: {name:Bereket Strong}, a new client. Passport issued to {name:Haruki Bell}.",
		"Hi, this is {name:Wideline Butcher}, calling about my son.",
		"Left a message for {name:Zbigniew}. Per {name:Allen} at the desk it is paid.",
		"Court-ordered, State v. {name:Adeyemi}.",
		"People to call: {name:Msizi} {phone:617-555-0143}, {name:Sue} {phone:617-555-0144}.",
		"As promised, here is {name:Gregorina}'s address and {name:Hleb}'s mother.",
		"Met w {name:Waraphon} today; wants to reschedule w/ {name:Quynh Lam}.",
		"{name:Hyun-woo} called. My sister {name:Ji-yeon} agrees. {name:Sang-hoon Church} came.",
		"{name:Trường An Lê} and {name:Tấn Thành} came.",
		"Dear {name:Ms. van der Wal}, thank you.",
		"{name:Dakota St. John} (interpreter) came.",
		"Her daughter-in-law {name:Nick} helps; {name:nurse King} gave meds.",
		"He thinks that {name:Bill} left. He paid that bill.",
		"Please let {name:Summer} know. In the summer the bill came.",
		"Hola, soy {name:Amandeep Stone}.",
		"Staff {name:Rosetta} intervened; peer {name:Cho} ran.",
		"CLIENT {name:MINH QUANG} REPORTS LOW MOOD.",
	})
}

// Last, First where a record begins, with more than one word on either side.
func TestLastFirst(t *testing.T) {
	checkMarked(t, []marked{
		"10:00 {name:Vega de Luna, Ana Sofia} 60 min",
		"opened for {name:Mazzoli, Joshua} today",
		`client="{name:Hand, Fabiola}" state=open`,
		"TO: {name:KNIGHT, SARLA}\nFROM: {name:KWON, JI-YEON}",
		"Seen by {name:Kathrine Filemon}, {name:Abby Holloway}, and others.",
		"pt {name:Sarah L.}, {place:Methodist Hospital}, post-op",
	})
}

// Chat and voice messages know no capitals.
func TestSmallNames(t *testing.T) {
	checkMarked(t, []marked{
		"hey its {name:lily woods}, can i move my appt",
		"um this is {name:anong xiao} calling for {name:doctor lamula}",
		"can you tell {name:dr venkataraman} i am late",
		"im {name:susan waters} and i need to cancel",
		"{name:bukola} here. running late",
		"my kids {name:agnieszka} and {name:rania} are fine, my mom is {name:fatou king}",
		"client {name:latoya rivers} dob {birth_date:02/11/2006}",
		"spoke to {name:mazzoli, joshua} re: balance",
		"NAME: {name:ashley brown}\nphone: {phone:617-555-0143}",
		"this is great, its fine, and it is what it is. pt euthymic, client dysregulated",
		"my mom is great and my dad is away",
	})
}

// Towns of everyday words, and roads that have numbers for names.
func TestTownsAndRoads(t *testing.T) {
	checkMarked(t, []marked{
		"He is staying in {place:Villa Hills}, near {place:Elk Rapids}.",
		"He was arrested in {place:West Brattleboro} in the spring; East Africa is far.",
		"The family lives in {place:Dallas, Georgia}, so we wait.",
		"CITY: {place:LAKE MEADE}  STATE: PA  ZIP: {postal_code:06422}",
		"i am from {place:big sky, mt 59716}",
		"He moved to {address:587 County Road 275, Osburn}, then to {address:9945 State Hwy 66 Unit 298}.",
		"located near {address:Maple Drive} and {address:Deer Run Terrace}",
		"found wandering on {address:Washington Circle} at night, then on {address:Willow Bend Dr} in the rain",
		"Seen on Call {name:Dr Vega}. Started on {name:Dr. Vega}'s advice.",
	})
}

// Names in the forms of courts, labels, lists and calls.
func TestNamesOfOtherForms(t *testing.T) {
	checkMarked(t, []marked{
		"In re the commitment of {name:B.T.}, Respondent. The minors, {name:A.W.} and {name:R.W.}, stay. Met with {name:L.O.} today. Victim: {name:K.P.}, a minor.",
		"Client {name:B.} is safe; vitamin B. is fine.",
		"{name:Atty. Stonebridge} and {name:Inspector Vasilakis} called.",
		"LABEL: {name:OYELARAN^TUNDE^K} and I10^Hypertension^ICD",
		"I have a {name:Mr. Vasquez}, spelled {name:V-A-S-Q-U-E-Z}, on the line. C-S-S-R-S and A-B-C done.",
		"1. {name:Okafor, Adaeze} – late\n2. {name:de los Santos, Marisela} – present\n3. {name:Xu, Wei} – present",
		"Home: me, {name:latonya} (sister) and {name:Walt} (roommate)",
		"What is your name?\nTexter: {name:maelis}\nCounselor: thanks",
		"Signed: {name:tyrone pickett}   {date:4/3}",
		"Her roommate, {name:Buck}, who was home, called.",
		"Hey there, it's {name:Zanele} from next door. Gave name as {name:Kestrel}.",
		"{name:Yumika} has an appointment at noon. {name:Odalys} is bright.",
		"{name:Ivor} has not been seen at the shelter.",
		"my grandparents {name:venkatesan} and {name:lakshmi} agree",
	})
	checkMarked(t, []marked{
		"Temp 97.9 F. Skin warm. On 3 L. Lungs clear. Fridge at 5 C. Counts are right.",
		"Dear Parent/Guardian, Sx improved. Tx began.",
		"WISC-V given.",
	})
}
