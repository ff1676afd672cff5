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

// The line behind a unit is a town's, when it is hardly anything else.
func TestTownsBehindUnits(t *testing.T) {
	checkMarked(t, []marked{
		"Same address: {address:77 Kramer Street\nApt. 238\nRijendam}\nSertraline 50 mg daily",
		"Lives at {address:12 Main St\nApt 4\nSpokane}\nDiagnosis\nGAD",
		"{address:12 Main St, Apt 4}\nAllergies\nPenicillin",
	})
}

// Figures of a laboratory and titles are no roads.
func TestNoRoads(t *testing.T) {
	checkMarked(t, []marked{
		"Na 138 K 4.4 BUN 19 Cr 1.1 Glu 112; BUN 22 CR 1.3; BUN 22 CR 2, K 4",
		"{address:4417 CR 26}; {address:12 Highway 9}; {address:4417 FM 1960}",
		"Visit 6 Date 3 Investigator {name:Prof. Dr. Heike Vondel}",
		"{address:12 Bishop Dr}; {address:12 Major Dr}",
	})
}

// Elsewhere the postal code stands before the town, and floors are counted otherwise.
func TestPostalCodesBeforeTowns(t *testing.T) {
	checkMarked(t, []marked{
		"lives at {address:Calle de Alcalá 211, 3º B, 28028 Madrid}",
		"{address:Rua Augusta 44, 2º Esq, 1100-053 Lisboa}",
		"{address:Laugavegur 28, 101 Reykjavík}",
		"{address:Vestergade 9, 2. th., 8000 Aarhus C}",
		"{address:Vinohradská 112, 130 00 Praha}",
		"{address:8 AV. FOCH}\n{address:69006 LYON}",
		"{address:8 avenue Foch, 69006 Lyon}",
		"took Zyprexa 10, 1000 Aspirin; Lisinopril 20, 2000 Units; Section 12, 4500 People",
	})
}

// Streets and crossings by what stands around them, in words and in small letters.
func TestAddressesToldByTheirForm(t *testing.T) {
	checkMarked(t, []marked{
		"Pharmacy: {address:4th Ave & 9th St}, closed; {address:4th Ave and Main St}; lives at {address:Fourteen Elm Street in Bangor}",
		"lives at {address:fourteen elm street in bangor}",
		"ship it to me at once, {address:prinsengracht 263}; decade 26, arcade 3, brigade 4",
		"I'm at {address:633 Cactus Wren Way in Mobile} now. {address:Unit 3, 45 Gordon St, Terre Haute}",
		"wohnhaft {address:Am Wall 7, 21335 Lüneburg}.",
	})
}
