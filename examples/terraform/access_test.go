package terraform

import (
	"context"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"

	"github.com/carebus/carebus/eventbus"
	"github.com/carebus/carebus/internal/redistest"
	"github.com/carebus/carebus/phi"
	"github.com/carebus/carebus/schema"
)

// accessStrings evaluates the access of each user of the cache.
func accessStrings(t *testing.T, environment string) map[string]string {
	t.Helper()
	all, err := load(t).parse()
	if err != nil {
		t.Fatal(err)
	}
	locals := map[string]cty.Value{}
	ctx := func() *hcl.EvalContext {
		return &hcl.EvalContext{
			Functions: map[string]function.Function{"join": stdlib.JoinFunc},
			Variables: map[string]cty.Value{
				"var":   cty.ObjectVal(map[string]cty.Value{"environment": cty.StringVal(environment)}),
				"local": cty.ObjectVal(locals),
			},
		}
	}
	for _, b := range all {
		if b.dir != "modules/bus" || b.Type != "locals" || b.text("access") == "" {
			continue
		}
		for _, name := range []string{"connect", "publish", "consume", "shards", "access"} {
			v, diags := b.Body.Attributes[name].Expr.Value(ctx())
			if diags.HasErrors() {
				t.Fatalf("%s: %v", name, diags)
			}
			locals[name] = v
		}
	}
	access := map[string]string{}
	for role, v := range locals["access"].AsValueMap() {
		access[role] = v.AsString()
	}
	return access
}

// TestConsumersMayDoWhatTheBusNeeds compares with what package eventbus says
// that a user needs.
func TestConsumersMayDoWhatTheBusNeeds(t *testing.T) {
	doc, err := os.ReadFile("../../eventbus/doc.go")
	if err != nil {
		t.Fatal(err)
	}
	rule := regexp.MustCompile(`(?s)ACL SETUSER carebus (.*?)\n//\n`).FindSubmatch(doc)
	cluster := regexp.MustCompile(`(?s)A cluster client also needs (.*?)\n//\n`).FindSubmatch(doc)
	if rule == nil || cluster == nil {
		t.Fatal("eventbus/doc.go names no ACL")
	}
	commands := regexp.MustCompile(`\+[a-z]+(\|[a-z]+)?`)
	want := commands.FindAllString(string(rule[1])+string(cluster[1]), -1)
	access := accessStrings(t, "test")
	for _, role := range []string{"consumer", "sink"} {
		got := commands.FindAllString(access[role], -1)
		for _, c := range want {
			if !slices.Contains(got, c) {
				t.Errorf("%s lacks %s", role, c)
			}
		}
		for _, c := range got {
			if !slices.Contains(want, c) {
				t.Errorf("%s has %s, which the bus doesn't need", role, c)
			}
		}
	}
}

