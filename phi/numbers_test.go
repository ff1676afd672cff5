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
		"Acme Healthcare, Inc. MR = {medical_record:654321}, DECEASED", // as HL7 calls it; Mr. is a title
		"MR: {medical_record:654321}, MR# {medical_record:4471092}, MR#: {medical_record:77812}, MR No. {medical_record:44821}",
		"MR 3+ on echo, MR angiography 70544, Brain MR 1.5 T", // mitral regurgitation and magnetic resonance
		"Member ID: {health_plan:W20 4418}",                   // a space within
		"policy number is {health_plan:HP-678901}",
		"Medicare {health_plan:1EG4-TE5-MK73}",
		"claim number {account:CLM-2291047}",
		"account ending in {account:4482}",
		"routing {account:021000021}, account {account:10318804}",
		"passport {license:P7R104697}, DEA {license:AB1234563}",
		"VIN {vehicle:1HGCM82633A004352}",
		"IMEI {device:490154203237518}",
		"username: {other_id:mquintanilla86}; handle is {other_id:marisol.q}",
		"Follow {other_id:@marisol_q} or {other_id:@marisol.q} there; insta: {other_id:marisol86}",
		"Her username on the portal is {other_id:skye_m04}, temp password {secret:Hunter2}!",
		"lic. {license:PSY29481}",
		"Group ID {health_plan:W2234 55671}, license plate: {vehicle:442 KLM}",
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
		"MAC address of the device: {network:ed:8b:29:65:03:3f}",
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
		"467771000124109 and 428361000124107 are codes of SNOMED's",
		"version 0.00.020.2134 and build 10.0.19041.1234",
		"f:Patient/f:name/f:family/@value, f:extension[@url='http://hl7.org/fhir']",
		"A1c 6.2, TSH 2.1 mIU/L, WBC 7.4, Hgb 13.9.",
		"http://loinc.org, http://hl7.org/fhir/sid/icd-10-cm, urn:oid:2.16.840.1.113883.6.1",
		"Conference room 10.0.0.1 is free.",
		"Session 12 of 20; 45 minutes; 3 of 5 goals; page 2.",
	})
}

