package schema_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/carebus/carebus/schema"
)

// intake makes an event type of whatever struct embeds it.
type intake struct{}

func (intake) Type() string    { return "intake.scored" }
func (intake) Validate() error { return nil }

// one registers T as the only type of a set.
func one[T schema.Event](change ...func(*schema.TypeInfo)) func(*schema.Registry) {
	return func(r *schema.Registry) {
		info := schema.TypeInfo{Name: "intake.scored", Kind: schema.KindBusiness, Description: "An intake form was scored."}
		for _, f := range change {
			f(&info)
		}
		schema.Register[T](r, info)
	}
}

// setOf returns the schema set of a registry after a trip through its file.
func setOf(t *testing.T, register ...func(*schema.Registry)) schema.SchemaSet {
	t.Helper()
	r := schema.NewRegistry()
	for _, f := range register {
		f(r)
	}
	b, err := json.Marshal(r.SchemaSet())
	if err != nil {
		t.Fatal(err)
	}
	var set schema.SchemaSet
	if err := json.Unmarshal(b, &set); err != nil {
		t.Fatal(err)
	}
	return set
}

type base struct {
	intake
	Form  string `json:"form,omitempty"`
	Score int32  `json:"score,omitempty"`
	Band  string `json:"band,omitempty" schema:"enum=mild|severe"`
	Name  string `json:"name,omitempty" phi:"name"`
}

func version(v int) func(*schema.TypeInfo) { return func(i *schema.TypeInfo) { i.Version = v } }
func alias(a string) func(*schema.TypeInfo) {
	return func(i *schema.TypeInfo) { i.Aliases = append(i.Aliases, a) }
}
func unknown(u schema.UnknownRule) func(*schema.TypeInfo) {
	return func(i *schema.TypeInfo) { i.Unknown = u }
}
func dataClass(c schema.DataClass) func(*schema.TypeInfo) {
	return func(i *schema.TypeInfo) { i.DataClass = c }
}

// crud registers a type of the family, for changes that need no payload of their own.
func crud(name string, change ...func(*schema.TypeInfo)) func(*schema.Registry) {
	return func(r *schema.Registry) {
		info := schema.TypeInfo{Name: name, Kind: schema.KindCRUD}
		for _, f := range change {
			f(&info)
		}
		schema.Register[schema.CRUD](r, info)
	}
}