// TestUsers tries the access out on a real Redis: a producer can publish and
// nothing else, and what a consumer does is within its rights.
func TestUsers(t *testing.T) {
	server := redistest.Real(t)
	admin := server.Client(t)
	for role, access := range accessStrings(t, "test") {
		args := []any{"ACL", "SETUSER", role, ">secret"}
		for word := range strings.FieldsSeq(access) {
			args = append(args, word)
		}
		if err := admin.Do(t.Context(), args...).Err(); err != nil {
			t.Fatalf("%s: %v", role, err)
		}
	}
	scrubber, err := phi.New(phi.Config{Key: []byte(strings.Repeat("k", 32))})
	if err != nil {
		t.Fatal(err)
	}
	config := func(role, environment string) eventbus.Config {
		return eventbus.Config{URL: "redis://" + role + ":secret@" + server.Addr, Environment: environment, Scrubber: scrubber}
	}
	open := func(role string) *eventbus.Bus {
		b, err := eventbus.Open(t.Context(), config(role, "test"))
		if err != nil {
			t.Fatalf("%s: %v", role, err)
		}
		t.Cleanup(func() { b.Close() }) //nolint:errcheck // a test's end
		return b
	}
	event := schema.Envelope{Source: "pms/identity", Subject: "user/1", Event: schema.CRUD{Entity: "user", Operation: schema.Created, EntityID: "1"}}

	if err := open("producer").Publish(t.Context(), event); err != nil {
		t.Fatalf("a producer can't publish: %v", err)
	}
	for _, command := range [][]any{
		{"XRANGE", "carebus:{test.0}:events", "-", "+"},
		{"XREAD", "STREAMS", "carebus:{test.0}:events", "0"},
		{"XGROUP", "CREATE", "carebus:{test.0}:events", "g", "0"},
		{"XTRIM", "carebus:{test.0}:events", "MAXLEN", "0"},
		{"DEL", "carebus:{test.0}:events"},
		{"HGETALL", "carebus:{test.0}:lake"},
		{"FLUSHALL"}, {"CONFIG", "GET", "*"}, {"KEYS", "*"}, {"ACL", "LIST"}, {"SLOWLOG", "GET"}, {"MONITOR"},
	} {
		if err := redistest.Client(t, "redis://producer:secret@"+server.Addr).Do(t.Context(), command...).Err(); err == nil || !strings.Contains(err.Error(), "NOPERM") {
			t.Errorf("a producer may do %v: %v", command[0], err)
		}
	}
	for _, role := range []string{"producer", "consumer", "sink"} {
		if b, err := eventbus.Open(t.Context(), config(role, "other")); err == nil {
			b.Close() //nolint:errcheck // it should not have been opened
			t.Errorf("%s may open another environment", role)
		}
	}

	consumer, err := open("consumer").Subscribe(eventbus.ConsumerConfig{Group: "test"})
	if err != nil {
		t.Fatal(err)
	}
	var handled atomic.Int64
	ctx, stop := context.WithTimeout(t.Context(), 2*time.Minute)
	defer stop()
	err = consumer.Run(ctx, eventbus.HandlerFunc(func(_ context.Context, events []schema.Envelope) error {
		handled.Add(int64(len(events)))
		stop()
		return nil
	}))
	if err != nil || handled.Load() != 1 {
		t.Errorf("a consumer handled %d events: %v", handled.Load(), err)
	}

	sink := open("sink")
	entries, err := sink.Logs()[0].Read(t.Context(), "0-0", 10)
	if err != nil || len(entries) != 1 {
		t.Fatalf("the sink read %d entries: %v", len(entries), err)
	}
	if ok, err := sink.Logs()[0].Commit(t.Context(), schema.Cursor{Plan: 1, Last: entries[0].ID}); err != nil || !ok {
		t.Errorf("the sink can't commit: %v", err)
	}
	if _, err := sink.Trim(t.Context(), eventbus.RetentionConfig{KeepFor: time.Millisecond}); err != nil {
		t.Errorf("the sink can't trim: %v", err)
	}
	err = redistest.Client(t, "redis://sink:secret@"+server.Addr).HSet(t.Context(), "carebus:{test}:apikeys", "a", "b").Err()
	if err != nil {
		t.Errorf("the sink can't keep API keys: %v", err)
	}
}

// TestColumnsAreTheRows: the table of Athena has the members of a row, in their
// order and of their types, as package etl documents them.
func TestColumnsAreTheRows(t *testing.T) {
	doc, err := os.ReadFile("../../etl/doc.go")
	if err != nil {
		t.Fatal(err)
	}
	rows := regexp.MustCompile(`(?s)# Rows\n(.*?)\n// # `).FindSubmatch(doc)
	if rows == nil {
		t.Fatal("etl/doc.go lists no rows")
	}
	var want []string
	for _, m := range regexp.MustCompile(`(?m)^//\t([a-z_]+) +(string|number)`).FindAllSubmatch(rows[1], -1) {
		kind := "string"
		if string(m[2]) == "number" {
			kind = "number"
		}
		want = append(want, string(m[1])+" "+kind)
	}
	all, err := load(t).parse()
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, b := range all {
		if b.dir != "modules/athena" || b.Type != "locals" {
			continue
		}
		columns, diags := b.Body.Attributes["columns"].Expr.Value(nil)
		if diags.HasErrors() {
			t.Fatal(diags)
		}
		for _, c := range columns.AsValueSlice() {
			kind := c.GetAttr("type").AsString()
			if kind == "bigint" || kind == "int" {
				kind = "number"
			}
			got = append(got, c.GetAttr("name").AsString()+" "+kind)
		}
	}
	if len(want) != 18 || !slices.Equal(got, want) {
		t.Errorf("columns %q, rows %q", got, want)
	}
}
