package schema_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/carebus/carebus/schema"
)

// Every type of the catalogue can be published with the least its family asks for.
func TestCatalogue(t *testing.T) {
	r := schema.Catalogue()
	types := r.Types()
	if !slices.IsSortedFunc(types, func(a, b schema.TypeInfo) int { return strings.Compare(a.Name, b.Name) }) {
		t.Error("Types is not sorted by name")
	}
	for _, info := range types {
		data := "{}"
		if info.Kind == schema.KindAuth {
			data = `{"outcome":"success"}`
		}
		e, err := r.DecodeInput([]byte(`{"type":"` + info.Name + `","source":"pms","data":` + data + `}`))
		if err != nil {
			t.Errorf("%s: %v", info.Name, err)
			continue
		}
		if complete(t, r, e); info.Description == "" {
			t.Errorf("%s has no description", info.Name)
		}
	}
}
