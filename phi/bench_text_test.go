package phi_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/carebus/carebus/phi"
)

// progressNote is a note as a practice writes them, with invented people.
const progressNote = `PROGRESS NOTE
Patient: Marisol Quintanilla    DOB: 04/17/1986    MRN: TQ-5520918
Date of service: 03/02/2025    Provider: Dr. Halvard Engström, LCSW

Marisol presents for her sixth session of cognitive behavioral therapy. She reports that her sleep has improved since the
last visit, from about four to six hours a night, and that the nightmares which followed the accident come less often now.
She denies suicidal ideation, intent or plan. Her PHQ-9 score was 11 (down from 17) and the GAD-7 was 9. She continues
sertraline 100 mg daily and hydroxyzine 25 mg as needed, without side effects other than a dry mouth in the mornings.

Her husband Teodor joined for the last fifteen minutes. He described how hard it has been to watch her withdraw from their
friends, and said that he wants to understand what helps and what does not. We talked about setting small goals for each
week: a walk in the morning, one phone call to a friend, and keeping the thought record that we began in February.

Assessment: Post-traumatic stress disorder (F43.10), major depressive disorder, moderate (F33.1), both improving.
Plan: continue weekly sessions (CPT 90837), review the safety plan, and coordinate with her primary care physician at
Larkspur Valley Clinic, phone (503) 555-0148. Next appointment on March 9, 2025 at 2:30 pm.
`

// plainProse has nothing to find.
const plainProse = `it is common to feel that worry takes over, and that the more we try to push it away the louder it becomes. one way to
meet it is to notice the thought, to name it, and to let it pass without acting on it right away. this takes practice, and most people
find that the first weeks feel slow. try to write down what happened before, what went through your mind, how strong the feeling was on a
scale of 0 to 10, and what you did next. over time you may see a pattern: the same kind of moment, the same kind of thought. from there we
can look at the evidence for and against it, and find a view that is kinder and closer to the facts. be patient with yourself; a setback is
not a failure, it is information. medication may help as well, for some people a dose of 50 mg is enough and others need more, which is a
question for the person who prescribes it. sleep, food and movement matter more than we like to think.
`

// caseProse has capitals and nothing to find.
const caseProse = `It is common to feel that worry takes over, and that the more we try to push it away the louder it becomes. One way to
meet it is to notice the thought, to name it, and to let it pass without acting on it. This takes practice. Most people find that the first
weeks feel slow. Cognitive Behavioral Therapy and Acceptance and Commitment Therapy both start from there. The Beck Depression Inventory or
the PHQ-9 can show change over time. Try to write down what happened before and what went through your mind. However, if you have thoughts of
hurting yourself, call 988 right away. You are not alone, and it is not your fault. A setback is not a failure. I would also look at sleep.
`

var textInputs = []struct{ name, text string }{
	{"note", strings.Repeat(progressNote, 32)},
	{"prose", strings.Repeat(plainProse, 64)},
	{"capitals", strings.Repeat(caseProse, 64)},
}

func benchScrubber(tb testing.TB) *phi.Scrubber {
	tb.Helper()
	s, err := phi.New(phi.Config{Key: make([]byte, 32), Profile: phi.SafeHarbor})
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

func BenchmarkScrubText(b *testing.B) {
	s := benchScrubber(b)
	for _, in := range textInputs {
		b.Run(in.name, func(b *testing.B) {
			var dst []byte
			b.SetBytes(int64(len(in.text)))
			b.ReportAllocs()
			for b.Loop() {
				dst, _ = s.ScrubText(dst[:0], in.text)
			}
		})
	}
}

// hostileInputs are texts that a scanner which looks back or ahead without a
// bound takes quadratic time for.
func hostileInputs(size int) map[string]string {
	m := map[string]string{}
	for _, unit := range []string{
		"1", "(", "@", "A", "a", ".", "-", ":", "'", "#", "+", "|", "/", " ", "\n", "\xff", "é", "A ", "Aa ", "a.", "1.", "1-", "1:", "a:", "a@", "@a", "a-", "A-", "A. ", "1 ", "1,",
		"x@x.x ", "://", "www.", "a://", "Dr. ", "Dr ", "Mr. A. ", "John ", "John, ", "John Smith ", "St. ", "12 Main ", "12 Main St, ", "Apt 5 ", "Apt. 5\n", "MRN ", "MRN: ", "SSN 1", "phone ", "(1", "1) ", "+1 ", "May ", "May 5 ",
		"at ", "at A ", "seen at A ", "[NAME", "[NAME] ", "phi_", "of A ", "and A ", "New ", "New York ", "corner of A and ", "A & ", "a|1", "1|", "Hospital ", "A Hospital ", "address ", "address is ", "lives at 1 A ", "PSC 1 Box ", "d'A ", "\u200b", "1\u00a0", "FF:", "::", "0x", "'s ", "A's ", "name is ", "my name is a ", "GB82 ", "4000 ", "Maria_x ", "Roe_2024-05-06 ", "4000-", "123-45-", "20240101", "90 ",
		"*", "****1 ", "X-", "x", "•", "facebook.com/", "a_", "A_", "user a_", "?\nA: 1", "password 1!", "C/ A 1 ", "1 1/2 ", "RR 1 Box ", "A-a-", "A-on-", "A County ", "at the clinic ", "1)\n", "+1\n", "A\nHospital ", "1,", ",123456789", "|123456789", "Am A 1 ", "1 - ",
		"one ", "one,", "A^", "on the 1st ", "1. de ", "MRN...", "until the ", "on A ", "A (A1) 1 ", "A-A 1 BDI 1 ", "10/8 & ", "born one ", "a (wife) ", "ZZZ 123 456 ", "Lindqvist-okafor-", "Guinea-", "(+62) ", "Hospital for Sick ",
		"THE ", "the ", "THE AND OF LEE\n", "the and of lee\n", "Seen by the dr. of j. ann and the ", "AT GREEN VALLEY OF THE ", "THE 12 ELM OAK STREET ", "DR. A. B. THE AND OF ", "BATH, THE IN ", "VAN DER THE AND OF ",
		"|---|---|\n", "| a | b |\n", "| Name | DOB |\n+--+--+\n", "Name,DOB\n", "[1:01 AM] A: ok ", "ann 1:01 a\n", "like A, seen ", "A (DOB: 1) ", "A+A", "a%40a.aa", "A, A, and ", "dear van de ",
	} {
		m[unit] = strings.Repeat(unit, size/len(unit)+1)[:size]
	}
	return m
}

// BenchmarkHostile reports the slowest hostile input and how its time per byte
// grows with size.
func BenchmarkHostile(b *testing.B) {
	s := benchScrubber(b)
	for _, size := range []int{64 << 10, 1 << 20} {
		for unit, text := range hostileInputs(size) {
			b.Run(fmt.Sprintf("%q/%d", unit, size), func(b *testing.B) {
				var dst []byte
				b.SetBytes(int64(size))
				for b.Loop() {
					dst, _ = s.ScrubText(dst[:0], text)
				}
			})
		}
	}
}
