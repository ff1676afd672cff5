// Package athena writes the SQL by which Amazon Athena reads a lake of package
// etl: external tables with partition projection, so that no partition ever
// needs to be registered, and views of their rows.
//
// Tables are for the layout of [etl.ByEventTime] or [etl.ByPublishTime]. The
// partition columns are year, month, day and hour, as texts of two or four
// digits, and event_type. A query should name them: without, Athena lists every
// partition that the projection allows. Times are texts and milliseconds; the
// views have them as timestamps.
//
// JSON lines are read by the Hive JSON SerDe, which fails loudly on a line that
// isn't JSON. The other one that Athena offers, OpenX, may return something else
// at each query, as AWS's documentation says.
package athena

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/carebus/carebus/etl"
	"github.com/carebus/carebus/schema"
)

// Config says what the statements are for.
type Config struct {
	// Registry holds the types of events. Required.
	Registry *schema.Registry
	// Location is where the lake is: s3://bucket or s3://bucket/prefix, as in
	// the pipeline's sink and prefix. Required.
	Location string
	// Environment is the lake's. Required.
	Environment string
	// FirstYear and LastYear bound the years that are looked for: no query finds
	// what happened outside. A pipeline keeps events of up to [etl.TimeRule]'s
	// LateAfter, 20 years by default, in the year of their time. Required.
	FirstYear, LastYear int

	// Database qualifies all names. Default none: the query's.
	Database string
	// Tables lists the lake's tables of events: etl.EventsTable and those that a
	// [etl.Route] names. Default etl.EventsTable.
	Tables []string
	// Encoder is the pipeline's. Default [etl.Snappy].
	Encoder etl.Encoder
	// MaxTypes is how many types, aliases among them, a table lists. With more, a
	// query must name the type (event_type = '…' or IN), since listing gets
	// slow. Default 50.
	MaxTypes int
}

// A Statement is one SQL statement, without a semicolon.
type Statement struct {
	Name string // of the table or view that it creates
	SQL  string
}

// A column is one of a table's, besides the partition's.
type column struct{ name, kind, comment string }

// columns are those of a table of events.
var columns = []column{
	{"event_id", "string", "id of the event"},
	{"kind", "string", "crud, auth, system or business"},
	{"severity", "string", "low, medium, high or critical"},
	{"environment", "string", ""},
	{"occurred_at", "string", "RFC 3339, UTC, six digits of the second"},
	{"occurred_at_ms", "bigint", "the same in milliseconds since 1970"},
	{"published_at_ms", "bigint", "when the log took it in"},
	{"source", "string", ""},
	{"subject", "string", ""},
	{"actor", "string", ""},
	{"tenant", "string", ""},
	{"correlation_id", "string", ""},
	{"causation_id", "string", ""},
	{"trace_id", "string", "32 hex digits"},
	{"schema_version", "int", "of the payload"},
	{"data_class", "string", "public, internal, confidential or restricted"},
	{"stream_id", "string", "the entry in its log"},
	{"payload", "string", "JSON: json_extract_scalar(payload, ...)"},
}

// quarantineColumns are those of the quarantine.
var quarantineColumns = []column{
	{"stream_id", "string", "the entry in its log"},
	{"reason", "string", ""},
	{"transform", "string", "that refused it"},
	{"size", "bigint", "of the entry in bytes"},
	{"environment", "string", ""},
	{"published_at_ms", "bigint", "when the log took it in"},
}

var (
	locationGrammar = regexp.MustCompile(`^s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/[A-Za-z0-9._=-]+)*/?$`)
	nameGrammar     = regexp.MustCompile(`^[a-z][a-z0-9_]{0,127}$`)
)

const defaultMaxTypes = 50

// Statements returns, for each table of events, the statements that create
//
//   - <table>_<environment>, the external table;
//   - <table>_<environment>_v, a view with the times as timestamps. It needs
//     no deduplication: the lake has each event once;
//   - <table>_<environment>_once, the same with one row for each source and
//     event id, for a lake whose publishers publish an event twice;
//
// and last that of the table quarantine_<environment>. Hyphens of an
// environment become underscores.
func Statements(c Config) ([]Statement, error) {
	if err := c.complete(); err != nil {
		return nil, err
	}
	suffix := "_" + strings.ReplaceAll(c.Environment, "-", "_")
	var all []Statement
	for _, table := range c.Tables {
		name := table + suffix
		all = append(all,
			Statement{name, c.events(name, table)},
			Statement{name + "_v", c.view(name)},
			Statement{name + "_once", c.once(name)},
		)
	}
	name := "quarantine" + suffix
	return append(all, Statement{name, c.quarantine(name)}), nil
}

func (c *Config) complete() error {
	if c.Encoder == nil {
		c.Encoder = etl.Snappy()
	}
	if len(c.Tables) == 0 {
		c.Tables = []string{etl.EventsTable}
	}
	if c.MaxTypes == 0 {
		c.MaxTypes = defaultMaxTypes
	}
	var errs []error
	require := func(ok bool, rule string) {
		if !ok {
			errs = append(errs, errors.New("athena: Config."+rule))
		}
	}
	require(c.Registry != nil && len(c.Registry.Types()) > 0, "Registry is required and must hold a type")
	require(locationGrammar.MatchString(c.Location) && !strings.Contains(c.Location, "/."), "Location must be s3://bucket or s3://bucket/prefix")
	require(schema.ValidEnvironment(c.Environment), "Environment must be 1 to 32 lower-case letters, digits and hyphens")
	require(c.FirstYear >= 1000 && c.LastYear >= c.FirstYear && c.LastYear <= 9999, "FirstYear and LastYear must be years of four digits in their order")
	require(c.Database == "" || nameGrammar.MatchString(c.Database), "Database must be a name of lower-case letters, digits and underscores")
	require(c.MaxTypes > 0, "MaxTypes must not be negative")
	for _, t := range c.Tables {
		require(nameGrammar.MatchString(t) && t != "plans" && t != "quarantine" && t != "holds", "Tables must be tables of the lake")
	}
	return errors.Join(errs...)
}

