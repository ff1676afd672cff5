package phi_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"testing"
	"testing/slogtest"
	"time"

	"github.com/carebus/carebus/phi"
	"github.com/carebus/carebus/schema"
)

// The handler keeps slog's laws.
func TestLogHandlerConforms(t *testing.T) {
	var buf bytes.Buffer
	s := newScrubber(t, phi.Config{})
	slogtest.Run(t, func(*testing.T) slog.Handler {
		buf.Reset()
		return s.LogHandler(slog.NewJSONHandler(&buf, nil))
	}, func(t *testing.T) map[string]any {
		m := map[string]any{}
		if err := json.Unmarshal(buf.Bytes(), &m); err != nil {
			t.Fatal(err)
		}
		return m
	})
}

type logPatient struct {
	Name string `json:"name"`
	SSN  string `json:"ssn"`
	Seen int    `json:"seen"`
}

type logLazy struct{}

func (logLazy) LogValue() slog.Value { return slog.StringValue("write to ann.lee@example.com") }

func TestLogHandlerScrubs(t *testing.T) {
	var buf bytes.Buffer
	s := newScrubber(t, phi.Config{})
	log := slog.New(s.LogHandler(slog.NewJSONHandler(&buf, nil)))
	log.With("ssn", "078-05-1120").WithGroup("patient").With("phone", 6175550143).Error("called 617-555-0143 about Ms. Ann Lee",
		"name", "Ann Lee",
		"err", errors.New("no such user ann.lee@example.com"),
		"any", logPatient{"Ann Lee", "078-05-1120", 3},
		"list", []string{"ann.lee@example.com", "ok"},
		"lazy", logLazy{},
		"chan", make(chan int),
		slog.Group("contact", "email", "ann.lee@example.com", "attempt", 2),
		"took", 3*time.Second, "dob", time.Date(1971, 4, 9, 0, 0, 0, 0, time.UTC), "ok", true, "ratio", 0.5,
	)
	out := buf.String()
	for _, secret := range []string{"Ann", "Lee", "ann.lee", "078-05", "555-0143", "5550143", "1971-04"} {
		if strings.Contains(out, secret) {
			t.Errorf("%q is logged: %s", secret, out)
		}
	}
	for _, kept := range []string{`"attempt":2`, `"took":3000000000`, `"ok":true`, `"ratio":0.5`, `"seen":3`, `"level":"ERROR"`} {
		if !strings.Contains(out, kept) {
			t.Errorf("%s is lost: %s", kept, out)
		}
	}
}

// TestLogHandlerScrubsKeys: keys and the names of groups may hold what values may,
// also where the value doesn't print.
func TestLogHandlerScrubsKeys(t *testing.T) {
	var buf bytes.Buffer
	s := newScrubber(t, phi.Config{})
	log := slog.New(s.LogHandler(slog.NewJSONHandler(&buf, nil)))
	log.Info("a", "ann.lee@example.com", 1)
	log.Info("b", slog.Group("ann.lee@example.com", "attempt", 1))
	log.WithGroup("ann.lee@example.com").Info("c", "attempt", 1)
	log.WithGroup("patients").With(slog.Group("078-05-1120", "attempt", 1)).Info("d")
	log.Info("e", "ann.lee@example.com", make(chan int))
	log.Info("f", "ann.lee@example.com", logPanic{})
	log.Info("g", slog.Group("", "attempt", 1))
	out := buf.String()
	if strings.Contains(out, "ann.lee") || strings.Contains(out, "078-05") {
		t.Errorf("a key is logged: %s", out)
	}
	if strings.Count(out, `"attempt":1`) != 4 ||
		strings.Count(out, "[EMAIL]") != 5 ||
		strings.Count(out, "UNPRINTABLE") != 2 {
		t.Errorf("what can be told is lost: %s", out)
	}
}

