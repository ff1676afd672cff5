// Package etl carries the events of ordered logs into a data lake, each event
// exactly once, as partitioned files that Athena, Trino, DuckDB and Hive read.
//
// A [Pipeline] reads each [Log] in order, scrubs every event once more with its
// own [Scrubber], and writes objects through a [Sink]. The package knows no Redis
// and no S3: any log and any sink that keep their contracts will do.
//
// # Plan first
//
// Writers agree on plans, not on objects. For each log the pipeline repeats four
// steps:
//
//  1. Read the cursor (n, last). If plan n+1 is in the lake already, adopt it.
//  2. Else read the next batch behind last, build its objects, and put plan
//     n+1 on the condition that no such plan exists. This put decides: of all
//     writers that try, one wins, and the others obey the plan that they find.
//  3. Put the plan's objects, each on the condition that its key is free.
//  4. Commit the cursor (n+1, last of the plan), fenced: only while it says n.
//
// A crash between any two steps leaves either nothing, or a plan that the next
// writer completes. A writer that was paused and comes back finds its keys taken and
// its commit fenced. Leases save work; safety doesn't depend on them.
//
// Sometimes an object can't be written as planned: its entries are gone, or the
// successor's policy refuses them. Then it is written with the rows that are left,
// or empty, so that no late writer can write it differently. An [Amendment] says so.
// Where the log has no entry of a plan and the next plan is in the lake, the plan's
// objects were stored once: those that are missing were removed by retention.
//
// Logs with the same name, environment and lake are the same log to every writer. A
// plan that would skip entries of the log is refused: it belongs to another bus.
//
// # A log that forgets
//
// When a log's server is replaced, the log may lose entries that the lake has. The
// new server may give their ids, which the cursor has passed, to other events. The
// pipeline notices by the log's history ([HistoryLog]). It makes sure that no more
// ids at or before the cursor are given out, compares the log with the lake, and
// writes what the lake lacks as a late plan. That plan also lists the entries that
// the lake has and the log lost: if their events are published again, they aren't
// written twice.
//
// # Layout of a lake
//
//	<prefix>plans/<environment>/<log>/<n>.json               a plan; n has 20 digits
//	<prefix>plans/<environment>/<log>/<n>.amended.json       what came out otherwise than planned
//	<prefix>events/<environment>/<partition>/<log>-<n>-<part>.jsonl.snappy
//	<prefix><table>/<environment>/<partition>/<log>-<n>-<part>.jsonl.snappy   where a [Route] says so
//	<prefix>quarantine/<environment>/<partition>/<log>-<n>-<part>.jsonl.snappy
//
// The partition of an event is, by default,
//
//	year=2024/month=01/day=15/hour=14/event_type=user.created
//
// in UTC by the time of the event. Plans stand outside the table's location.
// [Plan] specifies the plan's JSON.
//
// # Rows
//
// An event is one line of JSON with these members, always all of them and in
// this order; a text that is empty is null:
//
//	event_id        string  the event's id
//	kind            string  crud, auth, system, business
//	severity        string  low, medium, high, critical
//	environment     string
//	occurred_at     string  RFC 3339, UTC, six digits of the second: 2024-01-15T14:03:22.123456Z
//	occurred_at_ms  number  the same in milliseconds since 1970
//	published_at_ms number  when the log took the event in, by the log's clock
//	source          string
//	subject         string or null
//	actor           string or null
//	tenant          string or null
//	correlation_id  string or null
//	causation_id    string or null
//	trace_id        string or null  32 hex digits, from the event's traceparent
//	schema_version  number
//	data_class      string  public, internal, confidential, restricted
//	stream_id       string  the entry's id in its log
//	payload         string  the event's data, as JSON text
//
// The type is a partition column (event_type) and so stands in no row.
//
// # Quarantine
//
// An entry that can't become a row is left out of the events and accounted for:
// it is counted, listed in its plan by a [Reason], and written as a row of
//
//	stream_id       string
//	reason          string  one of the [Reason] values
//	transform       string or null  the [Transform] that refused it
//	size            number  of the entry's data in bytes
//	environment     string  of the lake
//	published_at_ms number
//
// under quarantine/. Content is never kept: it could not be scrubbed.
//
// # Memory
//
// For each log at most two batches are held: one is written, one is built. Beside
// them are the entries of a third, and what is read for a fourth. A batch ends at
// [Config.BatchBytes], and takes about three times its entries' bytes: entries, rows
// and encoded objects. So a log takes up to eight times BatchBytes, 128 MiB by
// default, when events are so large that batches fill up, and about 5 MiB with events
// of 530 bytes. When large events follow small ones, one read may bring 128 of them;
// later reads ask for fewer. Rows are built on all processors, each with a buffer of
// about 2 MiB.
package etl
