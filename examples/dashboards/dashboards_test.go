package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/prometheus/prometheus/promql/parser"

	"github.com/carebus/carebus/internal/telemetry"
)

// TestGenerated: the files are what the generator writes.
func TestGenerated(t *testing.T) {
	files, err := generate()
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range files {
		if got, err := os.ReadFile(name); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s is out of date: run go generate", name)
		}
	}
}

// An expression is one place's PromQL.
type expression struct{ where, text string }

// expressions returns those of all panels and rules, with Grafana's variables
// filled in.
func expressions() []expression {
	fill := strings.NewReplacer("$__rate_interval", "5m", "$__range", "6h", "$job", ".+", "$instance", ".+")
	var all []expression
	for _, d := range dashboards() {
		for _, r := range d.rows {
			for _, p := range r.panels {
				for _, s := range p.series {
					all = append(all, expression{d.uid + "/" + p.title, fill.Replace(s.expr)})
				}
			}
		}
	}
	for _, g := range ruleFile().Groups {
		for _, r := range g.Rules {
			all = append(all, expression{g.Name + "/" + r.Record + r.Alert, r.Expr})
		}
	}
	return all
}

// known returns every series that carebus serves, with the labels that it may
// have, and those that rules record.
func known() map[string][]string {
	series := map[string][]string{}
	for _, m := range slices.Concat(telemetry.Bus, telemetry.Lake, telemetry.Audit) {
		labels := []string{"__name__", "job", "instance"}
		for _, a := range m.Attributes {
			labels = append(labels, telemetry.Label(a))
		}
		if m.Kind != telemetry.Histogram {
			series[m.Prometheus()] = labels
			continue
		}
		series[m.Prometheus()+"_count"], series[m.Prometheus()+"_sum"] = labels, labels
		series[m.Prometheus()+"_bucket"] = append(slices.Clone(labels), "le")
	}
	for _, g := range ruleFile().Groups {
		for _, r := range g.Rules {
			if r.Record != "" {
				series[r.Record] = []string{"__name__"}
			}
		}
	}
	return series
}

// faults lists what is wrong with an expression.
func faults(text string, series map[string][]string) []string {
	parsed, err := parser.NewParser(parser.Options{}).ParseExpr(text)
	if err != nil {
		return []string{err.Error()}
	}
	var found []string
	var grouped []string
	var labels []string // of all series in it
	parser.Inspect(parsed, func(n parser.Node, _ []parser.Node) error {
		switch n := n.(type) {
		case *parser.VectorSelector:
			have, ok := series[n.Name]
			if !ok {
				found = append(found, "nobody records "+n.Name)
			}
			labels = append(labels, have...)
			for _, m := range n.LabelMatchers {
				if !slices.Contains(have, m.Name) {
					found = append(found, n.Name+" has no label "+m.Name)
				}
			}
		case *parser.Call:
			if vector, ok := n.Args[0].(*parser.MatrixSelector); ok {
				name := vector.VectorSelector.(*parser.VectorSelector).Name
				counts := strings.HasSuffix(name, "_total") || strings.HasSuffix(name, "_count") || strings.HasSuffix(name, "_sum") || strings.HasSuffix(name, "_bucket")
				if (n.Func.Name == "rate" || n.Func.Name == "increase") != counts {
					found = append(found, n.Func.Name+" of "+name)
				}
			}
		case *parser.AggregateExpr:
			grouped = append(grouped, n.Grouping...)
		}
		return nil
	})
	for _, l := range grouped {
		if !slices.Contains(labels, l) {
			found = append(found, "groups by "+l+", which no series has")
		}
	}
	return found
}

