package httpapi

import (
	"net/http"
	"strings"

	"github.com/carebus/carebus/phi/audit"
)

// A route is one endpoint. Each path takes one method.
type route struct {
	method string // GET stands for HEAD, too
	path   string
	scope  Scope        // "": public
	action audit.Action // "": the audit trail isn't told
	serve  func(*Handler, *call) *problem
	stream bool // has no timeout
}

// writes reports whether the endpoint is refused while the audit trail can't be
// written.
func (r *route) writes() bool { return r.method == http.MethodPost }

const typesPath = "/api/events/types"

// newRoutes returns the endpoints that a handler of this configuration has, by
// path.
func newRoutes(config *Config) map[string]route {
	const get, post = http.MethodGet, http.MethodPost
	all := []route{
		{method: get, path: typesPath, scope: ScopeRead, serve: (*Handler).types},
		{method: get, path: typesPath + "/{name}", scope: ScopeRead, serve: (*Handler).oneType},
		{method: get, path: "/api/events/asyncapi.json", scope: ScopeRead, serve: (*Handler).asyncapi},
		{method: post, path: "/api/events/publish", scope: ScopePublish, action: audit.Publish, serve: (*Handler).publish},
		{method: get, path: "/api/events/bus/status", scope: ScopeRead, action: audit.ReadStatus, serve: (*Handler).busStatus},
		{method: get, path: "/api/events/stream", scope: ScopeRead, serve: (*Handler).stream, stream: true},
		{method: get, path: "/api/events/openapi.json", serve: (*Handler).openapi},
		{method: get, path: "/", serve: (*Handler).page},
		{method: get, path: "/healthz", serve: (*Handler).health},
		{method: get, path: "/readyz", serve: (*Handler).ready},
	}
	pipeline := []route{
		{method: get, path: "/api/events/etl/status", scope: ScopeRead, action: audit.ReadStatus, serve: (*Handler).etlStatus},
		{method: post, path: "/api/events/etl/start", scope: ScopeOperate, action: audit.ETLStart, serve: (*Handler).etlStart},
		{method: post, path: "/api/events/etl/stop", scope: ScopeOperate, action: audit.ETLStop, serve: (*Handler).etlStop},
	}
	if config.ETL == nil {
		for i := range pipeline {
			pipeline[i].action, pipeline[i].serve = "", noPipeline
		}
	}
	all = append(all, pipeline...)
	if config.Metrics != nil {
		all = append(all, route{method: get, path: "/metrics", serve: (*Handler).metrics})
	}
	routes := make(map[string]route, len(all))
	for _, r := range all {
		routes[r.path] = r
	}
	return routes
}

func noPipeline(*Handler, *call) *problem {
	return newProblem("not-configured", "There is no pipeline here.")
}

func (h *Handler) metrics(c *call) *problem {
	h.config.Metrics.ServeHTTP(c.w, c.r)
	return nil
}

// find returns the route of a request.
func (h *Handler) find(r *http.Request) (route, *problem) {
	found, ok := h.routes[r.URL.Path]
	if name, below := strings.CutPrefix(r.URL.Path, typesPath+"/"); !ok && below && name != "" && !strings.Contains(name, "/") {
		found, ok = h.routes[typesPath+"/{name}"], true
	}
	switch {
	case !ok:
		return route{}, newProblem("not-found", "GET /api/events/openapi.json describes what there is.")
	case r.Method == found.method, r.Method == http.MethodHead && found.method == http.MethodGet:
		return found, nil
	}
	p := newProblem("method-not-allowed", "")
	p.allow = found.method
	if p.allow == http.MethodGet {
		p.allow = "GET, HEAD"
	}
	return found, p
}
