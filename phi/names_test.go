package phi_test

import "testing"

func TestNames(t *testing.T) {
	checkMarked(t, []marked{
		// Given name and surname.
		"I met with {name:Marisol Quintanilla} for an hour.",
		"{name:Teodor Lindqvist} was late again.",
		"Both {name:Ingrid Solheim} and {name:Desmond Achebe} came.",
		"Notes by {name:Wei Zhang}, reviewed.",
		"The sister, {name:Aoife O'Sullivan}, agrees.",
		"They named {name:José Ángel Núñez} as contact.",
		"{name:Jean-Luc Moreau-Petit} called back.",
		"{name:Ludwig van den Berg} was there.",
		"{name:Maria de la Cruz} asked for a refill.",
		"{name:Fatima al Zahra Haddad} cried.",
		// Titles.
		"Referred by {name:Dr. Halvard Engström}.",
		"{name:Mrs. Okonkwo} denies chest pain.",
		"Saw {name:Mr. B.} in the hall.",
		"{name:Prof Lindgren} wrote a letter.",
		"{name:Dr. White} and {name:Dr. Young} disagree.",
		// Initials.
		"{name:Harriet T.} was seen today.",
		"A 44-year-old woman, {name:Priya N.}, with insomnia.",
		"Signed, {name:J. R. Whitcombe}",
		"{name:Walter H. Prentiss} signed the form.",
		// Suffixes.
		"Supervised by {name:Noor Haddad, LCSW}.",
		"{name:Elias Brandt, MD} prescribed it.",
		"{name:Otis Fairbanks Jr.} is his father.",
		// Everyday words that are names by what stands around them.
		"{name:Grace Holloway} said that she can wait.",
		"My name is {name:Hope}.",
		"Hello {name:Will}, how was the week?",
		"{name:Mark H.} asked for another date.",
		"Patient {name:Jason White} was on time.",
		// "My name is" and its like.
		"I'm {name:Brigitta} and I am new here.",
		"You can call me {name:Zdravka}.",
		"His name is {name:Tadeusz}.",
		"What is your last name? {name:Arvidsson}",
		"Everybody calls me {name:Kestutis}.",
		// Who speaks and is spoken to.
		"{name:Kestutis} shouted at me.",
		"\"I will be late,\" said {name:Vanamo}.",
		"{name:Sunniva}, can I ask you something?",
		"I told {name:Anneliese} that I was angry.",
		"Her therapist {name:Rosalind} agrees.",
		"{name:Ottoline}: \"I never said that.\"",
		"We spoke with {name:Kimberleigh} on the phone. Spoke w/ {name:Zdenka} too.",
		"Session with the {name:Fitzgeralds}.",
		"Signed by {name:Eun-ji Park MD}",
		"Patient {name:Oyelaran, Folasade} is here; initials {name:M.Q.}",
		"She goes by {name:Ash} at school.",
		"{name:Ms T} reports; {name:Mr B} denies; {name:J.D.} reports nothing.",
		"Her therapist was {name:Hank}.",
		// What only persons do or are.
		"{name:Thandolwethu} was seen in clinic. {name:Xiulan} was seen today.",
		"{name:Yumika} is very reliable. Why is {name:Iwao} so impulsive?",
		"{name:Mirembe} appears calm; {name:Tuyaag} did not attend and {name:Zhenyi} has been attending weekly.",
		"{name:Aghogho} is a 45-year-old woman. {name:Kwadwo} will return in four weeks.",
		"{name:Tuyaag} missed her appointment. {name:Zhenyi} and her partner came.",
		"{name:XIULAN} REPORTS LOW MOOD. {name:WIKITORIA} ENDORSES ANXIETY AND SHE WILL RETURN IN TWO WEEKS.",
		"How to treat a 57-year-old male, {name:Temitayo Holiday}, with melanoma?",
		"{name:Tuyaag} is a pleasant 71-year-old woman. {name:Bakonje} is a very kind person.",
		"Please add {name:Rangi Champion} as a guardian. Is there anything else, {name:Aroha}?",
		"A woman with ovarian cancer, {name:Batbayar Small}, diagnosed in the fall; a man with ALS, {name:Gwenllian Castle}, who smokes.",
		"[{name:Aroha}]: Hi, I need help. Merci, {name:Zhenyi}. Gracias.",
		"Next of kin: {name:Bakonje Rivers} at the desk.",
		// Surnames that are words.
		"{name:Mrs. Young} and {name:Dr Price} met. {name:Ms. Rose} said so.",
		"Patient {name:Brown} called; client {name:Love} texted; Patient {name:Long} denies pain.",
		"Attending: {name:Black}\nFacilitator: {name:Long}.",
		"{name:Nurse White} administered it; {name:White} noted no reaction.",
		// The form of a line.
		"Plan reviewed.\n\n\u2013 {name:Priyanka}",
		"Plan reviewed.\n-- {name:Tuyaag Mirembe, LCSW}",
		"Thanks for your message. - {name:Xiulan}",
		"Signed: {name:Oyelaran}",
		"Present: {name:Mbeki}, {name:Saoirse}, {name:Tomasz}\nTopic: sleep",
		"In attendance: {name:Ter-Bakonje}, {name:Tuyaag} (late), {name:Ji-yeon} and {name:Dr. Rice}",
		"Clients present: {name:Ruqayyah} and {name:Ixchelle}. Next week as usual.",
		"{name:Xiulan}, {name:Tuyaag} and {name:Mirembe} participated.",
		"{name:Sukhvinder}: Hello, I need help.\n{name:Sukhvinder}: Are you there?",
		"Reviewed the safety plan with {name:Mbeki} and {name:Tuyaag}.",
		"Hi {name:Dr. Lindqvist}, this is {name:Tuyaag}.",
		"Referral for {name:Bakonje, Ngozi}, insurance pending.",
		// Lists.
		"The founders: {name:Moravec}, {name:Becker} and {name:Castellano}.",
		"It was {name:Usmanov} and {name:Bowers} who came.",
		"Present: {name:Ken}, {name:Ruthie}, {name:Lamar}, {name:Beau}, {name:Mei-Ling}.",
		"My name is {name:Sgt. Tyrell Washington}.",
		// Last, First.
		"{name:QUINTANILLA, MARISOL}",
		"Name: {name:Quintanilla, Marisol}",
		// Greetings and signatures.
		"Dear {name:Annika},\nthank you.",
		"Best regards,\n{name:Halvard}",
		// A name that the text has said in full.
		"{name:Marisol Quintanilla} came. {name:Quintanilla} was calm.",
		// Small letters.
		"{name:eugenio} is from the coast and {name:tyler} is very reliable",
		"they were three founders: {name:smit}, {name:zhang} and {name:edwards}",
		"my name is {name:marisol quintanilla}",
		"call {name:dr. patel} tomorrow",
		"i told {name:jennifer rodriguez} about it",
		"my mom {name:linda} says i should call {name:mike}",
		"patient {name:john lindqvist} came; my son will help and may stay",
	})
}

