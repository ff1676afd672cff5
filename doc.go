// Package carebus is the root of an event bus and data-lake sink for mental
// health practice management systems under HIPAA. It holds no code; begin with
// the package that does what you need:
//
//   - [github.com/carebus/carebus/schema]: events, envelopes, the registry of types
//   - [github.com/carebus/carebus/phi]: scrubbing of protected health information
//   - [github.com/carebus/carebus/eventbus]: publish and consume on Redis Streams
//   - [github.com/carebus/carebus/etl]: each event exactly once in a data lake
//   - [github.com/carebus/carebus/etl/s3sink]: the lake in Amazon S3
//   - [github.com/carebus/carebus/eventbus/httpapi]: the API and dashboard over HTTP
//   - [github.com/carebus/carebus/eventbus/busapi]: a bus served by that API
//
// An event takes one way through them: schema gives it its form, eventbus has
// phi scrub its encoded bytes before they leave the process and appends them
// to a stream, and etl carries the stream into partitioned files. All of them
// depend on schema; etl and eventbus know each other only through small
// interfaces.
package carebus
