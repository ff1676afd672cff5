package phi_test

import (
	"testing"

	"github.com/carebus/carebus/phi"
)

// Dates as they are written elsewhere and by machines.
func TestDatesOfOtherForms(t *testing.T) {
	checkMarked(t, []marked{
		"Seen {date:19 de octubre de 1972} and {date:4 de marzo del 2020}.",
		"Seen at the clinic {date:23DEC2021}, {date:07FEB21} and {date:Sep/14/1995}.",
		"Back on {date:Monday the 20th}; can we do {date:wed} {date:10/22}?",
		"No-show: {date:10/03}, {date:10/10}, {date:10/17}.",
	})
	checkMarked(t, []marked{
		"{name:Jane Roe}|{date:19651105}|F",
		"Strength 5/5, pain 4/10, Mar/4, build 2026.3.1-rc2, release 2026.03.01.",
		"12abc2021, 45JAN2021, thurs at noon, they wed in church.",
	})
}

// What is left of a number that is masked is a part of it.
func TestMaskedNumbers(t *testing.T) {
	checkMarked(t, []marked{
		"Card {card:**** **** **** 4419} and {card:XXXX-XXXX-XXXX-4419} or {card:xxxxxxxxxxxx4419}.",
		"Visa {card:****8934}; {card:••••4419}.",
		"SSN {ssn:XXX-XX-6789}, now {ssn:***-**-6789}.",
		"a*1234, 2 x 3456, 50 X 1000, XL-3456, page-1234, -- 1234.",
		"*** *** 4419 is what masked words leave.",
	})
}

func TestNumbersOfOtherForms(t *testing.T) {
	checkMarked(t, []marked{
		"His social security number is {ssn:558128195}; social {ssn:558128195}.",
		"SSN {ssn:398 - 46 - 0106}, {ssn:845_27_3964}, {ssn:203/06/0936}.",
		"Social history: 2019 was hard.",
		"cc {card:4948.0609.0608.0123}, {card:2223 - 6541 - 9566 - 9891}",
		"from {network:72.36.91.248:4610} in {network:192.168.117.0/24}",
		"My employee ID is {other_id:574280} in case you need it (EMP: {other_id:E206236}).",
		"Her insurance ID is {health_plan:XBX 920494916}. MRN: {medical_record:694 361 419}.",
		"DL: {license:79 655 782}; MRN {medical_record:EJ/898291}; plate {vehicle:441 KJP}, plate {vehicle:JJ91 UAT}",
		"Dexcom s/n {device:3R9K2Q}; her card {other_id:83181619P}",
		"20260101T and 5000000K and 80000000U stay.",
		"The password is {secret:Tr0mbone!9}, it says.",
		"Contact: {phone:4499330388}; c: {phone:9715550123}",
		"{phone:[887] 397-5434}, {phone:1-603-800-5770 extension 30}, {phone:921-235-1899 #6008}",
		"{phone:0041 44 477 22 21}; {phone:+49 (0)89 / 442 554}; 1) {phone:971-555-0177} 2) call back.",
		"{email:ewhitcomb [at] uni-heidelberg.example}, {email:soren+intake AT my-health.example}",
		"his email is {email:hanna.roe.7950 at mail.example}. Meet at example.com.",
		"User {other_id:x_roe_x} logged in. User {other_id:croez} logged in. User: {other_id:celeste_roe}.",
		"The user pressed enter. User Agent logged in. User postgres logged in.",
		"My handle is {other_id:the_real_roe}.",
		"req_id=req_9f8a7b6c trace_id=abc12345",
	})
}

// The question on the line before says what an answer is.
func TestAnswers(t *testing.T) {
	checkMarked(t, []marked{
		"Q: What is your date of birth?\nA: {birth_date:20180105}.\n\nQ: And your social security number?\nA: {ssn:186945433}.",
		"Agent: Could I have your member ID?\nAgent Two: sure, it's {health_plan:W21940}",
		"Agent: What is the error code?\nAgent Two: it's W21940",
	})
}

