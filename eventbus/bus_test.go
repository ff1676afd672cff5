package eventbus

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/carebus/carebus/internal/output"
	"github.com/carebus/carebus/internal/redistest"
	"github.com/carebus/carebus/internal/telemetry"
	"github.com/carebus/carebus/phi"
)

func TestConfigRules(t *testing.T) {
	ok := func() Config {
		return Config{URL: "redis://127.0.0.1:1", Environment: "test", Scrubber: newScrubber(t)}
	}
	for _, c := range []struct {
		rule   string
		change func(*Config)
	}{
		{"URL or Config.Client is required", func(c *Config) { c.URL = "" }},
		{"Scrubber is required", func(c *Config) { c.Scrubber = nil }},
		{"Scrubber is required", func(c *Config) { c.Scrubber = (*phi.Scrubber)(nil) }},
		{"Environment must be", func(c *Config) { c.Environment = "" }},
		{"Environment must be", func(c *Config) { c.Environment = "Prod:{x}" }},
		{"Shards must be", func(c *Config) { c.Shards = -1 }},
		{"MaxEventBytes must be", func(c *Config) { c.MaxEventBytes = 1 }},
		{"DedupeWindow must be", func(c *Config) { c.DedupeWindow = time.Millisecond }},
		{"MaxQueueBytes must hold", func(c *Config) { c.MaxQueueBytes = 10 }},
		{"must begin with redis://", func(c *Config) { c.URL = "http://x" }},
		{"can't be parsed", func(c *Config) { c.URL = "redis://user:secret@127.0.0.1:port/0" }},
	} {
		config := ok()
		c.change(&config)
		b, err := Open(t.Context(), config)
		if b != nil || err == nil || !strings.Contains(err.Error(), c.rule) {
			t.Errorf("%s: %v", c.rule, err)
		} else if strings.Contains(err.Error(), "secret") {
			t.Errorf("the error holds a password: %v", err)
		}
	}
}

func TestOpenTellsWhatToCheck(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0") // accepts and never answers
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close() //nolint:errcheck // of no use any more
	protected := redistest.Real(t, "--requirepass", "open sesame")
	for name, addr := range map[string]string{
		"nobody listens": redistest.FreeAddr(t), "no answer": l.Addr().String(), "wrong password": protected.Addr, "no TLS": redistest.Real(t).Addr,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			scrubber := newScrubber(t)
			began := time.Now()
			scheme := "redis"
			if name == "no TLS" {
				scheme = "rediss"
			}
			b, err := Open(t.Context(), Config{URL: scheme + "://user:hunter2@" + addr, Environment: "test", Scrubber: scrubber})
			if err == nil {
				b.Close() //nolint:errcheck // it should not be there
				t.Fatal("it opened")
			}
			if took := time.Since(began); took > 30*time.Second { // it should be 5, but others are at work
				t.Errorf("it took %v", took)
			}
			if !strings.Contains(err.Error(), addr) || !strings.Contains(err.Error(), "check that") || strings.Contains(err.Error(), "hunter2") {
				t.Errorf("%v", err)
			}
			if name != "wrong password" && !errors.Is(err, ErrUnavailable) {
				t.Errorf("not ErrUnavailable: %v", err)
			}
		})
	}
}

func TestOperatorLeavesNoTrace(t *testing.T) {
	redistest.Each(t, func(t *testing.T, url string) {
		operator := func(c *Config) { c.Operator = true }
		b := open(t, url, operator)
		if s, err := b.Status(t.Context()); err != nil || s.Epoch != 0 || len(s.Shards) != 1 {
			t.Errorf("%+v, %v", s, err)
		}
		if l, err := b.DeadLetters()[0].List(t.Context(), "", 10); err != nil || len(l) != 0 {
			t.Errorf("%v, %v", l, err)
		}
		_, subscribeErr := b.Subscribe(ConsumerConfig{Group: "g"})
		_, trimErr := b.Trim(t.Context(), RetentionConfig{})
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
		retainErr := b.Retain(ctx, RetentionConfig{})
		cancel()
		for _, err := range []error{b.Publish(t.Context(), event("user/1", 1)), b.Reshard(t.Context(), 2), subscribeErr, trimErr, retainErr} {
			if !errors.Is(err, errOperator) {
				t.Errorf("not refused: %v", err)
			}
		}
		if keys, err := redistest.Client(t, url).Keys(t.Context(), "*").Result(); err != nil || len(keys) != 0 {
			t.Errorf("it made %v, %v", keys, err)
		}
		// Who comes after it says how many shards there are.
		open(t, url, func(c *Config) { c.Shards = 3 })
		if s, err := open(t, url, operator).Status(t.Context()); err != nil || s.Epoch != 1 || len(s.Shards) != 3 {
			t.Errorf("%+v, %v", s, err)
		}
	})
}

