package schema_test

import (
	"encoding/json"
	"testing"

	"github.com/carebus/carebus/schema"
)

// A tag or a payload type with a mistake must not start.
func TestRegisterRefusesBadTags(t *testing.T) {
	for name, register := range map[string]func(*schema.Registry){
		"unknown class": one[struct {
			intake
			A string `phi:"nmae"`
		}](),
		"unknown option": one[struct {
			intake
			A string `schema:"require"`
		}](),
		"numbers of a string": one[struct {
			intake
			A string `schema:"min=1"`
		}](),
		"words of a number": one[struct {
			intake
			A int `schema:"enum=1|2"`
		}](),
		"a pattern of a list": one[struct {
			intake
			A []string `pattern:"^a"`
		}](),
		"least beyond most": one[struct {
			intake
			A int `schema:"min=5,max=4"`
		}](),
		"a length below zero": one[struct {
			intake
			A string `schema:"minlen=-1"`
		}](),
		"bad number": one[struct {
			intake
			A int `schema:"min=a"`
		}](),
		"a number that JSON doesn't know": one[struct {
			intake
			A float64 `schema:"max=inf"`
		}](),
		"bad length": one[struct {
			intake
			A string `schema:"maxlen=a"`
		}](),
		"unknown format": one[struct {
			intake
			A string `schema:"format=day"`
		}](),
		"bad pattern": one[struct {
			intake
			A string `pattern:"["`
		}](),
		"a name that breaks paths": one[struct {
			intake
			A string `json:"a.b"`
		}](),
		"no form in JSON": one[struct {
			intake
			A chan int `json:"a"`
		}](),
		"a rest of another type": one[struct {
			intake
			A map[string]any `json:"-" schema:"rest"`
		}](),
		"a rest that would be encoded twice": one[struct {
			intake
			A json.RawMessage `json:"a" schema:"rest"`
		}](),
		"no place for what is to be kept": one[base](unknown(schema.KeepUnknown)),
		"unknown rule":                    one[base](unknown("forget")),
		"a record beside a struct":        one[base](func(i *schema.TypeInfo) { i.Record = struct{}{} }),
		"a record that is no struct":      crud("a.created", func(i *schema.TypeInfo) { i.Record = 5 }),
		"a pointer":                       one[*visitPointer](),
		"an alias of its own":             crud("a.created", alias("a.created")),
		"an alias that is no name":        crud("a.created", alias("A")),
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("Register did not panic")
				}
			}()
			register(schema.NewRegistry())
		})
	}
}

type visitPointer struct{}

func (*visitPointer) Type() string    { return "intake.scored" }
func (*visitPointer) Validate() error { return nil }
