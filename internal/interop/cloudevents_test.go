package interop

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/cloudevents/sdk-go/v2/binding"
	cloudevents "github.com/cloudevents/sdk-go/v2/event"
	cehttp "github.com/cloudevents/sdk-go/v2/protocol/http"

	"github.com/carebus/carebus/schema"
)

const (
	releasedEvents = "../../schema/testdata/released/1.ndjson"
	trace          = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
)

// lines returns the events of every type that a release wrote.
func lines(t *testing.T) [][]byte {
	t.Helper()
	b, err := os.ReadFile(releasedEvents)
	if err != nil {
		t.Fatal(err)
	}
	var all [][]byte
	for scanner := bufio.NewScanner(bytes.NewReader(b)); scanner.Scan(); {
		all = append(all, bytes.Clone(scanner.Bytes()))
	}
	if len(all) < 100 {
		t.Fatalf("%d events only", len(all))
	}
	return all
}

// The SDK decodes and validates what carebus writes, and what the SDK writes
// of it comes back the same.
func TestSDKReadsCarebus(t *testing.T) {
	r := schema.Catalogue()
	for _, line := range lines(t) {
		ours, err := schema.Parse(line)
		if err != nil {
			t.Fatal(err)
		}
		var theirs cloudevents.Event
		if err := json.Unmarshal(line, &theirs); err != nil {
			t.Errorf("%s: the SDK can't decode it: %v", ours.Type(), err)
			continue
		}
		if err := theirs.Validate(); err != nil {
			t.Errorf("%s: the SDK finds it invalid: %v", ours.Type(), err)
		}
		compare(t, ours, theirs)

		b, err := json.Marshal(theirs)
		if err != nil {
			t.Fatal(err)
		}
		back, err := r.Decode(b)
		if err != nil {
			t.Errorf("%s: carebus can't read what the SDK made of it: %v", ours.Type(), err)
			continue
		}
		want, err := r.Decode(line)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(back, want) {
			t.Errorf("%s changed on its way through the SDK", ours.Type())
		}
	}
}

// TestSourcesAreTheSDKs: the SDK decodes every event that carebus takes, whatever its
// source.
func TestSourcesAreTheSDKs(t *testing.T) {
	r := schema.Catalogue()
	taken := 0
	for _, source := range []string{
		"pms/identity", "https://pms.example/a?b=c#d", "urn:uuid:018d0d1e", "pms/{a}", "pms|a", "pms/[x", "pms#a#b", "//", "///", "?", "#", "*",
		"pms/100%", ":pms", "1:pms", "http://[::1", "pms/%zz", "http://a:b/", "//[",
	} {
		e := schema.Envelope{Source: source, Event: schema.CRUD{Entity: "user", Operation: schema.Created}}
		if r.Complete(&e, schema.Defaults{Environment: "development"}) != nil {
			continue
		}
		taken++
		line, err := e.AppendJSON(nil)
		if err != nil {
			t.Fatal(err)
		}
		var theirs cloudevents.Event
		err = json.Unmarshal(line, &theirs)
		if err == nil {
			err = theirs.Validate()
		}
		if err != nil {
			t.Errorf("%s: %v", source, err)
		}
	}
	if taken < 3 {
		t.Errorf("%d sources were taken", taken)
	}
}

func compare(t *testing.T, ours schema.Envelope, theirs cloudevents.Event) {
	t.Helper()
	extensions := theirs.Extensions()
	text := func(name string) string { s, _ := extensions[name].(string); return s }
	for _, c := range []struct{ name, got, want string }{
		{"specversion", theirs.SpecVersion(), "1.0"},
		{"id", theirs.ID(), ours.ID},
		{"source", theirs.Source(), ours.Source},
		{"type", theirs.Type(), ours.Type()},
		{"subject", theirs.Subject(), ours.Subject},
		{"datacontenttype", theirs.DataContentType(), "application/json"},
		{"time", theirs.Time().UTC().Format(time.RFC3339Nano), ours.Time.Format(time.RFC3339Nano)},
		{"kind", text("kind"), string(ours.Kind)},
		{"severity", text("severity"), string(ours.Severity)},
		{"environment", text("environment"), ours.Environment},
		{"tenant", text("tenant"), ours.Tenant},
		{"actor", text("actor"), ours.Actor},
		{"correlationid", text("correlationid"), ours.CorrelationID},
		{"causationid", text("causationid"), ours.CausationID},
		{"traceparent", text("traceparent"), ours.TraceParent},
		{"dataclassification", text("dataclassification"), string(ours.DataClass)},
		{"data", string(theirs.Data()), string(ours.Event.(schema.Raw).Data)},
	} {
		if c.got != c.want {
			t.Errorf("%s: %s is not what carebus wrote", ours.Type(), c.name)
		}
	}
	if v, ok := extensions["schemaversion"].(int32); !ok || int(v) != ours.SchemaVersion {
		t.Errorf("%s: schemaversion is %T", ours.Type(), extensions["schemaversion"])
	}
}

// newEvent returns an event as a service with the SDK makes it.
func newEvent(t *testing.T, set ...func(*cloudevents.Event)) cloudevents.Event {
	t.Helper()
	e := cloudevents.New()
	e.SetID("sdk-1")
	e.SetSource("https://pms.example/identity")
	e.SetType("auth.login")
	if err := e.SetData("application/json", map[string]any{"outcome": "success", "client": map[string]string{"ip": "192.0.2.1"}, "more": []int{1}}); err != nil {
		t.Fatal(err)
	}
	for _, f := range set {
		f(&e)
	}
	return e
}

