package phi_test

import "testing"

// Things that are called as persons or places are: told by their form and by
// what stands behind them.
func TestThings(t *testing.T) {
	checkMarked(t, []marked{
		// Classes of injuries and findings.
		"A fracture at the Weber C level. Weber B, Garden III and Salter-Harris II were ruled out.",
		"Mason type 2 fracture, Tanner stage III, Mallampati II.",
		"{name:Thomas Allen III} signed; {name:Dr. Weber} agrees.",
		// What two people found.
		"A Mallory-Weiss tear, Reed-Sternberg cells, Glasgow-Blatchford score of 4, a Jackson-Pratt drain.",
		"{name:Garcia-Lopez} called. {name:Mary-Ann Weiss} agrees.",
		// Theories and their makers.
		"Bowlby's theory, Piaget's stages, Maslow's hierarchy and Freud were discussed; Gottman method, Satir model.",
		"{name:Dr. Freud} wrote back.",
		// Brands.
		"She stopped Camila birth control and uses Johnson's baby lotion.",
		"Saline, Tylenol, baby Vick's, and a humidifier.",
		"We met {name:Camila Weiss} and gave {name:Camila} the form.",
		"Junel, Sprintec and Xulane were discussed; Depakote ER was stopped; Tacrolimus is dear.",
		"He drives a Honda or a Toyota.",
		// Teams.
		"He is a San Francisco 49ers fan, likes the Chicago Bulls and the Boston Red Sox.",
		"He lives in {place:San Francisco}.",
		// Words run together.
		"Deniesswelling, or pain. Positivefor cough.",
		// Words that forms hold where a person could stand.
		"Patient Name: N/A. Referred by: Self. Dear Sir or Madam, Dear Parent or Guardian,",
		"INSURED'S I.D. NUMBER: {other_id:36451492667}",
		"Co-signed by {name:Elena Brandt}.",
		"will follow up in {date:june}",
	})
}

// Kinds of facilities name no place.
func TestAnyFacility(t *testing.T) {
	checkMarked(t, []marked{
		"Referred to our Hand Clinic and the Pain Clinic; done at County Hospital.",
		"She works in a Children's Hospital. Follow up at the Town Center location.",
		"Born at {place:Children's Hospital of Boston}. Seen at {place:Mercy Hospital}.",
		"Seen at {place:Waseca General} and {place:Denver General}.",
		"Denies SI, HI. Uses IFS, MI.",
	})
}

// A number behind a key may be a time, a procedure or in several parts.
func TestKeyedNumbers(t *testing.T) {
	checkMarked(t, []marked{
		"Incident: at 19:40 staff came. Billing: 99213-25, 90833.",
		"CARD: {card:4111 1111 1111 1111} EXP {date:04/27}",
		"Account: {account:4402 1187 3356}, closed",
		"Merge charts {medical_record:242-2481} and {medical_record:172-9877} today.",
		"Member ID {health_plan:W12345678}, group {health_plan:VJ2996}.",
		"Report made, intake # {other_id:243986690}. Signed for {name:Marisol Vega} ({other_id:1336908})",
		"plate {vehicle:NMY 4817} in lot B",
		"seen {date:9/25} 3pm, moved {date:6/3} appt; 2/6 systolic, 1/2 tab, 4/5 strength",
		"{address:Apt 10A\nCaptain Cook, HI 39647}\n{phone:374-922-0821 ext 583}",
		"(mother of the client) at {phone:998-282-6590 ext 705} to confirm",
	})
}

// Scales in a list of scores, laws, and what towns and finders gave a name to.
func TestScalesAndLaws(t *testing.T) {
	checkMarked(t, []marked{
		"PSS 14, Holmes-Rahe 180; WISC-V, Woodcock-Johnson IV, Beck BDI-II 21, Edinburgh (EPDS) 9.",
		"Parker-Adams syndrome; Dix-Hallpike neg. Megan's Law applies.",
		"The Geneva convention, a Hong Kong flu, Los Angeles grade B esophagitis.",
		"{name:Nguyen-Ortiz} called. {name:Megan}'s lawyer came.",
		"Orvella Pharma. Take with food.",
	})
}