func TestExpressions(t *testing.T) {
	series := known()
	all := expressions()
	if len(all) < 80 {
		t.Fatalf("%d expressions", len(all))
	}
	for _, e := range all {
		for _, f := range faults(e.text, series) {
			t.Errorf("%s: %s: %s", e.where, f, e.text)
		}
	}
	for _, bad := range []string{
		"sum(", "sum(rate(no_such_metric_total[5m]))", `carebus_redis_up{shard="0"}`, "rate(carebus_redis_up[5m])",
		"sum(deriv(carebus_lost_total[5m]))", "sum by (patient) (carebus_redis_up)", "sum(carebus:no_such:record)",
	} {
		if len(faults(bad, series)) == 0 {
			t.Errorf("%s passes", bad)
		}
	}
}

// TestEveryMetricIsShown: what is recorded can be seen somewhere.
func TestEveryMetricIsShown(t *testing.T) {
	var all strings.Builder
	for _, e := range expressions() {
		all.WriteString(e.text + "\n")
	}
	for _, m := range slices.Concat(telemetry.Bus, telemetry.Lake, telemetry.Audit) {
		if !strings.Contains(all.String(), m.Prometheus()) {
			t.Errorf("%s is on no dashboard", m.Name)
		}
	}
}

// TestDashboards checks what Grafana and its linter ask of the classic format.
func TestDashboards(t *testing.T) {
	uids, names := map[string]bool{}, []string{}
	files, err := filepath.Glob("carebus-*.json")
	if err != nil || len(files) != 4 {
		t.Fatalf("%d dashboards: %v", len(files), err)
	}
	for _, file := range files {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range dashboardFaults(src) {
			t.Errorf("%s: %s", file, f)
		}
		var d struct{ UID, Title string }
		if err := json.Unmarshal(src, &d); err != nil || uids[d.UID] || d.UID+".json" != file {
			t.Errorf("%s: uid %s: %v", file, d.UID, err)
		}
		uids[d.UID] = true
		names = append(names, d.Title)
		for _, c := range []struct{ old, new string }{
			{`"schemaVersion": 42`, `"schemaVersion": 41`}, {`"editable": false`, `"editable": true`}, {`"id": null`, `"id": 7`},
			{`"name": "datasource"`, `"name": "ds"`}, {`"refresh": 2`, `"refresh": 0`}, {`"unit": "short"`, `"unit": ""`},
			{`"x": 12`, `"x": 20`}, {"$__rate_interval", "5m"}, {`job=~\"$job\"`, ``}, {`"uid": "${datasource}"`, `"uid": "abc"`},
		} {
			broken := bytes.ReplaceAll(src, []byte(c.old), []byte(c.new))
			if bytes.Equal(broken, src) || len(dashboardFaults(broken)) == 0 {
				t.Errorf("%s: %q in place of %q is not found", file, c.new, c.old)
			}
		}
	}
	if len(names) != 4 {
		t.Errorf("dashboards %q", names)
	}
}

type position struct{ H, W, X, Y int }

