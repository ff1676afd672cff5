package phi_test

import "testing"

func TestDates(t *testing.T) {
	checkMarked(t, []marked{
		"On {date:2021-03-05} and {date:3/5/21}, then {date:5.3.2021}.",
		"{date:March 5, 2021}; {date:5 March 2021}; {date:5th of March}; {date:Mar. 5th}.",
		"{date:2021-03-05T14:03:22Z} and {date:March 9, 2025 at 2:30 pm}.",
		"Started in {date:03/2021}, better since {date:June 2022}.",
		"Seen {date:last Friday}, again {date:next Tuesday}.",
		"It began {date:last October}.",
		"Follow-up on {date:7/14}. Appts: {date:4/1}, {date:4/8} and {date:4/15}.",
		"Timestamp {date:20210305140322}.",
		"{date:5-Mar-2021}, {date:Jan '21}; inpatient {date:3/2-3/9}.",
		"Born in {birth_date:1932}; DOB: {birth_date:17APR1986}; born {birth_date:7.2.61}.",
		"Born {birth_date:04/17/1986}.",
	})
}

func TestNotDates(t *testing.T) {
	checkMarked(t, []marked{
		"Diagnosed in 2019; the 5-year rate of 2021.",
		"BP 120/80, 2/6 systolic murmur, 1/2 tab, 18-20/28.",
		"We meet every Friday. It may get worse in 5 days.",
		"Last year, last month, a week ago, 24/7, at 2:30 pm.",
		"March on. They march 5 miles. May 5 mg help?",
		"v1.2.3, section 3.4.1, ratio 1:2.",
	})
}

func TestAges(t *testing.T) {
	checkMarked(t, []marked{
		"A {age:92-year-old} widow; a {age:94 y/o} man; {age:101yo}; age {age:97}.",
		"An 89-year-old; a 35 yo; aged 45; 90 mg; 95%.",
		"{age:Ninety-two} years old; he turned {age:94}.",
	})
}

// Days whose month or number the text leaves to the reader.
func TestDaysOfOtherForms(t *testing.T) {
	checkMarked(t, []marked{
		"Next visit is on the {date:17th}. Out until the {date:23rd}, she said; due the {date:2nd of next month}.",
		"It was {date:Sunday} night the {date:9th} when he called.",
		"He is away until the {date:twenty-seventh}, or till the {date:thirteenth}.",
		"Not seen since {date:Memorial Day}, nor on {date:New Year's Eve}. She left {date:last Easter} and {date:that November}.",
		"Can you do tomorrow {date:4/9}? Drawn {date:5/2} & {date:5/9}.",
		"DOB {birth_date:3/94}. LABEL F {birth_date:19720409} 3W",
		"Signed: {name:Maria Vega}    {date:6/2}",
		"date of birth {birth_date:eleven four sixty-one}, born {birth_date:May fifth nineteen ninety}.",
		"Moved on {date:June first}.",
	})
	checkMarked(t, []marked{
		"The 4th and 5th toes, on the 5th digit, by the 2nd of 3 doses, until the 30th week, on the 3rd floor.",
		"Up to the 2nd, 3rd and 4th. Until the second dose. In {date:March} second line. The May third dose.",
		"On Hospital Day 4, since Treatment Day 2. Pain 5/10 and 6/10, strength 4/5 & 5/5.",
		"MMSE 27/30   6/2",
	})
}

