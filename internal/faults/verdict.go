package faults

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/carebus/carebus/etl"
	"github.com/carebus/carebus/eventbus"
)

// Evidence is all that a run left behind.
type Evidence struct {
	Entries
	Rows        []Row // of the lake's events
	Quarantined uint64
	Letters     []Letter
	Cursors     map[string]uint64           // how many plans each log has committed
	Plans       map[string]etl.Verification // of each log
	Trails      []Trail
	MaxDeliver  int      // of the consumers; 0 when there were none
	EndedAlone  []string // processes that nobody ended
	Reshards    bool     // the number of shards should have changed
}

// A Row is a row of the lake, as a reader sees it who knows nothing of plans.
type Row struct {
	ID    string `json:"event_id"`
	Entry string `json:"stream_id"`
	Log   string `json:"-"`
}

// A Letter is a dead letter.
type Letter struct {
	ID     string // the event's; "" when it holds none
	Reason eventbus.Reason
	Entry  string
	Log    string
}

// A Trail is a sink's audit trail.
type Trail struct {
	Name   string
	Broken error             // what is wrong with it
	Plans  map[string]uint64 // how many rows each plan has by it, by "<log>/<number>"
	Rows   map[string]uint64 // and by the lake
}

// A Charge is what a run can be found guilty of.
type Charge string

// The charges.
const (
	NotInLake   Charge = "lost: acknowledged, and not in the lake"
	NotHandled  Charge = "lost: acknowledged, and neither handled nor a dead letter"
	TwiceInLake Charge = "twice in the lake"
	TwiceDead   Charge = "twice among the dead letters"
	Moved       Charge = "in the lake as another entry than was acknowledged"
	Disordered  Charge = "out of its subject's order in the stream"
	Overtaken   Charge = "handled for the first time behind a later one of its subject"
	Looped      Charge = "poison loop: tried more often than MaxDeliver"
	NoLetter    Charge = "dead letters incomplete: a poisonous event has none"
	Innocent    Charge = "a dead letter of an event that was fine"
	BadPlan     Charge = "the lake isn't what its plans say"
	LostPlan    Charge = "a committed plan is not in the lake"
	BadTrail    Charge = "audit chain broken"
	FalseTrail  Charge = "the audit trail tells of a commit that wasn't"
	Died        Charge = "a process ended by itself"
	NeverMoved  Charge = "the number of shards has never changed"
	Idle        Charge = "nothing happened that could be judged"
)

// A Verdict says what a run is guilty of, and how much was looked at.
type Verdict struct {
	Acked, Handled, Deliveries, Rows, Letters, Plans, Audited int

	Changes int // of the number of shards
	Apart   int // events more than once in the lake as Reshard says they may be; no charge

	Charges map[Charge][]string // and examples; none for a good run
}

const examples = 10

func (v *Verdict) charge(c Charge, format string, args ...any) {
	if v.Charges == nil {
		v.Charges = map[Charge][]string{}
	}
	v.Charges[c] = append(v.Charges[c], fmt.Sprintf(format, args...))
}

// String tells the verdict on several lines.
func (v Verdict) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d acknowledged, %d handled in %d deliveries, %d dead letters, %d rows in %d plans, %d commits audited",
		v.Acked, v.Handled, v.Deliveries, v.Letters, v.Rows, v.Plans, v.Audited)
	if v.Changes > 0 {
		fmt.Fprintf(&b, "\n%d changes of the number of shards; %d events were published again across one and are there more than once", v.Changes, v.Apart)
	}
	for _, c := range v.Guilty() {
		list := v.Charges[c]
		fmt.Fprintf(&b, "\n%s (%d):", c, len(list))
		for _, text := range list[:min(len(list), examples)] {
			fmt.Fprintf(&b, "\n    %s", text)
		}
	}
	return b.String()
}

// Guilty returns the charges that stand, in their order.
func (v *Verdict) Guilty() []Charge {
	var list []Charge
	for c := range v.Charges {
		list = append(list, c)
	}
	slices.Sort(list)
	return list
}

// Judge compares the evidence with what carebus promises.
func (e *Evidence) Judge() Verdict {
	v := Verdict{Acked: len(e.Acked), Deliveries: len(e.Handled) + len(e.Failed), Rows: len(e.Rows), Letters: len(e.Letters)}
	acks := map[string]Ack{}
	for _, a := range e.Acked {
		acks[a.ID] = a
	}
	apart := e.apart()
	v.Changes, v.Apart = len(changes(e.Layouts)), len(apart)
	e.judgeStreams(&v)
	e.judgeLake(&v, acks, apart)
	if e.MaxDeliver > 0 {
		e.judgeConsumers(&v, acks, apart)
	}
	if e.Reshards && v.Changes == 0 {
		v.charge(NeverMoved, "it was seen %d times", len(e.Layouts))
	}
	e.judgePlans(&v)
	e.judgeTrails(&v)
	for _, text := range e.EndedAlone {
		v.charge(Died, "%s", text)
	}
	if v.Acked == 0 || v.Rows == 0 || v.Plans == 0 || e.MaxDeliver > 0 && (v.Handled == 0 || v.Letters == 0) || len(e.Trails) > 0 && v.Audited == 0 {
		v.charge(Idle, "%s", v.String())
	}
	return v
}

