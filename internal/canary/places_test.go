package canary

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/carebus/carebus/etl"
)

// A place is where something came out, and the mark by which one sees that the
// right thing was taken.
type place struct {
	name, content, mark string
}

// serverFiles are what Redis wrote for itself.
func (r *rig) serverFiles() (places []place) {
	r.t.Helper()
	if err := r.client.Save(r.t.Context()).Err(); err != nil {
		r.t.Fatal(err)
	}
	slow, err := r.client.Do(r.t.Context(), "SLOWLOG", "GET", "-1").Slice()
	if err != nil {
		r.t.Fatal(err)
	}
	r.files(r.redis.Dir, func(name string, content []byte) error {
		want := ""
		if strings.HasSuffix(name, "dump.rdb") || strings.HasSuffix(name, ".incr.aof") {
			want = "patient.created"
		}
		places = append(places, place{"Redis' file " + name, string(content), want})
		return nil
	})
	return append(places,
		place{"the slow log", fmt.Sprint(slow...), "evalsha"},
		place{"MONITOR", r.monitor.String(), "patient.created"},
		place{"the stream", r.entries(stream), mark},
	)
}

// entries returns a stream's entries as text.
func (r *rig) entries(key string) string {
	r.t.Helper()
	messages, err := r.client.XRange(r.t.Context(), key, "-", "+").Result()
	if err != nil {
		r.t.Fatal(err)
	}
	return fmt.Sprint(messages)
}

// others are the keys of Redis but the stream.
func (r *rig) others() (places []place) {
	r.t.Helper()
	ctx := r.t.Context()
	places = append(places, place{"the dead letters", r.entries(dead), "permanent"})
	keys := r.client.Keys(ctx, "*").Val()
	for _, key := range keys {
		var value any
		switch r.client.Type(ctx, key).Val() {
		case "hash":
			value = r.client.HGetAll(ctx, key).Val()
		case "zset":
			value = r.client.ZRange(ctx, key, 0, -1).Val()
		case "string":
			value = r.client.Get(ctx, key).Val()
		case "stream":
			if key == stream {
				continue
			}
			value = r.entries(key)
		default:
			r.t.Errorf("nobody looks into the key %s", key)
		}
		places = append(places, place{"the key " + key, key + fmt.Sprint(value), ""})
	}
	groups, err := r.client.XInfoStreamFull(ctx, stream, 10).Result()
	if err != nil {
		r.t.Fatal(err)
	}
	return append(places, place{"the groups", fmt.Sprintf("%+v", groups.Groups), "lake"})
}

// files calls read with each file below a folder, and returns their names.
func (r *rig) files(dir string, read func(name string, content []byte) error) (names []string) {
	r.t.Helper()
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		names = append(names, name)
		return read(name, content)
	})
	if err != nil {
		r.t.Fatal(err)
	}
	return names
}

// lakePlaces are the lake's rows, decoded, its plans, and all names.
func (r *rig) lakePlaces(quarantine string) []place {
	r.t.Helper()
	var rows, plans, quarantined strings.Builder
	names := r.files(r.lake, func(name string, content []byte) error {
		lines := content
		var err error
		if strings.HasSuffix(name, ".snappy") {
			lines, err = etl.Snappy().Decode(nil, content)
		}
		switch {
		case strings.HasPrefix(name, "plans/"):
			plans.Write(lines)
		case strings.HasPrefix(name, "quarantine/"):
			quarantined.Write(lines)
		default:
			rows.Write(lines)
		}
		return err
	})
	return []place{
		{"the lake's rows", rows.String(), mark}, {"the lake's plans", plans.String(), etl.PlanFormat},
		{"the lake's quarantine", quarantined.String(), quarantine}, {"the lake's names", strings.Join(names, "\n"), "event_type=patient.created"},
	}
}

// downstream are the places behind Redis.
func (r *rig) downstream(quarantine string) []place {
	r.t.Helper()
	var trail strings.Builder
	r.files(r.auditDir, func(_ string, content []byte) error {
		_, err := trail.Write(content)
		return err
	})
	places := append(r.others(), r.lakePlaces(quarantine)...)
	return append(places,
		place{"the audit trail", trail.String(), "etl.commit"},
		place{"the sink's log and crash", r.sink.stderr.String(), "SIGQUIT"},
		place{"the sink's log and crash", r.sink.stderr.String(), "goroutine "},
		place{"the sink's output", r.sink.stdout.String(), ""},
		place{"the worker's log and crash", r.worker.stderr.String(), "SIGABRT"},
		place{"the worker's log and crash", r.worker.stderr.String(), "a handler panicked"},
		place{"the worker's log and crash", r.worker.stderr.String(), "careless: "},
		place{"the live stream", r.full.String(), "event: event"},
		place{"the live stream's summaries", r.summary.String(), "event: event"},
		place{"answers", r.answers.String(), "urn:carebus:problem:"},
		place{"answers", r.answers.String(), "carebus_"}, // metrics
		place{"spans and metrics", r.telemetry.String(), "carebus"},
		place{"spans and metrics", r.telemetry.String(), "messaging.operation"},
	)
}
