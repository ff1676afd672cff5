package eventbus

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/carebus/carebus/internal/redistest"
	"github.com/carebus/carebus/phi"
	"github.com/carebus/carebus/schema"
)

// The chaos test: two publishers and three consumers, each a process, are
// killed, stopped and continued at random; Redis is killed, restarted and
// paused; connections are cut and slowed. Afterwards every acknowledged event
// must have been handled, in its subject's order, and every poisonous one must
// be a dead letter, and nothing else.
//
//	CAREBUS_CHAOS=10m CAREBUS_CHAOS_SEED=42 go test ./eventbus -run TestChaos -v -timeout 15m
//
// The processes write what they know to one journal, whose lines are in the
// order of the writes: "A id" when an event was acknowledged, "H id" when it
// was handled.

// How a poisonous event can be told by its id.
const (
	poisonPermanent = "permanent"
	poisonFailing   = "failing"
)

// chaosConsumer is every consumer's configuration.
var chaosConsumer = ConsumerConfig{
	Group: "test", Concurrency: 2, BatchSize: 32, MaxInFlight: 128, Lease: 1500 * time.Millisecond, Block: 100 * time.Millisecond,
	MaxDeliver: 8, MinIdle: time.Second, BackoffMin: 5 * time.Millisecond, BackoffMax: 50 * time.Millisecond, StopTimeout: 5 * time.Second,
}

// chaosRole plays a process of the chaos test if the environment says so.
func chaosRole() (played bool) {
	role, url := os.Getenv("CAREBUS_TEST_ROLE"), os.Getenv("CAREBUS_TEST_URL")
	if role == "" {
		return false
	}
	go func() { // not to outlive the test
		_, _ = os.Stdin.Read(make([]byte, 1))
		os.Exit(3)
	}()
	fail := func(err error) {
		if err != nil {
			fmt.Fprintln(os.Stderr, role, err)
			os.Exit(1)
		}
	}
	ctx, cancel := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer cancel()
	journal, err := os.OpenFile(os.Getenv("CAREBUS_TEST_JOURNAL"), os.O_APPEND|os.O_WRONLY, 0)
	fail(err)
	scrubber, err := phi.New(phi.Config{Key: []byte(strings.Repeat("k", 32)), Profile: phi.Operational})
	fail(err)
	var b *Bus
	for b == nil && ctx.Err() == nil { // Redis may be away
		b, err = Open(ctx, Config{URL: url, Environment: "test", Scrubber: scrubber, Shards: 3, Timeout: time.Second})
		if err != nil && !errors.Is(err, ErrUnavailable) {
			fail(err)
		}
	}
	if b == nil {
		return true
	}
	if role == "consumer" {
		c, err := b.Subscribe(chaosConsumer)
		fail(err)
		if err := c.Run(ctx, chaosHandler(journal)); !errors.Is(err, ErrStopTimeout) {
			fail(err)
		}
	} else {
		chaosPublish(ctx, b, os.Getenv("CAREBUS_TEST_NAME"), journal, fail)
	}
	fail(b.Close())
	return true
}

func chaosHandler(journal *os.File) Handler {
	return HandlerFunc(func(_ context.Context, events []schema.Envelope) error {
		errs := make(schema.BatchError, len(events))
		var lines bytes.Buffer
		for i, e := range events {
			switch {
			case strings.Contains(e.ID, poisonPermanent):
				errs[i] = Permanent(errors.New("no"))
			case strings.Contains(e.ID, poisonFailing):
				errs[i] = errors.New("no")
			default:
				fmt.Fprintf(&lines, "H %s\n", e.ID)
			}
		}
		if _, err := journal.Write(lines.Bytes()); err != nil {
			return err
		}
		time.Sleep(rand.N(3 * time.Millisecond)) // the work, in which to be killed
		return errs.OrNil()
	})
}

