package httpapi

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/carebus/carebus/schema"
)

// The documents that aren't Go have the severities that package schema has, in
// its order.
func TestSeveritiesOfDocuments(t *testing.T) {
	want := schema.Severities()
	_, rest, _ := strings.Cut(string(dashboard), "const severities = ")
	list, _, _ := strings.Cut(rest, ";")
	var page []schema.Severity
	if err := json.Unmarshal([]byte(list), &page); err != nil || !slices.Equal(page, want) {
		t.Errorf("the dashboard has %v, %v", page, err)
	}
	var d struct {
		Components struct {
			Schemas struct {
				Severity struct{ Enum []schema.Severity }
			}
		}
	}
	if err := json.Unmarshal(openAPI, &d); err != nil || !slices.Equal(d.Components.Schemas.Severity.Enum, want) {
		t.Errorf("the OpenAPI document has %v, %v", d.Components.Schemas.Severity.Enum, err)
	}
}
