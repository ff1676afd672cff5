package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.opentelemetry.io/otel"

	"github.com/carebus/carebus/internal/redistest"
)

// TestNonsenseInVariables: a variable that can't be used keeps the sink from
// starting, and the error names it and not what it holds.
func TestNonsenseInVariables(t *testing.T) {
	const canary = "n0nsense"
	redis := redistest.Mini(t)
	for _, variable := range [...]string{"AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"} {
		t.Setenv(variable, filepath.Join(t.TempDir(), "none"))
	}
	t.Setenv("AWS_REGION", "us-east-1")
	for _, c := range []struct{ name, value string }{
		{"ENVIRONMENT", "N0nsense"}, {"ENVIRONMENT", canary + " s3cret!"},
		{"REDIS_URL", canary}, {"REDIS_URL", "http://" + canary}, {"REDIS_URL", "redis://127.0.0.1/" + canary}, {"REDIS_URL", "redis://127.0.0.1?" + canary + "=1"},
		{"CAREBUS_KEY", canary + "!"}, {"CAREBUS_KEY", "bjBuc2Vuc2U="},
		{"S3_BUCKET", "N0nsense"}, {"S3_BUCKET", canary + " x"}, {"S3_BUCKET", "s3://" + canary}, {"S3_BUCKET", "bucket/a b" + canary},
		{"S3_KMS_KEY_ID", canary + " x"},
		{"AWS_REGION", canary + " x"}, {"AWS_ENDPOINT_URL_S3", canary}, {"AWS_ENDPOINT_URL_S3", "http://a b" + canary}, {"AWS_ENDPOINT_URL_S3", "https://user:" + canary + "@host"},
		{"AWS_ENDPOINT_URL", "ftp://" + canary}, {"AWS_PROFILE", canary}, {"AWS_MAX_ATTEMPTS", canary}, {"AWS_DEFAULTS_MODE", canary}, {"AWS_USE_FIPS_ENDPOINT", canary},
		{"AWS_RETRY_MODE", canary}, {"AWS_REQUEST_CHECKSUM_CALCULATION", canary}, {"AWS_CA_BUNDLE", "/" + canary},
		{"CAREBUS_API_KEYS_FILE", "."}, {"CAREBUS_AUDIT_SIGNING_KEY", canary},
		{"OTEL_EXPORTER_OTLP_ENDPOINT", canary}, {"OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "://" + canary}, {"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", canary + ":4318"},
		{"OTEL_EXPORTER_OTLP_HEADERS", canary}, {"OTEL_EXPORTER_OTLP_HEADERS", "a=b," + canary}, {"OTEL_EXPORTER_OTLP_TRACES_HEADERS", "a=%zz" + canary},
		{"OTEL_EXPORTER_OTLP_TIMEOUT", canary}, {"OTEL_EXPORTER_OTLP_COMPRESSION", canary}, {"OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"}, {"OTEL_EXPORTER_OTLP_CERTIFICATE", "/" + canary},
	} {
		t.Run(c.name+"="+c.value, func(t *testing.T) {
			t.Setenv(c.name, c.value) // for the AWS SDK, which reads its own
			args := []string{"-addr", "127.0.0.1:0", "-audit", t.TempDir()}
			getenv := env(c.name+"="+c.value, "REDIS_URL="+redis)
			if strings.HasPrefix(c.name, "AWS_") || c.name == "S3_KMS_KEY_ID" {
				args = append(args, "-lake", "s3://bucket")
			} else if c.name != "S3_BUCKET" {
				args = append(args, "-lake", t.TempDir())
			}
			var stderr bytes.Buffer
			ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second) // one that is taken
			defer cancel()
			err := run(ctx, args, getenv, nil, io.Discard, &stderr)
			if err == nil || !strings.Contains(err.Error(), c.name) {
				t.Errorf("%v", err)
			}
			if told := strings.ToLower(stderr.String() + errorText(err)); strings.Contains(told, canary) || strings.Contains(told, c.value) && len(c.value) > 4 {
				t.Errorf("the value is told: %s", told)
			}
		})
	}
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// TestTelemetryTroubleIsLogged: what the OpenTelemetry SDK has to say is a record
// of the log, without what it quotes.
func TestTelemetryTroubleIsLogged(t *testing.T) {
	var log bytes.Buffer
	logTelemetry(slog.New(slog.NewJSONHandler(&log, nil)))
	t.Cleanup(func() { logTelemetry(slog.New(slog.DiscardHandler)) })
	otel.Handle(errors.New("401 from https://user:s3cret@collector"))
	otelLog{slog.NewJSONHandler(&log, nil)}.WithAttrs([]slog.Attr{slog.String("input", "s3cret")}).Handle(t.Context(), slog.NewRecord(time.Now(), slog.LevelError, "parse headers", 0)) //nolint:errcheck // a buffer
	if got := log.String(); strings.Contains(got, "s3cret") || strings.Count(got, "\n") != 2 || !strings.Contains(got, "parse headers") {
		t.Errorf("%s", got)
	}
}
