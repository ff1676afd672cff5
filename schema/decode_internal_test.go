package schema

import (
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"
)

type ward struct {
	Beds    map[string]int          `json:"beds"`
	Rooms   []*room                 `json:"rooms"`
	ByNurse map[string]map[int]room `json:"by_nurse"`
	Inner   struct {
		Room room `json:"room"`
	} `json:"inner"`
}

type room struct {
	Number int `json:"number"`
}

func (ward) Type() string    { return "ward.counted" }
func (ward) Validate() error { return nil }

// The place of what can't be decoded is told as far as the type declares it. Keys
// of maps may be names: versions of encoding/json differ in whether they tell them.
func TestPlacesOfFaultsAreDeclared(t *testing.T) {
	for path, want := range map[string]string{
		"": "", "beds": "beds", "beds.Ann Lee": "beds.*", "beds.Ann.Lee.x": "beds.*", "rooms.number": "rooms.number", "rooms.3.number": "rooms.3.number",
		"rooms.3": "rooms.3", "rooms.3.Ann": "rooms.3.*", "inner.room.number": "inner.room.number", "inner.room.number.Ann": "inner.room.number.*",
		"by_nurse.Ann Lee.3.number": "by_nurse.*", "Ann Lee": "*", "3": "*",
	} {
		if got := declaredPath(reflect.TypeFor[ward](), path); got != want {
			t.Errorf("%q: %q, want %q", path, got, want)
		}
		err := payloadError(&json.UnmarshalTypeError{Field: path, Type: reflect.TypeFor[int]()}, reflect.TypeFor[*ward](), nil)
		var v *ValidationError
		if !errors.As(err, &v) || v.Faults[0].Field != want || strings.Contains(err.Error(), "Ann") {
			t.Errorf("%q: %v", path, err)
		}
	}
	r := NewRegistry()
	Register[ward](r, TypeInfo{Name: "ward.counted", Kind: KindBusiness})
	for _, data := range []string{`{"beds":{"Ann Lee":"x"}}`, `{"by_nurse":{"Ann Lee":{"1":{"number":"x"}}}}`, `{"by_nurse":{"1":{"Ann Lee":{}}}}`} {
		if _, err := r.Decode([]byte(`{"specversion":"1.0","id":"1","source":"s","type":"ward.counted","data":` + data + `}`)); err == nil || strings.Contains(err.Error(), "Ann") {
			t.Errorf("%s: %v", data, err)
		}
	}
}

type visit struct {
	Nurse string    `json:"nurse"`
	Born  time.Time `json:"born"`
}

func (visit) Type() string    { return "visit.noted" }
func (visit) Validate() error { return nil }

// What a type's own decoding refuses is told by its member, such as a date of
// which scrubbing has left the year, and not by its value.
func TestUndecodableMemberIsNamed(t *testing.T) {
	r := NewRegistry()
	Register[visit](r, TypeInfo{Name: "visit.noted", Kind: KindBusiness})
	_, err := r.Decode([]byte(`{"specversion":"1.0","id":"1","source":"s","type":"visit.noted","data":{"Ann":1,"nurse":"x","born":"1970"}}`))
	var v *ValidationError
	if !errors.As(err, &v) || v.Faults[0].Field != "data.born" || !strings.Contains(v.Faults[0].Rule, "scrubbed") || strings.Contains(err.Error(), "1970") {
		t.Errorf("%v", err)
	}
}
