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

func TestPlacesInSmallLetters(t *testing.T) {
	checkMarked(t, []marked{
		"she grew up in {place:kuressaare} and moved to {country:new zealand}.",
		"a friend from {country:uruguay} lives in {place:vaxholm}.",
		"i worked on it in march and walked to church from there.",
	})
}

func TestCountries(t *testing.T) {
	checkMarked(t, []marked{
		"She came from {country:Ecuador} as a child.",
		"He worked in {country:New Zealand} for a year.",
		"A trip to {country:Trinidad and Tobago}.",
		"Is it legal in {country:Canada}?",
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
