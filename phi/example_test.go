package phi_test

import (
	"fmt"
	"log/slog"
	"os"

	"github.com/carebus/carebus/phi"
)

var exampleKey = []byte("32 random bytes from your secrets")

// Scrub a JSON value. The report counts what was found, and holds none of it.
func ExampleScrubber_ScrubJSON() {
	s, err := phi.New(phi.Config{Key: exampleKey, Profile: phi.SafeHarbor})
	if err != nil {
		fmt.Println(err)
		return
	}
	out, report, err := s.ScrubJSON(nil, []byte(`{"name":"Ann Lee","born":"1984-03-04","note":"Ms. Lee called from 415-555-0134","score":11}`))
	fmt.Println(string(out), err)
	fmt.Println(report.Total, "findings:", report.Map())
	// Output:
	// {"name":"[NAME]","born":"1984","note":"Ms. [NAME] called from [PHONE]","score":11} <nil>
	// 4 findings: map[birth_date:1 name:2 phone:1]
}

// Scrub prose.
func ExampleScrubber_ScrubText() {
	s, err := phi.New(phi.Config{Key: exampleKey, Profile: phi.SafeHarbor})
	if err != nil {
		fmt.Println(err)
		return
	}
	out, _ := s.ScrubText(nil, "Ann Lee (MRN 8842917) came on 3/4/2024; PHQ-9 score 11")
	fmt.Println(string(out))
	// Output:
	// [NAME] (MRN [MEDICAL_RECORD]) came on [DATE:2024]; PHQ-9 score 11
}

// Keep PHI out of logs: what an attribute tells is scrubbed in the message, too.
func ExampleScrubber_LogHandler() {
	s, err := phi.New(phi.Config{Key: exampleKey})
	if err != nil {
		fmt.Println(err)
		return
	}
	noTime := func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey {
			return slog.Attr{}
		}
		return a
	}
	log := slog.New(s.LogHandler(slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{ReplaceAttr: noTime})))
	log.Warn("no slot for krzyzewski", "patient_name", "Krzyzewski", "room", 4)
	// Output:
	// level=WARN msg="no slot for [NAME]" patient_name=[NAME] room=4
}

// Change a profile by a policy file: fields and terms of your own.
func ExampleParsePolicy() {
	policy, profile, err := phi.ParsePolicy([]byte(`
profile: safe_harbor
actions: {phone: mask}
fields:
  - {field: preferred_nickname, category: name}
deny:
  - {term: Project Heron}
`))
	if err != nil {
		fmt.Println(err) // names the line
		return
	}
	s, err := phi.New(phi.Config{Key: exampleKey, Profile: profile, Policy: policy})
	if err != nil {
		fmt.Println(err)
		return
	}
	out, _, err := s.ScrubJSON(nil, []byte(`{"preferred_nickname":"Sunny","phone":"415-555-0134","note":"seen for project heron"}`))
	fmt.Println(string(out), err)
	// Output:
	// {"preferred_nickname":"[NAME]","phone":"***-***-***","note":"seen for [CUSTOM]"} <nil>
}
