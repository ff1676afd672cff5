package crosstest

import (
	"reflect"
	"testing"

	"github.com/carebus/carebus/phi"
	"github.com/carebus/carebus/schema"
)

// The words of the tag are the categories of package phi, all of them, and two more.
func TestClassesAreCategories(t *testing.T) {
	type oneOf struct {
		Class string
		ok    bool
	}
	var words []oneOf
	for c := phi.Category(1); c.String() != "unknown"; c++ {
		words = append(words, oneOf{c.String(), true})
	}
	if len(words) < 27 {
		t.Fatalf("only %d categories", len(words))
	}
	words = append(words, oneOf{"text", true}, oneOf{"safe", true}, oneOf{"none", false}, oneOf{"unknown", false})
	for _, w := range words {
		record := reflect.New(reflect.StructOf([]reflect.StructField{{
			Name: "A", Type: reflect.TypeFor[string](), Tag: reflect.StructTag(`json:"a" phi:"` + w.Class + `"`),
		}})).Elem().Interface()
		func() {
			defer func() {
				if (recover() == nil) != w.ok {
					t.Errorf("%s: taken is not %v", w.Class, w.ok)
				}
			}()
			schema.Register[schema.CRUD](schema.NewRegistry(), schema.TypeInfo{Name: "a.created", Kind: schema.KindCRUD, Record: record})
		}()
	}
}
