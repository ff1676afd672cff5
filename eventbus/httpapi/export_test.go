package httpapi

import (
	"maps"
	"slices"
)

// ProblemNames are the names of all problems.
func ProblemNames() []string { return slices.Sorted(maps.Keys(problems)) }

// Routes are all paths, with their method and scope.
func (h *Handler) Routes() map[string]map[string]Scope {
	all := map[string]map[string]Scope{}
	for path, r := range h.routes {
		all[path] = map[string]Scope{r.method: r.scope}
	}
	return all
}

// Watchers is how many live streams are open.
func (h *Handler) Watchers() int { return h.live.watchers() }
