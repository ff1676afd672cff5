package audit

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// An Action says what was done: lower-case words joined by dots, 64 bytes at
// most. Programs may add their own.
type Action string

// The actions of carebus. Those of the log itself begin with "audit".
const (
	Publish      Action = "publish"
	Consume      Action = "consume"
	Scrub        Action = "scrub"
	DeadLettered Action = "dead_letter"
	Redrive      Action = "redrive"
	Purge        Action = "purge"
	Delete       Action = "delete"
	Reshard      Action = "reshard"
	ETLStart     Action = "etl.start"
	ETLStop      Action = "etl.stop"
	ETLCommit    Action = "etl.commit"
	KeyCreate    Action = "key.create"
	KeyRotate    Action = "key.rotate"
	KeyRevoke    Action = "key.revoke"
	KeyRefused   Action = "key.refused"
	ReadStatus   Action = "status.read"
	ReadTypes    Action = "types.read"
	StreamOpen   Action = "stream.open"
	StreamClose  Action = "stream.close"

	LogOpen   Action = "audit.open"   // count: bytes of a torn record that were cut off
	LogResume Action = "audit.resume" // the same, of a log that was broken; missing: records that it couldn't take
	LogEpoch  Action = "audit.epoch"  // the first record of an epoch but the first
	Heartbeat Action = "audit.heartbeat"
	LogClose  Action = "audit.close"
)

// An Outcome says how it ended.
type Outcome string

// The outcomes.
const (
	OK     Outcome = "ok"
	Denied Outcome = "denied"
	Failed Outcome = "failed"
)

// A Record is one entry of the log. Action and Outcome are required. No field
// may hold anything that comes from an event's payload.
type Record struct {
	Seq     uint64    // set by the log
	Epoch   uint64    // set by the log
	Time    time.Time // default: now
	Action  Action
	Outcome Outcome
	// Actor is who did it, by an opaque name: "key/k2v9mqtb7xwa", "group/reminders".
	// Letters, digits and "._:/@-", 128 at most, beginning with a letter or digit.
	Actor string
	// Object is on what it was done, in the same alphabet: an event type, a
	// shard, the id of a stream entry.
	Object string
	// Reason is one word: lower-case letters, digits and underscores, 64 at most.
	Reason string
	Count  int            // how many; not negative
	Counts map[string]int // further counts by names like a reason's, 64 at most
}

const (
	version   = 1
	timeForm  = "2006-01-02T15:04:05.000000Z"
	maxText   = 128
	maxWord   = 64
	maxCounts = 64
	macMember = `,"mac":"`
)

// check reports the first rule that r breaks. It quotes no value: what breaks a
// rule may be what must not be written.
func (r *Record) check() error {
	switch {
	case !isAction(string(r.Action)):
		return errors.New("audit: Record.Action must be lower-case words joined by dots")
	case r.Outcome != OK && r.Outcome != Denied && r.Outcome != Failed:
		return errors.New("audit: Record.Outcome must be ok, denied or failed")
	case !isText(r.Actor):
		return errors.New(`audit: Record.Actor must be letters, digits and "._:/@-", 128 at most, and no pseudonym`)
	case !isText(r.Object):
		return errors.New(`audit: Record.Object must be letters, digits and "._:/@-", 128 at most, and no pseudonym`)
	case r.Reason != "" && !isWord(r.Reason):
		return errors.New("audit: Record.Reason must be lower-case letters, digits and underscores, 64 at most")
	case r.Count < 0 || len(r.Counts) > maxCounts:
		return errors.New("audit: Record.Count must not be negative, and Counts must be 64 at most")
	case !r.Time.IsZero() && (r.Time.UTC().Year() < 1970 || r.Time.UTC().Year() > 9999): // as it is written
		return errors.New("audit: Record.Time must lie between the years 1970 and 9999")
	}
	for name, n := range r.Counts {
		if !isWord(name) || n < 0 {
			return errors.New("audit: Record.Counts must have words as names and no negative counts")
		}
	}
	return nil
}

func isWord(s string) bool {
	for i := range len(s) {
		if b := s[i]; (b < 'a' || b > 'z') && (b < '0' || b > '9') && b != '_' {
			return false
		}
	}
	return s != "" && len(s) <= maxWord
}

func isAction(s string) bool {
	for word := range strings.SplitSeq(s, ".") {
		if !isWord(word) {
			return false
		}
	}
	return len(s) <= maxWord
}