// A name within a login is a part of it.
func TestLoginsWithNames(t *testing.T) {
	checkMarked(t, []marked{
		"It was {name:Marisol_q_backup} who wrote.",
	})
}

func TestAddressesOfOtherForms(t *testing.T) {
	checkMarked(t, []marked{
		"Lives at {address:608 1/2 Lone Pine Ln., Bldg A}.",
		"Lives at {address:12-26 Mill Lane, Ocala, FL 34470}; once {address:859-N Old Mill Drive}",
		"{address:W259N7728 Lisbon Road, Pewaukee, WI 53072}",
		"Mail to {address:POB 4578}. Mail to {address:Post Office Box 83, Paducah KY 42001}",
		"{address:RR 9 Box 62}; {address:HCR 5, Box 229}; {address:Rural Route 7 Box 40}; {address:R.R. 4, Box 11}",
		"{address:Unter den Linden 15, Berlin}; {address:Zum Lerchenfeld 22, 24558 Henstedt}; {address:C/ Mayor 141, Sevilla}",
		"{address:Carrera 7 No. 51-21, Bogotá}; {address:Calle 45 #12-30}",
		"Now at {address:2 Queen's Gate}; then at {address:8 Abbey Mews}; at {address:44 Broadway}.",
		"At {address:12 bis rue Lepic}; at {address:Heerengracht 142-II}.",
		"Lives at {address:7 Mill Lane, 5th Floor, Fond du Lac, WI 54935}",
		"Lives at {address:7 Mill Lane, Trailer 4, Coeur d'Alene, ID 83814}",
		"Lives at {address:7 Mill Lane, Stoke-on-Trent, ST4 7XL}",
		"Lives at {address:7 Mill Lane, Newcastle upon Tyne, NE1 4RE}",
		"Postcode {postal_code:SW1A 2AB}, now {postal_code:M5V 3L9}.",
		"At T12 5PM, B12 3MG, F32 4HR, A1C 6.2, RR 16, HC 35 cm.",
		"The 18-24 Mg Group and 12-26 Hg.",
	})
}

func TestPlacesOfOtherForms(t *testing.T) {
	checkMarked(t, []marked{
		"Seen at {place:The Meadows} today. She was admitted to {place:The Meadows}.",
		"She visited our {place:Silver Hill office}; we visited {place:Green Acres Nursing Home}.",
		"Seen at {place:Swedish Covenant} then; he was admitted to {place:Northwestern Memorial}.",
		"{place:Stoke-on-Trent} is far. I am in {place:Weston-super-Mare} now.",
		"{place:Saint-Jean-sur-Richelieu} is nice. He went to {place:Newcastle upon Tyne}.",
		"From {place:Prince George's County} to {place:St. Louis County}; {place:Lane County Circuit Court}.",
		"A home in {place:Port St. Lucie}; seen at {place:Coeur d'Alene} today.",
		"Referred by {place:Tamarack Family Medicine}.",
		"Seen at {place:Northwestern Memorial Hospital, O'Fallon, MO} today.",
		"He was transferred to Intensive Care, then admitted to Labor and Delivery.",
		"A Step-by-Step guide, State-of-the-Art, Face-to-Face, transferred to The Unit.",
	})
}

// A line ends within a value in text that is broken into lines.
func TestBrokenLines(t *testing.T) {
	checkMarked(t, []marked{
		"He was seen on {date:May\n30th, 2022} and on {date:April 4,\n2023} and since {date:June\n2021}.",
		"He was seen on {date:30\nMay 2022}.",
		"It was in {date:May}\n12 of us will go. In {date:May}\n\n2022 was hard.",
		"Call me at {phone:+1\n(510) 770-1030} or {phone:(510)\n770-1030} or {phone:510-770-\n1030}.",
		"minint64+1\n1000000 = minint64",
		"She lives at {address:112 Juniper\nStreet}.",
		"She was seen at {place:St.\nBrigid's} and at {place:Larkspur Valley\nHospital} on {date:5/2/21}.",
	})
}

