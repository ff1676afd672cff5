package browsertest

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// A page is the dashboard in a browser. Nothing may break the page's policy, throw, or
// leave its server.
type page struct {
	t   *testing.T
	ctx context.Context
	url string

	mu       sync.Mutex
	refusals bool // are expected
	faults   []string
}

// openPage opens the dashboard of a sink, in a browser that ends with the test.
func openPage(t *testing.T, url string) *page {
	t.Helper()
	alloc, cancel := chromedp.NewExecAllocator(t.Context(), append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(chromium(t)), chromedp.NoSandbox, chromedp.WindowSize(1720, 1080))...)
	t.Cleanup(cancel)
	p := &page{t: t, url: url}
	p.ctx, cancel = chromedp.NewContext(alloc, chromedp.WithListener(p.listen))
	t.Cleanup(cancel)
	p.ctx, cancel = context.WithTimeout(p.ctx, 8*time.Minute)
	t.Cleanup(cancel)
	p.do(chromedp.Navigate(url+"/"), chromedp.WaitVisible(chromedp.CSS("#enter[open]")))
	return p
}

// listen notes what a page may not do.
func (p *page) listen(event any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	fault := func(format string, args ...any) { p.faults = append(p.faults, fmt.Sprintf(format, args...)) }
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		fault("exception: %s", e.ExceptionDetails.Text)
	case *log.EventEntryAdded:
		if expected := p.refusals && strings.Contains(e.Entry.Text, "401"); e.Entry.Level == log.EntryLevelError && !expected {
			fault("console: %s", e.Entry.Text)
		}
	case *network.EventRequestWillBeSent:
		if u := e.Request.URL; !strings.HasPrefix(u, p.url) && !strings.HasPrefix(u, "data:") {
			fault("request to %s", u)
		}
		if strings.Contains(e.Request.URL, "cbk_") {
			fault("a key in a URL")
		}
	}
}

// expectRefusals says whether the server may refuse what the page asks for.
func (p *page) expectRefusals(expected bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.refusals = expected
}

// check fails for each fault of the page.
func (p *page) check() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, f := range p.faults {
		p.t.Error(f)
	}
}

// do has the browser act.
func (p *page) do(actions ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	if err := chromedp.Do(p.ctx, actions...); err != nil {
		p.picture("failed")
		p.t.Fatal(err)
	}
}

// text returns the text of an element.
func (p *page) text(selector string) string {
	p.t.Helper()
	out, err := chromedp.Run(p.ctx, chromedp.Text(chromedp.CSS(selector)))
	if err != nil {
		p.t.Fatalf("%s: %v", selector, err)
	}
	return strings.TrimSpace(out)
}

// until waits for an element's text.
func (p *page) until(what, selector string, ok func(string) bool) {
	p.t.Helper()
	last := ""
	for deadline := time.Now().Add(2 * time.Minute); ; time.Sleep(50 * time.Millisecond) {
		if last = p.text(selector); ok(last) {
			return
		}
		if time.Now().After(deadline) {
			p.picture("failed")
			p.t.Fatalf("waited in vain for %s: %s is %q", what, selector, last)
		}
	}
}

// What until waits for.
func is(want string) func(string) bool { return func(got string) bool { return got == want } }
func contains(want string) func(string) bool {
	return func(got string) bool { return strings.Contains(got, want) }
}
func number(got string) bool { return got != "" && got[0] >= '1' && got[0] <= '9' }

// settle waits, for pictures, until a chart shows something.
func (p *page) settle() {
	if os.Getenv("CAREBUS_SCREENSHOTS") != "" {
		p.t.Log("waiting for a chart worth a picture")
		time.Sleep(time.Minute)
	}
}

// picture takes a picture, if a folder for pictures is named.
func (p *page) picture(name string) {
	p.t.Helper()
	dir := os.Getenv("CAREBUS_SCREENSHOTS")
	if dir == "" {
		return
	}
	png, err := chromedp.Run(p.ctx, chromedp.FullScreenshot(100))
	if err != nil {
		p.t.Errorf("picture %s: %v", name, err)
		return
	}
	if err := os.WriteFile(filepath.Join(dir, name+".png"), png, 0o644); err != nil {
		p.t.Error(err)
	}
}
