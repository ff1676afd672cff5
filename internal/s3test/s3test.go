// Package s3test gives tests an S3 server: a real one, versitygw on a folder,
// when it is installed, or a fake in the process that can fail on demand.
package s3test

import (
	"context"
	"fmt"
	"go/build"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"

	"github.com/carebus/carebus/internal/child"
	"github.com/carebus/carebus/internal/output"
)

// A Server is an S3 server with one bucket.
type Server struct {
	Endpoint  string // URL
	Region    string
	Bucket    string
	AccessKey string
	SecretKey string
}

// Client returns a client of the server. It doesn't retry.
func (s Server) Client() *s3.Client {
	return s3.New(s3.Options{
		BaseEndpoint: aws.String(s.Endpoint), UsePathStyle: true, Region: s.Region,
		Credentials: credentials.NewStaticCredentialsProvider(s.AccessKey, s.SecretKey, ""),
		Retryer:     aws.NopRetryer{},
		// Plain headers in place of trailers, which older servers lack.
		RequestChecksumCalculation: aws.RequestChecksumCalculationWhenRequired,
		ResponseChecksumValidation: aws.ResponseChecksumValidationWhenRequired,
	})
}

// Setenv points the AWS SDK's environment at the server for the test's time.
func (s Server) Setenv(t *testing.T) {
	for name, value := range s.Env() {
		t.Setenv(name, value)
	}
}

// Env returns the AWS SDK's environment variables for the server.
func (s Server) Env() map[string]string {
	return map[string]string{
		"AWS_ENDPOINT_URL_S3": s.Endpoint, "AWS_REGION": s.Region,
		"AWS_ACCESS_KEY_ID": s.AccessKey, "AWS_SECRET_ACCESS_KEY": s.SecretKey,
		"AWS_SESSION_TOKEN": "", "AWS_PROFILE": "", "AWS_EC2_METADATA_DISABLED": "true",
		"AWS_CONFIG_FILE": os.DevNull, "AWS_SHARED_CREDENTIALS_FILE": os.DevNull,
	}
}

const (
	region    = "us-east-1"
	bucket    = "carebus-test"
	accessKey = "carebus-test-key"
	secretKey = "carebus-test-secret"
)

// Start starts a real server for the test: versitygw from PATH, GOBIN or
// GOPATH/bin, on a temporary folder and a free port of the loopback interface.
// Without versitygw the test is skipped, or fails if CAREBUS_REQUIRE_REAL=1.
func Start(t testing.TB) Server {
	t.Helper()
	return start(t, "versitygw", "github.com/versity/versitygw/cmd/versitygw@v1.8.0", func(program, address, data, sidecar string) *exec.Cmd {
		cmd := exec.Command(program, "--port", address, "--region", region, "--quiet", "posix", "--sidecar", sidecar, data)
		cmd.Env = append(os.Environ(), "ROOT_ACCESS_KEY_ID="+accessKey, "ROOT_SECRET_ACCESS_KEY="+secretKey)
		return cmd
	})
}

// StartMinIO starts a MinIO server like Start, for what versitygw lacks:
// lifecycle rules and Object Lock.
func StartMinIO(t testing.TB) Server {
	t.Helper()
	return start(t, "minio", "github.com/minio/minio@v0.0.0-20260212201848-7aac2a2c5b7c", func(program, address, data, sidecar string) *exec.Cmd {
		cmd := exec.Command(program, "server", "--quiet", "--address", address, data)
		cmd.Env = append(os.Environ(), "MINIO_ROOT_USER="+accessKey, "MINIO_ROOT_PASSWORD="+secretKey, "MINIO_BROWSER=off", "MINIO_UPDATE=off", "HOME="+sidecar)
		return cmd
	})
}

// start starts a program with a data folder and another for what else it keeps.
func start(t testing.TB, name, source string, command func(program, address, data, sidecar string) *exec.Cmd) Server {
	t.Helper()
	program := find(name)
	if program == "" {
		missing := name + " is not installed: go install " + source
		if os.Getenv("CAREBUS_REQUIRE_REAL") == "1" {
			t.Fatal(missing)
		}
		t.Skip(missing)
	}
	dir := t.TempDir()
	data, sidecar := filepath.Join(dir, "data"), filepath.Join(dir, "meta")
	for _, d := range []string{data, sidecar} {
		if err := os.Mkdir(d, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	for try := 1; ; try++ {
		address := freeAddress(t)
		server := Server{Endpoint: "http://" + address, Region: region, Bucket: bucket, AccessKey: accessKey, SecretKey: secretKey}
		err := server.start(t, command(program, address, data, sidecar))
		if err == nil {
			return server
		}
		if try == 3 {
			t.Fatalf("%s does not start: %v", name, err)
		}
	}
}

func (s Server) start(t testing.TB, cmd *exec.Cmd) error {
	var log output.Buffer
	cmd.Stdout, cmd.Stderr = &log, &log
	ended := make(chan struct{})
	if err := child.Start(cmd, func(error) { close(ended) }); err != nil {
		return err
	}
	stop := func() {
		_ = cmd.Process.Kill()
		<-ended
	}
	if err := s.createBucket(ended); err != nil {
		stop()
		return fmt.Errorf("%w: %s", err, log.String())
	}
	t.Cleanup(stop)
	return nil
}

// createBucket creates the bucket as soon as the server answers.
func (s Server) createBucket(ended <-chan struct{}) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	again := time.NewTicker(50 * time.Millisecond)
	defer again.Stop()
	for {
		_, err := s.Client().CreateBucket(ctx, &s3.CreateBucketInput{Bucket: aws.String(s.Bucket)})
		if err == nil {
			return nil
		}
		select {
		case <-again.C:
		case <-ended:
			return fmt.Errorf("the server ended: %w", err)
		case <-ctx.Done():
			return err
		}
	}
}

func find(program string) string {
	if path, err := exec.LookPath(program); err == nil {
		return path
	}
	for _, dir := range append([]string{os.Getenv("GOBIN")}, gopathBins()...) {
		if dir == "" {
			continue
		}
		if path, err := exec.LookPath(filepath.Join(dir, program)); err == nil {
			return path
		}
	}
	return ""
}

func gopathBins() []string {
	var bins []string
	for _, dir := range filepath.SplitList(build.Default.GOPATH) {
		bins = append(bins, filepath.Join(dir, "bin"))
	}
	return bins
}

func freeAddress(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// Fake starts a fake server in the process. Each request goes through faults
// first, unless that is nil.
func Fake(t testing.TB, faults func(next http.Handler) http.Handler) Server {
	t.Helper()
	backend := s3mem.New()
	if err := backend.CreateBucket(bucket); err != nil {
		t.Fatal(err)
	}
	handler := gofakes3.New(backend).Server()
	if faults != nil {
		handler = faults(handler)
	}
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return Server{Endpoint: server.URL, Region: region, Bucket: bucket, AccessKey: accessKey, SecretKey: secretKey}
}
