package setup

import (
	"context"

	"github.com/carebus/carebus/etl"
	"github.com/carebus/carebus/eventbus"
)

// Logs returns what tells a pipeline of the logs of a bus, those among them that
// came with new shards.
func Logs(bus *eventbus.Bus) func(context.Context) ([]etl.Log, error) {
	return func(ctx context.Context) ([]etl.Log, error) {
		current, err := bus.CurrentLogs(ctx)
		logs := make([]etl.Log, len(current))
		for i, l := range current {
			logs[i] = l
		}
		return logs, err
	}
}