// carebus reads what the SDK writes, with and without what is optional.
func TestCarebusReadsSDK(t *testing.T) {
	r := schema.Catalogue()
	at := time.Date(2024, 1, 15, 14, 3, 22, 123456789, time.FixedZone("", -5*3600))
	for _, c := range []struct {
		name string
		in   cloudevents.Event
		want func(*schema.Envelope)
	}{
		{"least", newEvent(t), func(*schema.Envelope) {}},
		{"everything", newEvent(t, func(e *cloudevents.Event) {
			e.SetSubject("user/42")
			e.SetTime(at)
			e.SetDataSchema("urn:carebus:type:auth.login:1")
			e.SetExtension("kind", "auth")
			e.SetExtension("severity", "high")
			e.SetExtension("environment", "test")
			e.SetExtension("tenant", "practice-1")
			e.SetExtension("actor", "user/7")
			e.SetExtension("correlationid", "c-1")
			e.SetExtension("causationid", "e-0")
			e.SetExtension("traceparent", trace)
			e.SetExtension("schemaversion", 1)
			e.SetExtension("dataclassification", "restricted")
			e.SetExtension("comexampleother", true)
		}), func(e *schema.Envelope) {
			*e = schema.Envelope{
				ID: e.ID, Source: e.Source, Event: e.Event, Subject: "user/42", Time: at.UTC().Truncate(time.Microsecond), Kind: schema.KindAuth,
				Severity: schema.SeverityHigh, Environment: "test", Tenant: "practice-1", Actor: "user/7", CorrelationID: "c-1", CausationID: "e-0",
				TraceParent: trace, SchemaVersion: 1, DataClass: schema.DataRestricted,
			}
		}},
		{"a type of its own", newEvent(t, func(e *cloudevents.Event) { e.SetType("com.example.thing") }), func(e *schema.Envelope) {
			e.Event = schema.Raw{Name: "com.example.thing", Data: json.RawMessage(`{"client":{"ip":"192.0.2.1"},"more":[1],"outcome":"success"}`)}
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			b, err := json.Marshal(c.in)
			if err != nil {
				t.Fatal(err)
			}
			got, err := r.DecodeInput(b)
			if err != nil {
				t.Fatal(err)
			}
			want := schema.Envelope{ID: "sdk-1", Source: "https://pms.example/identity", Event: schema.Auth{
				Action: "login", Outcome: schema.Success, Client: &schema.Client{IP: "192.0.2.1"}, Data: json.RawMessage(`{"more":[1]}`),
			}}
			c.want(&want)
			got.Time = got.Time.Truncate(time.Microsecond)
			if !reflect.DeepEqual(got, want) {
				t.Errorf("%s did not come through", b)
			}
		})
	}
}

// The binary mode of the SDK's HTTP binding, headers and body, is read too.
func TestCarebusReadsBinaryMode(t *testing.T) {
	r := schema.Catalogue()
	for _, line := range lines(t) {
		var theirs cloudevents.Event
		if err := json.Unmarshal(line, &theirs); err != nil {
			t.Fatal(err)
		}
		request := httptest.NewRequest(http.MethodPost, "http://pms.example/", nil)
		if err := cehttp.WriteRequest(binding.WithForceBinary(t.Context()), binding.ToMessage(&theirs), request); err != nil {
			t.Fatal(err)
		}
		attributes := map[string]string{"datacontenttype": request.Header.Get("Content-Type")}
		for name, values := range request.Header {
			if attribute, ok := strings.CutPrefix(strings.ToLower(name), "ce-"); ok {
				attributes[attribute] = values[0]
			}
		}
		body, err := io.ReadAll(request.Body)
		if err != nil {
			t.Fatal(err)
		}
		got, err := r.DecodeBinary(attributes, body)
		if err != nil {
			t.Errorf("%s: %v", theirs.Type(), err)
			continue
		}
		want, err := r.Decode(line)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s changed on its way through the headers", theirs.Type())
		}
	}
}

// What carebus can't carry is refused and not mangled: data that is no JSON.
func TestCarebusRefusesOtherData(t *testing.T) {
	for name, set := range map[string]func(*cloudevents.Event){
		"binary": func(e *cloudevents.Event) {
			if err := e.SetData("application/octet-stream", []byte{1, 2}); err != nil {
				t.Fatal(err)
			}
		},
		"text": func(e *cloudevents.Event) {
			if err := e.SetData("text/plain", "Jane"); err != nil {
				t.Fatal(err)
			}
		},
	} {
		b, err := json.Marshal(newEvent(t, set))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := schema.Catalogue().DecodeInput(b); err == nil || strings.Contains(err.Error(), "Jane") {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

// The batch format goes both ways.
func TestBatch(t *testing.T) {
	r := schema.Catalogue()
	var events []schema.Envelope
	for _, line := range lines(t) {
		e, err := r.Decode(line)
		if err != nil {
			t.Fatal(err)
		}
		events = append(events, e)
	}
	b, err := schema.AppendBatch(nil, events)
	if err != nil {
		t.Fatal(err)
	}
	var theirs []cloudevents.Event
	if err := json.Unmarshal(b, &theirs); err != nil {
		t.Fatal(err)
	}
	if len(theirs) != len(events) {
		t.Fatalf("the SDK reads %d events of %d", len(theirs), len(events))
	}
	for i, e := range theirs {
		if err := e.Validate(); err != nil || e.ID() != events[i].ID {
			t.Errorf("event %d: %v", i, err)
		}
	}
	again, err := json.Marshal(theirs)
	if err != nil {
		t.Fatal(err)
	}
	back, err := r.DecodeInputBatch(again)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(back, events) {
		t.Error("the batch changed on its way through the SDK")
	}
}
