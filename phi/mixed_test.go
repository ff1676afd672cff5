package phi_test

import "testing"

func TestNicknames(t *testing.T) {
	checkMarked(t, []marked{
		`{name:Roberta} ("{name:Birdie}") came with {name:Otto} "{name:Bud}" {name:Lindqvist} and {name:Tuyaag} “{name:Ty}” {name:Okafor}.`,
		`He goes by "{name:Ash}", they call him "{name:Champ}", and his friend "{name:Spud}" agrees.`,
		`Her bf "{name:T-Bone}" left. Alias: "{name:Rook}".`,
		`She calls it "Panic". He prefers "Zoloft". {name:Maria} said "Enough". Told {name:Maria} "Stop". The word "Shame" and "Anger" came up.`,
		`name: "CMPEQ", type "Text" and "Date".`,
	})
}

// Tables in prose: what a column's name says holds for the cells below it.
func TestTablesInProse(t *testing.T) {
	checkMarked(t, []marked{
		"Here is the list:\nName,DOB,Phone\n{name:Penny Law},{birth_date:2/9/1988},{phone:3605550147}\n{name:Summer Fields},{birth_date:7/4/2002},{phone:3605550119}\nThanks, all",
		"What I have: patient_name,mrn,clinician\n{name:Rusty Banks},{medical_record:558120},{name:June Park}\nDone.",
		"first_name;last_name;city;score\n{name:Olive};{name:Branch};{place:Reading};14\n{name:Clay};\"{name:Potts}\";{place:Mobile};9",
		"Pasted:\nClient\tTherapist\tScore\n{name:Ginger Snow}\t{name:Art Major}\t7\n\nNext, we talk.",
		"Client, spouse and son\nwere seen, they said, together.",
		"name,score,status\nPHQ-9,7,open\nGAD-7,8,open",
		"Name, age, place\nand other things, such as weight, matter.",
	})
}

// Names and towns in small letters in a text that has capitals.
func TestSmallAmongCapitals(t *testing.T) {
	checkMarked(t, []marked{
		"I told {name:shawn} that. He drove to {place:spokane} and stayed with my aunt {name:carol}.",
		"She said {name:priya} and {name:marcus} came with {name:lena}. Pt lives w/ mom {name:delia} in {place:gresham}.",
		"Caller: my brother {name:tendai}, he is at {place:st joseph}'s.",
		"My son will come. I asked my mom about it and called my dad for help. In reading, with hope. With lyrica it went well.",
		"The patient rose from bed. Told sandy beaches help. ST elevation at st in leads.",
		"Hola {name:Dra. Quispe}, soy la madre.",
	})
}

// What is listed with tests and programs is one, whatever it is called.
func TestAmongThings(t *testing.T) {
	checkMarked(t, []marked{
		"Tests: Beck, Conners 3, Vineland-3, Bayley-4, Woodcock-Johnson, Kaufman, Wechsler.",
		"We use Jenkins, Grafana and Terraform; Grafana and Jenkins.",
		"Cobb angle 22, Hopkins Symptom Checklist 1.8.",
		"Patient {name:Kaufman}, Wechsler and WAIS given. {name:Dr. Bayley} agrees. {name:Lang} and Fowler were presented.",
	})
}

func TestNamesOfMoreForms(t *testing.T) {
	checkMarked(t, []marked{
		"MY WIFE {name:XOLANI} CALLED. MY SON ADHD. WIFE DECEASED. TO: BILLING",
		"Team: {name:Woods} (RN), {name:Bell} (LCSW), {name:Okonjo} (MD). Huddle at noon.",
		"Spelled {name:S I O B H A N}. Plan A B C D.",
		"Operator: who am I speaking with?\nCaller: {name:tendai}\nOperator: and who is the patient?\nCaller: {name:farai}",
		"user={other_id:tblackwood} user={other_id:j.doe} user=postgres user=root actor=kafka",
	})
}

// Signs, brands and payers that are called as persons and places are.
func TestThingsOfMoreForms(t *testing.T) {
	checkMarked(t, []marked{
		"Ober pos. Froment neg, Speed's negative. {name:Kowalski} positive for flu.",
		"A Wells Fargo account; Bud Light, St. John's wort. {name:Dr. Goldman} agrees; seen at {place:St. John's}.",
		"Oregon Health Plan and Medi-Cal pay. Seen at {place:Providence Health}.",
		"A Cherokee woman and an interpreter for Dari.",
		"A*B, FOO*BAR and *JANE*; subscriber {name:LINDQVIST*ANNA} not on file.",
	})
}