func TestOpenRefusesAServerThatEvicts(t *testing.T) {
	server := redistest.Real(t, "--maxmemory-policy", "allkeys-lru")
	config := Config{URL: server.URL, Environment: "test", Scrubber: newScrubber(t)}
	if _, err := Open(t.Context(), config); err == nil || !strings.Contains(err.Error(), "noeviction") {
		t.Fatalf("%v", err)
	}
	b := open(t, server.URL, func(c *Config) { c.AllowEviction = true })
	client := server.Client(t)
	for policy, evicts := range map[string]float64{"allkeys-lru": 1, "noeviction": 0, "volatile-ttl": 1} { // as a failover may change it
		if err := client.ConfigSet(t.Context(), "maxmemory-policy", policy).Err(); err != nil {
			t.Fatal(err)
		}
		if s, err := b.Status(t.Context()); err != nil || s.Eviction != policy {
			t.Errorf("%s: %+v, %v", policy, s, err)
		}
		metrics := newCollector(t)
		open(t, server.URL, func(c *Config) { c.AllowEviction, c.Telemetry = true, metrics.into })
		if got := metrics.collect(t)[telemetry.RedisEvicts.Name]; got != evicts {
			t.Errorf("%s: %s is %v", policy, telemetry.RedisEvicts.Name, got)
		}
	}
	if err := client.ConfigSet(t.Context(), "maxmemory-policy", "volatile-ttl").Err(); err != nil {
		t.Fatal(err)
	}

	// Managed servers hide CONFIG, and evict unless they are told not to.
	if err := client.Do(t.Context(), "ACL", "SETUSER", "default", "-config").Err(); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), config); err == nil || !strings.Contains(err.Error(), "volatile-ttl") {
		t.Errorf("without CONFIG: %v", err)
	}
}

// A server that forgets at a restart is told of, once, where that matters.
func TestOpenWarnsOfAServerThatForgets(t *testing.T) {
	for _, c := range []struct {
		environment, appendonly string
		warns                   int
	}{{"test", "no", 1}, {"test", "yes", 0}, {"development", "no", 0}} {
		server := redistest.Real(t, "--appendonly", c.appendonly)
		var log output.Buffer
		open(t, server.URL, func(config *Config) { config.Environment, config.Logger = c.environment, logger(&log) })
		if n := strings.Count(log.String(), "appendonly no"); n != c.warns {
			t.Errorf("%+v: %d lines: %s", c, n, log.String())
		}
	}
	server := redistest.Real(t, "--appendonly", "no")
	if err := server.Client(t).Do(t.Context(), "ACL", "SETUSER", "narrow", "on", ">secret", "~*", "+@all", "-info", "-config").Err(); err != nil {
		t.Fatal(err)
	}
	var log output.Buffer
	open(t, "redis://narrow:secret@"+server.Addr, func(config *Config) { config.Logger = logger(&log) })
	if strings.Contains(log.String(), "appendonly") {
		t.Errorf("of a server that doesn't tell: %s", log.String())
	}
}

func TestClosedBus(t *testing.T) {
	b := open(t, redistest.Mini(t))
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	_, statusErr := b.Status(t.Context())
	_, subscribeErr := b.Subscribe(ConsumerConfig{Group: "g"})
	_, trimErr := b.Trim(t.Context(), RetentionConfig{})
	for call, err := range map[string]error{
		"publish": b.Publish(t.Context(), event("user/1", 1)), "status": statusErr, "subscribe": subscribeErr,
		"trim": trimErr, "retain": b.Retain(t.Context(), RetentionConfig{}), "reshard": b.Reshard(t.Context(), 2),
	} {
		if !errors.Is(err, ErrClosed) {
			t.Errorf("%s: %v", call, err)
		}
	}
}

// Who prints or logs a configuration doesn't print its password.
func TestConfigPrintsNoPassword(t *testing.T) {
	c := Config{URL: "redis://carebus:hunter2@127.0.0.1:6379/0", Environment: "test"}
	var logged bytes.Buffer
	slog.New(slog.NewTextHandler(&logged, nil)).Info("start", "config", c)
	slog.New(slog.NewJSONHandler(&logged, nil)).Info("start", "config", c)
	b := &Bus{config: c}
	slog.New(slog.NewTextHandler(&logged, nil)).Info("start", "bus", b)
	if shown := logged.String() + fmt.Sprintf("%v %+v %#v %s %v %v %+v %#v", c, c, c, c, &c, b, b, b); strings.Contains(shown, "hunter2") {
		t.Errorf("the password is printed:\n%s", shown)
	}
}
