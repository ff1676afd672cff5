package httpapi

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sync/singleflight"

	"github.com/carebus/carebus/phi/audit"
)

// A Handler serves the events API. It is safe for concurrent use.
type Handler struct {
	config  Config
	routes  map[string]route // by path
	origin  *http.CrossOriginProtection
	limits  limits
	refused refusals
	live    *live
	stats   *sampler
	streams openStreams
	asked   singleflight.Group // whether Redis answers
}

// New returns a handler. Run it too, for the live stream.
func New(config Config) (*Handler, error) {
	if err := config.complete(); err != nil {
		return nil, err
	}
	h := &Handler{config: config, origin: http.NewCrossOriginProtection(), live: newLive(config.Recent), routes: newRoutes(&config)}
	h.stats = newSampler(config.Now)
	return h, nil
}

// Run feeds the live streams until ctx is done; then it ends them and returns
// nil. Without it streams carry nothing. It asks the bus for events and status
// only while somebody watches, and for 15 seconds more.
func (h *Handler) Run(ctx context.Context) error {
	defer h.live.close()
	return h.watch(ctx)
}

// A call is one request on its way.
type call struct {
	w     *writer
	r     *http.Request
	ctx   context.Context
	id    string // of the request, made here
	route route

	principal Principal
	reply     func()       // writes the answer, once the audit trail has been told
	record    audit.Record // what the audit trail is told, where the route has an action
	log       *slog.Logger
}

// ServeHTTP serves one request.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	began := h.config.Now()
	c := &call{w: &writer{ResponseWriter: w, head: r.Method == http.MethodHead}, r: r, ctx: r.Context(), id: uuid.NewString(), log: h.config.Logger}
	securityHeaders(c.w.Header(), r)
	c.w.Header().Set("X-Request-Id", c.id)
	h.limitTime(c)
	defer h.finish(c, began)
	if p := h.dispatch(c); p != nil {
		h.refuse(c, p)
	} else if c.reply != nil {
		c.reply()
	}
}

// limitTime bounds the time for reading the request and writing the answer, also
// of a request that is refused: before it answers, the server reads what is left
// of the body. The live stream sets its own times.
func (h *Handler) limitTime(c *call) {
	rc := http.NewResponseController(c.w)
	deadline := time.Now().Add(h.config.Timeout)
	rc.SetReadDeadline(deadline)                   //nolint:errcheck // not every server can
	rc.SetWriteDeadline(deadline.Add(time.Second)) //nolint:errcheck // as above
}

// dispatch finds the route, checks who asks, and serves.
func (h *Handler) dispatch(c *call) *problem {
	var p *problem
	if c.route, p = h.find(c.r); p != nil {
		return p
	}
	if err := h.origin.Check(c.r); err != nil {
		return newProblem("cross-origin", "")
	}
	if c.route.scope != "" {
		if p := h.authorize(c); p != nil {
			return p
		}
	}
	if c.route.writes() && h.config.Audit.Err() != nil {
		return newProblem("audit-unavailable", "Nothing is done that can't be recorded.")
	}
	if !c.route.stream {
		ctx, cancel := context.WithTimeout(c.ctx, h.config.Timeout)
		defer cancel()
		c.ctx = ctx
	}
	p = c.route.serve(h, c)
	h.keep(c, p)
	return p
}

// authorize finds out who asks, and whether they may.
func (h *Handler) authorize(c *call) *problem {
	var err error
	c.principal, err = h.config.Auth.Authenticate(c.r)
	var refused *AuthError
	switch {
	case errors.Is(err, ErrNoCredentials):
		return newProblem("no-credentials", "Send an API key as Authorization: Bearer.")
	case errors.As(err, &refused):
		h.refused.note(h, c, refused)
		return newProblem("bad-credentials", "")
	case err != nil:
		c.log.ErrorContext(c.ctx, "httpapi: credentials can't be checked", "request", c.id, "error", err)
		return newProblem("auth-unavailable", "")
	}
	p := &c.principal
	var bad *problem
	switch {
	case !h.ofHere(p):
		bad = newProblem("wrong-environment", "")
	case !p.May(c.route.scope):
		bad = newProblem("missing-scope", "The scope "+string(c.route.scope)+" is needed.")
	default:
		if wait, ok := h.limits.allow(&h.config, p, 0, 1); !ok {
			bad = rateLimited(wait)
		}
	}
	if bad != nil {
		h.keep(c, bad)
	}
	return bad
}

// ofHere reports whether a principal belongs to the bus's environment.
func (h *Handler) ofHere(p *Principal) bool {
	return p.Environment == "" || p.Environment == h.config.Environment
}

func rateLimited(wait time.Duration) *problem {
	p := newProblem("rate-limited", "The limit of these credentials is reached.")
	p.retryAfter = max(wait, time.Second)
	return p
}

// refuse answers with a problem.
func (h *Handler) refuse(c *call, p *problem) {
	if c.w.status != 0 {
		return // an answer is on its way already
	}
	h.stats.noteProblem(p, c.route.path)
	p.write(c.w, c.r, c.id)
}

// keep tells the audit trail what came of a request.
func (h *Handler) keep(c *call, p *problem) {
	if c.route.action == "" {
		return
	}
	r := c.record
	r.Action, r.Actor, r.Outcome = c.route.action, c.principal.Name, audit.OK
	if r.Object == "" {
		r.Object = "env/" + h.config.Environment
	}
	if p != nil {
		r.Outcome, r.Reason = audit.Failed, reasonOf(p)
		if p.Status == http.StatusForbidden || p.Status == http.StatusTooManyRequests {
			r.Outcome = audit.Denied
		}
	}
	h.append(c, r)
}

// append adds to the audit trail. What has been done can't be undone when that
// fails: the failure is told, and further requests that write are refused.
func (h *Handler) append(c *call, r audit.Record) {
	if err := h.config.Audit.Append(r); err != nil {
		c.log.ErrorContext(c.ctx, "httpapi: the audit trail could not be written", "request", c.id, "action", r.Action, "error", err)
	}
}

// reasonOf turns a problem's name into a word of the audit trail.
func reasonOf(p *problem) string { return strings.ReplaceAll(p.name, "-", "_") }

// finish logs the request and contains a panic. A panic's value may hold what a
// request held, so only the place of the panic is told.
func (h *Handler) finish(c *call, began time.Time) {
	v := recover()
	if v == http.ErrAbortHandler { //nolint:errorlint // net/http compares it so
		panic(v)
	}
	if v != nil {
		c.log.ErrorContext(c.ctx, "httpapi: a handler panicked", "request", c.id, "route", c.route.path)
		h.refuse(c, newProblem("internal", ""))
	}
	took := h.config.Now().Sub(began)
	c.log.InfoContext(c.ctx, "httpapi: request", "request", c.id, "method", methodName(c.r.Method), "route", routeName(c.route),
		"status", c.w.status, "ms", float64(took.Microseconds())/1000, "principal", c.principal.Name)
}

// methodName and routeName keep what a client made up out of the log.
func methodName(m string) string {
	switch m {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return m
	}
	return "other"
}

func routeName(r route) string { return cmp.Or(r.path, "other") }
