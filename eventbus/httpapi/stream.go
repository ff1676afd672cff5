package httpapi

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/carebus/carebus/phi/audit"
	"github.com/carebus/carebus/schema"
)

const (
	keepAlive = 15 * time.Second // between signs of life
	recheck   = 2 * time.Second  // between looks at the credentials
	maxWrite  = 16 << 10         // bytes from which on a write is made, each with a deadline of its own
)

// A streamFilter is what a reader of the live stream wants.
type streamFilter struct {
	types   []string // empty: all
	level   int
	full    bool
	perSec  int // 0: all
	started time.Time
	sent    int             // in the running second
	seen    map[string]bool // types sent in it
}

func (h *Handler) streamFilter(c *call) (streamFilter, *problem) {
	q, bad := c.query("type", "severity", "view", "rate")
	if bad != nil {
		return streamFilter{}, bad
	}
	var f streamFilter
	if s := q.Get("type"); s != "" {
		f.types = strings.Split(s, ",")
		for _, t := range f.types {
			if !ValidTypePattern(t) {
				return f, newProblem("bad-parameter", "type must be event types, or their beginnings followed by .*, joined by commas.")
			}
		}
	}
	if s := schema.Severity(q.Get("severity")); s != "" {
		if !s.Valid() {
			return f, newProblem("bad-parameter", "severity must be one of low, medium, high, critical.")
		}
		f.level = severityLevels[s]
	}
	switch q.Get("view") {
	case "", "summary":
	case "full":
		f.full = true
	default:
		return f, newProblem("bad-parameter", "view must be summary or full.")
	}
	if s := q.Get("rate"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil || n < 1 || n > 10_000 {
			return f, newProblem("bad-parameter", "rate must be a whole number from 1 to 10,000.")
		}
		f.perSec = n
	}
	return f, nil
}

// grave is the level from which on no event is left out for a reader's rate.
const grave = 2 // high

// takes reports whether the reader wants a frame; over means that it would but
// for its rate.
func (f *streamFilter) takes(fr *frame, now time.Time) (ok, over bool) {
	if fr.kind != "event" {
		return true, false
	}
	if fr.level < f.level || len(f.types) > 0 && !matchesType(f.types, fr.name) {
		return false, false
	}
	if f.perSec == 0 || fr.level >= grave {
		return true, false
	}
	if now.Sub(f.started) >= time.Second {
		f.started, f.sent, f.seen = now, 0, map[string]bool{}
	}
	// Half of the rate is kept for types that were not sent in this second, so
	// that a frequent one doesn't hide the others.
	if f.sent >= f.perSec || f.seen[fr.name] && 2*f.sent >= f.perSec {
		return false, true
	}
	f.sent++
	f.seen[fr.name] = true
	return true, false
}

// stream serves the live stream until the client goes, the handler stops, or
// the credentials are withdrawn.
func (h *Handler) stream(c *call) *problem {
	filter, bad := h.streamFilter(c)
	if bad != nil {
		return bad
	}
	if !h.streams.enter(&h.config, c.principal.Name) {
		return newProblem("too-many-streams", "")
	}
	defer h.streams.leave(c.principal.Name)
	began := h.config.Now()
	open := audit.Record{Action: audit.StreamOpen, Outcome: audit.OK, Actor: c.principal.Name, Object: "env/" + h.config.Environment}
	h.append(c, open)
	at := h.live.enter(c.r.Header.Get("Last-Event-ID"))
	defer h.live.leave()
	h.live.await(c.ctx)

	head := c.w.Header()
	head.Set("Content-Type", "text/event-stream")
	head.Set("X-Accel-Buffering", "no") // proxies must not hold frames back
	c.w.WriteHeader(http.StatusOK)
	sent, missed := uint64(0), uint64(0)
	if !c.w.head {
		sent, missed = h.pump(c, &filter, at)
	}
	end := open
	end.Action, end.Count = audit.StreamClose, int(min(sent, 1<<31))
	end.Counts = map[string]int{"missed": int(min(missed, 1<<31)), "seconds": int(h.config.Now().Sub(began).Seconds())}
	h.append(c, end)
	return nil
}

// pump writes frames until the end, and returns how many events were sent and
// missed.
func (h *Handler) pump(c *call, filter *streamFilter, at uint64) (sent, missed uint64) {
	rc := http.NewResponseController(c.w)
	send := func(b []byte) bool {
		rc.SetWriteDeadline(time.Now().Add(h.config.StreamWrite)) //nolint:errcheck // not every server can
		_, err := c.w.Write(b)
		return err == nil && rc.Flush() == nil
	}
	rc.SetReadDeadline(time.Time{}) //nolint:errcheck // as above
	var frames []frame
	var out bytes.Buffer
	out.WriteString("retry: 2000\n\n")
	h.hello(&out, &c.principal)
	alive, check := time.NewTicker(keepAlive), time.NewTicker(recheck)
	defer alive.Stop()
	defer check.Stop()
	for {
		if out.Len() > 0 && !send(out.Bytes()) {
			return sent, missed
		}
		out.Reset()
		var lost uint64
		var wait <-chan struct{}
		var open bool
		frames, at, lost, wait, open = h.live.read(frames[:0], at)
		now := h.config.Now()
		for i := range frames {
			ok, over := filter.takes(&frames[i], now)
			if over {
				lost++
			}
			if ok {
				writeFrame(&out, &frames[i], filter.full)
				if frames[i].kind == "event" {
					sent++
				}
				if out.Len() >= maxWrite {
					if !send(out.Bytes()) {
						return sent, missed
					}
					out.Reset()
				}
			}
		}
		if lost > 0 {
			missed += lost
			fmt.Fprintf(&out, "event: missed\ndata: {\"count\":%d}\n\n", lost)
		}
		if len(frames) > 0 || lost > 0 {
			select {
			case <-check.C: // a busy bus, or a slow reader, mustn't keep a withdrawn key's stream alive
				if !h.stillMay(c) {
					return sent, missed
				}
			default:
			}
			continue
		}
		if !open {
			return sent, missed
		}
		select {
		case <-wait:
		case <-c.ctx.Done():
			return sent, missed
		case <-alive.C:
			out.WriteString(": alive\n\n")
		case <-check.C:
			if !h.stillMay(c) {
				return sent, missed
			}
		}
	}
}

// hello writes the first frame, which tells the reader who it is.
func (h *Handler) hello(out *bytes.Buffer, p *Principal) {
	b, err := json.Marshal(struct {
		Principal   string  `json:"principal"`
		Scopes      []Scope `json:"scopes"`
		Environment string  `json:"environment"`
	}{p.Name, p.Scopes, h.config.Environment})
	if err == nil {
		fmt.Fprintf(out, "event: hello\ndata: %s\n\n", b)
	}
}

// stillMay asks again who the reader is: a revoked key ends its streams. What
// can't be told now doesn't.
func (h *Handler) stillMay(c *call) bool {
	p, err := h.config.Auth.Authenticate(c.r)
	if err != nil {
		return !isRefusal(err)
	}
	return h.ofHere(&p) && p.May(ScopeRead)
}

func writeFrame(out *bytes.Buffer, f *frame, full bool) {
	data := f.summary
	if full {
		data = f.full
	}
	fmt.Fprintf(out, "event: %s\n", f.kind)
	if f.id != "" {
		fmt.Fprintf(out, "id: %s\n", f.id)
	}
	out.WriteString("data: ")
	out.Write(bytes.ReplaceAll(data, []byte("\n"), []byte(" "))) // JSON means the same with spaces
	out.WriteString("\n\n")
}
