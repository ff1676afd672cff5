package httpapi_test

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/carebus/carebus/eventbus/httpapi"
	"github.com/carebus/carebus/schema"
)

// A pipeListener accepts connections that are made in memory, so that a server
// can live in a synctest bubble.
type pipeListener struct {
	conns chan net.Conn
	done  chan struct{}
	once  sync.Once
}

func (l *pipeListener) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.done:
		return nil, net.ErrClosed
	}
}

func (l *pipeListener) Close() error {
	l.once.Do(func() { close(l.done) })
	return nil
}

func (l *pipeListener) Addr() net.Addr { return &net.TCPAddr{} }

// A liveServer serves an api in memory, with its Run.
type liveServer struct {
	*api
	listener *pipeListener
	stop     func()
}

func serve(t *testing.T, change ...func(*httpapi.Config)) *liveServer {
	t.Helper()
	s := &liveServer{api: newAPI(t, change...), listener: &pipeListener{conns: make(chan net.Conn), done: make(chan struct{})}}
	ctx, cancel := context.WithCancel(context.Background())
	server := &http.Server{Handler: s.api}
	var wg sync.WaitGroup
	wg.Go(func() { server.Serve(s.listener) }) //nolint:errcheck // it ends with Close
	wg.Go(func() {
		if err := s.Run(ctx); err != nil {
			t.Error(err)
		}
	})
	s.stop = func() {
		cancel()
		server.Close() //nolint:errcheck // the test is over
		wg.Wait()
	}
	return s
}

// A reader is a client of the live stream.
type reader struct {
	conn net.Conn
	in   *bufio.Reader
	status,
	id string
}

// connect opens a stream and, unless it stays silent, reads the answer's head.
func (s *liveServer) connect(t *testing.T, query, token string, headers ...string) *reader {
	t.Helper()
	client, server := net.Pipe()
	s.listener.conns <- server
	fmt.Fprintf(client, "GET /api/events/stream%s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n", query, token)
	for _, h := range headers {
		fmt.Fprintf(client, "%s\r\n", h)
	}
	fmt.Fprint(client, "\r\n")
	return &reader{conn: client, in: bufio.NewReader(client)}
}

// next returns the next frame's type and data; "" at the end.
func (r *reader) next() (kind, data string) {
	for {
		line, err := r.in.ReadString('\n')
		if err != nil {
			return "", ""
		}
		line = strings.TrimRight(line, "\r\n")
		switch {
		case strings.HasPrefix(line, "HTTP/1.1 "):
			r.status = line[len("HTTP/1.1 "):]
		case strings.HasPrefix(line, "event: "):
			kind = line[len("event: "):]
		case strings.HasPrefix(line, "id: "):
			r.id = line[len("id: "):]
		case strings.HasPrefix(line, "data: "):
			data = line[len("data: "):]
		case line == "" && kind != "":
			return kind, data
		case line == "0": // the last chunk
			return "", ""
		}
	}
}

// until returns the data of the next frame of a kind, "" when none comes among
// the next ones: statistics never end, so a test that waits must.
func (r *reader) until(kind string) string {
	for range 1000 {
		k, data := r.next()
		if k == kind || k == "" {
			return data
		}
	}
	return ""
}

// liveEvent returns an event as the feed gives it.
func liveEvent(t testing.TB, n int, change func(e *schema.Envelope)) httpapi.LiveEvent {
	t.Helper()
	e := schema.Envelope{Source: "pms/identity", ID: fmt.Sprint("e", n), Event: schema.Raw{Name: "user.created", Data: []byte(`{"role":"clinician"}`)}}
	if change != nil {
		change(&e)
	}
	env := e.Environment
	if env == "" {
		env = "test"
	}
	if err := schema.Catalogue().Complete(&e, schema.Defaults{Environment: env}); err != nil {
		t.Fatal(err)
	}
	b, err := e.AppendJSON(nil)
	if err != nil {
		t.Fatal(err)
	}
	return httpapi.LiveEvent{Shard: "0", StreamID: fmt.Sprint(n, "-0"), Data: b}
}

func heap() uint64 {
	runtime.GC()
	runtime.GC() // what became garbage meanwhile, and pools
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