// Display texts of terminologies: tests, medicines, vaccines, payers.
func TestTerminologyKept(t *testing.T) {
	checkMarked(t, []marked{
		"Jolivette 28 Day Pack",
		"Yaz 28 Day Pack",
		"Mirena 52 MG Intrauterine System",
		"Kyleena 19.5 MG",
		"Liletta 52 MG",
		"NuvaRing 0.12/0.015 MG per 24HR 21 Day Vaginal Ring",
		"Natazia 28 Day Pack",
		"Ortho Tri-Cyclen 28 Day Pack",
		"Levora 0.15/30 28 Day Pack",
		"Trinessa 28 Day Pack",
		"Seasonique 91 Day Pack",
		"Camila 28 Day Pack",
		"Errin 28 Day Pack",
		"Amlodipine 5 MG Oral Tablet",
		"Penicillin V Potassium 250 MG Oral Tablet",
		"Fexofenadine hydrochloride 30 MG Oral Tablet",
		"Epinephrine 0.15 MG Auto-Injector",
		"Astemizole 10 MG Oral Tablet",
		"Terfenadine 60 MG",
		"Loratadine 5 MG Chewable Tablet",
		"Cefuroxime 250 MG Oral Tablet",
		"Doxycycline Monohydrate 50 MG",
		"Hydrocortisone 10 MG/ML Topical Cream",
		"Implanon 68 MG Drug Implant",
		"Etonogestrel 68 MG Drug Implant",
		"Galantamine 4 MG Oral Tablet",
		"Leucovorin 100 MG Injection",
		"oxaliplatin 5 MG/ML",
		"Paclitaxel 100 MG Injection",
		"Verzenio 100 MG Oral Tablet",
		"Kisqali 200 MG",
		"Ibrance 100 MG Oral Capsule",
		"Piqray 200 MG",
		"Total Cholesterol",
		"Hemoglobin A1c/Hemoglobin.total in Blood",
		"Body Mass Index",
		"Oral temperature",
		"Tobacco smoking status NHIS",
		"Cause of Death [US Standard Certificate of Death]",
		"Glomerular filtration rate/1.73 sq M.predicted",
		"American house dust mite IgE Ab in Serum",
		"Cat dander IgE Ab in Serum",
		"Common Ragweed IgE Ab in Serum",
		"Honey bee IgE Ab in Serum",
		"White oak IgE Ab in Serum",
		"Shrimp IgE Ab in Serum",
		"Cladosporium herbarum IgE Ab in Serum",
		"Bone immobilization",
		"Colonoscopy",
		"Percutaneous coronary intervention",
		"Medication Reconciliation (procedure)",
		"Alzheimer's disease (disorder)",
		"Primary small cell malignant neoplasm of lung, TNM stage 1",
		"Influenza, seasonal, injectable, preservative free",
		"meningococcal MCV4P",
		"HPV, quadrivalent",
		"Pneumococcal conjugate PCV 13",
		"Hib (PRP-OMP)",
		"Well child visit (procedure)",
		"Emergency room admission (procedure)",
		"Blue Cross Blue Shield",
		"Humana",
		"Cigna Health",
		"UnitedHealthcare",
		"Aetna",
		"Anthem",
		"Dual Eligible",
		"NO_INSURANCE",
		"Estradiol 1 MG / Norethindrone Acetate 0.5 MG",
		"Acetaminophen 325 MG / Hydrocodone Bitartrate 7.5 MG Oral Tablet",
		"Ferrous Gluconate",
		"Carbamazepine[Tegretol]",
		"Nitroglycerin 0.4 MG/ACTUAT Mucosal Spray",
		"Chlorpheniramine Maleate 2 MG/ML Oral Solution",
		"Sulfamethoxazole 800 MG / Trimethoprim 160 MG",
		"1 ML medroxyprogesterone acetate 150 MG/ML Injection",
		"Abuse Status [OMAHA]",
		"Housing status",
		"Are you covered by health insurance or some other kind of health care plan [PhenX]",
		"Ventricular Rhythm",
		"Gleason score in Specimen Qualitative",
		"Karnofsky performance status",
		"Russell Viper Venom Time",
		"Kappa light chains.free",
		"Lambda light chains",
		"Barr body [Presence]",
		"Rh [Type] in Blood",
		"Duffy blood group",
		"Kell antigen",
		"Epstein Barr virus capsid IgG Ab",
		"Borrelia burgdorferi IgM",
		"Helicobacter pylori Ag",
		"Treponema pallidum Ab",
		"Mayo Clinic score",
		"Brief Pain Inventory",
		"Edinburgh Postnatal Depression Scale",
		"Columbia Suicide Severity Rating Scale",
		"Young Mania Rating Scale",
		"Generalized anxiety disorder 7 item (GAD-7)",
		"Alcohol Use Disorders Identification Test",
		"Wender Utah Rating Scale",
		"Montreal Cognitive Assessment",
		"Boston Naming Test",
		"Stroop Color and Word Test",
		"Clinical Opiate Withdrawal Scale",
		"Patient Health Questionnaire 9 item",
		"Morse Fall Scale",
		"Sinus X-ray of chest",
		"Lumpectomy of breast",
		"Pfizer-BioNTech COVID-19 Vaccine",
		"Moderna COVID-19",
		"Johnson & Johnson vaccine",
		"Medtronic MiniMed 670G",
		"Dexcom G6",
		"Omnipod",
		"Foley catheter",
		"Swan-Ganz catheter",
		"Hickman line",
		"Port-A-Cath",
	})
}

