package httpapi

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"net/http"
	"regexp"
)

//go:embed dashboard.html
var dashboard []byte

//go:embed openapi.json
var openAPI []byte

// OpenAPI returns the document that describes the API, in OpenAPI 3.1.
func OpenAPI() []byte { return bytes.Clone(openAPI) }

// pagePolicy lets the page run its own script and style, by their hashes, and
// talk to this server. It has no other rights and loads nothing.
var pagePolicy = "default-src 'none'; script-src " + hashes("script") + "; style-src " + hashes("style") +
	"; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"

// hashes returns the CSP hashes of the page's elements of one kind.
func hashes(element string) string {
	re := regexp.MustCompile(`(?s)<` + element + `>(.*?)</` + element + `>`)
	list := ""
	for _, m := range re.FindAllSubmatch(dashboard, -1) {
		sum := sha256.Sum256(m[1])
		list += " 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
	}
	return list[1:]
}

func (h *Handler) page(c *call) *problem {
	head := c.w.Header()
	head.Set("Content-Security-Policy", pagePolicy)
	head.Set("Cache-Control", "no-cache")
	return c.body(http.StatusOK, "text/html; charset=utf-8", dashboard)
}

func (h *Handler) openapi(c *call) *problem {
	c.w.Header().Set("Cache-Control", "no-cache")
	return c.body(http.StatusOK, "application/json", openAPI)
}