func TestNotNames(t *testing.T) {
	checkMarked(t, []marked{
		"Will this help? May I ask? Hope so. Grace under pressure.",
		"You'd think so, but We'd rather wait. I'll see.",
		"The Beck Depression Inventory and the Hamilton Rating Scale were used.",
		"Parkinson's disease, Crohn's disease and Guillain-Barré syndrome.",
		"Positive Babinski sign, Romberg test negative, Achilles reflexes normal.",
		"Started on Lexapro 10 mg, then Wellbutrin; Xanax was stopped.",
		"Sertraline, Fluoxetine and Lamotrigine were discussed.",
		"Cognitive Behavioral Therapy, Acceptance and Commitment Therapy.",
		"Major Depressive Disorder, Generalized Anxiety Disorder.",
		"ADA guidelines; history of TIA; seen in the ED.",
		"The CFO and the CTO agreed.",
		"HISTORY OF PRESENT ILLNESS\nREVIEW OF SYSTEMS\nASSESSMENT AND PLAN",
		"African American, Hispanic and Vietnamese patients.",
		"Medicare and Medicaid cover it. Google and Microsoft don't.",
		"IgE Ab in Serum. DiagnosticReport. iPhone. eGFR. NaN.",
		"WISC-V FSIQ 108. Watched a TED talk. SAD and TIA.",
		"Tai Chi helps. Hepatitis B Surface Antigen.",
		"January was hard, and April was worse.",
		"Bupropion was seen as helpful. Giardia was seen on microscopy. Delirium was treated.",
		"Kafka will return an error. Gomega keeps retrying. The Arg is a single value.",
		"Young patients with Brown stool. Price transparency. Long walks are best.",
		"Patient Care was reviewed. Client Service is closed. Patient White count 11.",
		"Present: Nausea, Vomiting, Diarrhea\nPresent: Anhedonia, Hypersomnia",
		"Participants: Adults, Adolescents, Caregivers\nAttending: yes",
		"Plan:\n- Taper Ativan\n- Naltrexone\n- Acamprosate",
		"Meds:\n- Naltrexone",
		"SEEN IN FOLLOW UP. NEXT VISIT IN TWO WEEKS. RETURN IN FOUR TO SIX WEEKS.",
		"CV: I do not hear a murmur. Suicidality, Sarcopenia and Spirometry reports.",
		"Teletherapy works. Fitbit reports 5 hours, Labcorp denied it.",
	})
}

