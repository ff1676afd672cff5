package etl_test

import (
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