func TestNamesInCallsAndLists(t *testing.T) {
	checkMarked(t, []marked{
		"Hey this is {name:marvin} calling for {name:doctor lin}. This is great. His doctor visit went well. this is kafka",
		"Text: \"its {name:fatou}, he left\". Its maria cookies are good.",
		"Spoke w/ {name:priya} and {name:lena}. The and/or was w/ lyrica.",
		"1. {name:Barnes, T} 9:00 - arrived\n2. {name:Ng, P} (late)\n3. Sertraline, T 9",
		"pt name: {name:Lindqvist, otto}; dob: {birth_date:3-7-59}",
		"Her daughter {name:Rain} and my neighbour {name:Gord} came. {name:Gord} (neighbour) called.",
		"Nurse at {phone:x4471}, at x10 zoom.",
		"Seen:\n| Pt | Room | Attending |\n|--|--|--|\n| {name:Lowe} | 4B | {name:Das} |\nDone",
	})
}

func TestPartsOfMoreForms(t *testing.T) {
	checkMarked(t, []marked{
		"Born on {birth_date:July the thirty-first, two thousand nine}. On {date:May the second, nineteen ninety-eight} and {date:May the third}, two weeks on.",
		"Seen on {date:April 2nd and 19th, 2025}, and {date:June 3rd} and 4th toes.",
		"My grandpa ({age:96}) came. He is {age:91}, she is {age:92}. He is 94 on oxygen.",
		"ERR {medical_record:88120}^^^MRN, 12^^^x and 2^3.",
		"We spoke with {name:Ji-yeon} about {name:Ji-yeon}'s IEP. {name:Ji-yeon} left. We saw {name:Jung-ho}'s BIP.",
		"{name:Dr. Noor-ul-Ain Siddiqui} came.",
	})
}

// Chat knows no capitals.
func TestSmallSpeakers(t *testing.T) {
	checkMarked(t, []marked{
		"{name:ivy}: cant sleep again\ncoach: did you try Zoloft?\n{name:ivy}: yes i did",
		"{name:ivy}: cant sleep\ncoach: ok\n{name:ivy}: yes\ncoach: good",
		"mark: 5 of 10\ngrade: b",
	})
}

func TestPracticesByTheirForm(t *testing.T) {
	checkMarked(t, []marked{
		"Seen at {place:Quiet Waters Therapy}, then at {place:Northgate Behavioral Health Associates}.",
		"From {place:Hansen Counseling, LLC} to {place:Maple Clinic PLLC}. She goes to {place:Lincoln Elementary}.",
		"Seen at {place:Mercy Hospital}. The {place:Oak Clinic} is near. PCP: {name:Dr. Roe}, {place:Tamarack Family Med}, too.",
		"We learn Cognitive Therapy. Elementary, my dear. Acceptance and Commitment Therapy is used.",
	})
}

func TestDatesOfMoreForms(t *testing.T) {
	checkMarked(t, []marked{
		"Born {birth_date:14 lutego 1991}; née le {date:3 mars 1994}; am {date:7. Oktober}; 12 mars bars, 3 mai plants.",
		"Last drink {date:7/4}, next court {date:11/4}. Last dose 1/2 tab, last pain 5/10, last BP 12/8, next step 1/3.",
		"Prior: {date:2025-09-01}, {date:20250903}. Item 20250903, 4.",
		"She turned {age:90} in the spring; my dad is {age:95}, and well. Turned 91 degrees; wife is 92% sure.",
		"{name:BJÖRK, ÅSA} / {ssn:19850412-2384}. Part 19851512-2384.",
	})
}

func TestNumbersAndStreetsOfMoreForms(t *testing.T) {
	checkMarked(t, []marked{
		"MR#{medical_record:4471-09-2} and plate {vehicle:BD 41772}; ICN {account:5025180447120}, rtg {account:122105155}.",
		"Lives at {address:312 NW Davis}, once at {address:Hauptstr. 7a, 79098 Freiburg}.",
		"312 NE of here, 14 SE asian people.",
	})
}

func TestSchoolsAndTownsOfWords(t *testing.T) {
	checkMarked(t, []marked{
		"He goes to {place:Roosevelt High}. School: {place:Kellogg Middle}. In Junior High, in High spirits, at Middle age.",
		"She lives in {place:Reading} and moved to {place:Bend}. He lives in Fear. It moved to Trash, and was born in Spring 2020.",
	})
}

func TestIdentifiersBehindOneLetter(t *testing.T) {
	checkMarked(t, []marked{
		"ID: {other_id:W 8840 22197}. Dose ID: A 12 mg.",
		"For {name:VENKATESH, R}.; seen by {name:Lindqvist, J}. For Sertraline, T. and rest.",
	})
}
