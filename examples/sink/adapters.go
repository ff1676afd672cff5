package main

import (
	"context"

	"github.com/carebus/carebus/etl"
	"github.com/carebus/carebus/eventbus"
	"github.com/carebus/carebus/eventbus/httpapi"
	"github.com/carebus/carebus/phi"
	"github.com/carebus/carebus/phi/audit"
)

// The parts know each other through these lines, package busapi and the adapter
// below alone.
var (
	_ eventbus.Scrubber = (*phi.Scrubber)(nil)
	_ etl.Log           = (*eventbus.Log)(nil)
	_ httpapi.Auditor   = (*audit.Log)(nil)
	_ httpapi.ETL       = pipelineControl{}
)

// A pipelineControl is a pipeline's controller as the HTTP API wants it.
type pipelineControl struct{ *etl.Controller }

// ETLStatus implements [httpapi.ETL].
func (p pipelineControl) ETLStatus(context.Context) httpapi.ETLStatus {
	s := p.Status()
	out := httpapi.ETLStatus{
		State: string(s.State), Environment: s.Environment, Rows: s.Rows, Found: s.Found, Objects: s.Objects, Bytes: s.Bytes,
		Quarantined: s.Quarantined, Dropped: s.Dropped, Lost: s.Lost, Plans: s.Plans, LagAgeMS: s.LagAge.Milliseconds(), Logs: []httpapi.LogStatus{},
	}
	for _, l := range s.Logs {
		out.Logs = append(out.Logs, httpapi.LogStatus{
			Log: l.Log, State: string(l.State), Plan: l.Plan, Rows: l.Rows, Found: l.Found, Retries: l.Retries,
			Watermark: l.Watermark, LastCommit: l.LastCommit, LastError: string(l.LastError), LastErrorAt: l.LastErrorAt,
		})
	}
	return out
}
