// Package faults runs carebus on real servers in real processes, breaks what can
// break, and judges what is left. It is for tests alone.
//
// A run has a redis-server with an append-only file that is synced before each
// answer, a lake in a folder or in an S3 server, and processes: publishers,
// consumers, sinks and perhaps one that changes the number of shards, each the
// test's own program started again with a [Role]. All of them reach Redis
// through a proxy of their own. A publisher writes each acknowledgement into
// the run's [Ledger] before it goes on; a consumer writes what it has handled
// before it acknowledges. Afterwards [Evidence] is taken from the ledger, the
// lake, the streams' dead letters and the sinks' audit trails, and
// [Evidence.Judge] says what was lost, what is there twice, what is out of
// order, and so on. That the judge can tell is shown by a [Bug] of each sort.
//
// One thing is no charge and told by itself: an event that is in the lake again
// since it was published again, its outcome being open, while the number of
// shards changed, as [eventbus.Bus.Reshard] says. Its publisher and the resharder
// have written into the ledger that it was so.
//
//	go test ./internal/faults -v                                        the scenarios as their files say
//	go test ./internal/faults -v -run TestScenarios/bus -faults.for 2h  one of them, for two hours
//	go test ./internal/faults -v -faults.seed 42                        the schedule of an earlier run
//
// # Scenarios
//
// A scenario is a YAML file in the folder scenarios, named by its file. Members
// that aren't listed here are errors, as are values that make no sense.
//
//	for: 12s          how long faults happen, unless -faults.for says otherwise
//	shards: 3         streams of the bus; default 1
//	lake: s3          where the lake is: dir (default); tmpfs, a folder that can be full and needs the
//	                  right to mount, without which the scenario is skipped; or s3, a versitygw
//	keep: 20s         trim the streams so often, down to so much; default: never
//	publishers:
//	  count: 2        processes
//	  subjects: 4     of each process, whose events are published one after another
//	  rate: 400       events a second of each process
//	consumers:
//	  count: 3        processes of one group
//	sinks:
//	  count: 2        processes that carry into the lake
//	  batch: 100      events in a plan at most
//	  age: 200ms      how long the first of them waits
//	  lease: 2s       share the shards by leases; default: each sink carries all
//	reshard:          a process changes the number of shards while there is a consumer
//	  to: [3, 2, 4]   to these, one after another, and from the start again; default: none
//	  every: 1s       the pause between two changes; default 1s
//	faults:
//	  - {do: kill, to: consumers, every: 700ms}
//	  - {do: slow, to: processes, every: 2s, for: 100ms-400ms, by: 1ms-30ms}
//
// A fault is done to one of what "to" names, chosen at random, at random times
// that lie "every" apart on average. It lasts "for", a duration or a range of
// them. The faults are
//
//	do         to                                           what happens
//	kill       a kind of process, processes, redis          SIGKILL; it is started again
//	terminate  a kind of process, processes                 SIGTERM; once it has ended it is started again
//	stop       a kind of process, processes, redis          SIGSTOP, and SIGCONT after "for"
//	cut        a kind of process, processes                 its connections to Redis break, and none can be made
//	slow       a kind of process, processes                 what goes to and from Redis is "by" late
//	errors     lake                                         one in "one_in" requests to S3 goes wrong, "with" some of
//	                                                        500 503 409 412 hang slow lost failed stuck; default: all
//	full       lake                                         the tmpfs is full (ENOSPC)
//	full       sinks                                        its disk is full, simulated
//	clock      publishers sinks                             its clock jumps "by", forward or back
//
// where the kinds are publishers, consumers, sinks and resharders, processes are
// all of them, and with
//
//	500 503    the status, and nothing happened
//	409        ConditionalRequestConflict, and nothing happened
//	412        PreconditionFailed, though the key is free
//	hang       no answer, and nothing happened
//	slow       an answer, but late
//	lost       done, but the connection breaks before the answer
//	failed     done, but the answer is 500
//	stuck      done, but no answer comes
//
// # What is simulated
//
// Processes, signals, connections, files, servers and a full tmpfs are real. Two
// faults are simulated in the process that suffers them. Another full disk is a
// sink whose puts fail with ENOSPC, half of them once the object stands. A clock
// that jumps is the clock that carebus is given as Config.Now: events are stamped
// with it, and the age of batches and events is told by it. Timers, Redis's clock
// and the kernel's stay as they are.
//
// # Seeds
//
// A schedule follows from a scenario, a seed and a length alone, and a failed
// run tells its seed. What processes do between two faults is up to the machine,
// so a seed repeats the faults and not the outcome.
package faults