func TestBreakingChanges(t *testing.T) {
	old := one[base]()
	for _, c := range []struct {
		name     string
		old, new func(*schema.Registry)
		mode     schema.Compatibility
		want     string // type, path and the beginning of the rule
	}{
		{"a type is removed", old, func(*schema.Registry) {}, schema.Backward, "intake.scored: the type is gone"},
		{"an alias is removed", crud("user.created", alias("account.created")), crud("user.created"), schema.Backward, "user.created: the alias account.created is gone"},
		{"a type is renamed before its readers know", crud("account.created"), crud("user.created", alias("account.created")), schema.Forward, "user.created: old programs know the type by the name account.created only"},
		{"the kind changes", old, one[base](func(i *schema.TypeInfo) { i.Kind = schema.KindSystem }), schema.Backward, "intake.scored: the kind was business and is system"},
		{"the version goes back", one[base](version(3)), one[base](version(2)), schema.Backward, "intake.scored: the version went back from 3 to 2"},
		{"a member becomes required", old, one[struct {
			intake
			Form string `json:"form" schema:"required"`
		}](), schema.Backward, "intake.scored /form: is required"},
		{"a required member is added", old, one[struct {
			intake
			Clinic string `json:"clinic" schema:"required"`
		}](), schema.Backward, "intake.scored /clinic: is required"},
		{"a required member is no longer written", one[struct {
			intake
			Form string `json:"form" schema:"required"`
		}](), one[struct{ intake }](), schema.Forward, "intake.scored /form: is required"},
		{"a member changes its type", old, one[struct {
			intake
			Form int64 `json:"form,omitempty"`
		}](), schema.Backward, "intake.scored /form: string may be written, and only integer or null is read"},
		{"only a later version has an upcaster", old, func(r *schema.Registry) {
			one[struct {
				intake
				Form int64 `json:"form,omitempty"`
			}](version(3))(r)
			r.Upcast("intake.scored", 2, schema.DropMember("note"))
		}, schema.Backward, "intake.scored /form: string may be written, and only integer or null is read"},
		{"a number narrows to whole ones", one[struct {
			intake
			Score float64 `json:"score,omitempty"`
		}](), old, schema.Backward, "intake.scored /score: number may be written"},
		{"a whole number gets fewer bits", old, one[struct {
			intake
			Score int8 `json:"score,omitempty"`
		}](), schema.Backward, "intake.scored /score: less than -128 may be written"},
		{"a word is taken out of an enumeration", old, one[struct {
			intake
			Band string `json:"band,omitempty" schema:"enum=mild"`
		}](), schema.Backward, "intake.scored /band: severe may be written"},
		{"a word is added that old readers refuse", old, one[struct {
			intake
			Band string `json:"band,omitempty" schema:"enum=mild|severe|moderate"`
		}](), schema.Forward, "intake.scored /band: moderate may be written"},
		{"free text becomes an enumeration", old, one[struct {
			intake
			Form string `json:"form,omitempty" schema:"enum=phq9|gad7"`
		}](), schema.Backward, "intake.scored /form: any text may be written"},
		{"a text gets shorter", old, one[struct {
			intake
			Form string `json:"form,omitempty" schema:"maxlen=8"`
		}](), schema.Backward, "intake.scored /form: more than 8 characters"},
		{"a text gets a pattern", old, one[struct {
			intake
			Form string `json:"form,omitempty" pattern:"^[a-z0-9]+$"`
		}](), schema.Backward, "intake.scored /form: only what matches ^[a-z0-9]+$"},
		{"a text gets a format", old, one[struct {
			intake
			Form string `json:"form,omitempty" schema:"format=date"`
		}](), schema.Backward, "intake.scored /form: only the format date is read"},
		{"null is no longer taken", one[struct {
			intake
			Forms []*string `json:"forms,omitempty"`
		}](), one[struct {
			intake
			Forms []string `json:"forms,omitempty"`
		}](), schema.Backward, "intake.scored /forms/*: null may be written"},
		{"the elements of an array change", one[struct {
			intake
			Scores []int32 `json:"scores,omitempty"`
		}](), one[struct {
			intake
			Scores []string `json:"scores,omitempty"`
		}](), schema.Backward, "intake.scored /scores/*: integer may be written"},
		{"the values of a map change", one[struct {
			intake
			Scores map[string]int32 `json:"scores,omitempty"`
		}](), one[struct {
			intake
			Scores map[string]bool `json:"scores,omitempty"`
		}](), schema.Backward, "intake.scored /scores/*: integer may be written"},
		{"a member within a struct changes", one[struct {
			intake
			Form struct {
				ID string `json:"id"`
			} `json:"form"`
		}](), one[struct {
			intake
			Form struct {
				ID bool `json:"id"`
			} `json:"form"`
		}](), schema.Backward, "intake.scored /form/id: string may be written"},
		{"unknown members are refused", old, one[base](unknown(schema.RefuseUnknown)), schema.Backward, "intake.scored: unknown members may be written"},
		{"unknown members are no longer kept", crud("user.created"), crud("user.created", unknown(schema.DropUnknown)), schema.Backward, "user.created: unknown members were kept"},
		{"a removed member is refused as unknown", one[base](unknown(schema.RefuseUnknown)), one[struct{ intake }](unknown(schema.RefuseUnknown)), schema.Backward, "intake.scored /form: is written, and refused"},
		{"the data class falls", one[base](dataClass(schema.DataRestricted)), one[base](dataClass(schema.DataInternal)), schema.Forward, "intake.scored: the data class fell from restricted to internal"},
		{"a field loses its class", old, one[struct {
			intake
			Name string `json:"name,omitempty"`
		}](), schema.Backward, "intake.scored /name: the field class was name and is none"},
		{"a field gets a class that guards less", old, one[struct {
			intake
			Name string `json:"name,omitempty" phi:"person_id"`
		}](), schema.Forward, "intake.scored /name: the field class was name and is person_id"},
	} {
		t.Run(c.name, func(t *testing.T) {
			found := schema.CheckCompatibility(setOf(t, c.old), setOf(t, c.new), c.mode)
			if len(found) == 0 {
				t.Fatal("nothing was found")
			}
			if len(schema.CheckCompatibility(setOf(t, c.old), setOf(t, c.new), schema.Full)) < len(found) {
				t.Error("the full check finds less")
			}
			for _, i := range found {
				if strings.HasPrefix(i.String(), c.want) {
					return
				}
			}
			t.Errorf("got %v, want %s", found, c.want)
		})
	}
}