// Instruments of several words that are called after persons and towns stay, and who was
// given them goes.
func TestNamedInstruments(t *testing.T) {
	checkMarked(t, []marked{
		"Pittsburgh Sleep Quality Index: 9. Administered the Peabody Picture Vocabulary Test and the Kaufman Brief Intelligence Test.",
		"Woodcock-Johnson Tests of Achievement, Snaith-Hamilton Pleasure Scale and Halstead-Reitan Neuropsychological Battery were reviewed.",
		"The Kansas City Cardiomyopathy Questionnaire, the Los Angeles Symptom Checklist and the Penn State Worry Questionnaire.",
		"Cornell Scale for Depression in Dementia, Bayley Scales of Infant Development, Mullen Scales of Early Learning.",
		"Hopkins Verbal Learning Test, Rey Auditory Verbal Learning Test, Bristol Stool Chart type 4.",
		"{name:Maria Ortiz} Depression Scale 14. {name:Ms. Ortiz} Anxiety Scale 12.",
		"Patient: {name:Kowalski Sleep} Quality Index 9",
		"{name:Maria Kowalski-Ortiz} Alcohol Test",
		"{name:Anna-Lena} Anxiety Scale 12. {name:Lopez-Garcia} Depression Inventory: 20",
		"{name:Ortiz} Sleep Quality Index 9.", "Patient {name:Kowalczyk Sleep} Quality Index 9", "{name:Liam Adaptive} Behavior Profile",
		"{name:Charlotte} Depression Scale 9. {place:Boise Office} Inventory",
		"Warwick-Edinburgh Mental Wellbeing Scale, Buss-Perry Aggression Questionnaire, Cornell Scale for Depression.",
		"Lives in {place:Duluth}. Soaks in Epsom salt. By the Tokyo guidelines it is mild.",
	})
}

// What is listed with tests and programs is one, whatever it is called.
func TestAmongThings(t *testing.T) {
	checkMarked(t, []marked{
		"Tests: Beck, Conners 3, Vineland-3, Bayley-4, Woodcock-Johnson, Kaufman, Wechsler.",
		"We use Jenkins, Grafana and Terraform; Grafana and Jenkins.",
		"Cobb angle 22, Hopkins Symptom Checklist 1.8.",
		"Patient {name:Kaufman}, Wechsler and WAIS given. {name:Dr. Bayley} agrees. {name:Lang} and {name:Fowler} were presented.",
	})
}

// Signs, brands and payers that are called as persons and places are.
func TestThingsOfMoreForms(t *testing.T) {
	checkMarked(t, []marked{
		"Ober pos. Froment neg, Speed's negative. {name:Kowalski} positive for flu.",
		"A Wells Fargo account; Bud Light, St. John's wort. {name:Dr. Goldman} agrees; seen at {place:St. John's}.",
		"Oregon Health Plan and Medi-Cal pay. Seen at {place:Providence Health}.",
		"A Cherokee woman and an interpreter for Dari.",
		"A*B, FOO*BAR and *JANE*; subscriber {name:LINDQVIST*ANNA} not on file.",
	})
}

// What is as old as a child, has a grade or a place, or is sold under two words, is
// nobody.
func TestThingsOfNoList(t *testing.T) {
	checkMarked(t, []marked{
		"Black Eye, 3 days old. Red Spot is a 2 day old lesion. Jenkins is 3 weeks old. Terraform is a 3-week-old state. Long Laceration, 2 weeks old.",
		"We use True Metrix strips. We use Oral Zellotek there. See the Lane A. then.",
		"A Jewish Health Educator came. The Jewish Medical Student. Religious preference Jewish Health Care Proxy.",
	})
}

