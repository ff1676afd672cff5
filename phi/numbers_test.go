package phi_test

import "testing"

func TestIdentifiers(t *testing.T) {
	checkMarked(t, []marked{
		// Social security and taxpayer numbers: the shape is enough.
		"{ssn:219-09-9999}, {ssn:987-65-4325} and SSN {ssn:219099999}.",
		"SSN{ssn:219-09-9999} was glued. {ssn:219 09 9999}",
		"The last four of her social are SSN {ssn:9999}.",
		// Records, plans, accounts: a key stands before them.
		"MRN: {medical_record:TQ-5520918}; chart no. {medical_record:8812034}",
		"MRN {medical_record:#TQ5520918}",
		"Member ID: {health_plan:W20 4418}", // a space within
		"policy number is {health_plan:HP-678901}",
		"Medicare {health_plan:1EG4-TE5-MK73}",
		"claim number {account:CLM-2291047}",
		"account ending in {account:4482}",
		"routing {account:021000021}, account {account:10318804}",
		"passport {license:P7R104697}, DEA {license:AB1234563}",
		"VIN {vehicle:1HGCM82633A004352}",
		"IMEI {device:490154203237518}",
		"username: {other_id:mquintanilla86}; handle is {other_id:marisol.q}",
		"Follow {other_id:@marisol_q} there.",
		"Ticket {other_id:#84697}",
		// Payment.
		"Card {card:4111 1111 1111 1111} or {card:5555-5555-5555-4444}.",
		"IBAN {account:GB82 WEST 1234 5698 7654 32}",
		// Telephone.
		"{phone:(503) 555-0148}, {phone:503.555.0148}, {phone:+1 503 555 0148 x22}",
		"{phone:+44 20 7946 0958} or {phone:1-503-555-0148}",
		"call {phone:5035550148}; {phone:25 833387} office",
		// Net.
		"{email:m.quintanilla+intake@example.org}",
		"{url:https://portal.example.org/u/88?x=1}, {url:www.example.org/me}",
		"{network:192.0.2.44}, {network:2001:db8::8a2e:370:7334}, {network:ea:a2:b6:12:26:de}",
		"at {geo:45.523064, -122.676483}",
		"{geo:geo:45.52,-122.67} or {geo:45°31'23\"N 122°40'35\"W}",
		"write to {email:marisol dot q at example dot org}, {email:m.q [at] example.org}",
		"{device:(01)00643169007222(17)160712(21)A1B2C3}",
		"EIN {other_id:12-3456789}, ITIN {ssn:912-70-1234}",
		"license plate {vehicle:7XKV211}, driver's license {license:D1234567}",
		"Medicaid ID {health_plan:AB12345C}, group number {health_plan:0098812}",
		"prior authorization {health_plan:PA-2231190}; Rx {other_id:5512098}",
		// Fields of a record.
		"{email:a@example.org}|{other_id:10318804}|{other_id:P9L124009}",
	})
}

// What must stay, whatever it looks like.
func TestKept(t *testing.T) {
	checkMarked(t, []marked{
		"F43.10, F33.1, Z63.0, ICD-10-CM F41.1, DSM-5.",
		"CPT 90837, 99214-25, HCPCS H0031, CVX 140.",
		"LOINC 44249-1, 55758-7; SNOMED 371631005; RxNorm 312938.",
		"NDC 0591-3740-01 and 00093-7424-56.",
		"550e8400-e29b-41d4-a716-446655440000",
		"01ARZ3NDEKTSV4RRFFQ69G5FAV, 507f1f77bcf86cd799439011",
		"sha256 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
		"version 1.2.3.4, v10.0.2.1, Go 1.26, HL7 v2.5.1, R4.",
		"PHQ-9 score 17/27, GAD-7: 12, PCL-5 of 38, AUDIT 8.",
		"BP 128/82, HR 72, RR 16, SpO2 98%, T 98.6 F, BMI 24.5, wt 165 lbs.",
		"sertraline 100 mg, 500mg twice daily, 0.25 mg, 2.5 ml, 1,000 units.",
		"$1,250.00, 37.07371978785929 seconds, 3.14159, 1e-9, 100%.",
		"A1c 6.2, TSH 2.1 mIU/L, WBC 7.4, Hgb 13.9.",
		"http://loinc.org, http://hl7.org/fhir/sid/icd-10-cm, urn:oid:2.16.840.1.113883.6.1",
		"Conference room 10.0.0.1 is free.",
		"Session 12 of 20; 45 minutes; 3 of 5 goals; page 2.",
	})
}
