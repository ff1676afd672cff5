package phi_test

import "testing"

// Names that are words as well are told by the words around them.
func TestFramedNames(t *testing.T) {
	checkMarked(t, []marked{
		"Patient {name:Florida Rutherford}, born {birth_date:1983-02-11}, was seen.",
		"Patient {name:Penny M Love} checked in",
		"Pt {name:Young Savage} (DOB {birth_date:03/04/1997}) presents with anxiety.",
		"{name:Sterling Moon} (SSN {ssn:219-09-9999}) called.",
		"{name:Florida Good} is a 45-year-old woman with depression.",
		"She is the spouse of {name:Honey Cook}.",
		"I spoke with {name:Van Frost} on the phone.",
		"Reviewed by {name:Dot Conn PMHNP}",
		"Session with {name:Maria Good} went well.",
		"Appointment for {name:Sky Lion} confirmed",
		"Assigned to {name:Stephnie Rice}",
		"Interpreter: {name:Slyvia Price}",
		"Case manager {name:Ana Rivers} notified.",
		"Seen by {name:Dr. Good} today, {name:Mr. Little} and {name:Mrs. Weeks} as well.",
		"Dear {name:August},",
		"Name: {name:Shed, Delcie}",
		"Accompanied by daughter {name:Jack}.",
		"{name:Sterling Moon} missed her appointment.",
	})
}

// Things have capitals too, and stand behind the same words.
func TestFramedThings(t *testing.T) {
	checkMarked(t, []marked{
		"Patient Care Team met. Patient Portal Access was granted. Client Services called",
		"Patient Health Questionnaire, Patient Education Materials, the patient Care Plan",
		"seen by Home Health, referred by Primary Care, discussed with Case Management",
		"I spoke with Child Protective Services. Session with Art Therapist",
		"Employee Assistance Program, Guardian Consent Form, Notes for Social Work",
		"I saw the Dr. See below.",
		"Dear Team,",
		"Persa-Gel at night, Co-Q 10. Father: Prostate cancer, heart disease.",
	})
}

// Values behind labels in forms, whatever their capitals are.
func TestLabelledNames(t *testing.T) {
	checkMarked(t, []marked{
		"Birth Place: {place:Port-au-Prince}; City: {place:Stratford-upon-Avon}",
		"first name: {name:jane}; last name: {name:doe}",
		"city: {place:san juan}",
		"city: unknown",
		"last name: changed recently",
		"City: she lives there",
	})
}

// Names beside an address or a number, in lists and in records written as text.
func TestNamesInRecords(t *testing.T) {
	checkMarked(t, []marked{
		"From: \"{name:Stormy Nurse}\" <{email:s@example.org}>",
		"{name:King, Buster} - {medical_record:MRN8842017}\n{name:Moon, Joy} (DOB {birth_date:1971-04-09})",
		"('name': '{name:Pierce Frost}', 'city': '{place:Ayr}')",
		"map[first_name:{name:August} last_name:{name:Bowl} dob:{birth_date:1951-02-03}]",
		"&(FirstName:{name:Misty} LastName:{name:Case} DOB:{birth_date:1951-02-03} MRN:{medical_record:HN26412881})",
		"seen today, {other_id:HN26412881}; lot AB12345, COVID1234567",
	})
}

// Who a sentence speaks of stands behind a comma or "like", whatever its form.
func TestNamesInApposition(t *testing.T) {
	checkMarked(t, []marked{
		"A 60-year-old male with COPD, {name:alice barre}, who was treated; in patients like {name:aristotele longhi} from {place:Boston}.",
		"Seen by {name:Dr. jai tagore}. A man with lung cancer, {name:E.R.}, admitted, and a case similar to {name:Cormier K}, seen at home.",
		"A 60-year-old male, african american, with COPD. A female, gravida para, who smokes. A male, obese smoker, with gout.",
		"Patients like diabetic smokers, who relapse. Dr. see below. Rev. of systems.",
		"A man on warfarin, apixaban rivaroxaban, from the pharmacy. Pt with hepatitis B, treated. A pt at 5 P.M., seen.",
		"A 60-year-old male, {name:BW Mustapha}, seen. {name:Johnson} \"{name:Uzodimma}\" {name:Leonard}, a friend of Docker \"Compose\" Kubernetes.",
		"Seen on {date:Tue 7/15}, {date:Sat. 12/19} and Sun. O2 Sat 98/2.",
	})
}

