package schema

import "context"

// An inheritance is what the events of a flow have from what came before.
type inheritance struct{ correlation, causation, trace string }

type inheritanceKey struct{}

func inheritanceOf(ctx context.Context) inheritance {
	in, _ := ctx.Value(inheritanceKey{}).(inheritance)
	return in
}

// WithCause returns a context for work that an event caused: events published
// with it carry on the flow, see [Inherit]. It keeps the correlation id of the
// cause, or its id where it has none; its id as causation id; and its traceparent.
func WithCause(ctx context.Context, cause Envelope) context.Context {
	in := inheritance{cause.CorrelationID, cause.ID, cause.TraceParent}
	setDefault(&in.correlation, cause.ID)
	return context.WithValue(ctx, inheritanceKey{}, in)
}

// WithCorrelation returns a context whose events share a correlation id: for
// the start of a flow, such as an HTTP request. What else ctx carries stays.
func WithCorrelation(ctx context.Context, id string) context.Context {
	in := inheritanceOf(ctx)
	in.correlation = id
	return context.WithValue(ctx, inheritanceKey{}, in)
}

// WithTraceParent returns a context whose events carry a W3C traceparent, such
// as a request's header. One that breaks the standard's rules is ignored, as
// the standard asks, and ctx is returned. What else ctx carries stays.
func WithTraceParent(ctx context.Context, traceparent string) context.Context {
	if !validTraceparent(traceparent) {
		return ctx
	}
	in := inheritanceOf(ctx)
	in.trace = traceparent
	return context.WithValue(ctx, inheritanceKey{}, in)
}

// Inherit fills in what e leaves open of CorrelationID, CausationID and
// TraceParent with what ctx carries. The bus calls it on Publish.
func Inherit(ctx context.Context, e *Envelope) {
	in := inheritanceOf(ctx)
	setDefault(&e.CorrelationID, in.correlation)
	setDefault(&e.CausationID, in.causation)
	setDefault(&e.TraceParent, in.trace)
}

// CorrelationID returns the correlation id that ctx carries, or "".
func CorrelationID(ctx context.Context) string { return inheritanceOf(ctx).correlation }