// judgeStreams compares the order of entries with the order of publishing.
func (e *Evidence) judgeStreams(v *Verdict) {
	bySubject := map[string][]Ack{}
	for _, a := range e.Acked {
		if a.Entry != "" {
			bySubject[a.Subject] = append(bySubject[a.Subject], a)
		}
	}
	for subject, list := range bySubject {
		slices.SortFunc(list, func(a, b Ack) int { return cmp.Compare(a.Seq, b.Seq) })
		for i := 1; i < len(list); i++ {
			if compareEntries(list[i-1].Entry, list[i].Entry) >= 0 {
				v.charge(Disordered, "%s: number %d is entry %s, and number %d is %s", subject, list[i-1].Seq, list[i-1].Entry, list[i].Seq, list[i].Entry)
			}
		}
	}
}

func (e *Evidence) judgeLake(v *Verdict, acks map[string]Ack, apart map[string]int) {
	rows, moved := map[string]int{}, map[string]int{}
	for _, r := range e.Rows {
		copies := max(apart[r.ID], 1)
		if rows[r.ID]++; rows[r.ID] == copies+1 {
			v.charge(TwiceInLake, "%s, entry %s of log %s", r.ID, r.Entry, r.Log)
		}
		a, ok := acks[r.ID]
		if !ok || a.Entry == "" || a.Entry == r.Entry {
			continue
		}
		if moved[r.ID]++; moved[r.ID] == copies { // no copy is what was acknowledged
			v.charge(Moved, "%s: acknowledged as %s, in the lake as %s", r.ID, a.Entry, r.Entry)
		}
	}
	for _, a := range e.Acked {
		if rows[a.ID] == 0 {
			v.charge(NotInLake, "%s, entry %s", a.ID, a.Entry)
		}
	}
}

// judgeConsumers judges what was handled and what is dead. Each entry of an event
// apart is handled, tried and given up for itself.
func (e *Evidence) judgeConsumers(v *Verdict, acks map[string]Ack, apart map[string]int) {
	handled, failed, dead := map[string]bool{}, map[string]int{}, map[string]int{}
	entries := map[string]int{}
	latest := map[string]uint64{}
	for _, id := range e.Handled {
		if handled[id] {
			continue
		}
		handled[id] = true
		// Of an event that nobody was told to be there, no place is known.
		if a, ok := acks[id]; ok {
			if a.Seq < latest[a.Subject] {
				v.charge(Overtaken, "%s: number %d behind %d", a.Subject, a.Seq, latest[a.Subject])
			}
			latest[a.Subject] = max(latest[a.Subject], a.Seq)
		}
	}
	v.Handled = len(handled)
	for _, id := range e.Failed {
		if failed[id]++; failed[id] == e.MaxDeliver*max(apart[id], 1)+1 {
			v.charge(Looped, "%s", id)
		}
	}
	for _, l := range e.Letters {
		dead[l.ID]++
		entry := l.ID
		if apart[l.ID] > 0 {
			entry += " " + l.Log
		}
		if entries[entry]++; entries[entry] == 2 {
			v.charge(TwiceDead, "%s, entry %s of log %s", l.ID, l.Entry, l.Log)
		}
		if failed[l.ID] == 0 {
			v.charge(Innocent, "%s, entry %s of log %s: %s", l.ID, l.Entry, l.Log, l.Reason)
		}
	}
	for id := range failed {
		if dead[id] < max(apart[id], 1) {
			v.charge(NoLetter, "%s", id)
		}
	}
	for _, a := range e.Acked {
		if !handled[a.ID] && dead[a.ID] == 0 && failed[a.ID] == 0 {
			v.charge(NotHandled, "%s, entry %s", a.ID, a.Entry)
		}
	}
}

func (e *Evidence) judgePlans(v *Verdict) {
	var rows uint64
	for log, plans := range e.Plans {
		v.Plans += int(plans.Plans) //nolint:gosec // they were read one by one
		rows += plans.Rows
		for _, p := range plans.Problems {
			v.charge(BadPlan, "log %s: plan %d, %s: %s", log, p.Plan, p.Key, p.Rule)
		}
		if n := plans.Lost + plans.Refused + plans.Quarantined + plans.Dropped; n > 0 {
			v.charge(BadPlan, "log %s: %d lost, %d refused, %d in quarantine, %d dropped", log, plans.Lost, plans.Refused, plans.Quarantined, plans.Dropped)
		}
		if plans.Plans < e.Cursors[log] {
			v.charge(LostPlan, "log %s: %d are committed, and the lake has %d in a row", log, e.Cursors[log], plans.Plans)
		}
	}
	if rows != uint64(len(e.Rows)) {
		v.charge(BadPlan, "the plans have %d rows, and the lake %d", rows, len(e.Rows))
	}
}

func (e *Evidence) judgeTrails(v *Verdict) {
	for _, t := range e.Trails {
		if t.Broken != nil {
			v.charge(BadTrail, "%s: %v", t.Name, t.Broken)
		}
		v.Audited += len(t.Plans)
		for plan, rows := range t.Plans {
			if has, ok := t.Rows[plan]; !ok || has != rows {
				v.charge(FalseTrail, "%s: plan %s with %d rows, and the lake has %d", t.Name, plan, rows, has)
			}
		}
	}
}

// compareEntries compares ids of stream entries, <ms>-<seq>.
func compareEntries(a, b string) int {
	ams, aseq := parseEntry(a)
	bms, bseq := parseEntry(b)
	return cmp.Or(cmp.Compare(ams, bms), cmp.Compare(aseq, bseq))
}

func parseEntry(id string) (ms, seq uint64) {
	before, after, _ := strings.Cut(id, "-")
	ms, _ = strconv.ParseUint(before, 10, 64)
	seq, _ = strconv.ParseUint(after, 10, 64)
	return ms, seq
}