func TestAgesSaid(t *testing.T) {
	checkMarked(t, []marked{
		"My mum, she's {age:94} and well. He's {age:91}, I'm {age:90}! She turned {age:ninety-one} in the fall. He turned {age:93} and moved. RTC {date:4/11}.",
		"She's 94 on two litres; he's 96% and I'm 99.5 sure. She's 88.",
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

// Dates as they are written elsewhere and by machines.
func TestDatesOfOtherForms(t *testing.T) {
	checkMarked(t, []marked{
		"Seen {date:19 de octubre de 1972} and {date:4 de marzo del 2020}.",
		"Seen at the clinic {date:23DEC2021}, {date:07FEB21} and {date:Sep/14/1995}.",
		"Back on {date:Monday the 20th}; can we do {date:wed} {date:10/22}?",
		"No-show: {date:10/03}, {date:10/10}, {date:10/17}.",
	})
	checkMarked(t, []marked{
		"{name:Jane Roe}|{birth_date:19651105}|F",
		"Strength 5/5, pain 4/10, Mar/4, build 2026.3.1-rc2, release 2026.03.01.",
		"12abc2021, 45JAN2021, thurs at noon, they wed in church.",
	})
}

// Months in small letters are words and names as well.
func TestMonthsInSmallLetters(t *testing.T) {
	checkMarked(t, []marked{
		"in {date:june} she had surgery, {date:last january} he was admitted, since {date:october} no pain",
		"scheduled for {date:july}, in {date:may} we plan, since {date:march} he fell, {date:next september}, mid {date:july}, surgery in {date:sept}",
		"may take with food, this may help, in time for march, seen by april, in order for june to come",
	})
}

// A date of birth may have nothing but digits.
func TestBirthDatesOfDigits(t *testing.T) {
	checkMarked(t, []marked{
		"dob {birth_date:02051961}, DOB: {birth_date:8 27 41}; born {birth_date:27 8 1941}; dob {birth_date:020561}.",
		"dob 99051961, born 8 weeks early, born 3 12 13 weeks apart, birth 4 5 lbs",
	})
}

// Months and days that the words around them tell.
func TestDaysThatTheirPlaceTells(t *testing.T) {
	checkMarked(t, []marked{
		"{date:6/4} Ind tx, 50 min. {date:10/3} TC to mother.\n{date:9/20} Called school.",
		"Interpreter booked for {date:7/19}. IEP mtg {date:9/20} at noon; no show {date:8/8}; husband d. {date:2/23}.",
		"Signed this {date:9th day of June, 2019}; do it before the {date:30th}, and bring her; seen {date:Sun 5/5} at home.",
		"The murmur is unchanged from {date:March}; open from {date:October} through {date:December}; box 3 {date:08 14 1993}.",
	})
	checkMarked(t, []marked{
		"Bare days: Rx written {date:6/3}, filled {date:6/5}; CXR {date:1/5} normal, Echo ({date:6/12}): EF 55%, labs from {date:8/30}; next session {date:5/22}",
		"Date: {date:8 / 14 / 24}; seen {date:12 / 25 / 2020}; termed {date:4/30}, call back {date:5/15}; ratio 3 / 4 / 5; back 5/5, sent 2/3 of it",
		"12 visits left thru {date:12/31}. Next {date:9/30}. Next 1/3 tab.",
		"seen {date:november fourth} and again on {date:july fourth}; may third parties march second in line",
		"{date:7/9} Pt called.\n{date:11/3}: no show\n{date:4/2} - cancelled\n{date:10/21} session held; BP was 12/8, vision 6/5, 4/2 R, pupils 5/3, Norco 10/5, a 3/1 mix, odds 5/2, he works 12/8 shifts\n3/4: part three",
		"met {date:4/17}, (married {date:6/22}), cancelled {date:1/19} group, next {date:5/6}. {date:Tuesday} ({date:3/12}) 88, yesterday ({date:8/8})! {date:tue 3/26}",
		"Front desk log {date:8/21}\n8:05 arrived; faxed {date:1/8} to her; good thru {date:6/30}, 12 units; next session is {date:6/19}; we are closed",
		"MDQ 7/13 positive, week 4/26, 9/14 classes, attended 7/14, session 6/18, recalled 3/13 words, 3/29 eos",
		"bday is the {birth_date:9th}, she said the {date:28th}; tues the {date:17th} is good; can't come the {date:9th} my mom is in; the 9th rib",
		"5/5 Strength. 7/10 Pain. 8/21 PHQ. Positive for 3/5 criteria; for 2/4 weeks. c. 3/4 tab",
		"each October; denotes March; ranks 08 14 199; the 9th, and the 10th rib",
	})
}

// Days told by what was moved to them, and days that have names.
func TestDaysMovedAndNamed(t *testing.T) {
	checkMarked(t, []marked{
		"f/u (wk of {date:7/14}), the divorce was final yesterday, {date:5/6}. Appt moved to {date:3/31}.",
		"Session was {date:8/12} by telehealth, testing on {date:May 6 and 7}.",
		"last purged {date:march 30}? she may 3 of them; they march 30 miles",
		"on {date:xmas eve 2023}, on {date:New Year's Eve 2023} and on {date:Christmas Day 2023}",
		"form version 02/12; v6.12.24; a score of 3/31; pain today, 8/10. Session was 9/10. Score moved to 4/10, calmer. They march 12!",
		"{date:Memorial Day 2023}, {date:New Year's Eve 2023}, {date:Mother's Day 2024}; Study Day 2024",
		"CXR {date:2/2} showed it. Scheduled for release {date:05/09}, next rev {date:01/05}; pushed back to {date:3/31}",
	})
}

// Days without a year behind what happens on one, and shares behind the same words.
func TestDaysOfOccasions(t *testing.T) {
	checkMarked(t, []marked{
		"f/u {date:9/14}. D/C {date:9/14}, intake {date:4/4}. NV {date:10/31}. As of {date:9/14} stable.",
		"{name:Marcus} d/c'd {date:4/4} to home. Will journal; {date:10/5} f/u.",
		"Arrested {date:9/14}; died {date:9/14}. Incident {date:5/6}. Addendum {date:3/3}. No-show {date:9/14}.",
		"Started Zoloft {date:9/14}. Last dose {date:9/14}. Step-down {date:10/31}. Call {date:10/31}.",
		"Exam dates {date:2/11} & {date:2/13/2025}. Signed {date:9/14}, renewed {date:9/14}.",
		"Completed 9/14 sessions. Passed 4/4 tests. Signed 2/3 forms. Opened 5/6 files. Intake 8/10 pain.",
		"Starts 1/2 tab BID. Ends 3/4 of meals. Paid 4/4. Approved 10/12 units. Last dose 1/2 tab. d/c 1/2 NS.",
		"Discharge pain 2/10. Admission strength 4/5. Eval: 8/12 on ORS. Fell 3/4 steps. Trip 1/2 day. Call 1/3 of list.",
	})
}
