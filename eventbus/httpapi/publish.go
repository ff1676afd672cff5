package httpapi

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/carebus/carebus/schema"
)

// An item is one event of a request on its way.
type item struct {
	event   schema.Envelope
	receipt Receipt
	bad     *problem
}

// publish takes one event or a batch.
func (h *Handler) publish(c *call) *problem {
	began := h.config.Now()
	raws, single, bad := h.readEvents(c)
	if bad != nil {
		return bad
	}
	c.record.Object = "batch"
	if len(raws) == 0 {
		return newProblem("bad-body", "The batch is empty.")
	}
	if len(raws) > 1 { // the request itself has taken one
		if wait, ok := h.limits.allow(&h.config, &c.principal, 1, len(raws)-1); !ok {
			return rateLimited(wait)
		}
	}
	items := make([]item, len(raws))
	key, bad := idempotencyKey(c.r)
	if bad != nil {
		return bad
	}
	for i, raw := range raws {
		h.decode(c, raw, &items[i])
		if key != "" && items[i].event.ID == "" {
			items[i].event.ID = key
			if !single {
				items[i].event.ID += "." + strconv.Itoa(i)
			}
		}
	}
	h.send(c, items)
	h.stats.countPublish(items, h.config.Now().Sub(began))
	h.account(c, items)
	if single {
		if bad := items[0].bad; bad != nil {
			if bad.name == "invalid-event" && len(raws[0].json) > 0 && !isJSON(raws[0].json) { // no event at all
				return newProblem("bad-body", "The body must be JSON, in UTF-8.")
			}
			return bad
		}
		return c.json(http.StatusAccepted, result(&items[0]))
	}
	return c.answerBatch(items)
}

// decode makes an event of its JSON and checks that the principal may publish it.
func (h *Handler) decode(c *call, raw rawEvent, it *item) {
	if raw.cloudEvent && !hasSpecVersion(raw.json) {
		it.bad = newProblem("invalid-event", "").withFaults([]schema.Fault{{Field: "specversion", Rule: "must be 1.0"}})
		return
	}
	var e schema.Envelope
	var err error
	if raw.attributes != nil {
		e, err = h.config.Registry.DecodeBinary(raw.attributes, raw.json)
	} else {
		e, err = h.config.Registry.DecodeInput(raw.json)
	}
	if err != nil {
		it.bad = problemOf(err)
		return
	}
	if e.TraceParent == "" {
		t := c.r.Header.Get("Traceparent")
		if _, ok := schema.ParseTraceParent(t); ok { // one that breaks the standard's rules is passed over, as it asks
			e.TraceParent = t
		}
	}
	if _, known := h.config.Registry.Lookup(e.Type()); known && !c.principal.MayPublish(e.Type()) {
		it.bad = newProblem("type-not-allowed", "")
		return
	}
	it.event = e
}

// send publishes the events that are good so far. What fails for no fault of the
// sender's is told to the log, once.
func (h *Handler) send(c *call, items []item) {
	var events []schema.Envelope
	var places []int
	for i := range items {
		if items[i].bad == nil {
			events, places = append(events, items[i].event), append(places, i)
		}
	}
	if len(events) == 0 {
		return
	}
	receipts, err := h.config.Publisher.PublishBatch(c.ctx, events)
	var each schema.BatchError
	whole := err != nil && (!errors.As(err, &each) || len(each) != len(events))
	var failure error // the first of failures
	failures := 0
	for n, i := range places {
		it := &items[i]
		switch {
		case whole:
			it.bad = problemOf(err)
		case each != nil && each[n] != nil:
			err = each[n]
			it.bad = problemOf(err)
		case n < len(receipts):
			it.receipt = receipts[n]
		default:
			err = errors.New("httpapi: an event has neither a receipt nor an error")
			it.bad = newProblem("internal", "")
		}
		if it.bad != nil && it.bad.Status >= http.StatusInternalServerError {
			if failures++; failure == nil {
				failure = err
			}
		}
	}
	if failure != nil {
		c.log.WarnContext(c.ctx, "httpapi: events were not published", "request", c.id, "events", failures, "error", failure)
	}
}

