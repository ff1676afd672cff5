package schema_test

import (
	"sync"
	"testing"

	"github.com/carebus/carebus/schema"
)

type noteSigned struct {
	NoteID string `json:"note_id"`
}

func (noteSigned) Type() string    { return "note.signed" }
func (noteSigned) Validate() error { return nil }

func TestRegister(t *testing.T) {
	r := schema.NewRegistry()
	schema.Register[noteSigned](r, schema.TypeInfo{Name: "note.signed", Kind: schema.KindBusiness, Aliases: []string{"note.locked"}})
	e, err := r.DecodeInput([]byte(`{"type":"note.locked","source":"pms","data":{"note_id":"n1","unknown":true}}`))
	if err != nil {
		t.Fatal(err)
	}
	if got := e.Event; got != (noteSigned{"n1"}) {
		t.Errorf("got %T", got)
	}
	for name, register := range map[string]func(){
		"taken name": func() {
			schema.Register[noteSigned](r, schema.TypeInfo{Name: "note.signed", Kind: schema.KindBusiness})
		},
		"other name": func() {
			schema.Register[noteSigned](r, schema.TypeInfo{Name: "note.unsigned", Kind: schema.KindBusiness})
		},
		"bad name":        func() { schema.Register[schema.CRUD](r, schema.TypeInfo{Name: "Note", Kind: schema.KindCRUD}) },
		"no kind":         func() { schema.Register[schema.CRUD](r, schema.TypeInfo{Name: "x.created"}) },
		"taken alias":     func() { schema.Register[schema.CRUD](r, schema.TypeInfo{Name: "note.locked", Kind: schema.KindCRUD}) },
		"foreign to Auth": func() { schema.Register[schema.Auth](r, schema.TypeInfo{Name: "user.x", Kind: schema.KindAuth}) },
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("Register did not panic")
				}
			}()
			register()
		})
	}
}

// A registry that is no longer added to serves any number of goroutines.
func TestRegistryIsSafeForConcurrentUse(t *testing.T) {
	r := visits()
	var work sync.WaitGroup
	for range 4 {
		work.Go(func() {
			for range 50 {
				for _, typ := range []string{"visit.ended", "patient.updated", "invoice.paid"} {
					e, err := r.DecodeInput([]byte(`{"type":"` + typ + `","source":"pms","data":` + someVisit + `}`))
					if err != nil {
						t.Error(err)
						return
					}
					e = complete(t, r, e)
					b, err := e.AppendJSON(nil)
					if err != nil {
						t.Error(err)
						return
					}
					if _, err := r.Decode(b); err != nil {
						t.Error(err)
					}
					r.JSONSchema(typ)
					r.FieldClasses(typ)
				}
			}
		})
	}
	work.Wait()
}
