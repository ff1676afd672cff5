package crosstest

import (
	"context"
	"testing"

	"github.com/carebus/carebus/etl/logtest"
	"github.com/carebus/carebus/eventbus"
	"github.com/carebus/carebus/internal/redistest"
	"github.com/carebus/carebus/phi"
)

const environment = "test"

// scrubKey is a key for tests alone.
var scrubKey = []byte("a key of thirty-two bytes or more")

func openBus(ctx context.Context, url string, shards int) (*eventbus.Bus, error) {
	scrubber, err := phi.New(phi.Config{Key: scrubKey})
	if err != nil {
		return nil, err
	}
	return eventbus.Open(ctx, eventbus.Config{URL: url, Environment: environment, Scrubber: scrubber, Shards: shards})
}

// TestLogContract: the bus's log is what the lake expects of one.
func TestLogContract(t *testing.T) {
	for name, start := range map[string]func(testing.TB) string{
		"miniredis":    redistest.Mini,
		"redis-server": func(t testing.TB) string { return redistest.Real(t, "--appendonly", "no").URL },
	} {
		t.Run(name, func(t *testing.T) {
			url := start(t)
			client := redistest.Client(t, url)
			logtest.Run(t, func(t *testing.T) logtest.Subject {
				if err := client.FlushAll(t.Context()).Err(); err != nil {
					t.Fatal(err)
				}
				bus, err := openBus(t.Context(), url, 1)
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() { bus.Close() })
				return logtest.Subject{Log: bus.Logs()[0], Publish: func(t *testing.T, data []byte) {
					t.Helper()
					if err := client.Do(t.Context(), "XADD", "carebus:{"+environment+".0}:events", "*", "event", data).Err(); err != nil {
						t.Fatal(err)
					}
				}}
			})
		})
	}
}
