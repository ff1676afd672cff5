package main

import (
	"fmt"

	t "github.com/carebus/carebus/internal/telemetry"
)

// runbook is where each alert's section is.
const runbook = "https://github.com/carebus/carebus/blob/main/examples/dashboards/RUNBOOK.md"

// The promises that alerts watch over, in 30 days.
const (
	publishGoal   = 0.999 // of the events are not failed
	freshnessGoal = 0.99  // of the batches are in the lake within freshWithin
	freshWithin   = 900   // seconds, a bound of LakeDelay's buckets
)

type rules struct {
	Groups []group `yaml:"groups"`
}

type group struct {
	Name  string `yaml:"name"`
	Rules []rule `yaml:"rules"`
}

type rule struct {
	Record      string            `yaml:"record,omitempty"`
	Alert       string            `yaml:"alert,omitempty"`
	Expr        string            `yaml:"expr"`
	For         string            `yaml:"for,omitempty"`
	Labels      map[string]string `yaml:"labels,omitempty"`
	Annotations map[string]string `yaml:"annotations,omitempty"`
}

// windows of the burn rates: long ones and their twelfth.
var windows = []string{"5m", "30m", "1h", "6h", "3d"}

// A burn is how fast an error budget of 30 days is used up: a page takes 2 % of
// it in an hour or 5 % in six, a ticket 10 % in three days. The short window ends
// the alert soon after the cause has ended.
var burns = []struct {
	severity, long, short string
	factor                float64
	wait                  string
}{
	{"page", "1h", "5m", 14.4, "2m"},
	{"page", "6h", "30m", 6, "15m"},
	{"ticket", "3d", "6h", 1, "1h"},
}

func ruleFile() rules {
	var recorded []rule
	for _, w := range windows {
		q := over(w)
		recorded = append(recorded,
			rule{Record: "carebus:publish_failures:ratio_rate" + w, Expr: q.rateOf(t.Sent, is(t.ErrorType, "failed")) + " / " + q.rate(t.Sent)},
			rule{Record: "carebus:late_batches:ratio_rate" + w, Expr: "1 - " + q.under(t.LakeDelay, freshWithin)},
		)
	}
	return rules{[]group{
		{"carebus-slo", recorded},
		{"carebus-burn", append(
			burning("PublishBudgetBurn", "carebus:publish_failures:ratio_rate", publishGoal, "Publishing fails", "events fail to be published"),
			burning("FreshnessBudgetBurn", "carebus:late_batches:ratio_rate", freshnessGoal, "The lake is late", "batches take more than 15 minutes into the lake")...)},
		{"carebus", alerts()},
	}}
}

func burning(name, record string, goal float64, summary, what string) []rule {
	var all []rule
	for _, b := range burns {
		limit := fmt.Sprintf("%g * %g", b.factor, round(1-goal))
		r := alert(name, b.severity, fmt.Sprintf("%s%s > %s and %s%s > %s", record, b.long, limit, record, b.short, limit), b.wait, summary,
			fmt.Sprintf("{{ $value | humanizePercentage }} of %s in %s, %g times what the budget of 30 days allows.", what, b.long, b.factor))
		r.Labels["window"] = b.long
		all = append(all, r)
	}
	return all
}

// round takes away what floating point adds to 1-0.999.
func round(x float64) float64 { return float64(int(x*1e6+0.5)) / 1e6 }

func alert(name, severity, expr, wait, summary, description string) rule {
	return rule{Alert: name, Expr: expr, For: wait, Labels: map[string]string{"severity": severity}, Annotations: map[string]string{
		"summary": summary, "description": description, "runbook_url": runbook + "#" + anchorOf(name),
	}}
}

// anchorOf is how a heading of the runbook is linked to.
func anchorOf(name string) string {
	b := []byte(name)
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}

