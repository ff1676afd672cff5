package phi_test

import "testing"

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