// One word is a name between what speaks of a person and what was done with them.
func TestSingleNamesInApposition(t *testing.T) {
	checkMarked(t, []marked{
		"hypertension in a 65-year-old male, {name:Nelson}, admitted yesterday",
		"a 70-year-old female, {name:Mark}, operated on last week",
		"a 29-year-old female with Type 1 Diabetes, {name:Zadlan}, treated at home",
		"in a patient like {name:Quenzeria}, reviewed last week",
		"newly diagnosed glioblastoma, similar to {name:Zaavid}, who was treated",
		"a 40-year-old male with asthma, Graves, treated with methimazole",
		"a 52-year-old woman on Sertraline, Lithium, followed weekly",
		"a patient with COPD, MRSA, treated last year",
	})
}

// Surnames that diseases are called after, and everyday words.
func TestSurnamesOfEponyms(t *testing.T) {
	checkMarked(t, []marked{
		"[{name:Johnson}]: Thank you.",
		"[Agent {name:Brown}]: Hi, how can I help?",
		"[10:08 AM] {name:Wright}: Thanks, got it.",
		"[10:08 AM] {name:Zorvath}: And we should talk about it",
		"08:00 Foley: It drains well now. 10:15 - Walker: He uses it daily. [10:08 AM] Meds: He took them all.",
		"[10:08:02] Keycloak: we should talk about it",
		"[10:08 AM] Vitals: all of them normal today",
		"Is there anything else, {name:Smith}?",
		"Thanks, {name:Miller}. Bye.",
		"Claim filed by {name:Young} under the old policy. Filed by Young Adult Services.",
		"[ERROR]: could not connect to the server",
	})
}

// Particles belong to the name that a label, a greeting or a title leads to.
func TestParticlesOfNames(t *testing.T) {
	checkMarked(t, []marked{
		"Dear {name:van Gijn},",
		"Patient: {name:de la Cruz}",
		"Manager: {name:van der Zorn}",
		"Patient: de-escalation training",
	})
}

// What stands between two names of a list, or is joined to one.
func TestNamesBesideNames(t *testing.T) {
	checkMarked(t, []marked{
		"Present were {name:Rebecca Walker}, {name:Zushisvili}, {name:Tom Baker} and {name:Laura Roberts}. {name:Maria Lopez}, Physiatrist, and {name:Tom Baker}",
		"Present were {name:Rebecca Walker}, Housekeeping, and {name:Laura Roberts}.",
		"submitted by {name:Anna}+{name:Hall} today",
		"The patient, {name:Robert H.}, from {place:NewYork-Presbyterian}, called.",
		"{name:Maria Lopez} from Accounts Payable called, then {name:Tom Baker} from Microsoft.",
	})
}

// Names that devices, lists with a count and reminders hold.
func TestNamesOfDevicesAndLists(t *testing.T) {
	checkMarked(t, []marked{
		`device "{name:Gwendolyns}-iPhone" joined, {name:Marias}-MacBook-Pro left, Tables-Phone`,
		"Present (3): {name:Andre}, {name:Charity}, {name:Tre}.",
		"Reminder: {name:LUKA}, your telehealth appt is soon",
		"stayed with the {name:McGillicuddys} in town",
		"{name:Marcus Dupree}: no show",
		"{name:Cheng, A} ({phone:x0173})",
		"GET /clients?email={email:t.roe%40hey.example}&page=%20",
		"user {other_id:kroevel} viewed record 22",
	})
}

