package schema_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/carebus/carebus/schema"
)

// A visit has a member of every kind that Go has a form in JSON for.
type visit struct {
	schema.Private
	visitHead
	Starts   time.Time          `json:"starts" schema:"required" phi:"date"`
	Day      string             `json:"day,omitempty" schema:"format=date" phi:"date"`
	Room     *string            `json:"room,omitempty"`
	Length   uint16             `json:"length,omitempty" schema:"min=5,max=480"`
	Rating   float32            `json:"rating,omitempty"`
	Codes    []string           `json:"codes,omitempty" phi:"safe"`
	Contacts []contact          `json:"contacts,omitempty"`
	Notes    map[string]contact `json:"notes,omitempty"`
	Photo    []byte             `json:"photo,omitempty" phi:"safe"`
	Pair     [2]int             `json:"pair,omitzero"`
	Any      any                `json:"any,omitempty"`
	Open     bool               `json:"open,omitempty"`
	Number   json.Number        `json:"number,omitempty"`
	Count    int64              `json:"count,omitempty,string"`
	Session  string             `json:"session,omitempty" schema:"format=uuid"`
	Extra    json.RawMessage    `json:"-" schema:"rest"`
	hidden   int
}

func (visit) Type() string      { return "visit.ended" }
func (v visit) Validate() error { _ = v.hidden; return nil }

type visitHead struct {
	VisitID string `json:"visit_id" schema:"required,minlen=1,maxlen=8" doc:"The visit's id."`
	Status  string `json:"status,omitempty" schema:"enum=open|closed"`
}

type contact struct {
	Name  string `json:"name,omitempty" phi:"name"`
	Phone string `json:"phone,omitempty" phi:"phone" pattern:"^[0-9+]+$"`
}

func visits() *schema.Registry {
	r := schema.Catalogue()
	schema.Register[visit](r, schema.TypeInfo{Name: "visit.ended", Kind: schema.KindBusiness})
	return r
}

const someVisit = `{"visit_id":"v1","status":"open","starts":"2024-01-15T14:00:00Z","day":"2024-01-15","room":null,"length":50,"rating":4.5,` +
	`"codes":["a"],"contacts":[{"name":"Jane","phone":"+1555"}],"notes":{"Jane":{"phone":"1"}},"photo":"SmFuZQ==","pair":[1,2],"any":{"x":[1]},` +
	`"open":true,"number":1e3,"count":"7","session":"0198c5a2-0000-7000-8000-000000000001","added_later":[1]}`

