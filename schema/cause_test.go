package schema_test

import (
	"context"
	"testing"

	"github.com/carebus/carebus/schema"
)

const (
	trace      = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
	otherTrace = "00-0af7651916cd43dd8448eb211c80319c-00f067aa0ba902b7-00"
)

func TestInherit(t *testing.T) {
	cause := schema.Envelope{ID: "e-1", CorrelationID: "c-1", TraceParent: trace}
	first := schema.Envelope{ID: "e-0"}
	background := t.Context()
	for _, c := range []struct {
		name                   string
		ctx                    context.Context
		in                     schema.Envelope
		correlation, causation string
		trace                  string
	}{
		{"nothing", background, schema.Envelope{}, "", "", ""},
		{"a cause", schema.WithCause(background, cause), schema.Envelope{}, "c-1", "e-1", trace},
		{"the first of a flow", schema.WithCause(background, first), schema.Envelope{}, "e-0", "e-0", ""},
		{"what the event says wins", schema.WithCause(background, cause), schema.Envelope{CorrelationID: "own", CausationID: "own", TraceParent: otherTrace}, "own", "own", otherTrace},
		{"a request", schema.WithTraceParent(schema.WithCorrelation(background, "r-1"), trace), schema.Envelope{}, "r-1", "", trace},
		{"a span within a cause", schema.WithTraceParent(schema.WithCause(background, cause), otherTrace), schema.Envelope{}, "c-1", "e-1", otherTrace},
		{"a broken header", schema.WithTraceParent(schema.WithCause(background, cause), "00-Jane"), schema.Envelope{}, "c-1", "e-1", trace},
		{"a cause within a cause", schema.WithCause(schema.WithCause(background, cause), schema.Envelope{ID: "e-2", CorrelationID: "c-2"}), schema.Envelope{}, "c-2", "e-2", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := c.in
			schema.Inherit(c.ctx, &e)
			if e.CorrelationID != c.correlation || e.CausationID != c.causation || e.TraceParent != c.trace {
				t.Errorf("got %q, %q, %q", e.CorrelationID, e.CausationID, e.TraceParent)
			}
			if got := schema.CorrelationID(c.ctx); c.in.CorrelationID == "" && got != c.correlation {
				t.Errorf("CorrelationID is %q", got)
			}
		})
	}
}