func TestSafeChanges(t *testing.T) {
	old := one[base]()
	for _, c := range []struct {
		name     string
		old, new func(*schema.Registry)
		mode     schema.Compatibility
	}{
		{"nothing changes", old, old, schema.Full},
		{"an optional member is added", old, one[struct {
			intake
			Form   string `json:"form,omitempty"`
			Score  int32  `json:"score,omitempty"`
			Band   string `json:"band,omitempty" schema:"enum=mild|severe"`
			Name   string `json:"name,omitempty" phi:"name"`
			Clinic string `json:"clinic,omitempty"`
		}](), schema.Full},
		{"an optional member is removed", old, one[struct {
			intake
			Form string `json:"form,omitempty"`
		}](), schema.Full},
		{"members change places", old, one[struct {
			intake
			Name  string `json:"name,omitempty" phi:"name"`
			Band  string `json:"band,omitempty" schema:"enum=severe|mild"`
			Score int32  `json:"score,omitempty"`
			Form  string `json:"form,omitempty"`
		}](), schema.Full},
		{"a type is added", old, func(r *schema.Registry) { old(r); crud("user.created")(r) }, schema.Full},
		{"a type is renamed with an alias", crud("account.created"), crud("user.created", alias("account.created")), schema.Backward},
		{"an alias is added", crud("user.created"), crud("user.created", alias("account.created")), schema.Full},
		{"a required member becomes optional", one[struct {
			intake
			Form string `json:"form" schema:"required"`
		}](), old, schema.Backward},
		{"a member that readers ignore becomes required", old, one[struct {
			intake
			Form string `json:"form" schema:"required"`
		}](), schema.Forward},
		{"a whole number widens to any", old, one[struct {
			intake
			Score float64 `json:"score,omitempty"`
		}](), schema.Backward},
		{"a whole number gets more bits", old, one[struct {
			intake
			Score int64 `json:"score,omitempty"`
		}](), schema.Backward},
		{"a word is added to an enumeration", old, one[struct {
			intake
			Band string `json:"band,omitempty" schema:"enum=mild|moderate|severe"`
		}](), schema.Backward},
		{"an enumeration becomes free text", old, one[struct {
			intake
			Band string `json:"band,omitempty"`
		}](), schema.Backward},
		{"a member takes any value", old, one[struct {
			intake
			Form any `json:"form,omitempty"`
		}](), schema.Backward},
		{"a text may be longer", one[struct {
			intake
			Form string `json:"form,omitempty" schema:"maxlen=8"`
		}](), one[struct {
			intake
			Form string `json:"form,omitempty" schema:"maxlen=16"`
		}](), schema.Backward},
		{"the version is raised with an upcaster", old, func(r *schema.Registry) {
			one[struct {
				intake
				Form int64 `json:"form" schema:"required"`
			}](version(2))(r)
			r.Upcast("intake.scored", 1, schema.DefaultMember("form", json.RawMessage("0")))
		}, schema.Backward},
		{"an addition comes before the upcaster's version", old, func(r *schema.Registry) {
			one[struct {
				intake
				Form int64 `json:"form" schema:"required"`
			}](version(3))(r)
			r.Upcast("intake.scored", 1, schema.Steps())
			r.Upcast("intake.scored", 2, schema.DefaultMember("form", json.RawMessage("0")))
		}, schema.Backward},
		{"the version is raised for an addition", old, one[base](version(2)), schema.Full},
		{"descriptions and the default severity change", old, one[base](func(i *schema.TypeInfo) {
			i.Description, i.Severity = "A score came in.", schema.SeverityHigh
		}), schema.Full},
		{"the data class rises", old, one[base](dataClass(schema.DataRestricted)), schema.Full},
		{"a field gets a class", old, one[struct {
			intake
			Form string `json:"form,omitempty" phi:"text"`
		}](), schema.Full},
		{"unknown members are no longer refused", one[base](unknown(schema.RefuseUnknown)), old, schema.Backward},
		{"a recursive type stays", one[tree](), one[tree](), schema.Full},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, i := range schema.CheckCompatibility(setOf(t, c.old), setOf(t, c.new), c.mode) {
				t.Error(i)
			}
		})
	}
}

