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
