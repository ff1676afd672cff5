package soak

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/carebus/carebus/etl"
	"github.com/carebus/carebus/etl/s3sink"
	"github.com/carebus/carebus/eventbus"
	"github.com/carebus/carebus/phi"
)

const environment = "test"

var (
	_ etl.Log        = (*eventbus.Log)(nil)
	_ etl.HistoryLog = (*eventbus.Log)(nil)
	_ etl.Leases     = (*eventbus.Leases)(nil)
)

// A sinkConfig tells a sink process what to do. It is passed in the environment.
type sinkConfig struct {
	Redis  string
	S3     s3sink.Config
	Shards int
	Batch  int
	Age    time.Duration
	Lease  time.Duration // 0: no leases
	Report bool          // write a line for each commit and every 100 ms
	Drain  bool          // carry what there is and end
}

const configVariable = "CAREBUS_SOAK_SINK"

func TestMain(m *testing.M) {
	text, isSink := os.LookupEnv(configVariable)
	if !isSink {
		os.Exit(m.Run())
	}
	var c sinkConfig
	if err := json.Unmarshal([]byte(text), &c); err != nil {
		panic(err)
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	if err := c.run(ctx, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// scrubKey is a key for tests alone.
var scrubKey = []byte("a key of thirty-two bytes or more")

func openBus(ctx context.Context, url string, shards int) (*eventbus.Bus, error) {
	scrubber, err := phi.New(phi.Config{Key: scrubKey})
	if err != nil {
		return nil, err
	}
	return eventbus.Open(ctx, eventbus.Config{URL: url, Environment: environment, Scrubber: scrubber, Shards: shards})
}

// run is the sink process.
func (c sinkConfig) run(ctx context.Context, out io.Writer) error {
	bus, err := openBus(ctx, c.Redis, c.Shards)
	if err != nil {
		return err
	}
	defer bus.Close() //nolint:errcheck // the process ends
	door, err := phi.New(phi.Config{Key: scrubKey, Profile: phi.LimitedDataSet})
	if err != nil {
		return err
	}
	sink, err := s3sink.New(ctx, c.S3)
	if err != nil {
		return err
	}
	reports := &reporter{out: out}
	config := etl.Config{
		Sink: sink, Environment: environment, Policy: "limited_data_set/k1",
		Scrubber: etl.ScrubFunc(func(dst, event []byte) ([]byte, error) {
			dst, _, err := door.ScrubEvent(dst, event)
			return dst, err
		}),
		BatchEvents: c.Batch, BatchAge: c.Age, Poll: 50 * time.Millisecond,
		LeaseTime: c.Lease,
	}
	if c.Report {
		config.OnCommit = func(commit etl.Commit) {
			reports.write(report{At: time.Now(), Commit: &commit})
		}
	}
	for _, l := range bus.Logs() {
		config.Logs = append(config.Logs, l)
	}
	if c.Lease > 0 {
		config.Leases = bus.Leases()
	}
	p, err := etl.New(config)
	if err != nil {
		return err
	}
	if c.Drain {
		return p.Drain(ctx)
	}
	var wg sync.WaitGroup
	if c.Report {
		wg.Go(func() {
			tick := time.NewTicker(100 * time.Millisecond)
			defer tick.Stop()
			for {
				select {
				case <-ctx.Done():
					return
				case <-tick.C:
					s := p.Status()
					reports.write(report{At: time.Now(), Status: &s})
				}
			}
		})
	}
	defer wg.Wait()
	return p.Run(ctx)
}

// A report is a line that a sink process writes.
type report struct {
	At     time.Time
	Commit *etl.Commit `json:",omitempty"`
	Status *etl.Status `json:",omitempty"`
}

type reporter struct {
	mu  sync.Mutex
	out io.Writer
}

func (r *reporter) write(v report) {
	r.mu.Lock()
	defer r.mu.Unlock()
	_ = json.NewEncoder(r.out).Encode(v) // the parent sees what is missing
}

// A process is a sink process.
type process struct {
	cmd     *exec.Cmd
	done    chan error
	reports []report // to be read once done
}

// start starts a sink process.
func start(t *testing.T, c sinkConfig, env map[string]string) *process {
	t.Helper()
	text, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	p := &process{cmd: exec.Command(exe), done: make(chan error, 1)}
	p.cmd.Env = append(os.Environ(), configVariable+"="+string(text))
	for name, value := range env {
		p.cmd.Env = append(p.cmd.Env, name+"="+value)
	}
	p.cmd.Stderr = os.Stderr
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		lines := bufio.NewScanner(out)
		lines.Buffer(nil, 1<<20)
		for lines.Scan() {
			var r report
			if json.Unmarshal(lines.Bytes(), &r) == nil { // the last line may be cut
				p.reports = append(p.reports, r)
			}
		}
		p.done <- p.cmd.Wait()
	}()
	return p
}

// kill ends the process at once.
func (p *process) kill() {
	_ = p.cmd.Process.Kill() // it may have ended
	<-p.done
}

// stop asks the process to end, and waits for it.
func (p *process) stop(t *testing.T) {
	t.Helper()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	p.wait(t)
}

func (p *process) wait(t *testing.T) {
	t.Helper()
	select {
	case err := <-p.done:
		if err != nil {
			t.Fatalf("a sink process ended: %v", err)
		}
	case <-time.After(2 * time.Minute):
		p.kill()
		t.Fatal("a sink process doesn't end")
	}
}
