// Package httpapi serves the events API over HTTP: publish, status, a live
// stream, control of the pipeline into the lake, and a dashboard.
//
// A [Handler] is a [net/http.Handler] to mount anywhere. It knows neither
// Redis nor the lake; what it serves comes through the small interfaces
// [Publisher], [BusMonitor], [ETL], [Feed] and [Scrubber]. Package busapi makes
// all of them but the ETL of a bus of package eventbus.
//
//	GET  /api/events/types         the catalogue of types            scope read
//	GET  /api/events/types/{name}  one type, with its JSON Schema    scope read
//	GET  /api/events/asyncapi.json the bus in AsyncAPI 3             scope read
//	POST /api/events/publish       publish one event or a batch      scope publish
//	GET  /api/events/bus/status    the bus                           scope read
//	GET  /api/events/etl/status    the pipeline into the lake        scope read
//	POST /api/events/etl/start     start it                          scope operate
//	POST /api/events/etl/stop      stop it                           scope operate
//	GET  /api/events/stream        live events (server-sent events)  scope read
//	GET  /api/events/openapi.json  this API in OpenAPI 3.1           public
//	GET  /                         the dashboard                     public; its data is not
//	GET  /healthz                  the process is alive              public
//	GET  /readyz                   it can take events                public
//	GET  /metrics                  Config.Metrics                    see there
//
// # Authentication
//
// There is no handler without an [Authenticator]. Package apikey has one for API
// keys, [ClientCertificates] one for mutual TLS, and package oidc one for OpenID
// Connect. [FirstOf] tries several. Credentials stand in headers, never in URLs.
//
// # Publishing
//
// POST /api/events/publish takes, by its Content-Type:
//
//	application/json                     a publish body, or an array of them; see schema.Registry.DecodeInput
//	application/cloudevents+json         one CloudEvents 1.0 event, or an array of them
//	application/cloudevents-batch+json   an array of them
//	application/x-ndjson                 one of either a line
//	any JSON type with ce- headers       the binary mode of CloudEvents' HTTP binding;
//	                                     no type and no body where there is no data
//
// and gzip by Content-Encoding. One event is answered by 202 {"id","stream_id"},
// a batch by 202 when all were accepted and 207 when some were, with a result
// for each event at its place. Publishing the same source, id and subject again
// within the bus's dedupe window writes nothing and is answered with the first entry's
// stream_id and "duplicate": true; the header Idempotency-Key gives an event
// without an id its id.
//
// # Errors
//
// Errors are RFC 9457 problem details. They name the field and the rule and
// never hold a value of the request: not in the body, not in a header, not in
// the log. 429 and 503 carry Retry-After.
//
// # Live stream
//
// GET /api/events/stream sends frames of these types:
//
//	event: hello   once, at the beginning: {"principal","scopes","environment"} of the reader
//	event: event   an event, its id line the place in the stream for Last-Event-ID.
//	               data: {"id","type","kind","severity","source","time","shard","stream_id",…}
//	               or, with ?view=full, the scrubbed CloudEvents JSON
//	event: stats   once a second, a [Snapshot]
//	event: missed  data: {"count":n}: the reader was too slow for n events, which are skipped;
//	               {"count":null} in place of those behind a Last-Event-ID that isn't kept any more
//
// ?type= chooses types, "user.*" for all that begin so, several joined by
// commas; ?severity= the least severity; ?rate= how many events a second at
// most, those of severity high and critical aside. All readers share one ring
// of frames, so a slow one costs no memory.
package httpapi