// All faults of a payload are reported at once, each with a JSON Pointer, and
// none with a value or a name from outside.
func TestValidateJSON(t *testing.T) {
	r := visits()
	for _, c := range []struct{ name, typ, in, want string }{
		{"valid", "visit.ended", someVisit, ""},
		{"least", "visit.ended", `{"visit_id":"v","starts":"2024-01-15T14:00:00+02:00"}`, ""},
		{"optional members may be null", "visit.ended", `{"visit_id":"v","starts":"2024-01-15T14:00:00Z","status":null,"length":null,"contacts":null,"notes":null,"open":null}`, ""},
		{"required members", "visit.ended", `{}`, "/visit_id is required; /starts is required"},
		{"required members may not be null", "visit.ended", `{"visit_id":null,"starts":null}`, "/visit_id must be a string; /starts must be a string"},
		{"types", "visit.ended", `{"visit_id":1,"starts":2,"room":3,"length":"Jane","rating":"Jane","codes":{"Jane":1},"open":"Jane","number":"Jane","count":7,"photo":[],"pair":{}}`,
			"/visit_id must be a string; /starts must be a string; /room must be a string; /length must be a whole number; /rating must be a number; " +
				"/codes must be an array; /open must be true or false; /number must be a number; /count must be a string; /photo must be a string; /pair must be an array"},
		{"within", "visit.ended", `{"visit_id":"v","starts":"2024-01-15T14:00:00Z","codes":["a",5,null],"contacts":[{"name":1},{"phone":"Jane"}],"notes":{"Jane":{"name":7},"Jim":true}}`,
			"/codes/1 must be a string; /codes/2 must be a string; /contacts/0/name must be a string; /contacts/1/phone must match ^[0-9+]+$; /notes/*/name must be a string; /notes/* must be an object"},
		{"bounds", "visit.ended", `{"visit_id":"Jane Q Patient","starts":"2024-01-15T14:00:00Z","length":4}`, "/visit_id must have 8 or fewer characters; /length must be 5 or more"},
		{"bounds, the other side", "visit.ended", `{"visit_id":"","starts":"2024-01-15T14:00:00Z","length":481}`, "/visit_id must have 1 or more characters; /length must be 480 or less"},
		{"characters, not bytes", "visit.ended", `{"visit_id":"\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9","starts":"2024-01-15T14:00:00Z"}`, ""},
		{"whole numbers with a fraction", "visit.ended", `{"visit_id":"v","starts":"2024-01-15T14:00:00Z","length":50.5}`, "/length must be a whole number"},
		{"words", "visit.ended", `{"visit_id":"v","starts":"2024-01-15T14:00:00Z","status":"Jane"}`, "/status must be one of open, closed"},
		{"formats", "visit.ended", `{"visit_id":"v","starts":"Jane","day":"Jane","session":"Jane"}`, "/starts must be a date-time as in JSON Schema; /day must be a date as in JSON Schema; /session must be a uuid as in JSON Schema"},
		{"no object", "visit.ended", `"Jane"`, " must be an object"},
		{"no JSON", "visit.ended", `Jane`, " is not valid JSON"},
		{"no UTF-8", "visit.ended", "{\"Jane\":\"\xff\"}", " is not valid JSON"},
		{"auth", "auth.login", `{"outcome":"Jane","client":{"ip":1}}`, "/outcome must be one of success, failure, denied, pending, cancelled; /client/ip must be a string"},
		{"auth by alias", "user.login", `{}`, "/outcome is required"},
		{"business", "invoice.paid", `{"amounts":[{"minor":1.5,"currency":"dollars"},{"minor":9223372036854775808}]}`,
			"/amounts/0/minor must be a whole number; /amounts/0/currency must match ^[A-Z]{3}$; /amounts/1/minor must be 9223372036854775807 or less; /amounts/1/currency is required"},
		{"crud", "patient.updated", `{"changes":[{"before":1}],"entity_id":["Jane"]}`, "/changes/0/field is required; /entity_id must be a string"},
		{"members of the record are free", "patient.created", `{"first_name":{"given":["Jane"]},"birth_date":1,"anything":[]}`, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := r.ValidateJSON(c.typ, []byte(c.in))
			if got := pointers(err); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
			if err != nil && strings.Contains(err.Error(), "Jane") {
				t.Errorf("the error quotes a value: %v", err)
			}
		})
	}
	if err := r.ValidateJSON("spaceship.launched", []byte(`{}`)); !errors.Is(err, schema.ErrUnknownType) {
		t.Errorf("got %v, want ErrUnknownType", err)
	}
}

// pointers renders faults by their pointers.
func pointers(err error) string {
	var v *schema.ValidationError
	if !errors.As(err, &v) {
		if err != nil {
			return "another error: " + err.Error()
		}
		return ""
	}
	var list []string
	for _, f := range v.Faults {
		list = append(list, f.Pointer()+" "+f.Rule)
	}
	return strings.Join(list, "; ")
}

// A hostile payload can't make the list of faults as long as itself.
func TestFaultsAreBounded(t *testing.T) {
	in := `{"codes":[` + strings.Repeat("1,", 10000) + `1]}`
	var v *schema.ValidationError
	if err := visits().ValidateJSON("visit.ended", []byte(in)); !errors.As(err, &v) || len(v.Faults) > 100 {
		t.Errorf("got %d faults", len(v.Faults))
	}
}

// A member's name may hold what separates the steps of a JSON Pointer.
func TestPointerEscapes(t *testing.T) {
	for field, want := range map[string]string{
		"": "", "member 3": "", "data.amounts[1].currency": "/data/amounts/1/currency", "data.a/b~c": "/data/a~1b~0c",
	} {
		if got := (schema.Fault{Field: field}).Pointer(); got != want {
			t.Errorf("%q: %q, want %q", field, got, want)
		}
	}
}