// chaosPublish publishes events of a few subjects, each subject's one after
// another, until ctx is done.
func chaosPublish(ctx context.Context, b *Bus, name string, journal *os.File, fail func(error)) {
	var subjects sync.WaitGroup
	for s := range 4 {
		subjects.Go(func() {
			for n := 0; ctx.Err() == nil; n++ {
				subject := fmt.Sprintf("user/%s%d", name[:1], s) // goes on when the process is another
				kind := "good"
				switch n % 50 {
				case 20:
					kind = poisonFailing
				case 40:
					kind = poisonPermanent
				}
				e := event(subject, 0)
				e.ID = fmt.Sprintf("evt_%s%d_%s_%08d_%s", name[:1], s, name[1:], n, kind)
				err := errors.New("not yet")
				for err != nil && ctx.Err() == nil {
					if err = b.Publish(context.Background(), e); err != nil && !errors.Is(err, ErrUnavailable) {
						fail(err)
					}
				}
				if err == nil {
					_, err = fmt.Fprintf(journal, "A %s\n", e.ID)
					fail(err)
				}
				time.Sleep(2 * time.Millisecond) // the load, not a wait for anything
			}
		})
	}
	subjects.Wait()
}

// A chaosProcess is a publisher or consumer that is started anew when it ends.
type chaosProcess struct {
	role, url, journal, slot string

	life  int
	cmd   *exec.Cmd
	stdin *os.File
}

func (p *chaosProcess) start(t *testing.T) {
	t.Helper()
	p.life++
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	p.cmd = exec.Command(self)
	p.cmd.Stdin, p.cmd.Stderr, p.stdin = r, os.Stderr, w
	p.cmd.Env = append(os.Environ(), "CAREBUS_TEST_ROLE="+p.role, "CAREBUS_TEST_URL="+p.url, "CAREBUS_TEST_JOURNAL="+p.journal,
		fmt.Sprintf("CAREBUS_TEST_NAME=%s%05d", p.slot, p.life))
	err = p.cmd.Start()
	_ = r.Close() // the child has its own
	if err != nil {
		t.Fatal(err)
	}
}

func (p *chaosProcess) signal(s syscall.Signal) { _ = p.cmd.Process.Signal(s) }

// end waits for the process and returns how it ended.
func (p *chaosProcess) end() error {
	defer p.stdin.Close() //nolint:errcheck // nobody reads it any more
	return p.cmd.Wait()
}