// qualified is a name as statements write it.
func (c *Config) qualified(name, quote string) string {
	if c.Database == "" {
		return quote + name + quote
	}
	return quote + c.Database + quote + "." + quote + name + quote
}

// types lists every name that an event_type may have, aliases among them.
func (c *Config) types() []string {
	var names []string
	for _, t := range c.Registry.Types() {
		names = append(append(names, t.Name), t.Aliases...)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func (c *Config) events(name, folder string) string {
	var properties []string
	if types := c.types(); len(types) <= c.MaxTypes {
		properties = []string{"projection.event_type.type", "enum", "projection.event_type.values", strings.Join(types, ",")}
	} else {
		properties = []string{"projection.event_type.type", "injected"}
	}
	return c.table(name, folder, columns, []string{"event_type"}, properties)
}

func (c *Config) quarantine(name string) string {
	return c.table(name, "quarantine", quarantineColumns, nil, nil)
}

func (c *Config) table(name, folder string, columns []column, more, properties []string) string {
	location := strings.TrimSuffix(c.Location, "/") + "/" + folder + "/" + c.Environment + "/"
	partition := append([]string{"year", "month", "day", "hour"}, more...)
	var b strings.Builder
	fmt.Fprintf(&b, "CREATE EXTERNAL TABLE IF NOT EXISTS %s (\n", c.qualified(name, "`"))
	for i, col := range columns {
		comment, comma := "", ","
		if col.comment != "" {
			comment = fmt.Sprintf(" COMMENT '%s'", col.comment)
		}
		if i == len(columns)-1 {
			comma = ""
		}
		fmt.Fprintf(&b, "  `%s` %s%s%s\n", col.name, col.kind, comment, comma)
	}
	b.WriteString(")\nPARTITIONED BY (")
	var template strings.Builder
	for i, p := range partition {
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "`%s` string", p)
		fmt.Fprintf(&template, "%s=${%s}/", p, p)
	}
	b.WriteString(")\n")
	b.WriteString(c.format())
	fmt.Fprintf(&b, "LOCATION '%s'\nTBLPROPERTIES (\n", location)
	years := fmt.Sprintf("%04d,%04d", c.FirstYear, c.LastYear)
	properties = append([]string{
		"projection.enabled", "true",
		"projection.year.type", "integer", "projection.year.range", years, "projection.year.digits", "4",
		"projection.month.type", "integer", "projection.month.range", "1,12", "projection.month.digits", "2",
		"projection.day.type", "integer", "projection.day.range", "1,31", "projection.day.digits", "2",
		"projection.hour.type", "integer", "projection.hour.range", "0,23", "projection.hour.digits", "2",
	}, properties...)
	for i := 0; i < len(properties); i += 2 {
		fmt.Fprintf(&b, "  '%s' = '%s',\n", properties[i], properties[i+1])
	}
	fmt.Fprintf(&b, "  'storage.location.template' = '%s%s'\n)", location, template.String())
	return b.String()
}

// format says how files are read. Their compression goes by the ends of their
// names.
func (c *Config) format() string {
	if strings.HasPrefix(c.Encoder.Extension(), ".jsonl") {
		return "ROW FORMAT SERDE 'org.apache.hive.hcatalog.data.JsonSerDe'\n" +
			"STORED AS INPUTFORMAT 'org.apache.hadoop.mapred.TextInputFormat'\n" +
			"  OUTPUTFORMAT 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat'\n"
	}
	return "STORED AS PARQUET\n"
}

// typed is what the views add to the columns of a table. Views have Hive types,
// which know no time zone, no more than milliseconds, and no JSON: the times are
// in UTC, and the payload is for json_extract_scalar.
const typed = "  CAST(from_iso8601_timestamp_nanos(occurred_at) AS timestamp) AS occurred_ts,\n" +
	"  CAST(from_unixtime(published_at_ms / 1e3, 'UTC') AS timestamp) AS published_ts"

func (c *Config) view(name string) string {
	return fmt.Sprintf("CREATE OR REPLACE VIEW %s AS\nSELECT\n  *,\n%s\nFROM %s", c.qualified(name+"_v", `"`), typed, c.qualified(name, `"`))
}

// once numbers the rows of each event within its partition: all partition
// columns are in the window, so that conditions on them still prune.
func (c *Config) once(name string) string {
	var names []string
	for _, col := range columns {
		names = append(names, col.name)
	}
	names = append(names, "year", "month", "day", "hour", "event_type")
	return fmt.Sprintf("CREATE OR REPLACE VIEW %s AS\nSELECT\n  %s,\n%s\nFROM (\n"+
		"  SELECT *, row_number() OVER (\n"+
		"    PARTITION BY year, month, day, hour, event_type, source, event_id\n"+
		"    ORDER BY published_at_ms, stream_id) AS copy\n"+
		"  FROM %s)\nWHERE copy = 1", c.qualified(name+"_once", `"`), strings.Join(names, ", "), typed, c.qualified(name, `"`))
}
