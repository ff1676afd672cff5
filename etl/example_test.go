package etl_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/alicebob/miniredis/v2"

	"github.com/carebus/carebus/etl"
	"github.com/carebus/carebus/eventbus"
	"github.com/carebus/carebus/phi"
	"github.com/carebus/carebus/schema"
)

// threeEvents is a Log as a bus has it: here, three events that are there from
// the start.
type threeEvents struct{ cursor schema.Cursor }

func (*threeEvents) Name() string { return "0" }

func (*threeEvents) Read(_ context.Context, after string, _ int) ([]schema.Entry, error) {
	if after != "" {
		return nil, nil
	}
	var entries []schema.Entry
	at := time.Date(2024, 1, 15, 14, 3, 22, 0, time.UTC)
	for i := range 3 {
		e := schema.Envelope{
			ID: fmt.Sprintf("e-%d", i), Source: "pms/identity", Time: at, Kind: schema.KindCRUD, Severity: schema.SeverityLow,
			Environment: "test", SchemaVersion: 1, DataClass: schema.DataInternal,
			Event: schema.Raw{Name: "user.created", Data: json.RawMessage(`{"entity_id":"42"}`)},
		}
		data, err := e.AppendJSON(nil)
		if err != nil {
			return nil, err
		}
		entries = append(entries, schema.Entry{ID: fmt.Sprintf("%d-%d", at.UnixMilli(), i), Data: data})
	}
	return entries, nil
}

func (l *threeEvents) Cursor(context.Context) (schema.Cursor, error) { return l.cursor, nil }

func (l *threeEvents) Commit(_ context.Context, next schema.Cursor) (bool, error) {
	l.cursor = next
	return true, nil
}

// noPHI stands for a scrubber of package phi.
var noPHI = etl.ScrubFunc(func(dst, event []byte) ([]byte, error) { return append(dst, event...), nil })

