package main

import t "github.com/carebus/carebus/internal/telemetry"

// anchor is a metric that every process of carebus has.
var anchor = t.RedisUp.Prometheus()

func label(attribute string) string { return "{{" + t.Label(attribute) + "}}" }

func quantiles(m t.Metric) []series {
	return []series{{onPanel.quantile(0.5, m), "p50"}, {onPanel.quantile(0.95, m), "p95"}, {onPanel.quantile(0.99, m), "p99"}}
}

func one(expr, legend string) []series { return []series{{expr, legend}} }

func dashboards() []dashboard {
	return []dashboard{busDashboard(), lakeDashboard(), hipaaDashboard(), errorsDashboard()}
}

func busDashboard() dashboard {
	q := onPanel
	return dashboard{"carebus-bus", "carebus / event bus performance", "Publishing, streams, consumers and the Redis beneath them.", []row{
		{"Now", []panel{
			{"Published", "Events that Redis acknowledges in a second.", "reqps", true, nil, one(q.rateOf(t.Sent, `error_type=""`), "events")},
			{"Not published", "Share of events whose publish failed.", "percentunit", true, badFrom(0.001), one(q.rateOf(t.Sent, is(t.ErrorType, "failed"))+" / "+q.rate(t.Sent), "failed")},
			{"Publish p99", "From the call to Redis's acknowledgement, scrubbing included.", "s", true, badFrom(0.1), one(q.quantile(0.99, t.PublishDuration), "p99")},
			{"Redis", "1 while every process reaches Redis.", "short", true, nil, one(q.least(t.RedisUp), "up")},
			{"Memory", "Share of the memory that Redis may use.", "percentunit", true, badFrom(0.8), one(q.most(t.RedisMemory)+" / ("+q.most(t.RedisLimit)+" > 0)", "used")},
			{"Lost", "Acknowledged events that vanished, in the time shown.", "short", true, badFrom(1), one("sum(increase("+q.series(t.Lost, "")+"[$__range])) + sum(increase("+q.series(t.Vanished, "")+"[$__range]))", "lost")},
		}},
		{"Publish", []panel{
			{"Publish rate", "Events in a second: acknowledged, refused (rejected) and failed.", "reqps", false, nil, one(q.rate(t.Sent, t.ErrorType), label(t.ErrorType))},
			{"Publish latency", "From the call of Publish to the acknowledgement.", "s", false, nil, quantiles(t.PublishDuration)},
		}},
		{"Consumers", []panel{
			{"Handled", "Events given to handlers in a second, by consumer group.", "reqps", false, nil, one(q.rate(t.Consumed, t.Group), label(t.Group))},
			{"End to end", "From an event's time to when a handler is given it, 95th percentile.", "s", false, nil, one(q.quantile(0.95, t.EventAge, t.Group), label(t.Group))},
			{"Lag", "Entries that a group has not been given.", "short", false, nil, one(q.summed(t.GroupLag, t.Group), label(t.Group))},
			{"Oldest pending", "How long ago the oldest entry was published that a group was given and has not settled.", "s", false, nil, one(q.most(t.GroupOldest, t.Group), label(t.Group))},
			{"Handler time", "One call of a handler, 99th percentile.", "s", false, nil, one(q.quantile(0.99, t.ProcessDuration, t.Group), label(t.Group))},
			{"Pending", "Entries given to a group and not settled.", "short", false, nil, one(q.summed(t.GroupPending, t.Group), label(t.Group))},
		}},
		{"Redis", []panel{
			{"Stream length", "Entries by shard. It falls when what everybody has is trimmed.", "short", false, nil, one(q.most(t.StreamLength, t.Partition), "shard "+label(t.Partition))},
			{"Memory", "Used, and the limit at which publishing is refused.", "bytes", false, nil, []series{{q.most(t.RedisMemory), "used"}, {q.most(t.RedisLimit) + " > 0", "limit"}}},
			{"Eviction", "1 while Redis may drop events when its memory is full.", "short", false, badFrom(1), one(q.most(t.RedisEvicts), "evicts")},
			{"Round trip", "To Redis, the slowest process.", "s", false, nil, one(q.most(t.RedisLatency), "slowest")},
			{"Replicas", "Connected to the primary.", "short", false, nil, one(q.least(t.RedisReplicas), "replicas")},
			{"Failovers", "Another server took over, and the events that it lost of those that had been acknowledged; by rate.", "short", false, nil, []series{{q.rate(t.Failovers), "failovers"}, {q.rate(t.Vanished), "lost events"}}},
		}},
	}}
}

