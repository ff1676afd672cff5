package phi_test

import "testing"

func TestPlaces(t *testing.T) {
	checkMarked(t, []marked{
		"She grew up in {place:Poughkeepsie}.",
		"He lives in {place:Duluth, MN} now.",
		"They moved to {place:Santa Fe, New Mexico}.",
		"Back from {place:New York City}.",
		"I flew to {place:Vaxholm} on {date:Tuesday}.",
		"She is originally from {place:Kuressaare}.",
		"Born in {place:San Antonio, TX 78205}.",
		"Seen at {place:Larkspur Valley Clinic}.",
		"Admitted to {place:St. Brigid's} overnight.",
		"Transferred from {place:Cedar Ridge} on {date:5/2/2021}.",
		"Treated at {place:UCSF} last year.",
		"Seen at {place:Mercy General} for chest pain.",
		"{place:Children's Hospital of Philadelphia} sent the records.",
		"Follow up at {place:Mt. Hood Medical Center, Gresham}.",
		"Where: {place:Erwetegem}",
		"Hospitalized at {place:Unity Center for Behavioral Health}.",
		"A court in {place:Clackamas County}.",
	})
}

// Small towns tell most of a person: few live there.
func TestSmallTowns(t *testing.T) {
	checkMarked(t, []marked{
		"Raised outside {place:Viroqua} by an aunt.",
		"Site: {place:Chickasha}",
		"He drives in from {place:Bad Axe} every week.",
		"Her mother lives near {place:Two Harbors}.",
		"Lives in {place:Social Circle} with his wife.",
		"Referred by a colleague in {place:Truth or Consequences}.",
		"She teaches in {place:Ballinasloe} and her brother in {place:Wagga Wagga}.",
		"Her social circle is small. Fair play matters to him.",
		"NewField returns a new variable, NewRichmond another.",                                        // written together they are names in code
		"High Level Overview. Lives in a Halfway House. Type: Three Way. North Star metric: retention", // and so do phrases
		"She is Mohawk. Renders Jinja templates. Microsoft Presidio finds names.",
		"She grew up in {place:Presidio}. Born in {place:High Level}.",
		"The range is wide, the patch is off.", // The Range and The Patch are towns in Australia
	})
}

// Who is referred to a way to treat is sent nowhere.
func TestMethodsOfCare(t *testing.T) {
	checkMarked(t, []marked{
		"Referred to Mindfulness-Based Stress Reduction, then to Interpersonal Psychotherapy.",
		"Referred to Motivational Interviewing. Referred to Hakomi. Referred to Housing First.",
		"Referred to Polyvagal theory groups and to Lovaas method.",
		"Referred to Morita therapy. Referred to {place:Sheppard Pratt} therapy.",
		"Referred to {place:Larkspur Recovery}. Referred to {place:Cedar Ridge Treatment}.",
		"Referred to {place:Duluth Trauma Management}.",
		"Seen at {place:Kaiser Permanente}; Harvard Pilgrim paid.",
	})
}

func TestPlacesInSmallLetters(t *testing.T) {
	checkMarked(t, []marked{
		"she grew up in {place:kuressaare} and moved to {country:new zealand}.",
		"a friend from {country:uruguay} lives in {place:vaxholm}.",
		"i worked on it in {date:march} and walked to church from there.",
	})
}

func TestCountries(t *testing.T) {
	checkMarked(t, []marked{
		"She came from {country:Ecuador} as a child.",
		"He worked in {country:New Zealand} for a year.",
		"A trip to {country:Trinidad and Tobago}.",
		"Is it legal in {country:Canada}?",
		"From {country:Guinea-Bissau} to {country:TIMOR-LESTE}, then {country:Brunei Darussalam}.",
		"{name:Ms. Sierra-Leone Smith} and {name:Mr. Saint-Martin}. Lives in {place:Saint Helena, CA 94574}; {name:Kate Mayotte}, seen. Patient: {name:Mayotte}",
		"i saw {name:siobhan} in {place:norfolk}",
	})
}

func TestNotPlaces(t *testing.T) {
	checkMarked(t, []marked{
		"He works in California.", // a state may stay
		"Seen in the Emergency Department.",
		"In Session Two we talked.",
		"Switched to Prozac. Weaned from Effexor.",
		"COMPREHENSIVE MEDICAL RECORD",
		"In Cognitive Therapy we look at thoughts.",
		"Turkey sandwiches again.",
	})
}

// Houses with a name, the postal codes of India, practices by their trade.
func TestHousesWithNames(t *testing.T) {
	checkMarked(t, []marked{
		"{name:Mrs Jones} of {address:Rose Cottage, Mill Lane, Ludlow SY8 1AA}, seen today",
		"in {place:Mumbai 400001}; at {place:Chennai} - {postal_code:600 017}",
		"He goes to {place:Larkspur Psychiatry}. She likes {place:Otter Creek Counselling}. Group counselling, child psychiatry.",
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

func TestSchoolsAndTownsOfWords(t *testing.T) {
	checkMarked(t, []marked{
		"He goes to {place:Roosevelt High}. School: {place:Kellogg Middle}. In Junior High, in High spirits, at Middle age.",
		"She lives in {place:Reading} and moved to {place:Bend}. He lives in Fear. It moved to Trash, and was born in Spring 2020.",
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

func TestSmallPlacesOfCare(t *testing.T) {
	checkMarked(t, []marked{
		"she was seen at {place:mt. hood medical center} on {date:2/3/21} and at {place:larkspur valley clinic}.",
		"the call came from {place:ucla medical center} on {date:may 3rd 2021}.",
		"we go to the county hospital, to our pain clinic, to the atm center, to the mental health clinic, at the medical center",
		"may 3 of us come? in st of it.",
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

// A practice of everyday words stands above its address.
func TestLetterheads(t *testing.T) {
	checkMarked(t, []marked{
		"{place:Cedar Hollow Family Practice}\n{address:1180 Old Mill Road, Suite 4}\n\nDear Patient,",
		"She grew up in {place:Orange}; he grew up in Therapy.",
		"Cedar Hollow Family Practice\nis closed.",
	})
}

func TestHousesOfCareByMoreWords(t *testing.T) {
	checkMarked(t, []marked{
		"RD, {place:Zeeland Pediatrics} fax; | {place:Harbor Light Psychological} |; to {place:Villa Serena Memory Care, Las Cruces}.",
		"attended {place:Evergreen Valley High} 4 of 5 days; risk high 4 of 5; Department of Pediatrics, pediatrics ward",
		"{address:12 Badger Ln}^^{place:CROW AGENCY}^MT^{postal_code:59022}||{phone:(406)555-0182}; a^B^C^12345",
	})
}

// A street may be no more than a direction and its name.
func TestStreetsBehindDirections(t *testing.T) {
	checkMarked(t, []marked{
		"sent to {address:310 E. Fulton, unit B}. Office: {address:27 E Main, Bozeman}; appt @ {address:620 N Main}. $40",
		"5 N saline, 2 E coli, 10 W Power, vision 20 S, 100 W Pump",
	})
}

// Hospitals without the word, and towns that a name or a verb leads to.
func TestHospitalsAndTownsByContext(t *testing.T) {
	checkMarked(t, []marked{
		"go to {place:Seattle Children's} today. {place:Mercy Regional} started it.",
		"The Regional Office called. Our Regional Manager, too.",
		"with a friend ({name:Marguerite Roe}, {place:Pagosa Springs}); lives {place:Zomro} w/ wife {name:Tammi}",
		"she is in {place:Crested Butte} now",
	})
}
