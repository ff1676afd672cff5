package schema_test

import (
	"encoding/json"
	"errors"
	"maps"
	"slices"
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

type visitHead struct {
	VisitID string `json:"visit_id" schema:"required,minlen=1,maxlen=8" doc:"The visit's id."`
	Status  string `json:"status,omitempty" schema:"enum=open|closed"`
}

type contact struct {
	Name  string `json:"name,omitempty" phi:"name"`
	Phone string `json:"phone,omitempty" phi:"phone" pattern:"^[0-9+]+$"`
}

func (visit) Type() string      { return "visit.ended" }
func (v visit) Validate() error { _ = v.hidden; return nil }

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

// Input is told all that is wrong with its envelope and its payload at once.
func TestDecodeInputReportsAllFaults(t *testing.T) {
	_, err := visits().DecodeInput([]byte(`{"type":"visit.ended","time":"Jane","subject":5,"data":{"starts":"Jane","contacts":[{"name":1}]},"Jane":1}`))
	want := " is none of the publish body's; /source is required; /subject must be a string; /time must be an RFC 3339 date and time with a zone; " +
		"/data/starts must be a date-time as in JSON Schema; /data/contacts/0/name must be a string; /data/visit_id is required"
	if got := pointers(err); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// What a sender got wrong in the attributes is told with what is wrong elsewhere,
// not on the next try.
func TestDecodeInputReportsAttributes(t *testing.T) {
	for in, want := range map[string]string{
		`{"type":"visit.ended","source":"pms","subject":"Jane Q","severity":"Jane","time":"Jane","data":{}}`: "/time must be an RFC 3339 date and time with a zone; /data/visit_id is required; /data/starts is required; " +
			"/subject must be printable ASCII without spaces or quotes; /severity must be one of low, medium, high, critical",
		`{"specversion":"1.0","id":"Jane Q","source":"pms","type":"visit.ended","environment":"Jane","kind":"Jane","data":{}}`: "/data/visit_id is required; /data/starts is required; /id must be 1 to 128 letters, digits and ._:-, beginning with a letter or digit; " +
			"/kind must be one of crud, auth, system, business; /environment must be 1 to 32 lower-case letters, digits and hyphens",
		`{"type":"jane","source":"pms","severity":"Jane"}`: "/type must be two to five lower-case words joined by dots, such as user.created; /severity must be one of low, medium, high, critical",
	} {
		if _, err := visits().DecodeInput([]byte(in)); pointers(err) != want {
			t.Errorf("%s: %s", in, pointers(err))
		}
	}
}

func TestDecodeInputBatch(t *testing.T) {
	r := schema.Catalogue()
	events, err := r.DecodeInputBatch([]byte(` [ {"type":"user.created","source":"pms"} , 5, {"type":"auth.login","source":"pms"}, {"specversion":"1.0","id":"1","source":"s","type":"x.y"} ] `))
	var batch schema.BatchError
	if !errors.As(err, &batch) || len(events) != 4 {
		t.Fatalf("got %d events and %v", len(events), err)
	}
	for i, bad := range []bool{false, true, true, false} {
		if (batch[i] != nil) != bad {
			t.Errorf("element %d: %v", i, batch[i])
		}
	}
	if events[0].Type() != "user.created" || events[3].Type() != "x.y" {
		t.Error("the valid elements were not decoded")
	}
	for _, in := range []string{``, `{}`, `[1,]`, "[\"\xff\"]", `null`} {
		if _, err := r.DecodeInputBatch([]byte(in)); !errors.Is(err, schema.ErrNotBatch) {
			t.Errorf("%q: got %v, want ErrNotBatch", in, err)
		}
	}
	if events, err := r.DecodeInputBatch([]byte(`[]`)); err != nil || len(events) != 0 {
		t.Errorf("an empty batch: %d events, %v", len(events), err)
	}
}

// In binary mode the attributes stand in headers.
func TestDecodeBinary(t *testing.T) {
	r := schema.Catalogue()
	attributes := map[string]string{
		"specversion": "1.0", "id": "1", "source": "pms", "type": "user.login", "time": "2024-01-15T14:00:00Z", "subject": "user/42",
		"schemaversion": "1", "datacontenttype": "application/json; charset=utf-8", "comexampleother": "Jane", "data": "Jane", "traceparent": trace,
	}
	e, err := r.DecodeBinary(attributes, []byte(" {\"outcome\":\"success\"}\n"))
	if err != nil {
		t.Fatal(err)
	}
	if e.Type() != "auth.login" || e.Event.(schema.Auth).Outcome != schema.Success || e.Subject != "user/42" || e.SchemaVersion != 1 || e.TraceParent != trace || e.Time.Hour() != 14 {
		t.Error("attributes or payload got lost")
	}
	for _, c := range []struct{ name, value, payload, want string }{
		{"specversion", "Jane", `{"outcome":"success"}`, "/specversion must be 1.0"},
		{"time", "Jane", `{"outcome":"success"}`, "/time must be an RFC 3339 date and time with a zone"},
		{"schemaversion", "Jane", `{"outcome":"success"}`, "/schemaversion must be a whole number, 1 or more"},
		{"datacontenttype", "text/Jane", `{"outcome":"success"}`, "/datacontenttype must be application/json"},
		{"id", "", `{"outcome":"success"}`, "/id is required"},
		{"id", "1", `{"Jane`, "/data is not valid JSON; /data/outcome is required"},
		{"id", "1", "{\"Jane\":\"\xff\"}", "/data is not valid JSON; /data/outcome is required"},
		{"id", "1", ``, "/data/outcome is required"},
		{"id", "1", `["Jane"]`, "/data must be an object"},
	} {
		in := maps.Clone(attributes)
		in[c.name] = c.value
		_, err := r.DecodeBinary(in, []byte(c.payload))
		if got := pointers(err); got != c.want || strings.Contains(got, "Jane") {
			t.Errorf("%s %q: got %s", c.name, c.payload, got)
		}
	}
}

func TestAppendBatch(t *testing.T) {
	r := schema.Catalogue()
	in := []schema.Envelope{
		complete(t, r, schema.Envelope{Source: "pms", Event: schema.CRUD{Entity: "user", Operation: schema.Created}}),
		complete(t, r, schema.Envelope{Source: "pms", Event: schema.System{Action: "backup"}}),
	}
	b, err := schema.AppendBatch([]byte("x"), in)
	if err != nil {
		t.Fatal(err)
	}
	out, err := r.DecodeInputBatch(b[1:])
	if err != nil || len(out) != 2 || out[0].Event.Type() != "user.created" || out[1].Event.Type() != "system.backup" {
		t.Errorf("got %d events, %v", len(out), err)
	}
	in[1].Event = schema.Raw{Name: "a.b", Data: json.RawMessage(`{`)}
	if b, err := schema.AppendBatch([]byte("x"), in); err == nil || string(b) != "x" {
		t.Errorf("got %q, %v", b, err)
	}
}

// What a schema takes decodes, and what is encoded is valid: for payloads that
// no one thought of.
func FuzzSchema(f *testing.F) {
	r := visits()
	types := []string{"visit.ended", "patient.updated", "auth.login", "system.error", "invoice.paid"}
	for i, s := range []string{
		someVisit,
		`{"entity_id":"1","changes":[{"field":"a","before":null,"after":{"b":1}},{"field":"c"}],"x":[1]}`,
		`{"outcome":"success","client":{"ip":"192.0.2.1","more":1},"reason":null}`,
		`{"message":"\ud800","component":"c","data":{"a":{}}}`,
		`{"amounts":[{"name":"total","minor":-0,"currency":"USD"},{"minor":12,"currency":"EUR","x":1}],"outcome":null}`,
	} {
		f.Add(uint8(i), []byte(s))
	}
	f.Fuzz(func(t *testing.T, i uint8, payload []byte) {
		typ := types[int(i)%len(types)]
		if r.ValidateJSON(typ, payload) != nil {
			return
		}
		e, err := r.DecodeInput(slices.Concat([]byte(`{"type":"`+typ+`","source":"pms","data":`), payload, []byte("}")))
		if err != nil {
			// Go takes less than JSON Schema of whole numbers that are written with a
			// fraction or an exponent, and of strings that hold bytes or a number.
			var v *schema.ValidationError
			if errors.As(err, &v) && len(v.Faults) == 1 && (strings.Contains(v.Faults[0].Rule, "number") || slices.Contains([]string{"data.photo", "data.count"}, v.Faults[0].Field)) {
				return
			}
			t.Fatalf("%s: valid and not decoded: %v", typ, err)
		}
		if r.Complete(&e, defaults) != nil {
			return
		}
		b, err := e.AppendJSON(nil)
		if err != nil {
			t.Fatalf("%s does not encode: %v", typ, err)
		}
		raw, err := schema.Parse(b)
		if err != nil {
			t.Fatal(err)
		}
		if err := r.ValidateJSON(typ, raw.Event.(schema.Raw).Data); err != nil {
			t.Fatalf("%s: what was encoded is not valid: %v\n%s", typ, err, b)
		}
	})
}

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

// A published Raw of a registered type is held to that type's rules, and takes
// its name.
func TestCompleteRaw(t *testing.T) {
	r := visits()
	e := schema.Envelope{Source: "pms", Event: schema.Raw{Name: "user.login", Data: json.RawMessage(`{"outcome":"success"}`)}}
	if err := r.Complete(&e, defaults); err != nil || e.Type() != "auth.login" {
		t.Errorf("got %s, %v", e.Type(), err)
	}
	e.Event = schema.Raw{Name: "visit.ended", Data: json.RawMessage(`{"length":"Jane"}`)}
	e.Kind = ""
	if got, want := pointers(r.Complete(&e, defaults)), "/data/length must be a whole number; /data/visit_id is required; /data/starts is required"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// A version says what form the payload has: that of its Go type, or for a raw
// payload one that the registry knows the rules of.
func TestCompleteVersion(t *testing.T) {
	const exact, most = "/schema_version must be 3, the version of the payload's Go type", "/schema_version must be 3 or less: the registry knows no newer one of this type"
	for _, c := range []struct {
		version      int
		typed, asRaw string
	}{{0, "", ""}, {1, exact, ""}, {3, "", ""}, {4, exact, most}} {
		for _, e := range []struct {
			event schema.Event
			want  string
		}{
			{referred{Urgency: "routine"}, c.typed},
			{schema.Raw{Name: "referral.made", Data: json.RawMessage(`{"urgency":"routine"}`)}, c.asRaw},
		} {
			in := schema.Envelope{Source: "pms", SchemaVersion: c.version, Event: e.event}
			if got := pointers(referrals().Complete(&in, defaults)); got != e.want {
				t.Errorf("version %d of %T: got %s", c.version, e.event, got)
			}
		}
	}
}

// Whoever made a change, its values obey the class of their field.
func TestCompleteKeepsSecretsOutOfChanges(t *testing.T) {
	r := schema.Catalogue()
	schema.Register[schema.CRUD](r, schema.TypeInfo{Name: "gateway.updated", Kind: schema.KindCRUD, Record: struct {
		Keys []apiKey `json:"keys"`
	}{}})
	given := []schema.Change{
		{Field: "role", Before: json.RawMessage(`"a"`), After: json.RawMessage(`"b"`)},
		{Field: "password", Before: json.RawMessage(`"Jane"`), After: json.RawMessage(`"Jane"`)},
	}
	e := complete(t, r, schema.Envelope{Source: "pms", Event: schema.CRUD{Entity: "gateway", Operation: schema.Updated, Changes: []schema.Change{
		{Field: "keys", Before: json.RawMessage(`[]`), After: json.RawMessage(`[{"key":"Jane"}]`)},
	}}})
	b, err := e.AppendJSON(nil)
	if want := `"changes":[{"field":"keys"}]`; err != nil || !strings.Contains(string(b), want) {
		t.Errorf("got %s, %v", b, err)
	}
	e = complete(t, r, schema.Envelope{Source: "pms", Event: schema.CRUD{Entity: "user", Operation: schema.Updated, Changes: given}})
	b, err = e.AppendJSON(nil)
	if want := `"changes":[{"field":"role","before":"a","after":"b"},{"field":"password"}]`; err != nil || !strings.Contains(string(b), want) {
		t.Errorf("got %s, %v", b, err)
	}
	if len(given[1].After) == 0 {
		t.Error("the caller's changes were changed")
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

type selfish struct {
	Self *selfish `json:"self,omitempty"`
}

func (demanding) Type() string    { return "demanding.made" }
func (demanding) Validate() error { return nil }

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
