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
	level   int      // the least severity's
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
		f.level = s.Level()
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
var grave = schema.SeverityHigh.Level()

// takes reports whether the reader wants a frame; over means that it would but
// for its rate.
func (f *streamFilter) takes(fr *frame, now time.Time) (ok, over bool) {
	if fr.kind != "event" {
		return true, false
	}
	level := fr.severity.Level()
	if level < f.level || len(f.types) > 0 && !matchesType(f.types, fr.name) {
		return false, false
	}
	if f.perSec == 0 || level >= grave {
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
	at, gap := h.live.enter(c.r.Header.Get("Last-Event-ID"))
	defer h.live.leave()
	h.live.await(c.ctx)

	head := c.w.Header()
	head.Set("Content-Type", "text/event-stream")
	head.Set("X-Accel-Buffering", "no") // proxies must not hold frames back
	c.w.WriteHeader(http.StatusOK)
	p := pump{h: h, c: c, rc: http.NewResponseController(c.w), filter: &filter, gap: gap}
	if !c.w.head {
		p.run(at)
	}
	end := open
	end.Action, end.Count = audit.StreamClose, int(min(p.sent, 1<<31))
	end.Counts = map[string]int{"missed": int(min(p.missed, 1<<31)), "seconds": int(h.config.Now().Sub(began).Seconds())}
	h.append(c, end)
	return nil
}

// A pump writes the frames that a reader wants, and counts the events.
type pump struct {
	h            *Handler
	c            *call
	rc           *http.ResponseController
	filter       *streamFilter
	gap          bool         // nobody knows how many events it missed before
	out          bytes.Buffer // not written yet
	sent, missed uint64
}

// run writes frames from number at on until the client goes, the handler stops,
// or the credentials are withdrawn.
func (p *pump) run(at uint64) {
	p.rc.SetReadDeadline(time.Time{}) //nolint:errcheck // not every server can
	p.out.WriteString("retry: 2000\n\n")
	p.h.hello(&p.out, &p.c.principal)
	if p.gap {
		p.out.WriteString("event: missed\ndata: {\"count\":null}\n\n")
	}
	alive, check := time.NewTicker(keepAlive), time.NewTicker(recheck)
	defer alive.Stop()
	defer check.Stop()
	var frames []frame
	for p.flush() {
		var lost uint64
		var wait <-chan struct{}
		var open bool
		frames, at, lost, wait, open = p.h.live.read(frames[:0], at)
		if !p.add(frames, lost) {
			return
		}
		if len(frames) > 0 || lost > 0 {
			select {
			case <-check.C: // a busy bus, or a slow reader, mustn't keep a withdrawn key's stream alive
				if !p.h.stillMay(p.c) {
					return
				}
			default:
			}
			continue
		}
		if !open {
			return
		}
		select {
		case <-wait:
		case <-p.c.ctx.Done():
			return
		case <-alive.C:
			p.out.WriteString(": alive\n\n")
		case <-check.C:
			if !p.h.stillMay(p.c) {
				return
			}
		}
	}
}

// add adds the frames that the reader wants, and how many events it missed: those
// that were lost, and those over its rate. It reports whether the reader is there.
func (p *pump) add(frames []frame, lost uint64) bool {
	now := p.h.config.Now()
	for i := range frames {
		ok, over := p.filter.takes(&frames[i], now)
		if over {
			lost++
		}
		if !ok {
			continue
		}
		writeFrame(&p.out, &frames[i], p.filter.full)
		if frames[i].kind == "event" {
			p.sent++
		}
		if p.out.Len() >= maxWrite && !p.flush() {
			return false
		}
	}
	if lost > 0 {
		p.missed += lost
		fmt.Fprintf(&p.out, "event: missed\ndata: {\"count\":%d}\n\n", lost)
	}
	return true
}

// flush writes what was added, and reports whether the reader took it in time.
func (p *pump) flush() bool {
	if p.out.Len() == 0 {
		return true
	}
	p.rc.SetWriteDeadline(time.Now().Add(p.h.config.StreamWrite)) //nolint:errcheck // as above
	_, err := p.c.w.Write(p.out.Bytes())
	p.out.Reset()
	return err == nil && p.rc.Flush() == nil
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
	at := out.Len()
	out.Write(data)
	for i, b := range out.Bytes()[at:] { // either ends a line of the stream; JSON means the same with spaces
		if b == '\n' || b == '\r' {
			out.Bytes()[at+i] = ' '
		}
	}
	out.WriteString("\n\n")
}