func dashboardFaults(src []byte) []string {
	var d struct {
		ID            *int
		UID, Title    string
		SchemaVersion int
		Editable      bool
		Templating    struct {
			List []struct {
				Name, Label, Type, AllValue string
				Refresh                     int
				Multi                       bool
			}
		}
		Panels []struct {
			ID                       int
			Type, Title, Description string
			GridPos                  position
			Datasource               struct{ UID string }
			FieldConfig              struct{ Defaults struct{ Unit string } }
			Targets                  []struct {
				Expr, RefID, LegendFormat string
				Datasource                struct{ UID string }
			}
		}
	}
	var found []string
	must := func(ok bool, format string, args ...any) {
		if !ok {
			found = append(found, fmt.Sprintf(format, args...))
		}
	}
	if err := json.Unmarshal(src, &d); err != nil {
		return []string{err.Error()}
	}
	must(d.ID == nil && d.UID != "" && d.Title != "", "id must be null, uid and title set")
	must(d.SchemaVersion == schemaVersion, "schema version %d", d.SchemaVersion)
	must(!d.Editable, "editable: changes belong in the generator")
	variables := map[string]bool{}
	for _, v := range d.Templating.List {
		variables[v.Name+"/"+v.Label+"/"+v.Type] = true
		must(v.Type == "datasource" || v.Multi && v.AllValue == ".+" && v.Refresh == 2, "variable %s", v.Name)
	}
	for _, v := range []string{"datasource/Data source/datasource", "job/Job/query", "instance/Instance/query"} {
		must(variables[v], "no variable %s", v)
	}
	ids := map[int]bool{}
	var taken []position
	for _, p := range d.Panels {
		must(!ids[p.ID] && p.ID > 0, "panel id %d", p.ID)
		ids[p.ID] = true
		g := p.GridPos
		must(g.W > 0 && g.H > 0 && g.X >= 0 && g.X+g.W <= 24, "%s doesn't fit the page", p.Title)
		for _, o := range taken {
			must(g.X >= o.X+o.W || o.X >= g.X+g.W || g.Y >= o.Y+o.H || o.Y >= g.Y+g.H, "%s covers another panel", p.Title)
		}
		taken = append(taken, g)
		if p.Type == "row" {
			continue
		}
		must(p.Title != "" && p.Description != "" && p.FieldConfig.Defaults.Unit != "", "%s needs a description and a unit", p.Title)
		must(len(p.Targets) > 0 && p.Datasource.UID == "${datasource}", "%s needs a series and the data source of the page", p.Title)
		refs := map[string]bool{}
		for _, s := range p.Targets {
			must(s.Datasource.UID == "${datasource}" && s.LegendFormat != "" && !refs[s.RefID], "%s: series %s", p.Title, s.RefID)
			refs[s.RefID] = true
			for _, selector := range regexp.MustCompile(`(?:messaging|carebus)_[a-z_]+(\{[^}]*\})?`).FindAllStringSubmatch(strings.ReplaceAll(s.Expr, "by (", ""), -1) {
				if strings.Contains(s.Expr, selector[0]+"{") || isLabel(selector[0]) {
					continue
				}
				must(strings.Contains(selector[1], `job=~"$job"`) && strings.Contains(selector[1], `instance=~"$instance"`), "%s: %s is of all jobs", p.Title, selector[0])
			}
			for _, window := range regexp.MustCompile(`(rate|increase)\([^[]*\[([^\]]*)\]`).FindAllStringSubmatch(s.Expr, -1) {
				must(window[2] == "$__rate_interval" || window[2] == "$__range", "%s: a window of %s", p.Title, window[2])
			}
		}
	}
	must(len(ids) > 5, "%d panels", len(ids))
	return found
}

// isLabel reports whether a word is an attribute, as in by (…).
func isLabel(word string) bool {
	for _, a := range []string{telemetry.Partition, telemetry.Group, telemetry.Category, telemetry.Policy, telemetry.Outcome} {
		if word == telemetry.Label(a) {
			return true
		}
	}
	return false
}

// TestRunbook: each alert has a section, and each section an alert.
func TestRunbook(t *testing.T) {
	src, err := os.ReadFile("RUNBOOK.md")
	if err != nil {
		t.Fatal(err)
	}
	sections := map[string]string{}
	for _, part := range strings.Split(string(src), "\n## ")[1:] {
		name, text, _ := strings.Cut(part, "\n")
		sections[name] = text
	}
	alerts := map[string]bool{}
	for _, g := range ruleFile().Groups {
		for _, r := range g.Rules {
			if r.Alert == "" {
				continue
			}
			alerts[r.Alert] = true
			text, ok := sections[r.Alert]
			if !ok || !strings.Contains(text, "**Check**") || !strings.Contains(text, "**Do**") {
				t.Errorf("the runbook doesn't say what to check and do for %s", r.Alert)
			}
			if r.Annotations["runbook_url"] != runbook+"#"+strings.ToLower(r.Alert) || r.Annotations["summary"] == "" || r.Annotations["description"] == "" {
				t.Errorf("%s needs a summary, a description and its section", r.Alert)
			}
			if s := r.Labels["severity"]; s != "page" && s != "ticket" {
				t.Errorf("%s: severity %q", r.Alert, s)
			}
		}
	}
	for name := range sections {
		if !alerts[name] {
			t.Errorf("the runbook has a section on %s, which is no alert", name)
		}
	}
}