type tree struct {
	intake
	Root branch `json:"root"`
}

type branch struct {
	Name     string            `json:"name" phi:"name"`
	Branches []branch          `json:"branches,omitempty"`
	ByName   map[string]branch `json:"by_name,omitempty"`
	Parent   *branch           `json:"parent,omitempty"`
}

func FuzzSchemaSet(f *testing.F) {
	r := schema.NewRegistry()
	one[tree](alias("a.b"))(r)
	crud("user.created")(r)
	b, err := json.Marshal(r.SchemaSet())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	f.Add([]byte(`{"format":"carebus.schemas/1","types":[{"name":"a.b","version":1,"schema":{"$schema":"https://json-schema.org/draft/2020-12/schema","$ref":"#/$defs/a","$defs":{"a":{"$ref":"#/$defs/a"}}}}]}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		var set schema.SchemaSet
		if json.Unmarshal(b, &set) != nil {
			return
		}
		again, err := json.Marshal(set)
		if err != nil {
			t.Fatal(err)
		}
		var second schema.SchemaSet
		if err := json.Unmarshal(again, &second); err != nil {
			t.Fatalf("%v: %s", err, again)
		}
		third, err := json.Marshal(second)
		if err != nil || string(third) != string(again) {
			t.Fatalf("not stable:\n%s\n%s", again, third)
		}
		schema.CheckCompatibility(set, second, schema.Full) // must end
	})
}

// A set that this version can't understand must not pass for compatible.
func TestSchemaSetRefusesWhatItCannotRead(t *testing.T) {
	for name, in := range map[string]string{
		"another format":     `{"format":"carebus.schemas/2","types":[]}`,
		"no set":             `[]`,
		"an unknown keyword": `{"format":"carebus.schemas/1","types":[{"name":"a.b","version":1,"schema":{"$schema":"https://json-schema.org/draft/2020-12/schema","not":{}}}]}`,
		"another dialect":    `{"format":"carebus.schemas/1","types":[{"name":"a.b","version":1,"schema":{"$schema":"http://json-schema.org/draft-07/schema#"}}]}`,
		"a lost definition":  `{"format":"carebus.schemas/1","types":[{"name":"a.b","version":1,"schema":{"$schema":"https://json-schema.org/draft/2020-12/schema","$ref":"#/$defs/gone"}}]}`,
		"a bad name":         `{"format":"carebus.schemas/1","types":[{"name":"A","version":1,"schema":{"$schema":"https://json-schema.org/draft/2020-12/schema"}}]}`,
		"a bad schema":       `{"format":"carebus.schemas/1","types":[{"name":"a.b","version":1,"schema":{"$schema":"https://json-schema.org/draft/2020-12/schema","properties":[]}}]}`,
		"a missing schema":   `{"format":"carebus.schemas/1","types":[{"name":"a.b","version":1}]}`,
	} {
		t.Run(name, func(t *testing.T) {
			var set schema.SchemaSet
			if err := json.Unmarshal([]byte(in), &set); err == nil {
				t.Error("it was read")
			}
		})
	}
}
