package etl_test

import (
	"context"
	"errors"
	"testing"

	"github.com/carebus/carebus/etl"
	"github.com/carebus/carebus/etl/logtest"
)

// TestModelLogs: the logs of the models are what the pipeline expects of one.
func TestModelLogs(t *testing.T) {
	for name, open := range map[string]func() (etl.Log, func(*testing.T, []byte)){
		"memory": etl.NewMemoryLog, "history": etl.NewHistoryLog,
	} {
		t.Run(name, func(t *testing.T) {
			logtest.Run(t, func(*testing.T) logtest.Subject {
				l, publish := open()
				return logtest.Subject{Log: l, Publish: publish}
			})
		})
	}
}

// TestLogs: logs of a type of their own become what a Config takes.
func TestLogs(t *testing.T) {
	mine := []*threeEvents{{}, {}}
	logs := etl.Logs(mine)
	if len(logs) != 2 || logs[0] != etl.Log(mine[0]) || logs[1] != etl.Log(mine[1]) || len(etl.Logs[*threeEvents](nil)) != 0 {
		t.Errorf("%v", logs)
	}
	away := errors.New("away")
	for _, want := range []error{nil, away} {
		more, err := etl.MoreLogs(func(context.Context) ([]*threeEvents, error) { return mine[1:], want })(t.Context())
		if !errors.Is(err, want) || len(more) != 1 || more[0] != etl.Log(mine[1]) {
			t.Errorf("%v, %v", more, err)
		}
	}
}
