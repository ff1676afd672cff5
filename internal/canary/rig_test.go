package canary

import (
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/carebus/carebus/internal/child"
	"github.com/carebus/carebus/internal/output"
	"github.com/carebus/carebus/internal/redistest"
)

// programs is where the sink and busctl are, built once.
var programs string

func TestMain(m *testing.M) {
	if playWorker() {
		return
	}
	dir, err := os.MkdirTemp("", "canary-")
	if err != nil {
		panic(err)
	}
	programs = dir
	code := m.Run()
	os.RemoveAll(dir) //nolint:errcheck // a temporary folder
	os.Exit(code)
}

var build = sync.OnceValues(func() ([]byte, error) {
	// Looked at, so that go test runs again when they have changed.
	for _, dir := range []string{"../../examples/sink", "../../examples/busctl", "../../examples/internal", "../../eventbus/httpapi"} {
		err := filepath.WalkDir(dir, func(path string, _ os.DirEntry, err error) error {
			if err == nil {
				_, err = os.Stat(path)
			}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return exec.Command("go", "build", "-o", programs, "github.com/carebus/carebus/examples/sink", "github.com/carebus/carebus/examples/busctl").CombinedOutput()
})

// A rig is all that runs.
type rig struct {
	t         *testing.T
	dir       string
	redis     *redistest.Server
	client    *redis.Client
	monitor   *output.Buffer
	telemetry *output.Buffer
	collector string // URL

	sink           *process
	url, key       string
	worker         *process
	summary, full  *output.Buffer // the live stream
	answers        *output.Buffer
	lake, auditDir string
}

// start starts a redis-server that writes all it can, and what watches it.
func start(t *testing.T) *rig {
	t.Helper()
	r := &rig{t: t, dir: t.TempDir(), monitor: &output.Buffer{}, telemetry: &output.Buffer{}, answers: &output.Buffer{}, summary: &output.Buffer{}, full: &output.Buffer{}}
	r.lake, r.auditDir = filepath.Join(r.dir, "lake"), filepath.Join(r.dir, "audit")
	r.redis = redistest.Real(t, "--rdbcompression", "no", "--slowlog-log-slower-than", "0", "--slowlog-max-len", "100000")
	r.client = r.redis.Client(t)
	conn, err := net.Dial("tcp", r.redis.Addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() }) //nolint:errcheck // it was only read
	if _, err := io.WriteString(conn, "MONITOR\r\n"); err != nil {
		t.Fatal(err)
	}
	go io.Copy(r.monitor, conn) //nolint:errcheck // it ends with the connection
	collector := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		var body io.Reader = req.Body
		if req.Header.Get("Content-Encoding") == "gzip" {
			body, _ = gzip.NewReader(body)
		}
		io.Copy(r.telemetry, body) //nolint:errcheck // a buffer
		w.Header().Set("Content-Type", "application/x-protobuf")
	}))
	t.Cleanup(collector.Close)
	r.collector = collector.URL
	return r
}

// A process is the sink or a worker.
type process struct {
	cmd            *exec.Cmd
	stdout, stderr output.Buffer
	done           chan struct{}
}

func (r *rig) run(cmd *exec.Cmd, env ...string) *process {
	r.t.Helper()
	p := &process{cmd: cmd, done: make(chan struct{})}
	cmd.Stdout, cmd.Stderr = &p.stdout, &p.stderr
	cmd.Env = append(os.Environ(), "OTEL_EXPORTER_OTLP_ENDPOINT="+r.collector, "OTEL_BSP_SCHEDULE_DELAY=100", "OTEL_METRIC_EXPORT_INTERVAL=500",
		"GOTRACEBACK=all", "ENVIRONMENT="+environment, "CAREBUS_KEY="+base64.StdEncoding.EncodeToString(key))
	cmd.Env = append(cmd.Env, env...)
	in, err := cmd.StdinPipe()
	if err == nil {
		err = child.Start(cmd, func(error) { close(p.done) }) // it ends by a signal
	}
	if err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(func() {
		_ = in.Close() // it may have ended
		_ = cmd.Process.Kill()
		<-p.done
	})
	return p
}

// bringDown sends a signal that has the runtime print its goroutines.
func (p *process) bringDown(t *testing.T, s syscall.Signal) {
	t.Helper()
	if err := p.cmd.Process.Signal(s); err != nil {
		t.Fatal(err)
	}
	select {
	case <-p.done:
	case <-time.After(time.Minute):
		t.Fatalf("a process outlives %v", s)
	}
}

