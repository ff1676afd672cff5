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

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
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
	path := chromium(t)
	s := startSink(t)
	alloc, cancel := chromedp.NewExecAllocator(t.Context(), append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.WindowSize(1720, 1080))...)
	defer cancel()
	// Nothing may break the page's policy, throw, or leave this server.
	var mu sync.Mutex
	var faults []string
	fault := func(format string, args ...any) {
		mu.Lock()
		defer mu.Unlock()
		faults = append(faults, fmt.Sprintf(format, args...))
	}
	expectRefusal := false
	listen := func(event any) {
		switch e := event.(type) {
		case *runtime.EventExceptionThrown:
			fault("exception: %s", e.ExceptionDetails.Text)
		case *log.EventEntryAdded:
			mu.Lock()
			expected := expectRefusal && strings.Contains(e.Entry.Text, "401")
			mu.Unlock()
			if e.Entry.Level == log.EntryLevelError && !expected {
				fault("console: %s", e.Entry.Text)
			}
		case *network.EventRequestWillBeSent:
			if u := e.Request.URL; !strings.HasPrefix(u, s.url) && !strings.HasPrefix(u, "data:") {
				fault("request to %s", u)
			}
			if strings.Contains(e.Request.URL, "cbk_") {
				fault("a key in a URL")
			}
		}
	}
	ctx, cancel := chromedp.NewContext(alloc, chromedp.WithListener(listen))
	defer cancel()
	ctx, cancel = context.WithTimeout(ctx, 8*time.Minute)
	defer cancel()

	text := func(selector string) string {
		out, err := chromedp.Run(ctx, chromedp.Text(chromedp.CSS(selector)))
		if err != nil {
			t.Fatalf("%s: %v", selector, err)
		}
		return strings.TrimSpace(out)
	}
	until := func(what, selector string, ok func(string) bool) {
		t.Helper()
		last := ""
		for deadline := time.Now().Add(2 * time.Minute); ; time.Sleep(50 * time.Millisecond) {
			if last = text(selector); ok(last) {
				return
			}
			if time.Now().After(deadline) {
				picture(ctx, t, "failed")
				t.Fatalf("waited in vain for %s: %s is %q", what, selector, last)
			}
		}
	}
	do := func(actions ...chromedp.Action[chromedp.Void]) {
		t.Helper()
		if err := chromedp.Do(ctx, actions...); err != nil {
			picture(ctx, t, "failed")
			t.Fatal(err)
		}
	}
	is := func(want string) func(string) bool { return func(got string) bool { return got == want } }
	number := func(got string) bool { return got != "" && got[0] >= '1' && got[0] <= '9' }

	do(chromedp.Navigate(s.url+"/"), chromedp.WaitVisible(chromedp.CSS("#enter[open]")))
	picture(ctx, t, "enter")

	// A wrong key is refused, and asked for again.
	mu.Lock()
	expectRefusal = true
	mu.Unlock()
	do(chromedp.SendKeys(chromedp.CSS("#key"), "cbk_wrong"), chromedp.Click(chromedp.CSS("#connect")), chromedp.WaitVisible(chromedp.CSS("#enter[open]")))
	until("a refusal", "#enter-note", is("This key is not accepted."))
	mu.Lock()
	expectRefusal = false
	mu.Unlock()

	practice, stop := context.WithCancel(ctx)
	var publisher sync.WaitGroup
	publisher.Go(func() { s.practice(practice, t) })
	defer publisher.Wait()
	defer stop()

	do(chromedp.SendKeys(chromedp.CSS("#key"), s.key), chromedp.Click(chromedp.CSS("#connect")), chromedp.WaitNotVisible(chromedp.CSS("#enter")))
	until("the stream", "#connection", is("live"))
	until("the environment", "#environment", is("development"))
	until("the rate", "#t-rate b span", number)
	until("the latency", "#t-latency b span", func(got string) bool { return got != "–" })
	until("findings", "#t-scrub b span", number)
	until("types", "#types", func(got string) bool { return strings.Contains(got, "auth.login") })
	until("categories", "#scrubbed", func(got string) bool { return strings.Contains(got, "ssn") && strings.Contains(got, "email") })
	until("events", "#events", func(got string) bool { return strings.Contains(got, "appointment.booked") })
	until("a batch in the lake", "#etl-rows", number)
	until("the pipeline", "#etl-state", is("running"))

	// No value of an event is on the page.
	page, err := chromedp.Run(ctx, chromedp.OuterHTML(chromedp.CSS("html")))
	if err != nil {
		t.Fatal(err)
	}
	for _, value := range []string{"Ann Lee", "ann@example.com", "617-555-0134", "078-05-1120", s.key} {
		if strings.Contains(page, value) {
			t.Errorf("the page holds %q", value)
		}
	}

	// A refused event shows among the errors.
	if status := s.post(t, "/api/events/publish", `{"type":"no.such_type","source":"pms"}`); status != http.StatusUnprocessableEntity {
		t.Errorf("status %d", status)
	}
	until("the error", "#problems", func(got string) bool { return strings.Contains(got, "unknown type") })

	// Stop asks first; then the pipeline stops, and starts again.
	do(chromedp.Click(chromedp.CSS("#stop")), chromedp.WaitVisible(chromedp.CSS("#confirm[open]")), chromedp.Click(chromedp.CSS("#confirm button[value=no]")), chromedp.WaitNotVisible(chromedp.CSS("#confirm")))
	if got := s.state(t); got != "running" {
		t.Errorf("a stop that was called off: %s", got)
	}
	do(chromedp.Click(chromedp.CSS("#stop")), chromedp.WaitVisible(chromedp.CSS("#confirm[open]")))
	picture(ctx, t, "confirm")
	do(chromedp.Click(chromedp.CSS("#confirm-stop")))
	until("the stop", "#etl-state", is("stopped"))
	if got := s.state(t); got != "stopped" {
		t.Errorf("after the stop: %s", got)
	}
	do(chromedp.WaitEnabled(chromedp.CSS("#start")), chromedp.Click(chromedp.CSS("#start")))
	until("the start", "#etl-state", is("running"))

	// Pause holds the list still while events go on.
	do(chromedp.Click(chromedp.CSS("#pause")))
	until("what is not shown", "#skipped", number)
	first := text("#events li:first-child")
	until("more that is not shown", "#skipped", func(got string) bool { return len(strings.Fields(got)[0]) > 1 })
	if got := text("#events li:first-child"); got != first {
		t.Error("the list moved while it was paused")
	}
	do(chromedp.Click(chromedp.CSS("#pause")))
	until("the list to go on", "#skipped", is(""))

	time.Sleep(settle(t))    // for the pictures: a chart with some history
	picture(ctx, t, "light") // as the browser asks for
	do(chromedp.Click(chromedp.CSS("#theme")))
	picture(ctx, t, "dark")
	do(chromedp.EmulateViewport(420, 900))
	picture(ctx, t, "narrow")
	do(chromedp.ResetViewport())

	// Disconnecting forgets the key.
	do(chromedp.Click(chromedp.CSS("#leave")), chromedp.WaitVisible(chromedp.CSS("#enter[open]")))
	kept, err := chromedp.Run(ctx, chromedp.Evaluate[string](`sessionStorage.getItem("carebus-key") || ""`))
	if err != nil || kept != "" || text("#connection") != "not connected" {
		t.Error("the key was kept")
	}
	mu.Lock()
	defer mu.Unlock()
	for _, f := range faults {
		t.Error(f)
	}
}

// settle is how long pictures wait for a chart that shows something.
func settle(t *testing.T) time.Duration {
	if os.Getenv("CAREBUS_SCREENSHOTS") == "" {
		return 0
	}
	t.Log("waiting for a chart worth a picture")
	return time.Minute
}

// picture takes a picture, if a folder for pictures is named.
func picture(ctx context.Context, t *testing.T, name string) {
	t.Helper()
	dir := os.Getenv("CAREBUS_SCREENSHOTS")
	if dir == "" {
		return
	}
	png, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
	if err != nil {
		t.Errorf("picture %s: %v", name, err)
		return
	}
	if err := os.WriteFile(filepath.Join(dir, name+".png"), png, 0o644); err != nil {
		t.Error(err)
	}
}
