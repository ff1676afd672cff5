package schema_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/carebus/carebus/schema"
)

// A private payload of a user's own.
type intakeScored struct {
	schema.Private
	Name string `json:"name"`
}

func (intakeScored) Type() string    { return "intake.scored" }
func (intakeScored) Validate() error { return nil }

// Printing an event or a part of it, by whatever way, prints no payload.
func TestPrintingIsSafe(t *testing.T) {
	const secret = "Jane Patient"
	data := json.RawMessage(`{"name":"` + secret + `"}`)
	change := schema.Change{Field: secret, Before: data, After: data}
	client := schema.Client{IP: secret, UserAgent: secret, Device: secret}
	values := []any{change, &change, client, &client, []schema.Change{change}, schema.Entry{ID: secret, Data: data}, []schema.Entry{{ID: "1-0", Data: data}}}
	for _, event := range []schema.Event{
		schema.CRUD{Entity: "user", Operation: "created", EntityID: secret, Changes: []schema.Change{change}, Data: data},
		schema.Auth{Action: "login", Reason: secret, Client: &client, Data: data},
		schema.System{Action: "error", Message: secret, Data: data},
		schema.Business{Process: "invoice", Step: "paid", Amounts: []schema.Amount{{Name: secret}}, Data: data},
		schema.Raw{Name: secret, Data: data},
		intakeScored{Name: secret},
		visit{Extra: data},
	} {
		env := schema.Envelope{ID: secret, Source: secret, Subject: secret, Actor: secret, Kind: secret, Severity: secret, Environment: secret, Time: time.Now(), Event: event}
		values = append(values, event, env, &env, []schema.Envelope{env}, map[string]schema.Envelope{"a": env}, struct{ E schema.Envelope }{env})
	}
	for _, v := range values {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%x", "%X", "%t", "%e", "%T"} {
			check(t, verb, v, secret, fmt.Sprintf(verb, v))
		}
		check(t, "Errorf", v, secret, fmt.Errorf("failed: %w %v", fmt.Errorf("x"), v).Error())
		if s, ok := v.(fmt.Stringer); ok {
			check(t, "String", v, secret, s.String())
		}
		if s, ok := v.(fmt.GoStringer); ok {
			check(t, "GoString", v, secret, s.GoString())
		}
		if _, ok := v.(slog.LogValuer); ok {
			var b strings.Builder
			slog.New(slog.NewJSONHandler(&b, nil)).Info("event", "event", v)
			slog.New(slog.NewTextHandler(&b, nil)).Info("event", "event", v)
			check(t, "slog", v, secret, b.String())
		}
	}
}

func check(t *testing.T, way string, v any, secret, printed string) {
	t.Helper()
	for _, s := range []string{secret, fmt.Sprintf("%x", secret), fmt.Sprintf("%X", secret), fmt.Sprint([]byte(secret))} {
		if strings.Contains(printed, strings.Trim(s, "[]")) {
			t.Errorf("%s of %T prints the payload: %s", way, v, printed)
		}
	}
}

func TestPrintingSaysWhatItCan(t *testing.T) {
	id := "018d0d6f-1c8b-7f01-82ff-0102ff0102ff"
	e := schema.Envelope{ID: id, Kind: schema.KindAuth, Severity: schema.SeverityLow, Event: schema.Auth{Action: "login"}}
	if got, want := fmt.Sprint(e), "schema.Envelope(auth.login "+id+")"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got, want := fmt.Sprintf("%+v", e.Event), "schema.Auth(auth.login)"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got, want := fmt.Sprintf("%x", schema.Entry{ID: "1-0"}), "schema.Entry(1-0)"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got, want := e.LogValue().String(), "[type=auth.login id="+id+" kind=auth severity=low time="; !strings.HasPrefix(got, want) {
		t.Errorf("got %s, want %s", got, want)
	}
}