func lakeDashboard() dashboard {
	q := onPanel
	return dashboard{"carebus-lake", "carebus / ETL pipeline", "From the streams into the lake: freshness, batches and uploads.", []row{
		{"Now", []panel{
			{"Rows", "Events written to the lake in a second.", "reqps", true, nil, one(q.rate(t.LakeRows), "rows")},
			{"Not in the lake", "Age of the oldest event that is not in the lake.", "s", true, badFrom(900), one(q.most(t.LakeAge), "oldest")},
			{"Watermark", "Every event published longer ago than this is in the lake.", "s", true, badFrom(900), one(q.most(t.WatermarkDelay), "delay")},
			{"Pipelines", "How many run.", "short", true, nil, one("sum("+q.series(t.PipelineRunning, "")+")", "running")},
			{"Breaker", "1 while a failing sink is left alone.", "short", true, badFrom(1), one(q.most(t.BreakerOpen), "open")},
			{"Lost", "Entries that vanished before they were written, in the time shown.", "short", true, badFrom(1), one("sum(increase("+q.series(t.LakeLost, "")+"[$__range]))", "lost")},
		}},
		{"Freshness", []panel{
			{"Publish to lake", "From a batch's last event being published to its commit.", "s", false, nil, quantiles(t.LakeDelay)},
			{"Oldest event by shard", "Not in the lake yet.", "s", false, nil, one(q.most(t.LakeAge, t.Partition), "shard "+label(t.Partition))},
			{"In hand", "Age of the oldest event that was read but is not committed.", "s", false, nil, one(q.most(t.LagAge, t.Partition), "shard "+label(t.Partition))},
			{"Watermark delay", "By shard.", "s", false, nil, one(q.most(t.WatermarkDelay, t.Partition), "shard "+label(t.Partition))},
		}},
		{"Batches", []panel{
			{"Rows of a batch", "Half of all batches have fewer, and 95 in 100.", "short", false, nil, []series{{q.quantile(0.5, t.BatchRows), "p50"}, {q.quantile(0.95, t.BatchRows), "p95"}}},
			{"Size of a batch", "As stored, on average.", "bytes", false, nil, one(q.mean(t.BatchBytes), "mean")},
			{"Writing a batch", "Its plan and its objects.", "s", false, nil, quantiles(t.BatchDuration)},
			{"Batches and objects", "Committed in a second.", "reqps", false, nil, []series{{q.rate(t.LakePlans), "batches"}, {q.rate(t.LakeObjects), "objects"}}},
		}},
		{"Uploads", []panel{
			{"Puts by outcome", "Stored, there already (exists), failed and to be tried again, or in need of attention (permanent).", "reqps", false, nil, one(q.rate(t.UploadDuration, t.Outcome), label(t.Outcome))},
			{"Time of a put", "99th percentile by outcome.", "s", false, nil, one(q.quantile(0.99, t.UploadDuration, t.Outcome), label(t.Outcome))},
			{"Written", "Bytes in a second.", "Bps", false, nil, one(q.rate(t.LakeBytes), "bytes")},
			{"Tried again", "Steps after an outage of Redis or the store, in a second.", "reqps", false, nil, one(q.rate(t.LakeRetries), "retries")},
		}},
	}}
}