// What one part of a record tells is scrubbed in the others, also where it was told
// by With; what is told nowhere stays as it is, types and order too.
func TestLogHandlerScrubsRecordsAsAWhole(t *testing.T) {
	var buf bytes.Buffer
	s := newScrubber(t, phi.Config{})
	log := slog.New(s.LogHandler(slog.NewTextHandler(&buf, &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey {
			return slog.Attr{}
		}
		return a
	}})))
	for _, c := range []struct {
		write func()
		want  string
	}{
		{func() { log.Info("no slot for krzyzewski", "patient_name", "Krzyzewski") }, `level=INFO msg="no slot for [NAME]" patient_name=[NAME]`},
		{func() {
			log.Info("no slot", "why", "krzyzewski is late", "n", 3, slog.Group("patient", "name", "Krzyzewski"))
		}, `level=INFO msg="no slot" why="[NAME] is late" n=3 patient.name=[NAME]`},
		{func() {
			log.With("patient_name", "Krzyzewski", "room", 4).WithGroup("g").Info("no slot for krzyzewski", "took", time.Second)
		}, `level=INFO msg="no slot for [NAME]" patient_name=[NAME] room=4 g.took=1s`},
		{func() { log.Info("no slot for krzyzewski", "n", 3) }, `level=INFO msg="no slot for krzyzewski" n=3`},
		{func() { log.Info("called", "phone", 6175550143, "ok", true, "phone", 6175550144) }, `level=INFO msg=called phone=[PHONE] ok=true phone=[PHONE]`},
		{func() {
			log.Info("x", "name", nil, "deep", json.RawMessage(strings.Repeat("[", 300)+strings.Repeat("]", 300)), "phone", 6175550143)
		}, `level=INFO msg=x name=<nil> deep=[UNPRINTABLE] phone=[PHONE]`},
	} {
		buf.Reset()
		c.write()
		if got := strings.TrimSpace(buf.String()); got != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
	}
}

// An event whose type is registered is logged by its tags.
func TestLogHandlerGoesByTags(t *testing.T) {
	r := schema.NewRegistry()
	schema.Register[kinship](r, schema.TypeInfo{Name: "kinship.recorded", Kind: schema.KindBusiness})
	for _, e := range []any{kinship{Sibling: "zqxwv", Contacts: []kin{}}, &kinship{Sibling: "zqxwv", Contacts: []kin{}}} {
		var buf bytes.Buffer
		s := newScrubber(t, phi.Config{Registry: r})
		slog.New(s.LogHandler(slog.NewJSONHandler(&buf, nil))).Info("recorded", "kin", e)
		if got := buf.String(); strings.Contains(got, "zqxwv") || !strings.Contains(got, `"zq_a":"[NAME]"`) {
			t.Errorf("%s", got)
		}
	}
}

func BenchmarkLogHandler(b *testing.B) {
	s := newScrubber(b, phi.Config{})
	log := slog.New(s.LogHandler(slog.NewJSONHandler(io.Discard, nil))).With("service", "pms/scheduling")
	b.ReportAllocs()
	for b.Loop() {
		log.Info("the appointment could not be booked", "appointment", "appointment/81", "attempt", 2, "took", time.Second, "name", "Ann Lee")
	}
}

type logPanic struct{}

func (logPanic) MarshalJSON() ([]byte, error) { panic("ann.lee@example.com") }

// Who prints or logs a configuration doesn't print its keys.
func TestConfigPrintsNoKey(t *testing.T) {
	secret := []byte("0123456789-the-key-0123456789-of-mine")
	c := phi.Config{Key: secret, OldKeys: map[string][]byte{"k0": secret}, Profile: phi.SafeHarbor}
	var logged bytes.Buffer
	slog.New(slog.NewTextHandler(&logged, nil)).Info("start", "config", c)
	slog.New(slog.NewJSONHandler(&logged, nil)).Info("start", "config", c)
	shown := logged.String() + fmt.Sprintf("%v %+v %#v %s %q %x %v %+v", c, c, c, c, c, c, &c, []any{c})
	for _, form := range []string{string(secret), fmt.Sprint(secret), fmt.Sprintf("%x", secret), base64.StdEncoding.EncodeToString(secret)} {
		if strings.Contains(shown, form) {
			t.Errorf("the key is printed:\n%s", shown)
		}
	}
}
