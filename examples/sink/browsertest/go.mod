// The dashboard in a real browser. A module of its own, so that a browser's
// driver is nobody's dependency.
module github.com/carebus/carebus/examples/sink/browsertest

go 1.26.0

require (
	github.com/chromedp/cdproto v0.159.0
	github.com/chromedp/chromedp v0.23.0
)

require github.com/go-json-experiment/json v0.0.0-20260213210345-44df1a37e875 // indirect
