package phi_test

import "testing"

// Names and towns in small letters in a text that has capitals.
func TestSmallAmongCapitals(t *testing.T) {
	checkMarked(t, []marked{
		"I told {name:shawn} that. He drove to {place:spokane} and stayed with my aunt {name:carol}.",
		"She said {name:priya} and {name:marcus} came with {name:lena}. Pt lives w/ mom {name:delia} in {place:gresham}.",
		"Caller: my brother {name:tendai}, he is at {place:st joseph's}.",
		"My son will come. I asked my mom about it and called my dad for help. In reading, with hope. With lyrica it went well.",
		"The patient rose from bed. Told sandy beaches help. ST elevation at st in leads.",
		"Hola {name:Dra. Quispe}, soy la madre.",
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

// Chat and voice messages know no capitals.
func TestSmallNames(t *testing.T) {
	checkMarked(t, []marked{
		"hey its {name:lily woods}, can i move my appt",
		"um this is {name:anong xiao} calling for {name:doctor lamula}",
		"can you tell {name:dr venkataraman} i am late",
		"im {name:susan waters} and i need to cancel",
		"{name:bukola} here. running late",
		"my kids {name:agnieszka} and {name:rania} are fine, my mom is {name:fatou king}",
		"client {name:latoya rivers} dob {birth_date:02/11/2006}",
		"spoke to {name:mazzoli, joshua} re: balance",
		"NAME: {name:ashley brown}\nphone: {phone:617-555-0143}",
		"this is great, its fine, and it is what it is. pt euthymic, client dysregulated",
		"my mom is great and my dad is away",
	})
}

// In texts of small letters names are told by who was met, and by thanks at the end.
func TestMetAndSigned(t *testing.T) {
	checkMarked(t, []marked{
		"thx, {name:bogdan}",
		"can i get a refill of my zoloft? ty, {name:mbali}",
		"cheers,\n{name:bram}",
		"talked to {name:odile} re meds, call back {name:rosalba} at {phone:602-555-0119}",
		"saw {name:haddad} last week, has appt w/ {name:moriarty} thurs, seen by {name:quach}",
		"saw {name:xochitl quetzal} today, talked to {name:kim lee} and {name:jamie o'connell}, texted {name:odile}",
		"per aap guideline, treated with lithium and w/ metformin, seen by ortho, saw improvement, sent to radiology, met criteria per dsm, w/ copd",
		"{name:lamar whitfield} hx sickle cell, on hydrea, acute chest, in ER; 61m {name:garrett lindqvist} T2DM",
		"GET max min SELECT grace FROM will",
		"max: 30s, timeout max: 5, grace-api is up, max-age: 60; {name:jennifer}: 5 mg, {name:jane}: 4pm, {name:sarah}-mom called",
		"thanks, doctor",
		"thank you, everyone",
	})
}

// Given names that dictionaries hold as words, too.
func TestSmallNamesThatAreWords(t *testing.T) {
	checkMarked(t, []marked{
		"hey its {name:maria} can we move my appt, {name:tom} is sick",
		"spoke w/ {name:harry}. ask {name:veronica}",
		"me and {name:maria} had a fight",
	})
}