func alerts() []rule {
	q := over("15m")
	short := over("5m")
	return []rule{
		alert("RedisDown", "page", "min("+q.series(t.RedisUp, "")+") == 0", "2m", "A process can't reach Redis", "Nothing is published or consumed there. Callers get ErrUnavailable and may try again."),
		alert("NoMetrics", "ticket", "absent("+q.series(t.RedisUp, "")+")", "15m", "No process of carebus is scraped", "Either none runs, or Prometheus can't reach them: all other alerts are blind."),
		alert("RedisMemoryHigh", "page", q.most(t.RedisMemory)+" / ("+q.most(t.RedisLimit)+" > 0) > 0.8", "5m", "Redis is filling up", "{{ $value | humanizePercentage }} of the memory is used. At 100 % publishing is refused with ErrBusFull; nothing is evicted."),
		alert("RedisEvicts", "page", q.most(t.RedisEvicts)+" > 0", "0m", "Redis may drop events", "Its maxmemory-policy is none that keeps what was acknowledged: when the memory is full, events are gone."),
		alert("EventsLost", "page", q.increaseOf(t.Lost)+" + "+q.increaseOf(t.Vanished)+" + ("+q.increaseOf(t.LakeLost)+" or vector(0)) > 0", "0m", "Acknowledged events have vanished", "{{ $value }} events were acknowledged and are gone from Redis before they were handled or written."),
		alert("ConsumerStalled", "page", q.most(t.GroupOldest, t.Group)+" > 300", "5m", "A consumer group doesn't settle its events", "Group {{ $labels.messaging_consumer_group_name }}: the oldest pending event was published {{ $value | humanizeDuration }} ago."),
		alert("ConsumerLagGrowing", "ticket", "sum by (messaging_consumer_group_name) (deriv("+q.series(t.GroupLag, "")+"[15m])) > 0 and "+q.summed(t.GroupLag, t.Group)+" > 10000", "30m", "A consumer group falls behind", "Group {{ $labels.messaging_consumer_group_name }} has more than 10,000 events to be given, and more each minute. What it lacks can't be trimmed."),
		alert("DeadLetters", "ticket", q.increaseOf(t.DeadLettered)+" > 0", "0m", "Events went to the dead letters", "{{ $value }} events were given up in 15 minutes."),
		alert("HandlerPanics", "ticket", q.increaseOf(t.Panics)+" > 0", "0m", "A handler panics", "{{ $value }} calls panicked in 15 minutes; their events are tried again and then given up."),
		alert("HandlerHangs", "ticket", q.increaseOf(t.Hung)+" > 0", "0m", "A handler is deaf to its context", "{{ $value }} events in 15 minutes: their handlers went on after HandleTimeout, while others were given the same events."),
		alert("LakeStalled", "page", q.most(t.LakeAge)+" > 900", "10m", "Events don't reach the lake", "The oldest event that is not in the lake was published {{ $value | humanizeDuration }} ago. Redis can't be trimmed meanwhile."),
		alert("PipelineStopped", "page", "sum("+q.series(t.PipelineRunning, "")+") == 0", "10m", "No pipeline runs", "Processes are up, but none carries events into the lake. Somebody may have stopped it by the API."),
		alert("SinkBreakerOpen", "ticket", q.most(t.BreakerOpen)+" > 0", "5m", "The store keeps failing", "The pipeline leaves it alone for pauses that grow; what is in hand stays in Redis."),
		alert("Quarantine", "ticket", q.increaseOf(t.LakeQuarantined)+" > 0", "0m", "Entries went to quarantine", "{{ $value }} entries could not be made rows in 15 minutes: undecodable, of another environment, or not to be scrubbed."),
		alert("ScrubRefusals", "page", q.grown(t.PublishDuration, is(t.ErrorType, "unscrubbable")), "0m", "Events are refused because they can't be scrubbed", "{{ $value }} publishes in 15 minutes. Nothing leaked: they were refused. Their producers lose them unless they are mended."),
		alert("ScrubberSilent", "ticket", "("+over("1h").rate(t.Findings)+" == 0) and on() ("+over("1h").rateOf(t.Sent, `error_type=""`)+" > 1) and on() ("+over("1d").rate(t.Findings)+" > 0)", "30m", "The scrubber finds nothing any more", "Events flow, and it has found PHI within the day but not within the hour: a policy or a producer's fields may have changed."),
		alert("AuditTrailBroken", "page", "min("+short.series(t.AuditUp, "")+") == 0", "1m", "The audit trail can't be written", "Operations are not recorded, which 45 CFR 164.312(b) asks for. /readyz fails."),
		alert("AuditCopyBehind", "page", "max("+q.series(t.AuditRecords, "")+" offset 1h - "+q.series(t.AuditCopied, "")+") > 0", "5m", "The audit trail's copy doesn't take records", "{{ $value }} records are not off the machine after an hour. It may be that the trail was put back to an older state."),
	}
}
