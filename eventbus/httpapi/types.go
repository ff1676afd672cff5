package httpapi

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/carebus/carebus/schema"
)

// A typeInfo is a type of event as the catalogue lists it.
type typeInfo struct {
	Name        string           `json:"name"`
	Kind        schema.Kind      `json:"kind"`
	Description string           `json:"description"`
	Version     int              `json:"version"`
	Severity    schema.Severity  `json:"severity"`
	DataClass   schema.DataClass `json:"data_class"`
	Aliases     []string         `json:"aliases,omitempty"`
}

func newTypeInfo(t schema.TypeInfo) typeInfo {
	return typeInfo{t.Name, t.Kind, t.Description, t.Version, t.Severity, t.DataClass, t.Aliases}
}

const (
	defaultPage = 500
	maxPage     = 1000
)

// types serves the catalogue, by name, in pages.
func (h *Handler) types(c *call) *problem {
	q, bad := c.query("after", "limit", "kind")
	if bad != nil {
		return bad
	}
	limit := defaultPage
	if s := q.Get("limit"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil || n < 1 || n > maxPage {
			return newProblem("bad-parameter", "limit must be a whole number from 1 to 1,000.")
		}
		limit = n
	}
	kind := schema.Kind(q.Get("kind"))
	if kind != "" && !kind.Valid() {
		return newProblem("bad-parameter", "kind must be one of crud, auth, system, business.")
	}
	after := q.Get("after")
	if after != "" && !schema.ValidType(after) {
		return newProblem("bad-parameter", "after must be the name of an event type.")
	}
	page := struct {
		Types []typeInfo `json:"types"`
		Total int        `json:"total"`          // of all pages
		Next  string     `json:"next,omitempty"` // where the next page is
	}{Types: []typeInfo{}}
	for _, t := range h.config.Registry.Types() {
		if kind != "" && t.Kind != kind {
			continue
		}
		page.Total++
		if t.Name <= after {
			continue
		}
		if len(page.Types) == limit {
			if page.Next == "" {
				v := url.Values{"after": {page.Types[limit-1].Name}, "limit": {strconv.Itoa(limit)}}
				if kind != "" {
					v.Set("kind", string(kind))
				}
				page.Next = c.r.URL.Path + "?" + v.Encode()
			}
			continue
		}
		page.Types = append(page.Types, newTypeInfo(t))
	}
	if page.Next != "" {
		c.w.Header().Set("Link", "<"+page.Next+`>; rel="next"`)
	}
	return c.cacheable(page)
}

// oneType serves one type by its name or an alias.
func (h *Handler) oneType(c *call) *problem {
	t, ok := h.config.Registry.Lookup(strings.TrimPrefix(c.r.URL.Path, typesPath+"/"))
	if !ok {
		return newProblem("no-such-type", "GET "+typesPath+" lists the types.")
	}
	payload, _ := h.config.Registry.JSONSchema(t.Name) // it is registered
	return c.cacheable(struct {
		typeInfo
		PayloadSchema json.RawMessage `json:"payload_schema"` // JSON Schema 2020-12
	}{newTypeInfo(t), payload})
}

// asyncapi serves the description of the whole bus.
func (h *Handler) asyncapi(c *call) *problem {
	return c.cacheableBytes(h.config.Registry.AsyncAPI(schema.AsyncAPIInfo{}))
}

// cacheable answers with JSON under an ETag of its content.
func (c *call) cacheable(v any) *problem {
	body, err := json.Marshal(v)
	if err != nil {
		return newProblem("internal", "")
	}
	return c.cacheableBytes(body)
}

func (c *call) cacheableBytes(body []byte) *problem {
	sum := sha256.Sum256(body)
	tag := `"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`
	head := c.w.Header()
	head.Set("ETag", tag)
	head.Set("Cache-Control", "private, no-cache")
	if matchesTag(c.r.Header.Values("If-None-Match"), tag) {
		c.reply = func() { c.w.WriteHeader(http.StatusNotModified) }
		return nil
	}
	return c.body(http.StatusOK, "application/json", body)
}

// matchesTag reports whether If-None-Match holds the tag (RFC 9110, 13.1.2).
func matchesTag(values []string, tag string) bool {
	for _, v := range values {
		list := strings.Split(v, ",")
		for i := range list {
			list[i] = strings.TrimPrefix(strings.TrimSpace(list[i]), "W/")
		}
		if slices.Contains(list, tag) || slices.Contains(list, "*") {
			return true
		}
	}
	return false
}
