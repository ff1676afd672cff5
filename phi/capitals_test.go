package phi_test

import (
	"strings"
	"testing"

	"github.com/carebus/carebus/phi"
)

// In prose of capitals alone a capital says nothing.
func TestCapitalsAlone(t *testing.T) {
	checkMarked(t, []marked{
		"{name:MR. YOUNG} IS A 56-YEAR-OLD MALE WHO PRESENTS TO THE CLINIC. NO WHEEZES, RALES, OR RHONCHI.",
		"I AM GOING TO SET HIM UP FOR A CERVICAL MRI. DENIES ABDOMINAL PAIN, NAUSEA, OR VOMITING. THIS MAY BE A REACTION.",
		"THE PATIENT, {name:MARY KOWALSKI}, WAS SEEN AT {place:GREEN VALLEY CLINIC} IN {date:MAY} AND ADMITTED TO {place:CEDARS-SINAI}.",
		"{name:DR. JOHN D.} FROM {place:NEW YORK} SAW HIM AT {address:12 ELM STREET} WITH THE X-RAY OF HIS KNEE AND A BITEMPORAL HEMIANOPIA.",
		"MY WIFE {name:XOLANI} AND HER DAUGHTER WERE AT THE HOSPITAL. {name:WIKITORIA} ENDORSES ANXIETY.",
		"THE ADA GUIDELINES, A TIA AND THE JOB OF A 67YO FEMALE PT W/ CHF.",
	})
}

// What is left of such prose is taken for such prose again.
func TestCapitalsAloneTwice(t *testing.T) {
	s := newScrubber(t, phi.Config{})
	text := strings.ToUpper("What is the protocol for a pt with a hx of MRSA, referred by Dr. John D. from Memorial Clinic on 03/04/2022 (MRN: MC-998877)? " +
		"She was seen with Peter B., Sally Jones and Maria A. at Mount Sinai, and lives at 4 Old Mill Rd in Salt Lake City, UT 84101.")
	first, _ := s.ScrubText(nil, text)
	if second, _ := s.ScrubText(nil, string(first)); string(second) != string(first) {
		t.Errorf("\nonce  %s\ntwice %s", first, second)
	}
	for _, name := range []string{"JOHN", "PETER", "SALLY", "JONES", "MARIA", "SINAI", "MILL", "SALT", "MEMORIAL"} {
		if strings.Contains(string(first), name) {
			t.Errorf("%s is left: %s", name, first)
		}
	}
}

// In prose of small letters alone, as people type, names and towns are found as if
// they had their capitals.
func TestSmallLettersAlone(t *testing.T) {
	checkMarked(t, []marked{
		"what are the options for a 60-year-old male, {name:peter b.}, who was seen at {place:mount sinai} by {name:dr. emily t.} on {date:3/4/2024}?",
		"the patient {name:sally kowalski} lives in {place:new york} and was admitted to {place:cedars-sinai} with pain.",
		"{name:mr. young} is a pleasant man and will follow up in {date:june}. the kubelet reports that it is not ready, named fname.",
		"seen by {name:dr. kowalski} with a history of stevens-johnson syndrome. he may be at the medical center.",
		"the worker denied access to the queue and the pod was killed with an oom error by the kernel.",
	})
}

func TestSmallLettersAloneTwice(t *testing.T) {
	s := newScrubber(t, phi.Config{})
	for _, text := range []string{
		"what is the protocol for a pt with a hx of mrsa, referred by dr. john d. from memorial clinic on 03/04/2022 (mrn: mc-998877)? she was seen with peter b. and maria a. at mount sinai.",
		"Mevlüt kamelya Ayhan will be talking in the conference",
	} {
		first, _ := s.ScrubText(nil, text)
		if second, _ := s.ScrubText(nil, string(first)); string(second) != string(first) {
			t.Errorf("\nonce  %s\ntwice %s", first, second)
		}
	}
}

// Lines of one case stand within a text of both; a capital that begins a sentence, and
// those of acronyms, say nothing about the names behind them.
func TestLinesOfOneCase(t *testing.T) {
	checkMarked(t, []marked{
		"HISTORY OF PRESENT ILLNESS\n{name:alan mitchell} is a pleasant 69-year-old who was seen by {name:dr. tyler sanchez}.\nPLAN\nThe echo and the stress test are for the next week.",
		"HPI: 45yo m with CHF who was seen by {name:dr. john d.} at {place:mount sinai}.\nPlan for {date:Monday} with {name:Jane Roe}.",
		"Spoke with {name:maria garcia} about the plan for the week. She is to call if it is worse.",
		"The vitals are in the chart.\nTHE PATIENT DENIES FEVER, CHILLS, OR PAIN AND IS GOING TO {name:DR. KOWALSKI}.\nNo more of it.",
		"An MR arthrogram of the hip and an X-ray of the knee were done for the pain.",
	})
}

