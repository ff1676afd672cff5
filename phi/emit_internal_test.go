package phi

import "testing"

// What is found in a text is found wherever it stands alone, too.
func TestShortValues(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{`{"therapist":"maria"}`, `{"therapist":"[NAME]"}`},
		{`{"therapist":"assigned","provider":"unknown"}`, `{"therapist":"assigned","provider":"unknown"}`},
		{`{"note":"jane"}`, `{"note":"[NAME]"}`},
		{`{"note":"in-progress","x":"may"}`, `{"note":"in-progress","x":"may"}`},
		{`{"status":"8.8.8.8","code":"1.2.3"}`, `{"status":"[NETWORK]","code":"1.2.3"}`},
		{`{"patient":{"id":"84 711 002 3"}}`, `{"patient":{"id":"[PERSON_ID]"}}`},
		{`{"patient_id":"MR 84711","member_id":"seen on the ward"}`, `{"patient_id":"[PERSON_ID]","member_id":"[HEALTH_PLAN]"}`},
		{`{"patient_id":"fe80::1"}`, `{"patient_id":"[PERSON_ID]"}`},
		{`{"patient_id":"see the chart of room 12"}`, `{"patient_id":"see the chart of room 12"}`},
		{`{"status":"phi_main_name_abcdefghijklmnopqrstuvwxyz"}`, `{"status":"[NAME]"}`},
	} {
		s, err := New(Config{Key: make([]byte, 32), Profile: SafeHarbor})
		if err != nil {
			t.Fatal(err)
		}
		if got, _, err := s.ScrubJSON(nil, []byte(c.in)); string(got) != c.want || err != nil {
			t.Errorf("%s became %s, %v, want %s", c.in, got, err, c.want)
		}
	}
}
