package httpapi

import (
	"cmp"
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	"github.com/carebus/carebus/schema"
)

// A problem is an RFC 9457 problem detail. Its texts are written here, or by
// package schema, whose faults hold no values.
type problem struct {
	Type     string  `json:"type"` // urn:carebus:problem:<name>
	Title    string  `json:"title"`
	Status   int     `json:"status"`
	Detail   string  `json:"detail,omitempty"`
	Instance string  `json:"instance,omitempty"` // urn:uuid: of the request
	Errors   []fault `json:"errors,omitempty"`
	Results  any     `json:"results,omitempty"` // of a batch that failed as a whole

	name       string // the last word of Type
	retryAfter time.Duration
	allow      string // for 405
}

// A fault is one broken rule of an event.
type fault struct {
	Field   string `json:"field"`   // a dotted path; "event" for the whole
	Pointer string `json:"pointer"` // the same as a JSON Pointer (RFC 6901)
	Rule    string `json:"rule"`
}

const problemType = "application/problem+json"

// The problems, by name. The name is the end of the type's URN and, in
// snake_case, the reason in the audit trail.
var problems = map[string]struct {
	status int
	title  string
}{
	"not-found":          {http.StatusNotFound, "There is no such resource"},
	"no-such-type":       {http.StatusNotFound, "There is no such event type"},
	"not-configured":     {http.StatusNotFound, "This server has no such part"},
	"method-not-allowed": {http.StatusMethodNotAllowed, "The resource doesn't take this method"},
	"no-credentials":     {http.StatusUnauthorized, "Credentials are required"},
	"bad-credentials":    {http.StatusUnauthorized, "The credentials are refused"},
	"missing-scope":      {http.StatusForbidden, "The credentials lack the scope"},
	"wrong-environment":  {http.StatusForbidden, "The credentials belong to another environment"},
	"type-not-allowed":   {http.StatusForbidden, "The credentials don't allow this event type"},
	"cross-origin":       {http.StatusForbidden, "Cross-origin requests are refused"},
	"bad-parameter":      {http.StatusBadRequest, "A parameter is invalid"},
	"bad-body":           {http.StatusBadRequest, "The body can't be read"},
	"body-too-large":     {http.StatusRequestEntityTooLarge, "The body is too large"},
	"event-too-large":    {http.StatusRequestEntityTooLarge, "The event is too large"},
	"too-many-events":    {http.StatusRequestEntityTooLarge, "The batch holds too many events"},
	"unsupported-type":   {http.StatusUnsupportedMediaType, "The body's media type or encoding is not supported"},
	"invalid-event":      {http.StatusUnprocessableEntity, "The event is invalid"},
	"unknown-type":       {http.StatusUnprocessableEntity, "The event's type is not registered"},
	"unscrubbable":       {http.StatusUnprocessableEntity, "The event can't be scrubbed"},
	"batch-failed":       {http.StatusUnprocessableEntity, "No event of the batch was accepted"},
	"rate-limited":       {http.StatusTooManyRequests, "Too many requests"},
	"too-many-streams":   {http.StatusTooManyRequests, "Too many live streams are open"},
	"internal":           {http.StatusInternalServerError, "Something went wrong"},
	"bus-unavailable":    {http.StatusServiceUnavailable, "The bus is unavailable"},
	"bus-full":           {http.StatusServiceUnavailable, "The bus is full"},
	"audit-unavailable":  {http.StatusServiceUnavailable, "The audit trail can't be written"},
	"auth-unavailable":   {http.StatusServiceUnavailable, "Credentials can't be checked now"},
	"etl-failed":         {http.StatusServiceUnavailable, "The pipeline doesn't obey"},
	"not-ready":          {http.StatusServiceUnavailable, "The server is not ready"},
}

// newProblem returns the problem of that name. Detail holds no value of the request.
func newProblem(name, detail string) *problem {
	p := problems[name]
	return &problem{
		Type: "urn:carebus:problem:" + name, Title: p.title, Status: p.status, Detail: detail,
		name: name, retryAfter: defaultRetry[p.status],
	}
}

// defaultRetry is the Retry-After of problems that know no better.
var defaultRetry = map[int]time.Duration{
	http.StatusTooManyRequests:    time.Second,
	http.StatusServiceUnavailable: 2 * time.Second,
}

// withFaults adds the faults of an event. One of the whole is told as "event".
func (p *problem) withFaults(faults []schema.Fault) *problem {
	for _, f := range faults {
		p.Errors = append(p.Errors, fault{Field: cmp.Or(f.Field, "event"), Pointer: f.Pointer(), Rule: f.Rule})
	}
	return p
}

// write answers with the problem.
func (p *problem) write(w http.ResponseWriter, r *http.Request, requestID string) {
	q := *p
	q.Instance = "urn:uuid:" + requestID
	h := w.Header()
	h.Set("Content-Type", problemType)
	h.Set("Cache-Control", "no-store")
	if p.retryAfter > 0 {
		h.Set("Retry-After", strconv.Itoa(int((p.retryAfter+time.Second-1)/time.Second)))
	}
	if p.Status == http.StatusUnauthorized {
		h.Set("WWW-Authenticate", `Bearer realm="carebus"`)
	}
	if p.allow != "" {
		h.Set("Allow", p.allow)
	}
	body, err := json.Marshal(q)
	if err != nil { // strings and numbers always encode
		panic("httpapi: a problem did not encode")
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(p.Status)
	if r.Method != http.MethodHead {
		w.Write(body) //nolint:errcheck // the client may be gone
	}
}