func TestNicknames(t *testing.T) {
	checkMarked(t, []marked{
		`{name:Roberta} ("{name:Birdie}") came with {name:Otto} "{name:Bud}" {name:Lindqvist} and {name:Tuyaag} “{name:Ty}” {name:Okafor}.`,
		`He goes by "{name:Ash}", they call him "{name:Champ}", and his friend "{name:Spud}" agrees.`,
		`Her bf "{name:T-Bone}" left. Alias: "{name:Rook}".`,
		`She calls it "Panic". He prefers "Zoloft". {name:Maria} said "Enough". Told {name:Maria} "Stop". The word "Shame" and "Anger" came up.`,
		`name: "CMPEQ", type "Text" and "Date".`,
	})
}

func TestNamesOfMoreForms(t *testing.T) {
	checkMarked(t, []marked{
		"MY WIFE {name:XOLANI} CALLED. MY SON ADHD. WIFE DECEASED. TO: BILLING",
		"Team: {name:Woods} (RN), {name:Bell} (LCSW), {name:Okonjo} (MD). Huddle at noon.",
		"Spelled {name:S I O B H A N}. Plan A B C D.",
		"Operator: who am I speaking with?\nCaller: {name:tendai}\nOperator: and who is the patient?\nCaller: {name:farai}",
		"user={other_id:tblackwood} user={other_id:j.doe} user=postgres user=root actor=kafka",
	})
}

func TestNamesInCallsAndLists(t *testing.T) {
	checkMarked(t, []marked{
		"Hey this is {name:marvin} calling for {name:doctor lin}. This is great. His doctor visit went well. this is kafka",
		"Text: \"its {name:fatou}, he left\". Its ruby cookies are good.",
		"Spoke w/ {name:priya} and {name:lena}. The and/or was w/ lyrica.",
		"1. {name:Barnes, T} 9:00 - arrived\n2. {name:Ng, P} (late)\n3. Sertraline, T 9",
		"pt name: {name:Lindqvist, otto}; dob: {birth_date:3-7-59}",
		"Her daughter {name:Rain} and my neighbour {name:Gord} came. {name:Gord} (neighbour) called.",
		"Nurse at {phone:x4471}, at x10 zoom.",
		"Seen:\n| Pt | Room | Attending |\n|--|--|--|\n| {name:Lowe} | 4B | {name:Das} |\nDone",
	})
}