// Keys of other countries and forms, and numbers in groups, in words and at the
// end of a line of dots.
func TestNumbersInForms(t *testing.T) {
	checkMarked(t, []marked{
		"member {health_plan:QRT 5512 40871 02}, please; OHIP {health_plan:6071 448 205}",
		"NHI {health_plan:ZBD4417}, PPSN – {other_id:7714208WA}, Mob {phone:97411 20345}",
		"Member ID ............. {health_plan:K4410 72095}\nRef no. ........ {other_id:B25-18-440912}",
		"Auth given: {health_plan:0073316X}. No. {medical_record:24-CV-01877}. Screen no. {other_id:KT5520184-C}",
		"Her last four is {ssn:8826}. Ask for ext. {phone:5102}. Portal PIN {secret:70415}",
		"cards ending {card:7731} and {card:0256}; cheque no {account:005518}",
		"call {phone:seven oh two, five five five, oh one six eight}; social {ssn:one four four, two two, nine oh nine one}",
		"called from {phone:(775) 555-0164}. 1415 lunch. Home ph _{phone:(775)555-0164}_",
	})
	checkMarked(t, []marked{
		"device: Trilogy 202\nmode: S/T",
		"image.tag=2.31.0-rc1, tag: 1.4.12",
		"Sponsor – 2 calls; chart – 3 pages; two pins, a pin 4 mm long.",
		"one two three four five six seven eight; one or two, six five times",
		"knee extension 110 degrees, ext 45 today",
	})
}

func TestNumbersAndStreetsOfMoreForms(t *testing.T) {
	checkMarked(t, []marked{
		"MR#{medical_record:4471-09-2} and plate {vehicle:BD 41772}; ICN {account:5025180447120}, rtg {account:122105155}.",
		"Lives at {address:312 NW Davis}, once at {address:Hauptstr. 7a, 79098 Freiburg}.",
		"312 NE of here, 14 SE asian people.",
	})
}

func TestIdentifiersBehindOneLetter(t *testing.T) {
	checkMarked(t, []marked{
		"ID: {other_id:W 8840 22197}. Dose ID: A 12 mg.",
		"For {name:VENKATESH, R}.; seen by {name:Lindqvist, J}. For Sertraline, T. and rest.",
	})
}

