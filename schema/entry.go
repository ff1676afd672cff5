package schema

// An Entry is one event at its place in an ordered log: what the bus hands to
// the lake.
type Entry struct {
	// ID is the place: a Redis Streams entry id, "<milliseconds>-<sequence>".
	// The milliseconds are the server's time of publishing.
	ID string
	// Data is the event's wire form. It may be anything, or nil, where a
	// stranger wrote to the log.
	Data []byte
}

// A Cursor says how far a log has been carried into a lake.
type Cursor struct {
	Plan uint64 // number of the last committed plan; 0: none yet
	Last string // id of the last entry that plan took in; "": none yet
}
