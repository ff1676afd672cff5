package deptest

import "testing"

const (
	module = "github.com/carebus/carebus"
	redis  = "github.com/redis/go-redis/..."
	aws    = "github.com/aws/..."
)

var otelSDK = []string{"go.opentelemetry.io/otel/sdk/...", "go.opentelemetry.io/otel/exporters/...", "go.opentelemetry.io/contrib/..."}

// TestImports holds the layers. A star around schema: phi, eventbus and etl
// meet there, and eventbus and etl never import each other.
func TestImports(t *testing.T) {
	Check(t, []Rule{
		{
			Of: module, MustNot: []string{module + "/..."},
			Why: "the root package is documentation",
		},
		{
			Of: module + "/schema", MustNot: []string{module + "/...", redis, aws, "net/http"},
			Why: "services that only define events compile schema alone",
		},
		{
			Of: module + "/phi/...", MustNot: []string{module + "/...", redis, aws, "net/http"},
			Except: []string{module + "/schema", module + "/phi/...", module + "/internal/durable"},
			Why:    "the scrubber is usable without a bus and has no way out of the process",
		},
		{
			Of: module + "/phi/internal/...", MustNot: []string{module + "/..."},
			Except: []string{module + "/phi/internal/..."},
			Why:    "what identifiers are found by knows nothing of events and of what is done with a finding",
		},
		{
			Of: module + "/eventbus/...", MustNot: []string{module + "/etl/...", module + "/examples/...", aws},
			Why: "publishers don't pay for the lake",
		},
		{
			Of: module + "/eventbus/httpapi/...", MustNot: []string{module + "/...", redis, aws},
			Except: []string{module + "/schema", module + "/phi/audit", module + "/internal/durable", module + "/eventbus/httpapi/..."},
			Why:    "the API serves any bus and any lake through its own interfaces",
		},
		{
			Of: module + "/eventbus/httpapi", MustNot: []string{"github.com/coreos/..."},
			Why: "tokens of OpenID Connect are in a package of their own",
		},
		{
			Of: module + "/etl", MustNot: []string{module + "/...", redis, aws, "net/http"},
			Except: []string{module + "/schema", module + "/etl", module + "/internal/hadoopsnappy", module + "/internal/sleep", module + "/internal/telemetry"},
			Why:    "the lake works on any log and any sink",
		},
		{
			Of: module + "/etl", MustNot: []string{"github.com/parquet-go/..."},
			Why: "only those who want Parquet compile it",
		},
		{
			Of: module + "/etl/parquet", MustNot: []string{redis, aws, module + "/eventbus/...", module + "/phi/..."},
			Why: "an encoder knows rows and bytes",
		},
		{
			Of: module + "/etl/athena", MustNot: []string{redis, aws, "net/http", module + "/eventbus/...", module + "/phi/..."},
			Why: "statements are text",
		},
		{
			Of: module + "/etl/sinktest", MustNot: []string{redis, aws, module + "/eventbus/...", module + "/phi/..."},
			Why: "the contract is for anyone's sink",
		},
		{
			Of: module + "/etl/s3sink", MustNot: []string{redis, module + "/eventbus/...", module + "/phi/..."},
			Why: "a sink knows its store and nothing else",
		},
		{
			Of: module + "/internal/telemetry", MustNot: []string{module + "/...", redis, aws, "net/http"},
			Except: []string{module + "/internal/telemetry"},
			Why:    "names and instruments are for everyone",
		},
		{
			Of: module + "/eventbus/...", MustNot: otelSDK,
			Why: "a library records with the API; the program brings the SDK",
		},
		{
			Of: module + "/etl/...", MustNot: otelSDK,
			Why: "a library records with the API; the program brings the SDK",
		},
		{
			Of: module + "/internal/hadoopsnappy", MustNot: []string{module + "/..."},
			Except: []string{module + "/internal/hadoopsnappy"},
			Why:    "a codec knows bytes",
		},
		{
			Of: module + "/internal/durable", MustNot: []string{module + "/...", redis, aws, "net/http"},
			Except: []string{module + "/internal/durable"},
			Why:    "files are written where nothing else is known",
		},
	})
}

func TestMatches(t *testing.T) {
	for _, c := range []struct {
		pattern, path string
		want          bool
	}{
		{"a/b", "a/b", true},
		{"a/b", "a/b/c", false},
		{"a/b/...", "a/b", true},
		{"a/b/...", "a/b/c", true},
		{"a/b/...", "a/bc", false},
	} {
		if got := matches(c.pattern, c.path); got != c.want {
			t.Errorf("matches(%q, %q) = %v, want %v", c.pattern, c.path, got, c.want)
		}
	}
}
