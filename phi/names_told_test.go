package phi_test

import (
	"testing"

	"github.com/carebus/carebus/phi"
)

// What fields tell of names is looked for in the rest of the event: the given name before a
// surname that they told, and the name by which somebody has a mailbox.
func TestNamesThatFieldsTell(t *testing.T) {
	for _, c := range []struct {
		name, src string
		gone      []string
	}{
		{"before a surname", `{"last_name":"Zorkk","t":"seen with Rutherford Zorkk, Oluwaseun Zorkk and Quexly Zorkk, per Peregrine Zorkk today"}`, []string{"Rutherford", "Oluwaseun", "Quexly", "Peregrine", "Zorkk"}},
		{"alone", `{"last_name":"Zorkk","args":["Quexly Zorkk",7]}`, []string{"Quexly"}},
		{"a mailbox", `{"email":"quexly.zorkk@example.org","t":"Next visit is with Quexly Zorkk. ZORKK, QUEXLY"}`, []string{"Quexly", "Zorkk", "QUEXLY"}},
		{"a mailbox of an initial", `{"username":"p.zorkk@example.org","args":["Peregrine Zorkk"]}`, []string{"Peregrine", "Zorkk"}},
		{"a mailbox of a given name", `{"email":"oluwaseun_zorkk@example.org","t":"Mr. Zorkk and the Zorkk family"}`, []string{"Zorkk"}},
	} {
		for _, profile := range []phi.Profile{phi.Operational, phi.SafeHarbor} {
			wantGone(t, profile, c.name, c.src, c.gone)
		}
	}
	s := newScrubber(t, phi.Config{})
	for src, want := range map[string]string{
		`{"email":"front.desk@x.example","t":"Front Desk called. Desk"}`:                                  `{"email":"[EMAIL]","t":"Front Desk called. Desk"}`,
		`{"email":"help.portland@x.example","t":"Portland Help"}`:                                         `{"email":"[EMAIL]","t":"[PLACE] Help"}`,
		`{"email":"p.zorkk@x.example","t":"a zorkk of it"}`:                                               `{"email":"[EMAIL]","t":"a zorkk of it"}`,
		`{"last_name":"Beck","t":"the Hamilton scale, Mom Beck, Telehealth Beck, Lexapro Beck, Re Beck"}`: `{"last_name":"[NAME]","t":"the Hamilton scale, Mom [NAME], Telehealth [NAME], Lexapro [NAME], Re [NAME]"}`,
	} {
		if out := scrubJSON(t, s, src); out != want {
			t.Errorf("%s\nbecame %s", src, out)
		}
	}
}
