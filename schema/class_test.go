package schema_test

import (
	"reflect"
	"testing"

	"github.com/carebus/carebus/schema"
)

func TestFieldClasses(t *testing.T) {
	got := visits().FieldClasses("visit.ended")
	want := []schema.FieldClass{
		{"/codes", "safe"}, {"/contacts/*/name", "name"}, {"/contacts/*/phone", "phone"}, {"/day", "date"},
		{"/notes/*/name", "name"}, {"/notes/*/phone", "phone"}, {"/photo", "safe"}, {"/starts", "date"},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
	classes := func(typ string) map[string]string {
		m := map[string]string{}
		for _, f := range schema.Catalogue().FieldClasses(typ) {
			m[f.Path] = f.Class
		}
		return m
	}
	for _, c := range []struct{ typ, path, class string }{
		{"patient.updated", "/entity_id", "person_id"},
		{"patient.updated", "/birth_date", "birth_date"},
		{"appointment.created", "/entity_id", ""},
		{"session.created", "/psychotherapy_note", "psychotherapy"},
		{"user.login", "/client/ip", "network"}, // by alias
		{"invoice.paid", "/amounts/*/name", "safe"},
		{"system.error", "/message", "text"},
	} {
		if got := classes(c.typ)[c.path]; got != c.class {
			t.Errorf("%s %s is %q, want %q", c.typ, c.path, got, c.class)
		}
	}
	if got := schema.Catalogue().FieldClasses("spaceship.launched"); got != nil {
		t.Errorf("an unknown type has %v", got)
	}
	r := schema.NewRegistry()
	one[tree]()(r)
	if got := r.FieldClasses("intake.scored"); len(got) == 0 || got[0] != (schema.FieldClass{Path: "/root/name", Class: "name"}) {
		t.Errorf("a recursive type has %v", got)
	}
}

func (held[T]) Type() string    { return "intake.scored" }
func (held[T]) Validate() error { return nil }
