package telemetry

import "strings"

// Scope is the name of the meter and of the tracer.
const Scope = "github.com/carebus/carebus"

// A Kind says what a metric's values mean.
type Kind uint8

// The kinds of metrics.
const (
	Counter   Kind = iota // only grows
	Gauge                 // is what it is now
	Histogram             // how many values lay where
)

// A Metric is what is measured, under one name.
type Metric struct {
	Name       string
	Unit       string // of UCUM: s, By, {event}; never 1, to which Prometheus adds _ratio
	Help       string
	Kind       Kind
	Buckets    []float64 // of a histogram
	Attributes []string
}

// Prometheus returns the metric's name as OpenTelemetry's exporter writes it;
// a histogram's is followed by _bucket, _sum or _count.
func (m Metric) Prometheus() string {
	name := Label(m.Name)
	switch {
	case m.Unit == "s":
		name += "_seconds"
	case m.Unit == "By":
		name += "_bytes"
	}
	if m.Kind == Counter {
		name += "_total"
	}
	return name
}

// Label returns an attribute's name as Prometheus writes it.
func Label(attribute string) string { return strings.ReplaceAll(attribute, ".", "_") }

// The attributes.
const (
	System        = "messaging.system"
	OperationName = "messaging.operation.name"
	OperationType = "messaging.operation.type"
	Destination   = "messaging.destination.name"
	Partition     = "messaging.destination.partition.id" // the shard's number
	Group         = "messaging.consumer.group.name"
	BatchCount    = "messaging.batch.message_count"
	MessageID     = "messaging.message.id" // the entry's id in its stream, which Redis made
	ErrorType     = "error.type"
	Category      = "carebus.phi.category"
	Policy        = "carebus.phi.policy"
	Outcome       = "carebus.outcome"
)

// The values of attributes that are always the same, and the names of spans:
// "{operation} {destination}".
const (
	SystemRedis      = "redis"
	Events           = "events"
	OpPublish        = "xadd"
	OpReceive        = "xreadgroup"
	OpProcess        = "process"
	OpSettle         = "xack"
	SpanPublish      = "xadd events"
	SpanReceive      = "xreadgroup events"
	SpanProcess      = "process events"
	SpanSettle       = "xack events"
	SpanWrite        = "write lake"
	TypeSend         = "send"
	TypeReceive      = "receive"
	TypeProcess      = "process"
	TypeSettle       = "settle"
	ErrorOther       = "_OTHER" // as OpenTelemetry writes it
	OutcomeStored    = "stored"
	OutcomeExists    = "exists"
	OutcomePermanent = "permanent"
	OutcomeFailed    = "failed"
	OutcomeCanceled  = "canceled"
)

var (
	seconds = []float64{0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10}
	ages    = []float64{0.01, 0.1, 0.5, 1, 5, 15, 60, 300, 600, 900, 1800, 3600, 21600, 86400}
	sizes   = []float64{1 << 10, 1 << 14, 1 << 16, 1 << 18, 1 << 20, 1 << 22, 1 << 24, 1 << 26}
	counts  = []float64{1, 10, 50, 100, 250, 500, 1000, 2500, 5000, 10000}
)

// Metrics of publishing and consuming.
var (
	PublishDuration = Metric{"messaging.client.operation.duration", "s", "From the call of Publish to Redis's acknowledgement, scrubbing included.", Histogram, seconds, []string{System, OperationName, ErrorType}}
	Sent            = Metric{"messaging.client.sent.messages", "{message}", "Events that Redis acknowledged, were refused (rejected) or failed.", Counter, nil, []string{System, OperationName, ErrorType}}
	Consumed        = Metric{"messaging.client.consumed.messages", "{message}", "Events given to handlers.", Counter, nil, []string{System, OperationName, Group}}
	ProcessDuration = Metric{"messaging.process.duration", "s", "One call of a handler.", Histogram, seconds, []string{System, OperationName, Group, ErrorType}}
	EventAge        = Metric{"carebus.event.age", "s", "From an event's time to when a handler was given it.", Histogram, ages, []string{Group}}

	Duplicates   = Metric{"carebus.duplicates", "{message}", "Events that had been published before.", Counter, nil, nil}
	Handled      = Metric{"carebus.handled", "{message}", "Events that handlers finished.", Counter, nil, nil}
	Retries      = Metric{"carebus.retries", "{message}", "Events put back to be tried again.", Counter, nil, nil}
	Claims       = Metric{"carebus.claims", "{message}", "Events taken over from a consumer that fell silent, or after a retry's wait.", Counter, nil, nil}
	DeadLettered = Metric{"carebus.dead_lettered", "{message}", "Events moved to the dead letters.", Counter, nil, nil}
	Lost         = Metric{"carebus.lost", "{message}", "Entries that were gone from the stream before they were handled.", Counter, nil, nil}
	Vanished     = Metric{"carebus.vanished", "{message}", "Acknowledged events of this process that were gone after a failover.", Counter, nil, nil}
	Failovers    = Metric{"carebus.failovers", "{failover}", "Times that a shard's data was another server's than before.", Counter, nil, nil}
	Hung         = Metric{"carebus.handler.hung", "{message}", "Events whose handler went on after its time, deaf to its context.", Counter, nil, nil}
	Panics       = Metric{"carebus.handler.panics", "{panic}", "Handlers that panicked.", Counter, nil, nil}
	Findings     = Metric{"carebus.scrub.findings", "{finding}", "What the scrubber removed, by category and policy.", Counter, nil, []string{Category, Policy}}
)