func TestPartsOfMoreForms(t *testing.T) {
	checkMarked(t, []marked{
		"Born on {birth_date:July the thirty-first, two thousand nine}. On {date:May the second, nineteen ninety-eight} and {date:May the third}, two weeks on.",
		"Seen on {date:April 2nd and 19th, 2025}, and {date:June 3rd} and 4th toes.",
		"My grandpa ({age:96}) came. He is {age:91}, she is {age:92}. He is 94 on oxygen.",
		"ERR {medical_record:88120}^^^MRN, 12^^^x and 2^3.",
		"We spoke with {name:Ji-yeon} about {name:Ji-yeon}'s IEP. {name:Ji-yeon} left. We saw {name:Jung-ho}'s BIP.",
		"{name:Dr. Noor-ul-Ain Siddiqui} came.",
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

func TestMoreNumbersOfOtherForms(t *testing.T) {
	checkMarked(t, []marked{
		"License: {license:DL–W20760–60}; {other_id:EMP–17264}", // en dashes
		"{name:Jane Roe},{email:jane@example.org},{other_id:380401872},x",
		"My website is {url:marisol-counseling.example/book}; website: {url:marisol.example}. The website is down. See website no. 4.",
		"Find her on {url:facebook.com/marisol.q}; see github.com/carebus/carebus.",
		"Reach {name:Jane} at {phone:503-555-0123} and {phone:5035550188} at night.",
		"sister {name:Marisol} {phone:5035550123}",
		"took 4155550123 steps at 1700000000 ns",
		"account {account:4044 8628 68}; his plan has policy {health_plan:W3214 83660}; ins: {health_plan:FYS 150081990}",
		"SSN{ssn:535.77.5478}; ID number: {ssn:516 94 6388}",
		"Employee {name:Jane Roe} (ID: {other_id:emp_55232})",
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

func TestShortNotes(t *testing.T) {
	checkMarked(t, []marked{
		"Pt called {date:4/12} @ 0930. Report filed {date:2/28}; conf# {other_id:7H2K9Q}; cvv {card:123}.",
		"Hearing {date:4/22/26 1:30p} Dept 4. Plate {vehicle:OR 441-KJP}.",
		"Lives near {address:7th & Washington}, works at {address:5th and Main}.",
		"VIN unknown, 2013 F-150. PR #4821. A 14 Fr Foley. Rosenberg Self-Esteem Scale. Vit D 22 ng/mL.",
		"PHQ-9 = 18 (3/1/3/2/2/3/1/2/1), taper 60/40/20/10, insulin 70/30 22 units, goals 3/5 met, pain 3/10 to 5/10.",
		"Room 12-26, Box 4 of 9, Gate B7, Space 2 lines, Lot 7, Unit 3 West, Bed 12B, Level II.1, Week 6-8.",
	})
}

func TestPhonesOfMoreForms(t *testing.T) {
	checkMarked(t, []marked{
		"No answer at {phone:(+62) 695 2667 9944}; (+2) for nausea.",
		"Contact: {phone:519.754.565}. Her contact is {phone:00385 27 747 023}. (Contact: {phone:062 384 8522})",
		"Last contact: {date:05-06-2024}. Contact: 3 of 4 close contacts.",
		"Edema (+2) {date:05/06/2024 10:30}, pulses (+2) 120/80 98.6 72. At UTC(+10) {date:2024-05-06 10:30}. Copies (+5) 1234567.",
		"Visa (+1) {card:4111 1111 1111 1111}; {phone:(+62)8123456789}.",
	})
}

// Numbers of other countries behind their words, and logins that logs and people give.
func TestNationalNumbersAndLogins(t *testing.T) {
	checkMarked(t, []marked{
		"DNI {other_id:12345678Z}; NIE {other_id:X1234567L}; codice fiscale {other_id:RSSMRA85T10A562S}; CNPJ {other_id:12.345.678/0001-95}",
		"rodné číslo {other_id:780123/3540}; NUSS {other_id:28/12345678/40}; TC kimlik no {other_id:12345678901}; cédula {other_id:1.020.304.050}",
		"code status DNR/DNI since {date:2/14}, DNI order; nie 3 mal",
		"on WeChat {other_id:xu_trading2020}; Telegram {other_id:chuka_dev99}; via Telegram 3 times",
		"SN {device:23221-77410}; SN 2x/wk; subj {other_id:1107-004}, acc {other_id:2407-118-0092}; Coordinator {name:Beth} {phone:x7712}, {name:Maria} x10",
		"username {other_id:jsilva}, login failed for {other_id:jsilva}; username required, login failed for everyone",
	})
}

func TestNumbersBehindMoreWords(t *testing.T) {
	checkMarked(t, []marked{
		"Backup phone ends in {phone:0176}, commission no. {license:2281904}, referral # {other_id:88214}.",
		"pay {account:de75 5121 0800 1245 1261 99} now; de76 5121 0800 1245 1261 99",
		"his desk is {phone:x4410}; a chair is x4410",
		"MRN {medical_record:12 34 88 01} {name:Eliza Thorne}; MRN {medical_record:12 34 88}, seen; room 12 34 88",
		"1. {name:Wiremu Tamihana} (father) {phone:021 555 0142}",
		"It ends in 2024. The trial ended in 1998.",
	})
}

// What ends with four digits is told by the words before them.
func TestLastFour(t *testing.T) {
	checkMarked(t, []marked{
		"Card on file ends {card:2256}, under her name; Visa {card:x4417} exp {date:08/27}; paid $25 on card {card:x7741}",
		"He's a vet; last 4 {ssn:7719} given for the lookup. Last4: {ssn:3381}, last4={ssn:8812}, last four {ssn:0143} given",
		"in the last 4 sessions, over the last four weeks, the week ending 2024, x2 daily, ends 2024 with hope",
	})
}

// A number in groups belongs together behind its key, and # numbers what the word before it is.
func TestGroupedAndNumbered(t *testing.T) {
	checkMarked(t, []marked{
		"member {health_plan:80 099 1237}, intake id {other_id:9 441 027}, checking {account:77 4410 2093}, Cigna ID {health_plan:U71 904 2238 02}",
		"Aetna {health_plan:W117 2240 93} eff {date:1 Jan}; juror {other_id:100448812}; SID {other_id:18820437}; PD report {other_id:24-118842}",
		"CDCR# {other_id:AX4471}, bar # {other_id:PA 204417}, chart #s {other_id:20881} and {other_id:20882}",
		"Aetna PPO 2024, report 2024, SID 5 mg, member 12 of 14, case 10 20 30 patients, PR #4821, page # 12",
	})
}

// Ten digits among words are a telephone's where nothing else is said.
func TestDigitsOfTelephones(t *testing.T) {
	checkMarked(t, []marked{
		"she can be reached at {phone:4155550134}, called {phone:4155550134} twice; MY NUMBER IS {phone:3055550118}; new number {phone:5125550107} now",
		"fax outbound to {phone:17185550120} status=BUSY",
		"read 4294967296 bytes in 3 ms, offset 8589934592, lag 2147483648 ms",
	})
}

// Programs quote in their errors what they couldn't take.
func TestOperandsOfErrors(t *testing.T) {
	checkMarked(t, []marked{
		`strconv.ParseInt: parsing "{other_id:4155550134}": value out of range`,
		`strconv.Atoi: parsing "{other_id:Quintanilla}": invalid syntax; parsing time "{other_id:1980-13-04}": month out of range`,
		`json: cannot unmarshal number {other_id:123456789} into Go struct field`,
		`Error 1062: Duplicate entry '{other_id:Quintanilla-00123456}' for key 'patients.mrn'`,
		`pq: invalid input syntax for type integer: "{other_id:Quintanilla}"`,
		`At:time.Date({date:1980, time.March, 4}, 0, 0`,
		`time: invalid duration "forever"; dial tcp {network:10.1.2.3:6379}: connect: connection refused; parsing "abc"`,
	})
}

// What counts, measures, codes or configures isn't taken for what identifies.
func TestNumbersThatCountOrCode(t *testing.T) {
	checkMarked(t, []marked{
		`Zofran 10:15: 4 mg.`,
		`Haldol 9:00 AM: given as ordered by doctor`,
		`Tumor found in 4/14 lymph nodes.`,
		`Patient met 9/17 criteria for borderline.`,
		`She met 6/13 treatment goals. HAM-D improved to 8/17 after treatment. ISI fell to 8/26`,
		`Client has used 6/26 authorized visits. Recall was 9/14.`,
		`pods 4/17 ready, Epoch 5/18, batch 5/31 done, attempt 3/18 failed.`,
		`SNOMED concept 7332110004 was retired, int32 overflow near 2147483647, got 4294967295 want 0, offset 8589934592`,
		`Total cells counted 3125550118, checksum was 3125550118, random seed 3125550118`,
		`Diary entry "I feel worthless and want to give up on everything" reviewed in session.`,
		`log entry "connection refused" seen, missing entry "timeout_seconds" in config, parsing "/etc/app/config.toml"`,
		`error parsing "application/json": bad media type`,
		`HCPCS code # G0463, diagnosis code # F3341, form # CMS1500, Pill imprint # M0367, commit # 1a2b3c4`,
		`billing codes 90837 90834 90791; auth 90837 90834 90832; lab 140 4000 102 24 15; report 120 118 122 130; test report 1 2 3 4 5 6 7; visit 1000 1100 1200`,
		`aetna: 90837; Cigna 90837-95 modifier; Tricare 2023-2024; account balance should be 4000`,
		`GET /search?query=anhedonia ?q=schizoaffective ?q=kubernetes /fhir/CodeSystem?name=LOINC /v1/metrics?name=http_requests_total`,
		`phone session ended 1630; Phone therapy ended in 2022. cell study ended in 2019; card sorting ended 1030`,
		`HR at 110 he felt dizzy. SpO2 at 91 he was placed on oxygen`,
		`(ref 0.6-1.2). No auth req for 90834/90837. AM check-in: 6 clients, all oriented; Check-out: 6/6 named one grounding tool`,
		`ID: 52-year-old divorced woman; driver SigPlus 4.4.0.30 loaded; down from 9/10, up from 3/10; @channel the plan`,
	})
}

// A number in groups ends where an address, a date or an age begins.
func TestGroupsEnd(t *testing.T) {
	checkMarked(t, []marked{
		"Member ID {health_plan:84711} {address:2345 80 Juniper Lane}",
		"MRN {medical_record:55443} {address:2 14 Elm St}",
		"MRN {medical_record:1234} 567 {age:93 yo} male",
	})
}

// Ids behind a word for patients, in paths and in references of FHIR.
func TestRecordsInPaths(t *testing.T) {
	checkMarked(t, []marked{
		"saved Patient/{person_id:12345} and Observation/778",
		"GET /fhir/Patient/{person_id:b7e1c2d4-5f60-4a1b-9c3d-8e2f7a6b5c41}?x=1 404",
		"patient/family education; client/1:1 time",
		"RECS: UA, D/C OXYBUTYNIN",
	})
}

// Key words whose letters have periods, and what is told by its own form behind any label.
func TestDottedKeys(t *testing.T) {
	checkMarked(t, []marked{
		"S.S.N. {ssn:534276180}, M.R.N.: {medical_record:5520918}, D.O.B. {birth_date:4.17.86}",
		"D.O.B. {birth_date:19860417}. D.O.B {birth_date:4/17/86}.",
		"Born in the U.S.A. 5520918 times, by the P.L.C. rules 4.17.86.",
		"Card on file: {account:GB82 WEST 1234 5698 7654 32}",
		"Her info is {address:12-34 31st Ave}, or {address:104-20 Queens Boulevard}.",
		"{address:104-20 113th Street}. Ages 10-12 1st Place. Season 12-4 2nd Circuit.",
	})
}

// Words of health plans that head what is to be done or paid: the plan of a note, groups,
// authorizations.
func TestPlansOfNotes(t *testing.T) {
	checkMarked(t, []marked{
		"Plan: F41.1, recheck. Treatment Plan: 10/10. PLAN: BP 128/82. plan=K4.1",
		"Plan: LDL 110. Safety plan: 988. Care plan: Z63.0. Plan: 90837 weekly.",
		"Her social circle is small. Plan: F41.1, CBT weekly.",
		"Group: 90853. Auth: RS256. auth: 503. Coverage: 80/20. Policy: 504. Authorization: 12 sessions",
		"Group: {health_plan:70012}. Policy: {health_plan:ABX-99120}. Member: {health_plan:44821}.",
		"Plan: {health_plan:W123456789}. Plan ID: {health_plan:12345}. Group # {health_plan:0045}.",
		"Insurance: Aetna {health_plan:W3214 83660}. Appeal for member {health_plan:80 099 1237}.",
	})
}

// Logins and paths of given names and surnames, and names that a URL or a log writes as one
// word.
func TestNamesAsOneWord(t *testing.T) {
	checkMarked(t, []marked{
		"user \"{other_id:maria.kowalski}\" locked, {other_id:jane.kowalski} opened chart 42, token of {other_id:jane_kowalski} expired",
		"GET /patients/{name:maria-kowalski} 200",
		"Set-Cookie: name={name:Maria%20Kowalski}; Path=/",
		"patient={name:Thanuja.Wickramasinghe} action=view",
		"java.lang, martin.core, jackson.databind, grace_period, jane.roe.com, name=Basic%20Plan, discount=10%20off",
	})
}
