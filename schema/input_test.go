package schema_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/carebus/carebus/schema"
)

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

func TestDecodeInput(t *testing.T) {
	r := schema.Catalogue()
	for _, c := range []struct {
		name, in, wantErr string
		wantType          string
	}{
		{"publish body", `{"type":"user.created","kind":"crud","severity":"low","source":"pms/identity","subject":"user/42","correlation_id":"a","time":"2024-01-15T14:00:00Z","data":{"x":1}}`, "", "user.created"},
		{"least body", `{"type":"user.created","source":"pms"}`, "", "user.created"},
		{"CloudEvents", `{"specversion":"1.0","id":"1","source":"pms","type":"invoice.paid","comexampleext":"x","data":{"amounts":[]}}`, "", "invoice.paid"},
		{"alias", `{"type":"user.login","source":"pms","data":{"outcome":"success"}}`, "", "auth.login"},
		{"unknown type", `{"type":"spaceship.launched","source":"pms"}`, "", "spaceship.launched"},
		{"no JSON", `Jane Doe`, "event is not valid JSON", ""},
		{"no object", `["Jane Doe"]`, "event must be a JSON object", ""},
		{"no UTF-8", "{\"type\":\"Jane\xff\"}", "event must be UTF-8", ""},
		{"missing fields", `{}`, "type is required; source is required", ""},
		{"misspelt member", `{"type":"user.created","source":"pms","Jane Doe":1}`, "member 3 is none of the publish body's", ""},
		{"wrong JSON type", `{"type":["Jane"],"source":7}`, "type must be a string; source must be a string", ""},
		{"twice", `{"type":"user.created","type":"user.deleted","source":"pms"}`, "type stands twice", ""},
		{"bad time", `{"type":"user.created","source":"pms","time":"Jane 15"}`, "time must be an RFC 3339", ""},
		{"bad version", `{"type":"user.created","source":"pms","schema_version":"Jane"}`, "schema_version must be a whole number", ""},
		{"bad payload", `{"type":"user.created","source":"pms","data":{"entity_id":{"Jane":1}}}`, "data.entity_id must be a string", ""},
		{"payload no object", `{"type":"user.created","source":"pms","data":"Jane"}`, "data must be an object", ""},
		{"CloudEvents version", `{"specversion":"Jane","type":"user.created"}`, "specversion must be 1.0", ""},
		{"binary data", `{"specversion":"1.0","id":"1","source":"pms","type":"user.created","data_base64":"SmFuZQ=="}`, "data_base64 is not supported", ""},
		{"not JSON data", `{"specversion":"1.0","id":"1","source":"pms","type":"user.created","datacontenttype":"text/Jane","data":"x"}`, "datacontenttype must be application/json", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			e, err := r.DecodeInput([]byte(c.in))
			switch {
			case c.wantErr == "" && err != nil:
				t.Fatal(err)
			case c.wantErr == "":
				if e.Type() != c.wantType {
					t.Errorf("got type %s, want %s", e.Type(), c.wantType)
				}
			case err == nil || !strings.Contains(err.Error(), c.wantErr):
				t.Errorf("got %v, want %q", err, c.wantErr)
			case strings.Contains(err.Error(), "Jane"):
				t.Errorf("the error quotes a value: %v", err)
			}
		})
	}
}

// Whatever the input, an accepted event encodes to one line that decodes to the same.
func FuzzDecodeInput(f *testing.F) {
	f.Add([]byte(`{"type":"user.created","source":"pms","data":{"a":[1,{"b":"\n"}]}}`))
	f.Add([]byte(`{"specversion":"1.0","id":"1","source":"s","type":"auth.login","data":{"outcome":"success","x":"\ud83d\ude00<&>"}}`))
	f.Add([]byte(` { "type" : "invoice.paid" , "source":"s", "data" : { "amounts" : [ { "minor" : 1 , "currency":"USD" } ] , "a\u0041":1 } } `))
	f.Add([]byte(`{"type":"x.y","source":"s","data":null}`))
	r := schema.Catalogue()
	f.Fuzz(func(t *testing.T, in []byte) {
		e, err := r.DecodeInput(in)
		if err != nil {
			return
		}
		if r.Complete(&e, defaults) != nil {
			return
		}
		b, err := e.AppendJSON(nil)
		if err != nil {
			t.Fatalf("an accepted event does not encode: %v", err)
		}
		if strings.ContainsAny(string(b), "\n\r") || !json.Valid(b) {
			t.Fatalf("not one line of JSON: %q", b)
		}
		again, err := r.Decode(b)
		if err != nil {
			t.Fatalf("an encoded event does not decode: %v", err)
		}
		b2, err := again.AppendJSON(nil)
		if err != nil || string(b) != string(b2) {
			t.Fatalf("not stable:\n%s\n%s", b, b2)
		}
	})
}