// Names that no list or only a list of rare ones holds, by the words around.
func TestRareNames(t *testing.T) {
	checkMarked(t, []marked{
		"RE: {name:Bereket Strong}, a new client. Passport issued to {name:Haruki Bell}.",
		"Hi, this is {name:Wideline Butcher}, calling about my son.",
		"Left a message for {name:Zbigniew}. Per {name:Allen} at the desk it is paid.",
		"Court-ordered, State v. {name:Adeyemi}.",
		"People to call: {name:Msizi} {phone:617-555-0143}, {name:Sue} {phone:617-555-0144}.",
		"As promised, here is {name:Gregorina}'s address and {name:Hleb}'s mother.",
		"Met w {name:Waraphon} today; wants to reschedule w/ {name:Quynh Lam}.",
		"{name:Hyun-woo} called. My sister {name:Ji-yeon} agrees. {name:Sang-hoon Church} came.",
		"{name:Trường An Lê} and {name:Tấn Thành} came.",
		"Dear {name:Ms. van der Wal}, thank you.",
		"{name:Dakota St. John} (interpreter) came.",
		"Her daughter-in-law {name:Nick} helps; {name:nurse King} gave meds.",
		"He thinks that {name:Bill} left. He paid that bill.",
		"Please let {name:Summer} know. In the summer the bill came.",
		"Hola, soy {name:Amandeep Stone}.",
		"Staff {name:Rosetta} intervened; peer {name:Cho} ran.",
		"CLIENT {name:MINH QUANG} REPORTS LOW MOOD.",
	})
}

// Last, First where a record begins, with more than one word on either side.
func TestLastFirst(t *testing.T) {
	checkMarked(t, []marked{
		"10:00 {name:Vega de Luna, Ana Sofia} 60 min",
		"opened for {name:Mazzoli, Joshua} today",
		`client="{name:Hand, Fabiola}" state=open`,
		"TO: {name:KNIGHT, SARLA}\nFROM: {name:KWON, JI-YEON}",
		"Seen by {name:Kathrine Filemon}, {name:Abby Holloway}, and others.",
		"pt {name:Sarah L.}, {place:Methodist Hospital}, post-op",
	})
}

// Names in the forms of courts, labels, lists and calls.
func TestNamesOfOtherForms(t *testing.T) {
	checkMarked(t, []marked{
		"In re the commitment of {name:B.T.}, Respondent. The minors, {name:A.W.} and {name:R.W.}, stay. Met with {name:L.O.} today. Victim: {name:K.P.}, a minor.",
		"Client {name:B.} is safe; vitamin B. is fine.",
		"{name:Atty. Stonebridge} and {name:Inspector Vasilakis} called.",
		"LABEL: {name:OYELARAN^TUNDE^K} and I10^Hypertension^ICD",
		"I have a {name:Mr. Vasquez}, spelled {name:V-A-S-Q-U-E-Z}, on the line. C-S-S-R-S and A-B-C done.",
		"1. {name:Okafor, Adaeze} – late\n2. {name:de los Santos, Marisela} – present\n3. {name:Xu, Wei} – present",
		"Home: me, {name:latonya} (sister) and {name:Walt} (roommate)",
		"What is your name?\nTexter: {name:maelis}\nCounselor: thanks",
		"Signed: {name:tyrone pickett}   {date:4/3}",
		"Her roommate, {name:Buck}, who was home, called.",
		"Hey there, it's {name:Zanele} from next door. Gave name as {name:Kestrel}.",
		"{name:Yumika} has an appointment at noon. {name:Odalys} is bright.",
		"{name:Ivor} has not been seen at the shelter.",
		"my grandparents {name:venkatesan} and {name:lakshmi} agree",
	})
	checkMarked(t, []marked{
		"Temp 97.9 F. Skin warm. On 3 L. Lungs clear. Fridge at 5 C. Counts are right.",
		"Dear Parent/Guardian, Sx improved. Tx began.",
		"WISC-V given.",
	})
}

