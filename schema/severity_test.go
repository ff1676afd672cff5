package schema_test

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/carebus/carebus/schema"
)

// TestSeverities: the order of severities is told by their level, and the
// envelope's schema has all of them.
func TestSeverities(t *testing.T) {
	all := schema.Severities()
	for i, s := range all {
		if s.Level() != i || !s.Valid() {
			t.Errorf("%s: level %d, valid %v", s, s.Level(), s.Valid())
		}
	}
	if all[0] != schema.SeverityLow || all[len(all)-1] != schema.SeverityCritical {
		t.Errorf("%v is not least first", all)
	}
	for _, s := range []schema.Severity{"", "Low", "grave"} {
		if s.Level() >= 0 || s.Valid() {
			t.Errorf("%q is a severity", s)
		}
	}
	all[0] = "changed"
	if schema.Severities()[0] != schema.SeverityLow {
		t.Error("the caller holds the package's own list")
	}
	var d struct {
		Properties struct {
			Severity struct{ Enum []schema.Severity }
		}
	}
	if err := json.Unmarshal(schema.EnvelopeSchema(), &d); err != nil || !slices.Equal(d.Properties.Severity.Enum, schema.Severities()) {
		t.Errorf("the envelope's schema has %v, %v", d.Properties.Severity.Enum, err)
	}
}