func hipaaDashboard() dashboard {
	q := onPanel
	return dashboard{"carebus-hipaa", "carebus / HIPAA compliance", "What the scrubber removes, what it refuses, and whether the audit trail stands.", []row{
		{"Now", []panel{
			{"Removed", "Findings of the scrubber in a second.", "reqps", true, nil, one(q.rate(t.Findings), "findings")},
			{"Refused", "Events refused because they could not be scrubbed, in the time shown.", "short", true, badFrom(1), one("sum(increase("+q.series(t.PublishDuration, "_count", is(t.ErrorType, "unscrubbable"))+"[$__range])) or vector(0)", "refused")},
			{"Audit trail", "1 while it can be written.", "short", true, nil, one(q.least(t.AuditUp), "up")},
			{"Audit records", "Records of the trail.", "short", true, nil, one("sum("+q.series(t.AuditRecords, "")+")", "records")},
			{"Lost", "Acknowledged events that vanished, in the time shown.", "short", true, badFrom(1), one("sum(increase("+q.series(t.Lost, "")+"[$__range])) + sum(increase("+q.series(t.Vanished, "")+"[$__range]))", "lost")},
			{"Quarantine", "Entries that no row could be made of, in the time shown.", "short", true, badFrom(1), one("sum(increase("+q.series(t.LakeQuarantined, "")+"[$__range]))", "quarantined")},
		}},
		{"Scrubbing", []panel{
			{"Findings by category", "What was removed, in a second.", "reqps", false, nil, one(q.rate(t.Findings, t.Category), label(t.Category))},
			{"Findings by policy", "By which policy and key: two at a time mean a change under way.", "reqps", false, nil, one(q.rate(t.Findings, t.Policy), label(t.Policy))},
			{"Findings of an event", "On average. A fall to nothing may be a scrubber that no longer knows the fields.", "short", false, nil, one(q.rate(t.Findings)+" / "+q.rateOf(t.Sent, `error_type=""`), "findings")},
			{"Refused by reason", "Events that were not let onto the bus.", "reqps", false, nil, one("sum by (error_type) (rate("+q.series(t.PublishDuration, "_count", `error_type!=""`)+"["+q.window+"]))", label(t.ErrorType))},
		}},
		{"Integrity", []panel{
			{"Published and in the lake", "Events a second; over a day the two must agree.", "reqps", false, nil, []series{{q.rateOf(t.Sent, `error_type=""`), "published"}, {q.rate(t.LakeRows), "in the lake"}}},
			{"Left out", "Entries quarantined, dropped on purpose and lost.", "short", false, nil, []series{{q.rate(t.LakeQuarantined), "quarantined"}, {q.rate(t.LakeDropped), "dropped"}, {q.rate(t.LakeLost), "lost"}}},
			{"Audit records", "Written in a second.", "reqps", false, nil, one("sum(deriv("+q.series(t.AuditRecords, "")+"[15m]))", "records")},
			{"Not copied yet", "Records of the audit trail that its copy lacks.", "short", false, nil, one("max("+q.series(t.AuditRecords, "")+" - "+q.series(t.AuditCopied, "")+")", "records")},
			{"Duplicates refused", "Events published again within the dedupe window.", "reqps", false, nil, one(q.rate(t.Duplicates), "duplicates")},
		}},
	}}
}

func errorsDashboard() dashboard {
	q := onPanel
	return dashboard{"carebus-errors", "carebus / error tracking", "What fails, by type; no panel shows a value of an event.", []row{
		{"Now", []panel{
			{"Publish failures", "In the time shown.", "short", true, badFrom(1), one("sum(increase("+q.series(t.Sent, "", is(t.ErrorType, "failed"))+"[$__range]))", "failed")},
			{"Dead letters", "Waiting for somebody.", "short", true, badFrom(1), one(q.summed(t.DeadLetters), "dead letters")},
			{"Panics", "Of handlers, in the time shown.", "short", true, badFrom(1), one("sum(increase("+q.series(t.Panics, "")+"[$__range]))", "panics")},
			{"Quarantine", "In the time shown.", "short", true, badFrom(1), one("sum(increase("+q.series(t.LakeQuarantined, "")+"[$__range]))", "quarantined")},
		}},
		{"Publish", []panel{
			{"Calls that failed, by type", "invalid, too_large and unscrubbable are the caller's to mend; full, unavailable and canceled are not.", "reqps", false, nil, one("sum by (error_type) (rate("+q.series(t.PublishDuration, "_count", `error_type!=""`)+"["+q.window+"]))", label(t.ErrorType))},
			{"Error budget burn", "Times the rate at which 99.9 % would just be kept over 30 days.", "short", false, badFrom(14.4), one("("+q.rateOf(t.Sent, is(t.ErrorType, "failed"))+" / "+q.rate(t.Sent)+") / 0.001", "burn")},
		}},
		{"Consumers", []panel{
			{"Calls of handlers that failed, by type", "retry and partial are tried again, permanent goes to the dead letters.", "reqps", false, nil, one("sum by (error_type) (rate("+q.series(t.ProcessDuration, "_count", `error_type!=""`)+"["+q.window+"]))", label(t.ErrorType))},
			{"Tried again and given up", "Events put back, taken over from a consumer that fell silent, and moved to the dead letters.", "reqps", false, nil, []series{{q.rate(t.Retries), "retried"}, {q.rate(t.Claims), "claimed"}, {q.rate(t.DeadLettered), "dead letters"}, {q.rate(t.Hung), "hung"}}},
			{"Dead letters by shard", "Waiting.", "short", false, nil, one(q.most(t.DeadLetters, t.Partition), "shard "+label(t.Partition))},
			{"Finished", "Events that handlers finished in a second.", "reqps", false, nil, one(q.rate(t.Handled), "handled")},
		}},
		{"Lake", []panel{
			{"Puts that failed", "To be tried again, or in need of attention.", "reqps", false, nil, one("sum by (carebus_outcome) (rate("+q.series(t.UploadDuration, "_count", `carebus_outcome=~"failed|permanent"`)+"["+q.window+"]))", label(t.Outcome))},
			{"Retries and quarantine", "In a second.", "reqps", false, nil, []series{{q.rate(t.LakeRetries), "retries"}, {q.rate(t.LakeQuarantined), "quarantined"}}},
		}},
	}}
}