// What is said of people whose names no list holds, in words that lists hold.
func TestNamesOfNoList(t *testing.T) {
	checkMarked(t, []marked{
		"Follow up with {name:danny agyapong-darteh}. Seen by {name:Dr. Ajose-adeogun} for {name:Onoriode Akeem-omosanya}.",
		"follow up with {name:francis nkrumah-yaamoa} in 2 months.",
		"A smith-like person, a chan-led team. Kernig-positive, a Smith-Black test.",
		"In pregnant patients like {name:Mate Vukanović}, under {name:Dr. Claudie Emmerich-White}, or {name:Mr. An F.}, seen.",
		"The Modified Rankin scale, the Young Mania and the Hamilton Anxiety scale; use of Grade Gleason scores.",
		"A man with cancer, {name:ObaniJesu Adekunle}, on IgE. pt w/ melanoma, {name:Ken A.}, visited. Like case of {name:Đắc T} seen here. Sjögren T cell.",
		"{name:Sebastiani} is a 22-month-old infant. {name:Ahonen} is a 3 week old girl. Bactrim is a 50-year-old drug.",
		"{name:Ms. Lindqvist-okafor-jones} came. {name:Anna Lindqvist-smithson}, {name:Anna Okafor-baker}.",
		"MY WIFE {name:TURKS} CALLED. {name:Oyelaran} is a 6 mo old healthy boy.",
	})
}

// The half of a name behind a hyphen goes with it, also in small letters.
func TestHalvesBehindHyphens(t *testing.T) {
	checkMarked(t, []marked{
		"spoke with {name:wendell achebe-stone} and {name:maria vega} and they are fine",
		"Contact: {name:Park Sung-min}; {name:Sung-min Park} - {place:Busan}; {name:Jin-woo Lee} was here; {name:Hye-jin} reported pain",
		"{name:Latrice} 29 yo, mom {name:Huda} cell {phone:413-555-0166}; Seroquel 29 yo, Patient: {name:LE, VAN}",
		"Ha-ha. Ho-hum. Ruby-like symptoms, {name:Dr. Roe}-led team, {name:Jane Roe}-affiliated",
	})
}

// Sentences of Spanish begin with words that are no names; names in them are found.
func TestSpanishProse(t *testing.T) {
	checkMarked(t, []marked{
		"Si te estás sintiendo mal, llama. El sentimiento viene y va. También haz cambios. ¿Cómo hablo de mis sentimientos?",
		"Le enseño a mis pacientes. Así que es importante. ¿Debería preocuparme? Tal vez es una pregunta.",
		"Me llamo {name:Xochitl Quetzal}. {name:Sal} denies SI. {name:Una} called. {name:Dr. Le} saw her. Soy {name:Ana Torres}.",
		"Siento que no puedo más con todo esto y que es muy difícil para mí.",
	})
}

// What reads like a title, a faith or a spelling of another country is no name.
func TestWordsBesideNames(t *testing.T) {
	checkMarked(t, []marked{
		"Please see a doctor. Keep looking. Her family doctor. ED can be caused by stress.",
		"{name:Dr. Keep} called.",
		"how you handle stress.As adults we do; her handle is {other_id:jane.doe}, handle {other_id:jane.Doe}",
		"She has a strong Christian background; {name:Christian} came late. They are Christians.",
		"My mom's behaviours and wellbeing matter. Honour that hurt. She has Dysgraphia.",
	})
}

// What somebody says behind a role in a dialogue is no name of the role.
func TestTurnsOfDialogues(t *testing.T) {
	checkMarked(t, []marked{
		"therapist: How was your week?\nclient: Nah. I did not sleep.\ntherapist: Hm. Tell me more, {name:Fiona}.\nclient: Kind of feels off.\ntherapist: {name:Molly}, thank you.\nclient: Meth?",
		"Client: {name:Zorka Lindqvist}\nTherapist: {name:Wim}\nClient: {name:Tovah}\nTherapist: {name:Xander Q}",
		"Client: {name:Zorka}\nTherapist: {name:Quill}\nPlan: see weekly.",
	})
}