// isText reports whether s is empty or fits the alphabet of Actor and Object.
// The scrubber's pseudonyms are refused: they are hashes of PHI.
func isText(s string) bool {
	for i := range len(s) {
		switch b := s[i]; {
		case 'a' <= b && b <= 'z', 'A' <= b && b <= 'Z', '0' <= b && b <= '9':
		case i > 0 && strings.IndexByte("._:/@-", b) >= 0:
		default:
			return false
		}
	}
	return len(s) <= maxText && !strings.Contains(s, "phi_")
}

// appendBody appends the record's line up to the mac, which stands last.
func (r *Record) appendBody(dst []byte) []byte {
	dst = append(dst, `{"v":1,"seq":`...)
	dst = strconv.AppendUint(dst, r.Seq, 10)
	dst = append(dst, `,"epoch":`...)
	dst = strconv.AppendUint(dst, r.Epoch, 10)
	dst = append(dst, `,"time":"`...)
	dst = r.Time.AppendFormat(dst, timeForm)
	dst = append(dst, '"')
	dst = appendText(dst, "action", string(r.Action))
	dst = appendText(dst, "outcome", string(r.Outcome))
	dst = appendText(dst, "actor", r.Actor)
	dst = appendText(dst, "object", r.Object)
	dst = appendText(dst, "reason", r.Reason)
	if r.Count > 0 {
		dst = append(dst, `,"count":`...)
		dst = strconv.AppendInt(dst, int64(r.Count), 10)
	}
	if len(r.Counts) > 0 {
		dst = append(dst, `,"counts":{`...)
		for i, name := range slices.Sorted(maps.Keys(r.Counts)) {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = append(dst, '"')
			dst = append(dst, name...)
			dst = append(dst, `":`...)
			dst = strconv.AppendInt(dst, int64(r.Counts[name]), 10)
		}
		dst = append(dst, '}')
	}
	return dst
}

// appendText appends a member; what passes check needs no escapes.
func appendText(dst []byte, name, value string) []byte {
	if value == "" {
		return dst
	}
	dst = append(dst, ',', '"')
	dst = append(dst, name...)
	dst = append(dst, `":"`...)
	dst = append(dst, value...)
	return append(dst, '"')
}

// appendMAC completes a line that appendBody began.
func appendMAC(dst []byte, mac *digest) []byte {
	dst = append(dst, macMember...)
	dst = base64.RawURLEncoding.AppendEncode(dst, mac[:])
	return append(dst, `"}`...)
}

var errForm = errors.New("audit: the line is no record in its one form")

// parseLine parses a line without its newline. Only the one form that the log
// writes is accepted: there is nothing to hide in another.
func parseLine(line []byte) (r Record, body []byte, mac digest, err error) {
	var j struct {
		V       int
		Seq     uint64
		Epoch   uint64
		Time    string
		Action  Action
		Outcome Outcome
		Actor   string
		Object  string
		Reason  string
		Count   int
		Counts  map[string]int
		MAC     string
	}
	end := bytes.LastIndex(line, []byte(macMember))
	if end < 0 || json.Unmarshal(line, &j) != nil || j.V != version {
		return r, nil, mac, errForm
	}
	at, err := time.Parse(timeForm, j.Time)
	if err != nil {
		return r, nil, mac, errForm
	}
	r = Record{
		Seq: j.Seq, Epoch: j.Epoch, Time: at, Action: j.Action, Outcome: j.Outcome,
		Actor: j.Actor, Object: j.Object, Reason: j.Reason, Count: j.Count, Counts: j.Counts,
	}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(j.MAC)
	if err != nil || len(raw) != len(mac) || r.check() != nil {
		return r, nil, mac, errForm
	}
	copy(mac[:], raw)
	if !bytes.Equal(appendMAC(r.appendBody(make([]byte, 0, len(line))), &mac), line) {
		return r, nil, mac, errForm
	}
	return r, line[:end], mac, nil
}

// ParseRecord parses one line of a segment. It checks the form alone; see [Verify].
func ParseRecord(line []byte) (Record, error) {
	r, _, _, err := parseLine(bytes.TrimSuffix(line, []byte("\n")))
	return r, err
}

// String describes r on one line for people.
func (r Record) String() string {
	return fmt.Sprintf("%d %s %s %s actor=%s object=%s reason=%s count=%d",
		r.Seq, r.Time.Format(timeForm), r.Action, r.Outcome, r.Actor, r.Object, r.Reason, r.Count)
}
