package phi_test

import (
	"strings"
	"testing"

	"github.com/carebus/carebus/phi"
)

// An initial or a particle between names that fields told is part of the name.
func TestLinksBetweenNames(t *testing.T) {
	const src = `{"name":[{"family":"Duck","given":["Donald","D"]}],"a":"Patient Donald D DUCK @ Acme","b":"Donald D. Duck and Donald du Duck","c":"Donald A man, Donald for Duck"}`
	s := newScrubber(t, phi.Config{Profile: phi.SafeHarbor})
	out := scrubJSON(t, s, src)
	for _, left := range []string{" D ", "D.", " du "} {
		if strings.Contains(out, left) {
			t.Errorf("%q survives in %s", left, out)
		}
	}
	for _, kept := range []string{" A man", " for "} {
		if !strings.Contains(out, kept) {
			t.Errorf("%q is gone from %s", kept, out)
		}
	}
}

// What stands beside a finding is told by it.
func TestBesideFindings(t *testing.T) {
	checkMarked(t, []marked{
		"{name:Ethel}, {age:95}, lives alone; {name:Jane Roe} ({age:92}) too. {name:Ana}, 71, helps.",
		"Mail goes to {place:Springfield 01103}. The score was 01103.",
		"2 sibs ({name:Jamal} 12, {name:Keisha} 8)",
		"on {date:3/3} to {date:3/31}, from {date:3/3} through {date:4/2}; seen {date:10/3}-{date:10/9}",
		"{date:10/3}-{date:10/9/24}, absent {date:9/30} - {date:10/4/2024}, out {date:10/3} through {date:10/9/2024}; strength 4/5 - 5/5/5",
		"On {date:Tue, Feb 10, 2026} she wrote",
		"Supervision {date:2/9}: group 4/8 done",
		"her number is {phone:4 1 3 5 5 5 0 1 4 5}, scores 1 2 3 4 5 6 7 8 9 10",
		"Visto il {date:14 febbraio}, em {date:5 de maio}",
		"intake_{date:2026-02-11}.pdf",
		"my last name is {name:vondel} {name:v o n d e l}",
		"My name's {name:Zeke}, {name:Z-E-K-E}, and I agree",
		"client: {phone:413 555 0144}",
		"{name:Quexly, Tamsin} checked in\n{name:Quexly, Radka} left",
		"Telehealth, {name:Tamsin} said. Zoloft, {name:Tamsin} said.\nPsychoeducation, {name:Tamsin} agrees",
	})
}

// Identifiers in forms of their own.
func TestFormsOfNumbers(t *testing.T) {
	checkMarked(t, []marked{
		"CPF {ssn:529.982.247-25}, EDIPI {other_id:1099887766}",
		"her visa {license:A208-112-993}, A-number {license:A208 112 993}; rooms A208 112 993, part A208-112-9934",
		"CPAP s/n {device:23192045671}; S/N: {device:8841-22}; S/N ratio 12.5",
		"plate {vehicle:4TK R82}",
		"ID {other_id:YXP 883 W10442}",
		"temp pw {secret:Spring2026}",
	})
}

// Names by what stands around them, and by their form.
func TestNamesByForm(t *testing.T) {
	checkMarked(t, []marked{
		"I, {name:Hyacinth Okoro-Bell}, authorize release.",
		"Spoke with {name:Abdul-Rahman al-Tikriti}.",
		"PCP: {name:Ng, Wai-Kit}",
		"{name:Vondel, Lotte} - {date:04/12/1980}",
		"co-signed by staff ({name:Turner, Beth MD})",
		"Client: {name:Oyelaran, Temitope} \"{name:Temi}\"   DOB: {birth_date:3/14/1988}",
		"Dad ({name:ron}) agrees, sister ({name:kay}) as well, mom (present).",
		"Discussed case of \"{name:C.T.}\" and of \"U\".",
		"Patient {name:jane} was seen.",
		"Su hijo {name:Beto} tiene 12.",
		"{name:Gunny Pratt} called.",
		"the {name:Diazes} left",
	})
}

// What has a person's name and is none.
func TestNamesOfTools(t *testing.T) {
	checkMarked(t, []marked{
		"uses the Jenkins pipeline, Ruby on Rails, Apache Cassandra and Grafana Loki",
		"tz is America/New_York, not Europe/Berlin",
		"QTc 431 ms. Li 0.8 mEq/L. Trop neg.",
		"connect to Wi-Fi",
		"max int and val mem",
	})
}

// Everyday words behind a word for a person are no names.
func TestSmallWordsBehindPersons(t *testing.T) {
	checkMarked(t, []marked{
		"Mother rose early. Sister grace period. Patient drew back. Son chase the dog. Client art work. Mom carol singing.",
		"twins {name:Asia}/{name:Maria}, zone Asia/Kolkata",
	})
}
