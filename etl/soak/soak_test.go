package soak

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/carebus/carebus/etl"
	"github.com/carebus/carebus/etl/s3sink"
	"github.com/carebus/carebus/eventbus"
	"github.com/carebus/carebus/internal/redistest"
	"github.com/carebus/carebus/internal/s3test"
	"github.com/carebus/carebus/schema"
)

var (
	kills  = flag.Int("soak.kills", 12, "how often a sink process is killed")
	events = flag.Int("soak.events", 12_000, "how many events are published meanwhile")
)

// A rig is a bus, a store and who was acknowledged.
type rig struct {
	redis  *redistest.Server
	s3     s3test.Server
	bus    *eventbus.Bus
	shards int
	acked  map[string]bool
}

func newRig(t *testing.T, shards int) *rig {
	t.Helper()
	r := &rig{redis: redistest.Real(t), s3: s3test.Start(t), shards: shards, acked: map[string]bool{}}
	var err error
	if r.bus, err = openBus(t.Context(), r.redis.URL, shards); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.bus.Close() })
	return r
}

// sink is the configuration of a sink process that reaches the store at an endpoint.
func (r *rig) sink(endpoint string) sinkConfig {
	return sinkConfig{
		Redis: r.redis.URL, Shards: r.shards, Batch: 200, Age: 300 * time.Millisecond,
		S3: s3sink.Config{
			Bucket: r.s3.Bucket, Prefix: "lake", Endpoint: endpoint,
			Timeout: time.Second, MinPause: 5 * time.Millisecond, MaxPause: 200 * time.Millisecond,
		},
	}
}

