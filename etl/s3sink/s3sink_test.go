package s3sink

import (
	"errors"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/carebus/carebus/etl"
	"github.com/carebus/carebus/etl/sinktest"
	"github.com/carebus/carebus/internal/s3test"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// open returns a sink on a test server by way of the SDK's environment.
func open(t *testing.T, server s3test.Server, change func(*Config)) *Sink {
	t.Helper()
	server.Setenv(t)
	config := Config{
		Bucket: server.Bucket, Prefix: "lake/a",
		Timeout: 20 * time.Second, MinPause: time.Millisecond, MaxPause: 10 * time.Millisecond,
	}
	if change != nil {
		change(&config)
	}
	s, err := New(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func TestFake(t *testing.T) {
	server := s3test.Fake(t, nil)
	sinktest.Run(t, func(t *testing.T) etl.Sink { return open(t, server, nil) })
	sinktest.RunStore(t, func(t *testing.T) sinktest.Store { return open(t, server, nil) })
}

func TestVersitygw(t *testing.T) {
	server := s3test.Start(t)
	for _, c := range []struct {
		name   string
		change func(*Config)
	}{
		{"Default", nil},
		{"CRC32", func(c *Config) { c.Checksum = CRC32 }},
		{"NoChecksum", func(c *Config) { c.Checksum, c.BucketEncryption = NoChecksum, true }},
		{"Tag", func(c *Config) { c.Tag = true }},
	} {
		t.Run(c.name, func(t *testing.T) {
			sinktest.Run(t, func(t *testing.T) etl.Sink { return open(t, server, c.change) })
		})
	}
	sinktest.RunStore(t, func(t *testing.T) sinktest.Store { return open(t, server, nil) })
	s := open(t, server, nil)
	s.config.Bucket = "another-bucket"
	if _, err := s.Get(t.Context(), "a"); !errors.Is(err, etl.ErrPermanent) || !strings.Contains(err.Error(), "bucket") {
		t.Errorf("Get without a bucket = %v, want ErrPermanent that names the bucket", err)
	}
}