// Names that are words or of no list, told by whose relative, work or file they stand for.
func TestNamesToldByBelongings(t *testing.T) {
	checkMarked(t, []marked{
		"It's {name:Kofi}, {name:Lark}'s sister. Can you move {name:Jaylen}'s 3:30? My mom {name:Hyacinth} is in surgery.",
		"The patient, {name:Grace}, presents today. {name:Grace} is 36.",
		"Ask for {name:Miles} at the desk. Unlike the {name:Takuda} novel; pull the {name:Castellano} file; {name:Ivy} & {name:Dagmar} came.",
		"See you then.\n\nBest,\n{name:Jack}",
		"Yours truly\n{name:Summer}",
		"{name:Rusty}'s dad called; message from {name:Star}; I spoke with {name:Sunny} and told {name:Precious} so. Winnicott described play; {name:Frey} denies pain.",
		"A 57-year-old trucker ({name:Buck Tanner}) from {place:Long Beach}; a male ({place:Long Beach}); {name:K.O.}, 33F, was sad; {name:Fern} reports pain.",
		"{name:Beau} + {name:Skye} came; {name:Wyatt} and {name:June} live here; seen in {date:May} and June; {name:Mr. Bello} (gen ed) came.",
		"{name:Art} said he'd come; ping her mgr {name:Rafa}",
		"Take care,\n{name:Jewel}",
		"Seen with {name:Marquis, PTA}. El paciente {name:Evaristo Montalbán} came.",
		"Member card\n{name:LEOPOLD STANISLAV}\nID",
		"Taper for pmr, {name:harold beckwith}, 74, CRP 41 today.",
	})
	checkMarked(t, []marked{
		"{name:lamonts} mom dropped off the forms",
		"asking if {name:dr moon} wants 5 mg",
		"my landlord, {name:nkosazana o'dowd}, keeps my deposit",
		"i met {name:skye bell}, and {name:skye bell} rang; {name:keisha} long ago",
		"please add {name:hendrik van wyk} to my policy",
		"the patient, anticoag meds, was seen; pull the Excel file; the Kindle novella; my son Tylenol; Today's mother",
		"Best,\nyour care team",
	})
}

// Surnames may be of everyday words, where a given name stands before them.
func TestSurnamesOfWords(t *testing.T) {
	checkMarked(t, []marked{
		"{name:Cody Redbird} started a job. {name:Gwendolyn Two Moons} joined from her truck; {name:Jo-Ann Little Thunder}, your ride",
		"{name:Bartholomew Sings-In-The-Timber} came; that's {name:June Thunderhawk}.",
		"Grace Period ends, Mark Two Boxes, Hope Long Term",
	})
}

// Persons whom no list holds are told by what is done with them and by what they own.
func TestToldPersons(t *testing.T) {
	checkMarked(t, []marked{
		"Thank you for seeing {name:Naledi}, a student. Met with {name:Shu-Fen} for an hour. Paged {name:Kirsch}.",
		"{name:Svetlana} is moving to Texas. {name:Marky}'s stepdad came. This is her friend, {name:walt}'s wife.",
		"Sertraline is working. Seeing improvement, seeing Depakote levels rise. the Alzheimer's caregiver",
	})
}

// Who writes is told by the form of a chat and of a signature.
func TestWhoWrites(t *testing.T) {
	checkMarked(t, []marked{
		"{name:Rutendo}: heads up they're coming\n{name:Greg P}: copy. side door?\n{name:Rutendo}: yes",
		"#care\n{name:mel} 9:02 AM: anyone seen him? He's late\n{name:tomasz} 9:04 AM: no, he left an hour ago",
		"{name:drew}: did anyone send it to Them\nx: yes\n{name:drew}: he says no",
		"Continue CPT, stuck point log. -{name:KB}",
		"Denies plans. -SI",
		"TODO: this\nTODO: that",
	})
}

// Logs of requests and programs write names as their formats have it.
func TestNamesInLogs(t *testing.T) {
	checkMarked(t, []marked{
		"GET /search?name={name:quillfeather}&dob={birth_date:1980-03-04} 200, GET /patients/{name:bartholomew-quillfeather} 200",
		"{name:Ann_Quillfeather}_intake_{date:1980-03-04}.pdf; saving: \"{name:Ann}\" \"{name:Quillfeather}\" 7",
		"GET /search?name=total&q=active, GET /patients/active-list, /users/me, the MAX_PATH, \"Jan\" \"January\" \"01\"",
	})
}