// Names in capitals that are words as well, or of no list, are told by what stands
// around them.
func TestNamesInCapitals(t *testing.T) {
	checkMarked(t, []marked{
		"REFERRED BY {name:DR GRACE HOPE} FOR THE WORKUP OF A MASS. SEEN WITH {name:MR. WILL MARK} AND {name:MRS. MAY YOUNG} IN THE ED.",
		"NAME: {name:WILL MARK} WAS ADMITTED TO THE WARD ON THE WEEKEND.",
		"NAME: {name:ZORVA QUINTEL} WAS ADMITTED TO THE WARD ON THE WEEKEND.",
		"PATIENT: {name:HOPE, GRACE}\nTHE PATIENT IS SEEN FOR A COUGH AND THE FLU.",
		"MY NAME IS {name:MAY YOUNG} AND I WANT TO CHANGE THE APPOINTMENT.",
		"SIGNED BY {name:ROSE} AT THE END OF THE SHIFT.\nDISCUSSED WITH {name:ED KIM} AND THE FAMILY AT THE BEDSIDE.",
		"{name:GRACE HOPE} DENIES CHEST PAIN AND THE REST OF THE REVIEW IS NEGATIVE.\n{name:LEE} DENIES IT, AND SO DOES THE SON.",
		"SEEN AND EXAMINED BY {name:WILL MARK, MD}, ON THE WARD. THE RESULTS WERE SENT TO {name:GRACE HOPE} BY THE LAB.",
		"THE MOTHER, {name:DAWN LONG}, STATES THAT THE CHILD IS WELL. HER CONTACT IS {name:GRACE HOPE}.",
		"THE PATIENT {name:WILL MARK} WAS SEEN. SURGEON: {name:R. STONE}. THE PATIENT WAS TAKEN TO THE ROOM. {name:J. WOODS} IS THE NURSE.",
		"{name:JANE A. ROE} IS A 45 YO FEMALE WITH THE FLU.\n{name:LEE} IS A 45 YO FEMALE, AND {name:VAN DER BERG} CALLED TO SAY IT.\nDICTATED BY: {name:ROSE}\nTHE END",
		"{name:LEE} WAS SEEN IN THE CLINIC FOR THE PAIN.\n{name:ZORVA QUINTEL} WAS SEEN IN THE CLINIC FOR THE PAIN.\n{name:ROE, JANE} A CALLED TO SAY IT.",
		"PER {name:IAN}, THE PATIENT IS OUT. THE CASE OF {name:LEE} IS DISCUSSED IN THE MEETING, AND {name:GRACE HOPE}'S WIFE IS IN THE ROOM.",
		"HE IS FROM {place:CONCORD}, NEW HAMPSHIRE AND IS IN THE ARMY. HE IS IN {place:MOBILE, AL} WITH THE SON.",
		"DR WILL SEE THE PATIENT IN THE CLINIC. ATTENTION SPAN IS INTACT. THE PATIENT WILL MARK THE DAYS, FOLLOWED BY ADJUVANT THERAPY, AND HE MAY NEED THE COLLAGENASE.",
	})
}

// The titles of names in small letters count as well, but no MR arthrogram.
func TestTitlesInSmallLetters(t *testing.T) {
	checkMarked(t, []marked{
		"he was last seen by {name:dr. j.} at the clinic for the pain, and {name:mr. d. jones} is the one who called.",
		"An MR arthrogram of the hip was done for the pain, and this is all we can use of prof.stack in the end.",
		"user: unknown field in the body of the request to the api, spoke with {name:grace hope} about it.",
	})
}

// Words in capitals that the first pass left in small letters are read anew beside
// the marks that it put.
func TestCapitalsBesideMarksTwice(t *testing.T) {
	for _, profile := range []phi.Profile{phi.Operational, phi.LimitedDataSet, phi.SafeHarbor} {
		s := newScrubber(t, phi.Config{Profile: profile})
		for _, text := range []string{
			"EL PACIENTE JUAN PEREZ FUE VISTO EN LA CLINICA POR THE DOCTOR AND IS A MAN.",
			"HAVE YOU HEARD MARINKO STANKOVIĆ SPEAK YET?",
			"A GREAT SONG MADE EVEN GREATER BY A MANDOLIN CODA (NOT BY DELVIS MARQUEZ).",
			"The song is here.\nPRODUCER VELIMIR NOVAK EXPLAINED TO THE TV: WE ALL LIKED THE IDEA.",
		} {
			first, _ := s.ScrubText(nil, text)
			if second, _ := s.ScrubText(nil, string(first)); string(second) != string(first) {
				t.Errorf("\nonce  %s\ntwice %s", first, second)
			}
		}
	}
}