// Pairs of finders, statistics, and what is called after towns.
func TestFindersAndTowns(t *testing.T) {
	checkMarked(t, []marked{
		"Marfan vs Ehlers-Danlos vs Loeys-Dietz aortic root surveillance",
		"Arnold-Chiari; Budd-Chiari, Dix-Hallpike negative, von Hippel-Lindau, Lloyd-Davies position",
		"Kaplan-Meier curve and Mann-Whitney U, Kruskal-Wallis H=7.1, Pearson correlation, Bayes theorem",
		"Ober +, Ely -, FABER -; PMH: HTN, DM",
		"Kelly clamp, Blake drain, Salem sump, Richardson retractors, Hampton hump, Leopold maneuvers; {name:Kelly} clamped it",
		"NAMI, AA, Al-Anon",
		"New York Heart Association class III, Philadelphia collar, Denver boot, Philadelphia chromosome",
		"PHQ-9 3, Edinburgh 4, Edinburgh: 12; born in {place:Edinburgh} 4 years ago; {name:Mrs. Lloyd-Davies} called",
	})
}

// Logs, code and configuration have what looks like names, addresses and handles.
func TestProgramsStay(t *testing.T) {
	checkMarked(t, []marked{
		"backoff: initial: 200ms, max: 30s, athena-projection enabled, image ami-0abcdef1234567890",
		"{name:maria-elena} is here",
		"wrapped in CompositeMultiError, present in UserMetadata; lives in {place:DeKalb}, moved to {place:LaGrange}",
		"uses: actions/checkout@v4, go install x@latest, getty@tty4.service, a/b@d35c59abb061a4a6fb18e82ac0862c26744d6ab5",
		"{email:jane@v8engines}, {email:bob@latest.com}, {email:jane@host}",
		"* @returns the value",
		"@property",
		"background:#4a90d9; [3.141592, 6.283185, 9.424777, 12.566370], {geo:40.68925, 74.04450}",
		"fixes #4471, closes #88210; intake {other_id:#88210}",
		"dial addr=redis-0:6379; address: {address:12 Main St}",
	})
}

// A browser's version is no IPv4 address, and a kernel no person (RFC 9110, section 10.1.5).
func TestUserAgents(t *testing.T) {
	checkMarked(t, []marked{
		"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/119.0.0.0 Safari/537.36 Edg/119.0.0.0 OPR/105.0.0.0",
		"Intake/4.2 CFNetwork/1408.0.4 Darwin/22.5.0, Ruby/3.2.2, X/1.0 Sage/1.2 Julia/1.10.12",
		"Chrome 119.0.0.0 from {network:10.0.0.1}; edge {network:10.0.0.1}, Version/{network:10.2.3.4}, chrome/{network:10.1.1.1/8}; version 9.0.0.0, build: 9.0.0.0",
		"app version: 10.2.3.4, app_version=1.2.3.4, appVersion: 1.2.3.4, urn:oid:1.2.3.4, firmware 1.2.3.4, host: {network:10.2.3.4}",
		"{name:Jane}/{date:12.11.26} took 5/10 {name:Jane}/2, a/5 {name:Jane}/3 {name:Jane}/{network:10.2.3.4}",
	})
}

// Builds and digests of programs are no telephones and no addresses.
func TestBuilds(t *testing.T) {
	checkMarked(t, []marked{
		"app 3.14.2 (4012) crashed, 10.15 (4012); pull api:v2.14.0@sha256:9f86d081; ERROR 1213 (40001): Deadlock",
		"call {phone:555-0143 (22)}, {phone:413 555 (0144)}, {phone:44 20 7946 (0958)}, {phone:1 (413) 555-0144}",
	})
}

// Milliseconds are no title, and a limit is nobody called Max.
func TestLimits(t *testing.T) {
	checkMarked(t, []marked{
		"Duration: 102.25 ms\tBilled Duration: 103 ms\tMemory Size: 512 MB\tMax Memory Used: 96 MB",
		"latency 12 ms Timeout exceeded; p99 240 ms SLA breached; Max Heap Size 4 GB, Max connections: 10",
		"room 12 {name:ms Jones} called; rm 4 ms. {name:Jones}; {name:Max Jones} called; {name:Max} records his sleep",
		"{name:MAX} RECORDS HIS SLEEP; {name:Ms. Billed} and {name:ms Quetzal} came",
	})
}