// Tables, forms and letters tell words that no list holds, and everyday words.
func TestNamesByTablesAndForms(t *testing.T) {
	checkMarked(t, []marked{
		"The holder is {name:Zorvath} (SSN: {ssn:655-25-9655}). {name:Park} (MRN: {medical_record:1004026}) came. Hypertension (MRN: {medical_record:1234567})",
		"Follow-up with Imaging in 2 weeks. Fields (DOB, SSN, MRN) are required",
		"SUMMARY:\n{name:McCathie} has demonstrated growth.",
		"Regards,\n{name:van Gijn}",
		"The card assigned to {name:van Gijn} was lost. Mother: von Willebrand. Hi le Team,",
		"[10:02 AM] {name:Grimes}: Hey there, can you send it?",
	})
}

// What stands in parentheses ends with them, and a period without a space behind ends a
// sentence.
func TestNamesAndParentheses(t *testing.T) {
	checkMarked(t, []marked{
		"{name:Ana Roe} (DOB: {birth_date:1/2/1980}) reports sleeping well",
		"{name:Hope} (DOB: {birth_date:1/2/1980}) reports sleeping well. {name:Will} (MRN {medical_record:22417}) came. Mark (DOB unknown)",
		"{name:Ana Roe} (MRN: {medical_record:22841}) came today. (Phone: {phone:(617) 555-0143}) is hers",
		"He was calm.{name:Maria}(wife) was upset. client left.{name:Jessica}(CM) notified",
	})
}

// Findings, trades and things stand where persons do.
func TestThingsInApposition(t *testing.T) {
	checkMarked(t, []marked{
		"positive for Norovirus, treated with fluids; order for Cologuard, reviewed",
		"A case of Graves, treated with methimazole. A case of Takotsubo, treated with rest",
		"woman with infection, Klebsiella, treated; patient is calm, Euthymic, seen today",
		"{name:Maria Lopez} from Radiology called. Blue urine followed by Brown. Could it be thyroid, Graves?",
		"{name:Jane Roe}, Recurrent Falls, UTI. Bupivacaine Regional. A McFlurry and McNuggets",
		"Topic: JOY, you can feel it. Lots-Phone, solar Lentigo noted",
	})
}

// Some are called as small towns are, which no other list holds.
func TestNamesThatAreTowns(t *testing.T) {
	checkMarked(t, []marked{
		"{name:Kamerunga} denies SI. {name:Viroqua} was tearful.",
		"{name:Kamerunga, Maria} was seen.",
		"{name:Viroqua} and {name:Maria} came.",
		"Lives in {place:Viroqua}. Then she left. Viroqua is small.",
		"From {place:Viroqua} and {place:Chickasha}.",
	})
}

// What persons alone have and do with whoever writes, whatever they are called.
func TestNamesOfManyPlaces(t *testing.T) {
	checkMarked(t, []marked{
		"{name:Svetlana} and I reviewed the plan. {name:Thanuja} and I talked. Then {name:Bjørn} and I met.",
		"{name:Minseo}'s affect was flat. {name:Gwenllian}'s mother was present.",
		"{name:Rania}'s husband left. When {name:Thanuja} was nine, they moved. {name:Thanuja} & I talked. With {name:Adjoa} present, we talked.",
		"{name:Adjoa} will call back. {name:Sujatha} again denied SI. {name:Wahkan Little Elk} called.",
		"Lives w/ {name:Rusty} and 2 kids. {name:Zorkk, Quexly} DOB {birth_date:4/17/86}",
		"{name:Adjoa} did well this week. Is {name:Sujatha} coming? {name:Thanuja} identified three triggers.",
		"Pyenv's behavior is odd. Hashimoto's symptoms persist.",
		"Encouraged {name:Kanchana} to journal. Reminded {name:Wahkan} to call.",
		"Encouraged Zumba and rest. Encouraged Zorvex, journaling and walks.",
		"Django's session middleware is on. Evicore also denied the claim. Zorva & I LLC.",
		"Spoke to {name:Soo-Ah Ryu} re: refill. {name:Soo-Min} came.",
		"Left a voicemail for {name:Ni Made Ayu}. Met with {name:Ma. Fernanda Ocampo} today.",
		"Session with {name:Wahkan Little Elk} and spouse. {name:Mrs. Two Bulls} called.",
		"Transferred care to {name:Maarten van der Velde}. Transferred care to {name:Jose Luis de la Cruz}.",
	})
}