// publish publishes n events, evenly over about d, in batches.
func (r *rig) publish(t *testing.T, ctx context.Context, n int, d time.Duration) {
	t.Helper()
	const batch = 100
	tick := time.NewTicker(max(time.Millisecond, d*batch/time.Duration(n)))
	defer tick.Stop()
	for i := 0; i < n; i += batch {
		all := r.events(min(batch, n-i))
		if err := r.bus.Publish(ctx, all...); err != nil {
			t.Errorf("publish: %v", err)
			return
		}
		for _, e := range all {
			r.acked[e.ID] = true
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// events returns n new events of two types and many subjects.
func (r *rig) events(n int) []schema.Envelope {
	types := []schema.CRUD{{Entity: "appointment", Operation: schema.Created}, {Entity: "user", Operation: schema.Updated}}
	var all []schema.Envelope
	for k := range n {
		e := types[k%len(types)]
		e.EntityID = fmt.Sprint(k)
		all = append(all, schema.Envelope{ID: schema.NewID(), Source: "pms/soak", Subject: fmt.Sprintf("user/%d", k%97), Event: e})
	}
	return all
}

// drain carries the rest in a process of its own, past any faults.
func (r *rig) drain(t *testing.T) {
	t.Helper()
	c := r.sink(r.s3.Endpoint)
	c.S3.Timeout = 20 * time.Second
	c.Drain = true
	start(t, c, r.s3.Env()).wait(t)
}

// check fails t unless each acknowledged event is in the lake once, no other
// is, and the lake is what its plans say.
func (r *rig) check(t *testing.T) {
	t.Helper()
	counts, objects := r.counts(t)
	lost, twice := 0, 0
	for id := range r.acked {
		switch n := counts[id]; {
		case n == 0:
			lost++
		case n > 1:
			twice++
		}
	}
	if lost > 0 || twice > 0 || len(counts) != len(r.acked) {
		t.Errorf("%d events were acknowledged: %d lost, %d twice; the lake holds %d", len(r.acked), lost, twice, len(counts))
	}
	c := r.sink(r.s3.Endpoint)
	r.s3.Setenv(t)
	sink, err := s3sink.New(t.Context(), c.S3)
	if err != nil {
		t.Fatal(err)
	}
	var rows, plans uint64
	for _, l := range r.bus.Logs() {
		v, err := etl.Verify(t.Context(), etl.VerifyConfig{Sink: sink, Environment: environment, Log: l.Name()})
		if err != nil {
			t.Fatal(err)
		}
		if len(v.Problems) > 0 || v.Lost+v.Refused+v.Quarantined > 0 {
			t.Errorf("log %s: %+v", l.Name(), v)
		}
		rows, plans = rows+v.Rows, plans+v.Plans
	}
	if rows != uint64(len(r.acked)) {
		t.Errorf("the plans hold %d rows, want %d", rows, len(r.acked))
	}
	t.Logf("%d events acknowledged, %d lost, %d twice; %d plans, %d objects", len(r.acked), lost, twice, plans, objects)
}

// counts returns how often each event is in the lake, as a reader sees it who
// knows nothing of plans.
func (r *rig) counts(t *testing.T) (counts map[string]int, objects int) {
	t.Helper()
	client := r.s3.Client()
	counts = map[string]int{}
	pages := s3.NewListObjectsV2Paginator(client, &s3.ListObjectsV2Input{Bucket: aws.String(r.s3.Bucket), Prefix: aws.String("lake/events/")})
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range page.Contents {
			out, err := client.GetObject(t.Context(), &s3.GetObjectInput{Bucket: aws.String(r.s3.Bucket), Key: o.Key})
			if err != nil {
				t.Fatal(err)
			}
			var body bytes.Buffer
			_, err = body.ReadFrom(out.Body)
			lines, decodeErr := etl.Snappy().Decode(nil, body.Bytes())
			if err := errors.Join(err, decodeErr, out.Body.Close()); err != nil {
				t.Fatal(err)
			}
			for line := range bytes.Lines(lines) {
				var row struct {
					EventID string `json:"event_id"`
				}
				if err := json.Unmarshal(line, &row); err != nil {
					t.Fatal(err)
				}
				counts[row.EventID]++
			}
			objects++
		}
	}
	return counts, objects
}

// killing runs two sinks at an endpoint, kills one or the other at random
// moments, and starts it again, while events are published.
func (r *rig) killing(t *testing.T, endpoint string) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	const between = 350 * time.Millisecond // on average, between two kills
	published := make(chan struct{})
	go func() {
		defer close(published)
		r.publish(t, ctx, *events, time.Duration(*kills)*between)
	}()
	config := r.sink(endpoint)
	sinks := [2]*process{start(t, config, r.s3.Env()), start(t, config, r.s3.Env())}
	for range *kills {
		time.Sleep(time.Duration(rand.Int64N(int64(2 * between))))
		i := rand.IntN(2)
		sinks[i].kill()
		sinks[i] = start(t, config, r.s3.Env())
	}
	<-published
	for _, s := range sinks {
		s.kill()
	}
	r.drain(t)
	r.check(t)
}

func TestKills(t *testing.T) {
	r := newRig(t, 2)
	r.killing(t, r.s3.Endpoint)
	t.Logf("%d kills", *kills)
}

func TestKillsWithAFaultyStore(t *testing.T) {
	r := newRig(t, 2)
	store, endpoint := startFaultyStore(t, r.s3.Endpoint, 12)
	r.killing(t, endpoint)
	if store.total() == 0 {
		t.Error("no fault was injected")
	}
	t.Logf("%d kills, %d faults", *kills, store.total())
}

// TestRedisRestarts: the server is stopped and started while sinks carry; each
// time its history changes.
func TestRedisRestarts(t *testing.T) {
	r := newRig(t, 1)
	s := start(t, r.sink(r.s3.Endpoint), r.s3.Env())
	for range 3 {
		r.publish(t, t.Context(), 1000, 300*time.Millisecond)
		r.redis.Stop(t)
		r.redis.Restart(t)
	}
	r.publish(t, t.Context(), 1000, 300*time.Millisecond)
	s.stop(t)
	r.drain(t)
	r.check(t)
	plans, err := r.s3.Client().ListObjectsV2(t.Context(), &s3.ListObjectsV2Input{Bucket: aws.String(r.s3.Bucket), Prefix: aws.String("lake/plans/")})
	if err != nil || len(plans.Contents) == 0 || !strings.HasSuffix(*plans.Contents[0].Key, ".json") {
		t.Errorf("plans: %v", err)
	}
}
