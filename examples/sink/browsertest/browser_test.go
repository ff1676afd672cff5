// Package browsertest drives the dashboard of examples/sink in a headless
// Chromium. It is skipped when none is installed, and fails then under
// CAREBUS_REQUIRE_REAL=1. CAREBUS_SCREENSHOTS names a folder for pictures.
package browsertest

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// chromium returns a browser's path.
func chromium(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	const missing = "no Chromium is installed: apt-get install chromium"
	if os.Getenv("CAREBUS_REQUIRE_REAL") == "1" {
		t.Fatal(missing)
	}
	t.Skip(missing)
	return ""
}

// A sink is the process under test.
type sink struct {
	url, key string
	cmd      *exec.Cmd
}

// startSink builds and starts examples/sink with a lake and an audit trail of its own.
func startSink(t *testing.T) *sink {
	t.Helper()
	dir := t.TempDir()
	binary := filepath.Join(dir, "sink")
	build := exec.Command("go", "build", "-o", binary, ".")
	build.Dir = ".."
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	l.Close() //nolint:errcheck // its port was wanted
	s := &sink{url: "http://" + addr, cmd: exec.Command(binary, "-addr", addr, "-lake", filepath.Join(dir, "lake"), "-audit", filepath.Join(dir, "audit"), "-batch-age", "3s")}
	stderr, err := s.cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
			t.Error(err)
		}
		if err := s.cmd.Wait(); err != nil {
			t.Errorf("after SIGTERM: %v", err)
		}
	})
	ready := make(chan struct{})
	go func() {
		lines := bufio.NewScanner(stderr)
		for lines.Scan() {
			if key, ok := strings.CutPrefix(lines.Text(), "api key: "); ok {
				s.key = key
			}
			if strings.Contains(lines.Text(), "the sink serves") {
				close(ready)
			}
		}
	}()
	select {
	case <-ready:
	case <-time.After(2 * time.Minute):
		t.Fatal("the sink does not serve")
	}
	return s
}

// post sends a request with the key and returns the status.
func (s *sink) post(t *testing.T, path, body string) int {
	t.Helper()
	r, err := http.NewRequest(http.MethodPost, s.url+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+s.key)
	r.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()        //nolint:errcheck // it is read
	io.Copy(io.Discard, answer.Body) //nolint:errcheck // as above
	return answer.StatusCode
}

func (s *sink) state(t *testing.T) string {
	t.Helper()
	r, err := http.NewRequest(http.MethodGet, s.url+"/api/events/etl/status", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+s.key)
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close() //nolint:errcheck // it is read
	var status struct{ State string }
	if err := json.NewDecoder(answer.Body).Decode(&status); err != nil {
		t.Fatal(err)
	}
	return status.State
}

// practice publishes what happens in a practice until ctx is done.
func (s *sink) practice(ctx context.Context, t *testing.T) {
	kinds := []string{
		`"type":"appointment.booked","severity":"low","source":"pms/scheduling"`, `"type":"user.updated","source":"pms/identity"`,
		`"type":"note.signed","source":"pms/charts"`, `"type":"auth.login","source":"pms/identity","data":{"outcome":"success"}`,
		`"type":"invoice.paid","source":"pms/billing"`, `"type":"appointment.missed","severity":"medium","source":"pms/scheduling"`,
		`"type":"auth.lockout","severity":"high","source":"pms/identity"`, `"type":"risk.flagged","severity":"critical","source":"pms/charts"`,
		`"type":"patient.updated","source":"pms/charts","data":{"name":"Ann Lee","email":"ann@example.com","phone":"617-555-0134","ssn":"078-05-1120"}`,
		`"type":"claim.submitted","source":"pms/billing"`,
	}
	weights := []int{9, 7, 6, 12, 5, 2, 1, 1, 6, 4}
	for n := 0; ctx.Err() == nil; n++ {
		var batch []string
		for i, k := range kinds {
			for j := range weights[i] {
				if (n*7+i*3+j*5)%11 < 6+(n/4)%5 {
					batch = append(batch, "{"+k+fmt.Sprintf(`,"subject":"case/%d"}`, n*31+i))
				}
			}
		}
		s.post(t, "/api/events/publish", "["+strings.Join(batch, ",")+"]")
		time.Sleep(220 * time.Millisecond) // the practice's own time
	}
}

// TestDashboard clicks through the dashboard's controls.
func TestDashboard(t *testing.T) {
	chromium(t) // else nothing needs to be built
	s := startSink(t)
	p := openPage(t, s.url)
	defer p.check()
	p.picture("enter")
	refuseAWrongKey(p)

	practice, stop := context.WithCancel(p.ctx)
	var publisher sync.WaitGroup
	publisher.Go(func() { s.practice(practice, t) })
	defer publisher.Wait()
	defer stop()

	connect(p, s)
	holdNoValue(p, s)
	showARefusedEvent(p, s)
	stopAndStart(p, s)
	pause(p)
	p.settle()
	p.picture("light") // as the browser asks for
	p.do(chromedp.Click(chromedp.CSS("#theme")))
	p.picture("dark")
	p.do(chromedp.EmulateViewport(420, 900))
	p.picture("narrow")
	p.do(chromedp.ResetViewport())
	disconnect(p)
}