// Metrics of Redis and its streams, asked for at each scrape.
var (
	RedisUp       = Metric{"carebus.redis.up", "{bool}", "1 while Redis answers.", Gauge, nil, nil}
	RedisLatency  = Metric{"carebus.redis.latency", "s", "One round trip.", Gauge, nil, nil}
	RedisMemory   = Metric{"carebus.redis.memory.used", "By", "Memory that Redis uses.", Gauge, nil, nil}
	RedisLimit    = Metric{"carebus.redis.memory.limit", "By", "Memory that Redis may use; 0: no limit.", Gauge, nil, nil}
	RedisEvicts   = Metric{"carebus.redis.evicts", "{bool}", "1 while Redis says that it may drop events for want of memory.", Gauge, nil, nil}
	RedisReplicas = Metric{"carebus.redis.replicas", "{replica}", "Replicas of the primary.", Gauge, nil, nil}
	StreamLength  = Metric{"carebus.stream.length", "{message}", "Entries in a shard's stream.", Gauge, nil, []string{Partition}}
	DeadLetters   = Metric{"carebus.stream.dead_letters", "{message}", "Dead letters of a shard.", Gauge, nil, []string{Partition}}
	LakeAge       = Metric{"carebus.stream.lake.age", "s", "Age of the oldest entry that is not in the lake.", Gauge, nil, []string{Partition}}
	GroupLag      = Metric{"carebus.group.lag", "{message}", "Entries that a consumer group has not been given.", Gauge, nil, []string{Partition, Group}}
	GroupPending  = Metric{"carebus.group.pending", "{message}", "Entries given to a consumer group and not settled.", Gauge, nil, []string{Partition, Group}}
	GroupOldest   = Metric{"carebus.group.oldest_pending", "s", "How long ago the oldest pending entry was published.", Gauge, nil, []string{Partition, Group}}
)

// Metrics of the pipeline.
var (
	LakeRows        = Metric{"carebus.lake.rows", "{row}", "Events of batches committed, those among them that another writer had stored.", Counter, nil, []string{Partition}}
	LakeObjects     = Metric{"carebus.lake.objects", "{object}", "Objects written to the lake.", Counter, nil, []string{Partition}}
	LakeBytes       = Metric{"carebus.lake.written", "By", "Bytes written to the lake.", Counter, nil, []string{Partition}}
	LakeQuarantined = Metric{"carebus.lake.quarantined", "{message}", "Entries that no row could be made of.", Counter, nil, []string{Partition}}
	LakeDropped     = Metric{"carebus.lake.dropped", "{message}", "Entries left out on purpose.", Counter, nil, []string{Partition}}
	LakeLost        = Metric{"carebus.lake.lost", "{message}", "Entries that were planned, and gone from the log before they were written.", Counter, nil, []string{Partition}}
	LakePlans       = Metric{"carebus.lake.plans", "{plan}", "Batches committed.", Counter, nil, []string{Partition}}
	LakeRetries     = Metric{"carebus.lake.retries", "{retry}", "Steps tried again after an outage.", Counter, nil, []string{Partition}}
	BatchRows       = Metric{"carebus.lake.batch.rows", "{row}", "Events of a batch.", Histogram, counts, nil}
	BatchBytes      = Metric{"carebus.lake.batch.size", "By", "Bytes of a batch, as stored.", Histogram, sizes, nil}
	BatchDuration   = Metric{"carebus.lake.batch.duration", "s", "Writing of a batch: its plan and its objects.", Histogram, seconds, nil}
	LakeDelay       = Metric{"carebus.lake.delay", "s", "From a batch's last event being published to its commit.", Histogram, ages, nil}
	UploadDuration  = Metric{"carebus.lake.upload.duration", "s", "One object put, by outcome.", Histogram, seconds, []string{Outcome}}
	WatermarkDelay  = Metric{"carebus.lake.watermark.delay", "s", "Every event published longer ago than this is in the lake.", Gauge, nil, []string{Partition}}
	LagAge          = Metric{"carebus.lake.lag.age", "s", "Age of the oldest event that was read but is not committed.", Gauge, nil, []string{Partition}}
	PipelineRunning = Metric{"carebus.lake.running", "{bool}", "1 while the pipeline runs.", Gauge, nil, nil}
	BreakerOpen     = Metric{"carebus.lake.breaker.open", "{bool}", "1 while a failing sink is left alone.", Gauge, nil, nil}
)

// Metrics of the audit trail, recorded by whoever keeps one.
var (
	AuditRecords = Metric{"carebus.audit.records", "{record}", "Records of the audit trail.", Gauge, nil, nil}
	AuditCopied  = Metric{"carebus.audit.copied", "{record}", "Records of the audit trail that its copy holds.", Gauge, nil, nil}
	AuditUp      = Metric{"carebus.audit.up", "{bool}", "1 while the audit trail can be written.", Gauge, nil, nil}
)

// Lists of metrics, each recorded in one place.
var (
	Bus = []Metric{
		PublishDuration, Sent, Consumed, ProcessDuration, EventAge, Duplicates, Handled, Retries, Claims, DeadLettered, Lost, Vanished, Failovers, Hung, Panics, Findings,
		RedisUp, RedisLatency, RedisMemory, RedisLimit, RedisEvicts, RedisReplicas, StreamLength, DeadLetters, LakeAge, GroupLag, GroupPending, GroupOldest,
	}
	Lake = []Metric{
		LakeRows, LakeObjects, LakeBytes, LakeQuarantined, LakeDropped, LakeLost, LakePlans, LakeRetries,
		BatchRows, BatchBytes, BatchDuration, LakeDelay, UploadDuration, WatermarkDelay, LagAge, PipelineRunning, BreakerOpen,
	}
	Audit = []Metric{AuditRecords, AuditCopied, AuditUp}
)