func TestChaos(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	length, err := time.ParseDuration(cmp.Or(os.Getenv("CAREBUS_CHAOS"), "5s"))
	if err != nil {
		t.Fatal(err)
	}
	seed, err := strconv.ParseUint(cmp.Or(os.Getenv("CAREBUS_CHAOS_SEED"), fmt.Sprint(time.Now().UnixNano())), 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("CAREBUS_CHAOS=%v CAREBUS_CHAOS_SEED=%d", length, seed)
	random := rand.New(rand.NewPCG(seed, 0))
	// Whatever is acknowledged is on the disk: only then may nothing be lost.
	server := redistest.Real(t, "--appendfsync", "always")
	proxy := redistest.NewProxy(t, server.Addr)
	journal := filepath.Join(t.TempDir(), "journal")
	if err := os.WriteFile(journal, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	var processes []*chaosProcess
	for i, role := range []string{"publisher", "publisher", "consumer", "consumer", "consumer"} {
		p := &chaosProcess{role: role, url: "redis://" + proxy.Addr, journal: journal, slot: string(rune('a' + i))}
		p.start(t)
		processes = append(processes, p)
		t.Cleanup(func() { p.signal(syscall.SIGKILL); _ = p.end() })
	}

	did := map[string]int{}
	for end := time.Now().Add(length); time.Now().Before(end); {
		p := processes[random.IntN(len(processes))]
		while := time.Duration(20+random.IntN(400)) * time.Millisecond
		action := []string{"kill", "kill", "stop", "stop", "long stop", "restart redis", "pause redis", "cut", "slow"}[random.IntN(9)]
		did[action]++
		switch action {
		case "kill":
			p.signal(syscall.SIGKILL)
			_ = p.end()
			p.start(t)
		case "long stop":
			while += 2 * chaosConsumer.Lease
			fallthrough
		case "stop":
			p.signal(syscall.SIGSTOP)
			time.Sleep(while)
			p.signal(syscall.SIGCONT)
		case "restart redis":
			server.Kill(t)
			server.Restart(t)
		case "pause redis":
			server.Pause(t)
			time.Sleep(while)
			server.Resume(t)
		case "cut":
			proxy.Cut()
		case "slow":
			proxy.Slow(time.Duration(1+random.IntN(30)) * time.Millisecond)
			time.Sleep(while)
			proxy.Slow(0)
		}
		time.Sleep(while)
	}
	for _, p := range processes[:2] {
		p.signal(syscall.SIGTERM)
		if err := p.end(); err != nil {
			t.Errorf("a publisher: %v", err)
		}
	}
	b := open(t, server.URL, func(c *Config) { c.Shards = 3 })
	var verdict chaosVerdict
	until(t, "every acknowledged event to be handled or a dead letter", func() bool {
		pause(t.Context(), 100*time.Millisecond) // judging is work
		verdict = judgeChaos(t, b, journal)
		return verdict.open == 0
	})
	until(t, "nothing pending", func() bool {
		s, err := b.Status(t.Context())
		for _, sh := range s.Shards {
			for _, g := range sh.Groups {
				if g.Pending > 0 {
					return false
				}
			}
		}
		return err == nil
	})
	for _, p := range processes[2:] {
		p.signal(syscall.SIGTERM)
		if err := p.end(); err != nil {
			t.Errorf("a consumer: %v", err)
		}
	}
	verdict = judgeChaos(t, b, journal)
	t.Logf("%v: %d acknowledged, %d handled, %d deliveries, %d dead letters", did, verdict.acked, verdict.handled, verdict.deliveries, verdict.dead)
	if verdict.open != 0 || verdict.wrong != 0 || verdict.innocent != 0 || verdict.twice != 0 || verdict.acked == 0 {
		t.Errorf("%+v", verdict)
	}
}

// A chaosVerdict counts events, or their deliveries.
type chaosVerdict struct {
	acked, handled, deliveries, dead int

	open     int // acknowledged, and neither handled nor, if poisonous, a dead letter
	wrong    int // handled for the first time behind a later one of their subject
	innocent int // dead letters that weren't poisonous
	twice    int // acknowledged, and not once in the streams
}

func judgeChaos(t *testing.T, b *Bus, journal string) (v chaosVerdict) {
	t.Helper()
	text, err := os.ReadFile(journal)
	if err != nil {
		t.Fatal(err)
	}
	acked, done, highest := map[string]bool{}, map[string]bool{}, map[string]string{}
	for line := range strings.Lines(string(text)) {
		kind, id, ok := strings.Cut(strings.TrimSpace(line), " ")
		switch {
		case !ok:
			t.Fatalf("the journal holds %q", line)
		case kind == "A":
			acked[id] = true
		case !done[id]:
			done[id] = true
			subject := strings.Split(id, "_")[1]
			if v.handled++; id < highest[subject] {
				v.wrong++
			}
			highest[subject] = max(highest[subject], id)
			fallthrough
		default:
			v.deliveries++
		}
	}
	for _, d := range b.DeadLetters() {
		for after := ""; ; {
			letters, err := d.List(t.Context(), after, 1000)
			if err != nil {
				t.Fatal(err)
			}
			if len(letters) == 0 {
				break
			}
			for _, l := range letters {
				after = l.ID
				e, err := schema.Parse(l.Event)
				if err != nil {
					t.Fatal("a dead letter without its event")
				}
				v.dead++
				if done[e.ID] = true; strings.HasSuffix(e.ID, "good") {
					v.innocent++
				}
			}
		}
	}
	seen := map[string]int{}
	for _, l := range b.Logs() {
		for after := ""; ; {
			entries, err := l.Read(t.Context(), after, 1000)
			if err != nil {
				t.Fatal(err)
			}
			if len(entries) == 0 {
				break
			}
			for _, entry := range entries {
				after = entry.ID
				e, err := schema.Parse(entry.Data)
				if err != nil {
					t.Fatal(err)
				}
				seen[e.ID]++
			}
		}
	}
	v.acked = len(acked)
	for id := range acked {
		if !done[id] {
			v.open++
		}
		if seen[id] != 1 {
			v.twice++
		}
	}
	return v
}