// account fills in what the audit trail is told.
func (h *Handler) account(c *call, items []item) {
	r := &c.record
	rejected, duplicates := 0, 0
	for i := range items {
		switch it := &items[i]; {
		case it.bad != nil:
			rejected++
		case it.receipt.Duplicate:
			duplicates++
		}
	}
	r.Count = len(items) - rejected
	if rejected > 0 || duplicates > 0 {
		r.Counts = map[string]int{"rejected": rejected, "duplicates": duplicates}
	}
	if len(items) == 1 {
		r.Object = ""
		if name := items[0].event.Type(); schema.ValidType(name) {
			if _, known := h.config.Registry.Lookup(name); known { // a stranger's name may be anything
				r.Object = name
			}
		}
	}
}

// problemOf tells what a refused event's sender should know.
func problemOf(err error) *problem {
	var invalid *schema.ValidationError
	switch {
	case errors.Is(err, schema.ErrUnknownType):
		p := newProblem("unknown-type", "GET "+typesPath+" lists the types.")
		if errors.As(err, &invalid) {
			p.withFaults(invalid.Faults)
		}
		return p
	case errors.Is(err, ErrUnscrubbable): // before the next: its faults say where
		p := newProblem("unscrubbable", "What can't be scrubbed is refused: an id or a type that is taken for PHI, or data nested too deep.")
		if errors.As(err, &invalid) {
			p.withFaults(invalid.Faults)
		}
		return p
	case errors.As(err, &invalid):
		return newProblem("invalid-event", "").withFaults(invalid.Faults)
	case errors.Is(err, ErrTooLarge):
		return newProblem("event-too-large", "")
	case errors.Is(err, ErrFull):
		return newProblem("bus-full", "Redis has no memory left. Publish again later, with the same id.")
	case errors.Is(err, ErrUnavailable), errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return newProblem("bus-unavailable", "The outcome is open. Publish again, with the same id.")
	}
	return newProblem("internal", "The outcome is open. Publish again, with the same id.")
}

// An accepted is the answer for an event that was published.
type accepted struct {
	ID        string `json:"id"`
	StreamID  string `json:"stream_id"`
	Duplicate bool   `json:"duplicate,omitempty"`
}

func result(it *item) any {
	if it.bad != nil {
		return map[string]*problem{"problem": it.bad}
	}
	return accepted{it.receipt.ID, it.receipt.StreamID, it.receipt.Duplicate}
}

// answerBatch answers 202 when all events were accepted, 207 when some were,
// and else with the problem that they share.
func (c *call) answerBatch(items []item) *problem {
	results := make([]any, len(items))
	good, same := 0, true
	retry := false
	for i := range items {
		it := &items[i]
		results[i] = result(it)
		if it.bad == nil {
			good++
			continue
		}
		same = same && items[0].bad != nil && it.bad.name == items[0].bad.name
		retry = retry || it.bad.retryAfter > 0
	}
	if good == 0 && len(items) > 0 {
		p := newProblem("batch-failed", "")
		if same {
			first := items[0].bad
			p = newProblem(first.name, first.Detail)
		}
		p.Results = results
		return p
	}
	status := http.StatusAccepted
	if good < len(items) {
		status = http.StatusMultiStatus
		if retry {
			c.w.Header().Set("Retry-After", "2")
		}
	}
	return c.json(status, map[string]any{"accepted": good, "rejected": len(items) - good, "results": results})
}

// idempotencyKey returns the value of Idempotency-Key, a string with or without
// quotes, to be used as an event's id.
func idempotencyKey(r *http.Request) (string, *problem) {
	values := r.Header.Values("Idempotency-Key")
	if len(values) == 0 {
		return "", nil
	}
	key := values[0]
	if len(key) >= 2 && key[0] == '"' && key[len(key)-1] == '"' {
		key = key[1 : len(key)-1]
	}
	const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
	if len(values) > 1 || key == "" || len(key) > 120 || strings.Trim(key, letters+"._:-") != "" || !strings.Contains(letters, key[:1]) {
		return "", newProblem("bad-parameter", "Idempotency-Key must stand once and be 1 to 120 letters, digits and ._:-, beginning with a letter or digit.")
	}
	return key, nil
}
