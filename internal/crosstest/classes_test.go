package crosstest

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"

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

// A held event has fields of every Go type that takes what is left of its class.
type held struct {
	Name   *string           `json:"q_a" phi:"name"`
	Names  []string          `json:"q_b" phi:"name"`
	Phones map[string]string `json:"q_c" phi:"phone"`
	Phone  int64             `json:"q_d" phi:"phone"`
	Born   string            `json:"q_e" phi:"birth_date"`
	Year   int               `json:"q_f" phi:"birth_date"`
	Chart  any               `json:"q_g" phi:"medical_record"`
	Card   json.RawMessage   `json:"q_h" phi:"card"`
	Age    int               `json:"q_i" phi:"age"`
	Zip    uint32            `json:"q_j" phi:"postal_code"`
	Person int64             `json:"q_k" phi:"person_id"`
	At     []float64         `json:"q_l" phi:"geo"`
	Told   bool              `json:"q_m" phi:"psychotherapy"`
	Day    time.Time         `json:"q_n" phi:"date"`
}

func (held) Type() string    { return "intake.scored" }
func (held) Validate() error { return nil }

// What a registry takes of fields with a class decodes when it was scrubbed.
func TestScrubbedFieldsDecode(t *testing.T) {
	registry := schema.Catalogue()
	schema.Register[held](registry, schema.TypeInfo{Name: "intake.scored", Kind: schema.KindBusiness})
	scrubber, err := phi.New(phi.Config{Key: []byte(strings.Repeat("k", 32)), Registry: registry})
	if err != nil {
		t.Fatal(err)
	}
	name := "Ann Lee"
	e := schema.Envelope{Source: "pms/intake", Event: held{
		Name: &name, Names: []string{name}, Phones: map[string]string{"home": "415-555-0134"}, Phone: 4155550134,
		Born: "1970-03-04", Year: 19700304, Chart: 7001234, Card: json.RawMessage(`4111111111111111`), Age: 93, Zip: 94110,
		Person: 42, At: []float64{37.7, -122.4}, Told: true, Day: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC),
	}}
	if err := registry.Complete(&e, schema.Defaults{Environment: "test"}); err != nil {
		t.Fatal(err)
	}
	data, err := e.AppendJSON(nil)
	if err != nil {
		t.Fatal(err)
	}
	data, report, err := scrubber.ScrubEvent(nil, data)
	if err != nil || report.Total < 9 {
		t.Fatalf("%d findings, %v", report.Total, err)
	}
	got, err := registry.Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	h := got.Event.(held)
	if *h.Name != "[NAME]" || h.Names[0] != "[NAME]" || h.Phone != 0 || h.Age != 0 || h.Person != 42 || !h.Day.Equal(e.Event.(held).Day) {
		t.Errorf("%+v", h)
	}
}