func TestMoreNumbersOfOtherForms(t *testing.T) {
	checkMarked(t, []marked{
		"License: {license:DL–W20760–60}; {other_id:EMP–17264}", // en dashes
		"{name:Jane Roe},{email:jane@example.org},{other_id:380401872},x",
		"My website is {url:marisol-counseling.example/book}; website: {url:marisol.example}. The website is down. See website no. 4.",
		"Find her on {url:facebook.com/marisol.q}; see github.com/carebus/carebus.",
		"Reach {name:Jane} at {phone:503-555-0123} and {phone:5035550188} at night.",
		"sister {name:Marisol} {phone:5035550123}",
		"took 4155550123 steps at 1700000000 ns",
		"account {account:4044 8628 68}; his plan has policy {health_plan:W3214 83660}; ins: {health_plan:FYS 150081990}",
		"SSN{ssn:535.77.5478}; ID number: {ssn:516 94 6388}",
		"Employee {name:Jane Roe} (ID: {other_id:emp_55232})",
	})
}

func TestSmallPlacesOfCare(t *testing.T) {
	checkMarked(t, []marked{
		"she was seen at {place:mt. hood medical center} on {date:2/3/21} and at {place:larkspur valley clinic}.",
		"the call came from {place:ucla medical center} on {date:may 3rd 2021}.",
		"we go to the county hospital, to our pain clinic, to the atm center, to the mental health clinic, at the medical center",
		"may 3 of us come? in st of it.",
	})
}

func TestShortNotes(t *testing.T) {
	checkMarked(t, []marked{
		"Pt called {date:4/12} @ 0930. Report filed {date:2/28}; conf# {other_id:7H2K9Q}; cvv {card:123}.",
		"Hearing {date:4/22/26 1:30p} Dept 4. Plate {vehicle:OR 441-KJP}.",
		"Lives near {address:7th & Washington}, works at {address:5th and Main}.",
		"VIN unknown, 2013 F-150. PR #4821. A 14 Fr Foley. Rosenberg Self-Esteem Scale. Vit D 22 ng/mL.",
		"PHQ-9 = 18 (3/1/3/2/2/3/1/2/1), taper 60/40/20/10, insulin 70/30 22 units, goals 3/5 met, pain 3/10 to 5/10.",
		"Room 12-26, Box 4 of 9, Gate B7, Space 2 lines, Lot 7, Unit 3 West, Bed 12B, Level II.1, Week 6-8.",
	})
}

func TestQuestionsAndKeysOfOtherForms(t *testing.T) {
	s := newScrubber(t, phi.Config{Profile: phi.SafeHarbor})
	for src, want := range map[string]string{
		`{"item":[{"text":"What name do you go by?","answer":[{"valueString":"Zork"}]}]}`: `{"item":[{"text":"What name do you go by?","answer":[{"valueString":"[NAME]"}]}]}`,
		`{"ins_id":"W2219 40817","grp_no":"0879123","docket":"24CV11839"}`:                `{"ins_id":"[HEALTH_PLAN]","grp_no":"[HEALTH_PLAN]","docket":"[OTHER_ID]"}`,
		`{"image":"ghcr.io/carebus/sink:2026.3.1","seen":"2026.3.1"}`:                     `{"image":"ghcr.io/carebus/sink:2026.3.1","seen":"[DATE:2026]"}`,
		`{"text":"aunt Marisol (aunt) 5035550199"}`:                                       `{"text":"aunt [NAME] (aunt) [PHONE]"}`,
	} {
		if out := scrubJSON(t, s, src); out != want {
			t.Errorf("%s\nbecame %s\nnot    %s", src, out, want)
		}
	}
}