// refuseAWrongKey: it is asked for again.
func refuseAWrongKey(p *page) {
	p.expectRefusals(true)
	p.do(chromedp.SendKeys(chromedp.CSS("#key"), "cbk_wrong"), chromedp.Click(chromedp.CSS("#connect")), chromedp.WaitVisible(chromedp.CSS("#enter[open]")))
	p.until("a refusal", "#enter-note", is("This key is not accepted."))
	p.expectRefusals(false)
}

// connect: with a key the page shows what happens.
func connect(p *page, s *sink) {
	p.do(chromedp.SendKeys(chromedp.CSS("#key"), s.key), chromedp.Click(chromedp.CSS("#connect")), chromedp.WaitNotVisible(chromedp.CSS("#enter")))
	p.until("the stream", "#connection", is("live"))
	p.until("the environment", "#environment", is("development"))
	p.until("the rate", "#t-rate b span", number)
	p.until("the latency", "#t-latency b span", func(got string) bool { return got != "–" })
	p.until("findings", "#t-scrub b span", number)
	p.until("types", "#types", contains("auth.login"))
	p.until("numbers", "#scrubbed", contains("ssn"))
	p.until("addresses", "#scrubbed", contains("email"))
	p.until("events", "#events", contains("appointment.booked"))
	p.until("a batch in the lake", "#etl-rows", number)
	p.until("the pipeline", "#etl-state", is("running"))
}

// holdNoValue: no value of an event is on the page, nor the key.
func holdNoValue(p *page, s *sink) {
	html, err := chromedp.Run(p.ctx, chromedp.OuterHTML(chromedp.CSS("html")))
	if err != nil {
		p.t.Fatal(err)
	}
	for _, value := range []string{"Ann Lee", "ann@example.com", "617-555-0134", "078-05-1120", s.key} {
		if strings.Contains(html, value) {
			p.t.Errorf("the page holds %q", value)
		}
	}
}

// showARefusedEvent: it shows among the errors.
func showARefusedEvent(p *page, s *sink) {
	if status := s.post(p.t, "/api/events/publish", `{"type":"no.such_type","source":"pms"}`); status != http.StatusUnprocessableEntity {
		p.t.Errorf("status %d", status)
	}
	p.until("the error", "#problems", contains("unknown type"))
}

// stopAndStart: stop asks first; then the pipeline stops, and starts again.
func stopAndStart(p *page, s *sink) {
	p.do(chromedp.Click(chromedp.CSS("#stop")), chromedp.WaitVisible(chromedp.CSS("#confirm[open]")), chromedp.Click(chromedp.CSS("#confirm button[value=no]")), chromedp.WaitNotVisible(chromedp.CSS("#confirm")))
	if got := s.state(p.t); got != "running" {
		p.t.Errorf("a stop that was called off: %s", got)
	}
	p.do(chromedp.Click(chromedp.CSS("#stop")), chromedp.WaitVisible(chromedp.CSS("#confirm[open]")))
	p.picture("confirm")
	p.do(chromedp.Click(chromedp.CSS("#confirm-stop")))
	p.until("the stop", "#etl-state", is("stopped"))
	if got := s.state(p.t); got != "stopped" {
		p.t.Errorf("after the stop: %s", got)
	}
	p.do(chromedp.WaitEnabled(chromedp.CSS("#start")), chromedp.Click(chromedp.CSS("#start")))
	p.until("the start", "#etl-state", is("running"))
}

// pause holds the list still while events go on.
func pause(p *page) {
	p.do(chromedp.Click(chromedp.CSS("#pause")))
	p.until("what is not shown", "#skipped", number)
	first := p.text("#events li:first-child")
	p.until("more that is not shown", "#skipped", func(got string) bool { return len(strings.Fields(got)[0]) > 1 })
	if got := p.text("#events li:first-child"); got != first {
		p.t.Error("the list moved while it was paused")
	}
	p.do(chromedp.Click(chromedp.CSS("#pause")))
	p.until("the list to go on", "#skipped", is(""))
}

// disconnect: the page forgets the key.
func disconnect(p *page) {
	p.do(chromedp.Click(chromedp.CSS("#leave")), chromedp.WaitVisible(chromedp.CSS("#enter[open]")))
	kept, err := chromedp.Run(p.ctx, chromedp.Evaluate[string](`sessionStorage.getItem("carebus-key") || ""`))
	if err != nil || kept != "" || p.text("#connection") != "not connected" {
		p.t.Error("the key was kept")
	}
}