// promtool returns Prometheus's own tool.
func promtool(t *testing.T) string {
	path, err := exec.LookPath("promtool")
	if err != nil {
		if os.Getenv("CAREBUS_REQUIRE_REAL") == "1" {
			t.Fatal("promtool is not installed, and CAREBUS_REQUIRE_REAL is set")
		}
		t.Skip("promtool is not installed (Debian: prometheus)")
	}
	return path
}

func TestPromtoolChecksRules(t *testing.T) {
	out, err := exec.CommandContext(t.Context(), promtool(t), "check", "rules", "rules.yml").CombinedOutput()
	if err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// A scenario is a state of things in which an alert must fire, after an hour
// and a half of it. Series are promtool's: start+step×minutes.
type scenario struct {
	alert  string
	series map[string]string
}

func total(m telemetry.Metric, labels string) string { return m.Prometheus() + labels }

var scenarios = []scenario{
	{"RedisDown", map[string]string{total(telemetry.RedisUp, `{instance="a"}`): "1x80 0x20", total(telemetry.RedisUp, `{instance="b"}`): "1x100"}},
	{"NoMetrics", map[string]string{"up": "1x100"}},
	{"RedisEvicts", map[string]string{total(telemetry.RedisEvicts, ""): "0x50 1x50"}},
	{"RedisMemoryHigh", map[string]string{total(telemetry.RedisMemory, ""): "85x100", total(telemetry.RedisLimit, ""): "100x100"}},
	{"EventsLost", map[string]string{total(telemetry.Lost, ""): "0x100", total(telemetry.Vanished, ""): "0x85 1x15"}},
	{"ConsumerStalled", map[string]string{total(telemetry.GroupOldest, `{messaging_consumer_group_name="g"}`): "301x100"}},
	{"ConsumerLagGrowing", map[string]string{total(telemetry.GroupLag, `{messaging_consumer_group_name="g",messaging_destination_partition_id="0"}`): "20000+10x100"}},
	{"DeadLetters", map[string]string{total(telemetry.DeadLettered, ""): "0x85 1x15"}},
	{"HandlerPanics", map[string]string{total(telemetry.Panics, ""): "0x85 1x15"}},
	{"HandlerHangs", map[string]string{total(telemetry.Hung, ""): "0x85 1x15"}},
	{"LakeStalled", map[string]string{total(telemetry.LakeAge, ""): "901x100"}},
	{"PipelineStopped", map[string]string{total(telemetry.PipelineRunning, ""): "1x70 0x30"}},
	{"SinkBreakerOpen", map[string]string{total(telemetry.BreakerOpen, ""): "0x80 1x20"}},
	{"Quarantine", map[string]string{total(telemetry.LakeQuarantined, ""): "0x85 1x15"}},
	{"ScrubRefusals", map[string]string{total(telemetry.PublishDuration, `_count{error_type="unscrubbable"}`): "_x85 1x15"}}, // the first one makes the series
	{"ScrubberSilent", map[string]string{total(telemetry.Sent, ""): "0+600x220", total(telemetry.Findings, ""): "0+600x60 36000x200"}},
	{"AuditTrailBroken", map[string]string{total(telemetry.AuditUp, ""): "1x85 0x15"}},
	{"AuditCopyBehind", map[string]string{total(telemetry.AuditRecords, ""): "0+1x100", total(telemetry.AuditCopied, ""): "0+1x20 20x80"}},
	{"PublishBudgetBurn", map[string]string{total(telemetry.Sent, ""): "0+1000x100", total(telemetry.Sent, `{error_type="failed"}`): "0+20x100"}},
	{"FreshnessBudgetBurn", map[string]string{total(telemetry.LakeDelay, `_bucket{le="900"}`): "0+5x100", total(telemetry.LakeDelay, "_count"): "0+10x100"}},
}

// quiet is a state in which none fires.
var quiet = scenario{"", map[string]string{
	total(telemetry.RedisUp, ""): "1x220", total(telemetry.RedisMemory, ""): "10x220", total(telemetry.RedisLimit, ""): "100x220", total(telemetry.Lost, ""): "0x220", total(telemetry.Vanished, ""): "0x220", total(telemetry.Hung, ""): "0x220",
	total(telemetry.LakeLost, ""): "0x220", total(telemetry.GroupOldest, `{messaging_consumer_group_name="g"}`): "3x220",
	total(telemetry.GroupLag, `{messaging_consumer_group_name="g",messaging_destination_partition_id="0"}`): "20000x220",
	total(telemetry.DeadLettered, ""): "7x220", total(telemetry.Panics, ""): "0x220", total(telemetry.LakeAge, ""): "300x220", total(telemetry.PipelineRunning, ""): "1x220",
	total(telemetry.BreakerOpen, ""): "0x220", total(telemetry.LakeQuarantined, ""): "3x220", total(telemetry.AuditUp, ""): "1x220",
	total(telemetry.AuditRecords, ""): "5+9x220", total(telemetry.AuditCopied, ""): "0+9x220",
	total(telemetry.PublishDuration, `_count{error_type="unscrubbable"}`): "2x220", total(telemetry.Findings, ""): "0+600x220",
	total(telemetry.Sent, ""): "0+600x220", total(telemetry.Sent, `{error_type="failed"}`): "0x220",
	total(telemetry.LakeDelay, `_bucket{le="900"}`): "0+10x220", total(telemetry.LakeDelay, "_count"): "0+10x220",
}}

// TestAlertsFire has promtool run each scenario.
func TestAlertsFire(t *testing.T) {
	tool := promtool(t)
	rulesPath, err := filepath.Abs("rules.yml")
	if err != nil {
		t.Fatal(err)
	}
	type sample struct {
		Labels string  `yaml:"labels"`
		Value  float64 `yaml:"value"`
	}
	type test struct {
		Interval string              `yaml:"interval"`
		Name     string              `yaml:"name"`
		Input    []map[string]string `yaml:"input_series"`
		Exprs    []map[string]any    `yaml:"promql_expr_test"`
	}
	var tests []test
	for _, s := range append(slices.Clone(scenarios), quiet) {
		c := test{Interval: "1m", Name: s.alert}
		for name, values := range s.series {
			c.Input = append(c.Input, map[string]string{"series": name, "values": values})
		}
		at, expr, want := "95m", `group by (alertname) (ALERTS{alertname="`+s.alert+`",alertstate="firing"})`, []sample{{`{alertname="` + s.alert + `"}`, 1}}
		switch s.alert {
		case "":
			at, expr, want = "200m", `ALERTS{alertstate="firing"}`, nil
		case "ScrubberSilent":
			at = "200m"
		}
		c.Exprs = []map[string]any{{"expr": expr, "eval_time": at, "exp_samples": want}}
		tests = append(tests, c)
	}
	b, err := yaml.Marshal(map[string]any{"rule_files": []string{rulesPath}, "evaluation_interval": "1m", "tests": tests})
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "test.yml")
	if err := os.WriteFile(file, b, 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.CommandContext(t.Context(), tool, "test", "rules", file).CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	tested := map[string]bool{}
	for _, s := range scenarios {
		tested[s.alert] = true
	}
	for _, g := range ruleFile().Groups {
		for _, r := range g.Rules {
			if r.Alert != "" && !tested[r.Alert] {
				t.Errorf("%s is not shown to fire", r.Alert)
			}
		}
	}
}