func (r *rig) startWorker(w worker) {
	r.t.Helper()
	w.Redis, w.Lake = r.redis.URL, r.lake
	text, err := json.Marshal(w)
	if err != nil {
		r.t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		r.t.Fatal(err)
	}
	r.worker = r.run(exec.Command(self), workerVariable+"="+string(text))
}

func (r *rig) startSink() {
	r.t.Helper()
	if out, err := build(); err != nil {
		r.t.Fatalf("%v: %s", err, out)
	}
	r.sink = r.run(exec.Command(filepath.Join(programs, "sink"), "-addr", "127.0.0.1:0", "-redis", r.redis.URL, "-lake", r.lake, "-audit", r.auditDir,
		"-audit-replica", "redis", "-batch-age", "200ms", "-profile", "safe_harbor"))
	r.wait("the sink to serve", func() bool {
		for line := range strings.Lines(r.sink.stderr.String()) {
			if key, ok := strings.CutPrefix(line, "api key: "); ok {
				r.key = strings.TrimSpace(key)
			}
			var l struct{ Msg, Address string }
			if json.Unmarshal([]byte(line), &l) == nil && l.Msg == "the sink serves" {
				r.url = "http://" + l.Address
			}
		}
		return r.url != "" && r.key != ""
	})
	r.follow("/api/events/stream?view=summary", r.summary)
	r.follow("/api/events/stream?view=full", r.full)
}

// screen returns what an operator sees who looks at the bus.
func (r *rig) screen() place {
	r.t.Helper()
	var all strings.Builder
	for _, args := range [][]string{
		{"tail", "-full", "-last", "100000", "-n", "200"}, {"tail", "-json", "-last", "100000", "-n", "200"},
		{"dlq", "list"}, {"dlq", "list", "-json"}, {"status"}, {"status", "-json"}, {"doctor"},
	} {
		cmd := exec.CommandContext(r.t.Context(), filepath.Join(programs, "busctl"), args...)
		cmd.Dir = r.dir
		cmd.Env = append(os.Environ(), "ENVIRONMENT="+environment, "REDIS_URL="+r.redis.URL)
		out, err := cmd.CombinedOutput()
		if err != nil && args[0] != "doctor" { // which finds what is wrong here
			r.t.Errorf("busctl %v: %v", args, err)
		}
		all.Write(out)
	}
	return place{"an operator's screen", all.String(), "patient.created"}
}

// follow reads the live stream into a buffer.
func (r *rig) follow(path string, into *output.Buffer) {
	r.t.Helper()
	request, err := http.NewRequestWithContext(r.t.Context(), http.MethodGet, r.url+path, nil)
	if err != nil {
		r.t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+r.key)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		r.t.Fatal(err)
	}
	if response.StatusCode != http.StatusOK {
		r.t.Fatalf("%s: %d", path, response.StatusCode)
	}
	go func() {
		defer response.Body.Close()  //nolint:errcheck // it was read
		io.Copy(into, response.Body) //nolint:errcheck // it ends with the sink
	}()
}

func (r *rig) wait(what string, ok func() bool) {
	r.t.Helper()
	deadline := time.After(3 * time.Minute)
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for !ok() {
		select {
		case <-tick.C:
		case <-deadline:
			for _, p := range []*process{r.sink, r.worker} {
				if p != nil {
					text := p.stderr.String()
					r.t.Logf("%s", text[max(0, len(text)-2000):])
				}
			}
			r.t.Fatalf("waited in vain for %s", what)
		}
	}
}

// settle waits until the worker has failed at everything twice, and the sink has
// carried everything.
func (r *rig) settle() {
	r.t.Helper()
	r.wait("the worker", func() bool { return strings.Contains(r.worker.stdout.String(), "done") })
	if r.sink == nil {
		return
	}
	last := func(key, field string) string {
		if field == "" {
			for _, m := range r.client.XRevRangeN(r.t.Context(), key, "+", "-", 1).Val() {
				return m.ID
			}
			return ""
		}
		return r.client.HGet(r.t.Context(), key, field).Val()
	}
	r.wait("the lake", func() bool {
		return last(stream, "") == last("carebus:{"+environment+".0}:lake", "last")
	})
}

const (
	stream = "carebus:{" + environment + ".0}:events"
	dead   = "carebus:{" + environment + ".0}:dead"
)
