package athena

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/carebus/carebus/etl"
	"github.com/carebus/carebus/etl/parquet"
	"github.com/carebus/carebus/schema"
)

var update = flag.Bool("update", false, "write the golden files anew")

func registry() *schema.Registry {
	r := schema.NewRegistry()
	schema.Register[schema.CRUD](r, schema.TypeInfo{Name: "user.created", Kind: schema.KindCRUD, Aliases: []string{"person.created"}})
	schema.Register[schema.Auth](r, schema.TypeInfo{Name: "auth.login", Kind: schema.KindAuth})
	return r
}

func config() Config {
	return Config{Registry: registry(), Location: "s3://lake-bucket/a", Environment: "pre-prod", FirstYear: 2024, LastYear: 2035}
}

func statements(t *testing.T, c Config) []Statement {
	t.Helper()
	all, err := Statements(c)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestGolden(t *testing.T) {
	routed := config()
	routed.Tables, routed.Encoder, routed.Database, routed.MaxTypes = []string{"logins"}, parquet.Encoder(), "lake", 2
	for name, c := range map[string]Config{"json": config(), "parquet": routed} {
		var b strings.Builder
		for _, s := range statements(t, c) {
			b.WriteString(s.SQL + ";\n\n")
		}
		file := "testdata/" + name + ".sql"
		if *update {
			if err := os.WriteFile(file, []byte(b.String()), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil || b.String() != string(want) {
			t.Errorf("%s differs (go test -update writes it anew): %v", file, err)
		}
	}
}

// TestColumnsAreTheRows: a table has the members of a row, of their types.
func TestColumnsAreTheRows(t *testing.T) {
	event := etl.Row{EventID: "e", OccurredAt: time.Unix(0, 0).UTC(), PublishedAt: time.Unix(0, 0).UTC()}
	quarantined := etl.QuarantineRow{StreamID: "1-1", Reason: etl.ReasonScrub, PublishedAt: time.Unix(0, 0).UTC()}
	for _, c := range []struct {
		line    []byte
		columns []column
	}{{event.AppendJSON(nil), columns}, {quarantined.AppendJSON(nil), quarantineColumns}} {
		d := json.NewDecoder(strings.NewReader(string(c.line)))
		if _, err := d.Token(); err != nil {
			t.Fatal(err)
		}
		i := 0
		for ; d.More(); i++ {
			name, _ := d.Token()
			value, _ := d.Token()
			if i >= len(c.columns) || name != c.columns[i].name {
				t.Fatalf("member %d is %v", i, name)
			}
			if _, number := value.(float64); number != (c.columns[i].kind != "string") {
				t.Errorf("column %s is %s", c.columns[i].name, c.columns[i].kind)
			}
		}
		if i != len(c.columns) {
			t.Errorf("%d members, %d columns", i, len(c.columns))
		}
	}
}

// TestProjectionFindsTheObjects: the location template, filled in with what the
// projection allows, gives the folders that the pipeline writes to.
func TestProjectionFindsTheObjects(t *testing.T) {
	sql := statements(t, config())[0].SQL
	template := regexp.MustCompile(`'storage.location.template' = 's3://lake-bucket/a/(.*)'`).FindStringSubmatch(sql)
	if template == nil {
		t.Fatal("no template")
	}
	types := regexp.MustCompile(`'projection.event_type.values' = '(.*)'`).FindStringSubmatch(sql)
	if got := strings.Split(types[1], ","); !slices.Equal(got, []string{"auth.login", "person.created", "user.created"}) {
		t.Errorf("types %q", got)
	}
	r := etl.Record{Envelope: schema.Envelope{Time: time.Date(2031, 2, 3, 4, 5, 6, 0, time.UTC), Event: schema.Raw{Name: "user.created"}}}
	want := string(etl.ByEventTime().AppendPartition([]byte("events/pre-prod/"), &r)) + "/"
	got := strings.NewReplacer(
		"${year}", fmt.Sprintf("%04d", 2031), "${month}", "02", "${day}", "03", "${hour}", "04", "${event_type}", "user.created",
	).Replace(template[1])
	if got != want {
		t.Errorf("template gives %s, the pipeline writes to %s", got, want)
	}
}

func TestConfigRules(t *testing.T) {
	for name, change := range map[string]func(*Config){
		"no registry":   func(c *Config) { c.Registry = nil },
		"no types":      func(c *Config) { c.Registry = schema.NewRegistry() },
		"no location":   func(c *Config) { c.Location = "" },
		"a quote":       func(c *Config) { c.Location = "s3://lake-bucket/a'b" },
		"a dot":         func(c *Config) { c.Location = "s3://lake-bucket/../b" },
		"environment":   func(c *Config) { c.Environment = "x'y" },
		"years":         func(c *Config) { c.FirstYear = 2036 },
		"no years":      func(c *Config) { c.FirstYear, c.LastYear = 0, 0 },
		"database":      func(c *Config) { c.Database = "a b" },
		"a plans table": func(c *Config) { c.Tables = []string{"plans"} },
		"a holds table": func(c *Config) { c.Tables = []string{"holds"} },
	} {
		c := config()
		change(&c)
		if _, err := Statements(c); err == nil {
			t.Errorf("%s: Statements = nil", name)
		}
	}
}

// TestCatalogue: the types that the library knows are few enough to be listed,
// or a query must name them.
func TestCatalogue(t *testing.T) {
	c := config()
	c.Registry = schema.Catalogue()
	sql := statements(t, c)[0].SQL
	if n := len(c.types()); strings.Contains(sql, "'injected'") != (n > defaultMaxTypes) {
		t.Errorf("%d types: %s", n, sql)
	}
}
