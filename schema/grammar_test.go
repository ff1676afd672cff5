package schema_test

import (
	"strings"
	"testing"

	"github.com/carebus/carebus/schema"
)

func TestNames(t *testing.T) {
	for name, want := range map[string]bool{
		"user.created": true, "a.b.c.d.e": true, "treatment_plan.v2_created": true,
		"": false, "user": false, "user.": false, ".created": false, "user..created": false, "a.b.c.d.e.f": false,
		"User.created": false, "user.2fa": false, "user._x": false, "user.crea ted": false, "user/created": false, "us\u00e9r.created": false,
		strings.Repeat("a", 126) + ".b": true, strings.Repeat("a", 127) + ".b": false,
	} {
		if got := schema.ValidType(name); got != want {
			t.Errorf("ValidType(%q) = %v", name, got)
		}
	}
	for name, want := range map[string]bool{
		"production": true, "eu-2": true, "2": true, strings.Repeat("a", 32): true,
		"": false, "-eu": false, "EU": false, "..": false, "a/b": false, "a_b": false, strings.Repeat("a", 33): false,
	} {
		if got := schema.ValidEnvironment(name); got != want {
			t.Errorf("ValidEnvironment(%q) = %v", name, got)
		}
	}
}