type strict struct {
	Score int      `json:"score" schema:"min=0,max=27"`
	Word  string   `json:"word" schema:"enum=a|b"`
	By    *contact `json:"by,omitempty"`
}

func (strict) Type() string    { return "strict.scored" }
func (strict) Validate() error { return nil }

// TestNamesInOtherCapitals: encoding/json takes Score for score, and so may nobody get
// by a tag with it. Where a payload type doesn't, such a member is one like any other.
func TestNamesInOtherCapitals(t *testing.T) {
	r := visits()
	schema.Register[strict](r, schema.TypeInfo{Name: "strict.scored", Kind: schema.KindBusiness})
	for _, c := range []struct{ typ, data, want string }{
		{"strict.scored", `{"score":5,"word":"a","by":{"phone":"1"},"more":{"Score":1}}`, ""},
		{"strict.scored", `{"SCORE":99}`, "data.score must be written as score"},
		{"strict.scored", `{"score":5,"Score":99}`, "data.score must be written as score"},
		{"strict.scored", `{"\u017fcore":99}`, "data.score must be written as score"},
		{"strict.scored", `{"Word":"Jane"}`, "data.word must be written as word"},
		{"strict.scored", `{"by":{"Phone":"Jane"}}`, "data.by.phone must be written as phone"},
		{"visit.ended", `{"visit_id":"v","starts":"2024-01-15T14:00:00Z","Status":"Jane"}`, ""},
		{"visit.ended", `{"visit_id":"v","starts":"2024-01-15T14:00:00Z","contacts":[{"PHONE":"Jane"}]}`, "data.contacts[0].phone must be written as phone"},
		{"auth.login", `{"outcome":"success","Reason":"x","client":{"IP":"x"}}`, ""},
		{"patient.created", `{"First_Name":"x"}`, ""},
	} {
		_, err := r.DecodeInput([]byte(`{"type":"` + c.typ + `","source":"x","data":` + c.data + `}`))
		switch {
		case c.want == "" && err != nil:
			t.Errorf("%s: %v", c.data, err)
		case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "Jane")):
			t.Errorf("%s: %v, want %s", c.data, err, c.want)
		}
	}
}

type demanding struct {
	Pointer *string           `json:"pointer" schema:"required"`
	List    []string          `json:"list" schema:"required"`
	Map     map[string]string `json:"map" schema:"required"`
	Any     any               `json:"any" schema:"required"`
	Own     json.RawMessage   `json:"own" schema:"required"`
	Struct  contact           `json:"struct" schema:"required"`
	Self    *demanding        `json:"self,omitempty"`
	Next    *selfish          `json:"next" schema:"required"`
}

func (demanding) Type() string    { return "demanding.made" }
func (demanding) Validate() error { return nil }

type selfish struct {
	Self *selfish `json:"self,omitempty"`
}

// TestRequiredIsNotNull: a member that is required is not null, whatever its Go type.
func TestRequiredIsNotNull(t *testing.T) {
	r := schema.NewRegistry()
	schema.Register[demanding](r, schema.TypeInfo{Name: "demanding.made", Kind: schema.KindBusiness})
	const good = `{"pointer":"x","list":[],"map":{},"any":1,"own":1.5,"struct":{},"self":null,"next":{"self":null}}`
	if err := r.ValidateJSON("demanding.made", []byte(good)); err != nil {
		t.Error(err)
	}
	for _, name := range []string{"pointer", "list", "map", "any", "own", "struct", "next"} {
		var members map[string]json.RawMessage
		if err := json.Unmarshal([]byte(good), &members); err != nil {
			t.Fatal(err)
		}
		members[name] = json.RawMessage("null")
		data, err := json.Marshal(members)
		if err != nil {
			t.Fatal(err)
		}
		var faults *schema.ValidationError
		if err := r.ValidateJSON("demanding.made", data); !errors.As(err, &faults) || len(faults.Faults) != 1 || faults.Faults[0].Field != name {
			t.Errorf("%s is null: %v", name, err)
		}
	}
}
