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
	})
}