// Carry a log into a lake, and check the lake against its plans.
func Example() {
	ctx := context.Background()
	sink := etl.Memory() // or etl.Dir, or package s3sink
	pipeline, err := etl.New(etl.Config{
		Logs: []etl.Log{&threeEvents{}}, Sink: sink, Scrubber: noPHI, Environment: "test",
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := pipeline.Drain(ctx); err != nil {
		fmt.Println(err)
	}
	for _, key := range sink.Keys() {
		fmt.Println(key)
	}
	v, err := etl.Verify(ctx, etl.VerifyConfig{Sink: sink, Environment: "test", Log: "0"})
	fmt.Println(v.Plans, "plan,", v.Rows, "rows,", len(v.Problems), "problems", err)
	// Output:
	// events/test/year=2024/month=01/day=15/hour=14/event_type=user.created/0-00000000000000000001-0.jsonl.snappy
	// plans/test/0/00000000000000000001.json
	// 1 plan, 3 rows, 0 problems <nil>
}

// Carry the events of a bus into a lake. The lake has a scrubber of its own: what
// stands in Redis may have been written by others.
func ExampleNew() {
	ctx := context.Background()
	server := miniredis.NewMiniRedis() // a Redis for the example
	if err := server.Start(); err != nil {
		fmt.Println(err)
		return
	}
	defer server.Close()
	key, registry := []byte("32 random bytes from your secrets"), schema.Catalogue()
	scrubber, err := phi.New(phi.Config{Key: key, Profile: phi.Operational})
	if err != nil {
		fmt.Println(err)
		return
	}
	bus, err := eventbus.Open(ctx, eventbus.Config{URL: "redis://" + server.Addr(), Environment: "staging", Scrubber: scrubber, Registry: registry})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer bus.Close()
	err = bus.Publish(ctx, schema.Envelope{Source: "pms/identity", Subject: "user/42", Event: schema.CRUD{
		Entity: "user", Operation: schema.Created, EntityID: "42", Data: json.RawMessage(`{"name":"Ann Lee","role":"clinician"}`),
	}})
	if err != nil {
		fmt.Println(err)
		return
	}

	lakeScrubber, err := phi.New(phi.Config{Key: key, Profile: phi.LimitedDataSet, Registry: registry})
	if err != nil {
		fmt.Println(err)
		return
	}
	sink := etl.Memory() // or etl.Dir, or package s3sink
	pipeline, err := etl.New(etl.Config{
		Logs:     etl.Logs(bus.Logs()),          // the shards that there are now
		MoreLogs: etl.MoreLogs(bus.CurrentLogs), // and those that Reshard adds
		Scrubber: etl.ScrubFunc(func(dst, event []byte) ([]byte, error) {
			dst, _, err := lakeScrubber.ScrubEvent(dst, event)
			return dst, err
		}),
		Sink: sink, Environment: "staging",
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := pipeline.Drain(ctx); err != nil { // a service calls Run, which goes on until ctx is done
		fmt.Println(err)
		return
	}
	for _, key := range sink.Keys() {
		if !strings.HasPrefix(key, "events/") {
			continue
		}
		body, err := sink.Get(ctx, key)
		if err != nil {
			fmt.Println(err)
			return
		}
		rows, err := etl.Snappy().Decode(nil, body)
		if err != nil {
			fmt.Println(err)
			return
		}
		row, err := etl.ParseRow(bytes.TrimSpace(rows))
		fmt.Println(row.Kind, string(row.Payload), err)
	}
	// Output:
	// crud {"entity_id":"phi_k1_personid_kqr7f5lqofewc2i37hnywu3bca","name":"[NAME]","role":"clinician"} <nil>
}

// Read a lake's rows in Go. Queries are for Athena and the like; see package athena.
func ExampleParseRow() {
	ctx := context.Background()
	sink := etl.Memory() // or any Store, whose List tells the keys
	pipeline, err := etl.New(etl.Config{
		Logs: []etl.Log{&threeEvents{}}, Sink: sink, Scrubber: noPHI, Environment: "test",
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := pipeline.Drain(ctx); err != nil {
		fmt.Println(err)
	}
	for _, key := range sink.Keys() {
		encoder, ok := etl.EncoderFor(key) // none for a plan
		if !ok {
			continue
		}
		body, err := sink.Get(ctx, key)
		if err != nil {
			fmt.Println(err)
		}
		lines, err := encoder.Decode(nil, body)
		if err != nil {
			fmt.Println(err)
		}
		for line := range bytes.Lines(lines) {
			row, err := etl.ParseRow(line)
			fmt.Println(row.EventID, row.OccurredAt.Format(time.DateOnly), string(row.Payload), err)
		}
	}
	// Output:
	// e-0 2024-01-15 {"entity_id":"42"} <nil>
	// e-1 2024-01-15 {"entity_id":"42"} <nil>
	// e-2 2024-01-15 {"entity_id":"42"} <nil>
}

// Keep some events in a table of their own, and others out of the lake.
func ExampleRoute() {
	ctx := context.Background()
	sink := etl.Memory()
	pipeline, err := etl.New(etl.Config{
		Logs: []etl.Log{&threeEvents{}}, Sink: sink, Scrubber: noPHI, Environment: "test",
		Transforms: []etl.Transform{
			etl.Filter("not-the-first", func(r *etl.Record) bool { return r.ID != "e-0" }),
			etl.Route("accounts", func(r *etl.Record) string {
				if r.Type() == "user.created" {
					return "accounts"
				}
				return "" // the table that it would go to anyway
			}),
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := pipeline.Drain(ctx); err != nil {
		fmt.Println(err)
	}
	fmt.Println(sink.Keys()[0])
	fmt.Println(pipeline.Status().Rows, "rows,", pipeline.Status().Dropped, "dropped")
	// Output:
	// accounts/test/year=2024/month=01/day=15/hour=14/event_type=user.created/0-00000000000000000001-0.jsonl.snappy
	// 2 rows, 1 dropped
}

// Start and stop a pipeline by request.
func ExampleController() {
	pipeline, err := etl.New(etl.Config{
		Logs: []etl.Log{&threeEvents{}}, Sink: etl.Memory(), Scrubber: noPHI, Environment: "test",
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	controller := etl.NewController(pipeline)
	if err := controller.Start(context.Background()); err != nil {
		fmt.Println(err)
	}
	fmt.Println(controller.Status().State)
	if err := controller.Stop(context.Background()); err != nil {
		fmt.Println(err)
	}
	fmt.Println(controller.Status().State)
	// Output:
	// running
	// stopped
}
