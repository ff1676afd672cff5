// Package canary holds no code, only tests: values of every category of 45 CFR
// 164.514(b)(2)(i) go into carebus by every entrance there is, and every byte that
// comes out of it is searched for them.
//
// The sink of examples/sink runs as it is, in a process of its own, beside a
// redis-server that writes snapshots and an append-only file, whose slow log
// holds every command and whose commands are watched (MONITOR), and beside a
// worker: a process that publishes, consumes, fails and panics with such values
// in its errors, and gives dead letters back. Spans and metrics of both go to a
// collector, and busctl shows an operator's screen. In the end both processes
// are brought down by signals while they hold values, so that the runtime
// prints what it knows of their goroutines.
//
// What strangers write into Redis stands there as they wrote it. Their run looks at
// everything behind that: dead letters, lake, answers, logs, and so on.
//
// A search that finds nothing proves something only if it could have found it. So
// each place must hold a mark that the run left there, each form of a value is
// found in a text that holds it, and a worker without scrubbing is found in every
// place that it reaches.
//
// A program's own panic, outside of a handler, is printed by Go's runtime with its
// value, which no library can keep back; nor is a core dump a text. See the
// hardening in examples/sink/deploy.
package canary