// Letters of a title stand for methods and a disease as well.
func TestLettersThatAreNoTitles(t *testing.T) {
	checkMarked(t, []marked{
		"MR Brain W contrast, MR Lumbar spine, MR Angiogram Head, DR Chest 2 views, severe MR, MR Severe",
		"EXAM: MR BRAIN W/WO CONTRAST",
		"MS Contin 15 mg; MS Relapse; MR BRAIN; {name:MR JONES} HERE, {name:Mr. Head} came, {name:MR Smith} called",
		"{name:MR HEAD} DENIES PAIN AND HAS TAKEN HIS MEDICINES",
	})
}

// What operations and examinations call by names.
func TestOperations(t *testing.T) {
	checkMarked(t, []marked{
		"The Cobb elevator was used, a blunt Penfield probe and Kerrison rongeurs; a 2.0 Osteo screw, wrapped in Ace bandages.",
		"Postoperatively, her pain had improved. Proximally, we made an incision. Radiographs confirmed it. Thrombosed left forearm.",
		"{name:Dr. O.} Unfortunately he is out. {name:Dr. J. Brown} is in.",
		"A titanium plate from C3-C5 with 14-mm screws; plate number {vehicle:BD 41772}",
		"series #4 images #12-14; image #33/68; badge {other_id:#4412-14}",
		"He goes home on Coumadin 4 mg a day. Transferred to PACU, then to the SICU.",
		"She rates her anxiety as 7/10 and her mood at 4/10. Seen on {date:6/10}.",
		"MEDICATIONS: Lipitor, Pulmicort, Allegra, Xopenex. {name:Allegra} came to group.",
		"Labs: CBC, CMP, ANA, RPR, HIV. {name:Ana} came.",
		"the {name:Johnson} family saw {name:Maria} drain the pool",
	})
}

// What is found in an examination is called after who found it first.
func TestFindingsOfAnExam(t *testing.T) {
	checkMarked(t, []marked{
		"Barlow and Ortolani tests, Norton vs Waterlow scales, Koebner and Auspitz signs; {name:Barlow} and {name:Ortolani} came.",
		"Waddell signs 0/5. Seidel negative. Durkan positive; Talar tilt negative. Snellen, Amsler and Ishihara normal.",
		"Janeway lesions, Gottron papules, a Barkley handout, Padesky worksheets; {name:Nguyen} and {name:Kowalski} wrote tests.",
		"Peutz-Jeghers polyps, Foley, Hickman and Broviac catheters, Bristol stool chart, Ann Arbor staging, Bethesda category III, Braxton Hicks",
		"{name:Frey} reports pain, {name:Lichtenstein} denies it; the Conn returned. The Princess Royal arrived; {name:Rusty} wants to leave.",
		"Centor and McIsaac scores, Ludwig angina differs from Lemierre syndrome, factor V Leiden, Roth spots, Han Chinese, De Quervain tenosynovitis",
		"Treated as Ludwig angina, not unlike an Amish farmer; {name:Wm. Ashdown} came; RTC {date:Nov}.",
		"Mother: Crohn. Father - Dupuytren; MGM - Alzheimer",
	})
}

// Scales that towns are called like, doses that titles look like, services that a payer covers.
func TestThingsLikeNames(t *testing.T) {
	checkMarked(t, []marked{
		"FSIQ 78, Vineland 64, Boston Naming 41/60; Rey-O copy 28/36; Simpson-Angus 1.",
		"Opioid 45 MME. ORT 7. Grace period for clozapine",
		"Does Medicare cover 96130 and 96131?",
	})
}

// Programs and services that a practice's systems speak of.
func TestProgramsOfNoList(t *testing.T) {
	checkMarked(t, []marked{
		"Message was sent by Mailgun; requests failed in Okta.",
		"Thanks, Zendesk! Call from Surescripts, reported by Grafana. {name:Gerrit Jansen} called.",
		"for i := 0; i < scope.Len(); i++",
	})
}
