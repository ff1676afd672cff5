package phi_test

import "testing"

func TestAddresses(t *testing.T) {
	checkMarked(t, []marked{
		"Lives at {address:48 Juniper Hollow Rd, Apt 3B, Bend, OR 97701}.",
		"Mail: {address:1600 N. Kestrel Avenue, Suite 210}",
		"{address:7 Larch Ct}",
		"{address:4417 Hwy 26 E, Sandy, OR} is home.",
		"Send it to {address:P.O. Box 1182, Astoria, OR 97103}.",
		"{address:221B Quarry Street} is where she lives.",
		"My address is {address:905 Elderberry Trail\nFlagstaff, AZ 86001}",
		"{address:12 rue des Lilas}, tomorrow",
		"{address:Via Garibaldi 14} and back",
		"She moved to {address:Lindenstrasse 22}.",
		"{address:40 Koivutie 82\n Apt. 7\n Oulu\n Finland 90100}",
		"Ship to {address:PSC 812, Box 44\nAPO AE 09627}",
		"We met on {address:the corner of Mill Street and Ridge Road}.",
		"I saw him on {address:Hawthorne Boulevard}.",
		"zip code {postal_code:04101}",
		"|{address:5149 Alder Place, Lexington, MI 48450}|",
	})
}

func TestNotAddresses(t *testing.T) {
	checkMarked(t, []marked{
		"2 Court orders and 3 Circle drawings.",
		"She takes 20 mg in the morning, 10 mg at night.",
		"Take 2 tablets by mouth daily.",
		"In 3 Weeks we will talk about 5 Way stops.",
		"Level 3 Trauma. Room 12. Ward 7B.",
		"He scored 18 on the test, 4 points below the mean.",
	})
}
