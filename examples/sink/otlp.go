package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"strconv"
	"strings"

	"github.com/go-logr/logr"
	"go.opentelemetry.io/otel"
)

// checkOTLP says which of OpenTelemetry's variables for an exporter can't be
// used. The SDK goes on without them, and quotes them, secrets of a collector
// among them, on standard error.
func checkOTLP(getenv func(string) string) error {
	for _, signal := range [...]string{"", "METRICS_", "TRACES_"} {
		for _, v := range [...]struct {
			name string
			ok   func(string) bool
			rule string
		}{
			{"ENDPOINT", isHTTP, "must be http://host or https://host, with port and path if need be"},
			{"HEADERS", areHeaders, "must be name=value, more of them joined by commas, values percent-encoded"},
			{"TIMEOUT", func(s string) bool { n, err := strconv.Atoi(s); return err == nil && n > 0 }, "must be a number of milliseconds"},
			{"COMPRESSION", func(s string) bool { return s == "gzip" || s == "none" }, "must be gzip or none"},
			{"PROTOCOL", func(s string) bool { return s == "http/protobuf" || s == "http/json" }, "must be http/protobuf or http/json: the sink knows no others"},
			{"CERTIFICATE", isFile, "must name a file that can be read"},
			{"CLIENT_CERTIFICATE", isFile, "must name a file that can be read"},
			{"CLIENT_KEY", isFile, "must name a file that can be read"},
		} {
			name := "OTEL_EXPORTER_OTLP_" + signal + v.name
			if s := strings.TrimSpace(getenv(name)); s != "" && !v.ok(s) {
				return fmt.Errorf("%s %s", name, v.rule)
			}
		}
	}
	return nil
}

func isHTTP(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
}

func areHeaders(s string) bool {
	for header := range strings.SplitSeq(s, ",") {
		name, value, ok := strings.Cut(header, "=")
		if _, err := url.PathUnescape(value); !ok || err != nil || strings.TrimSpace(name) == "" {
			return false
		}
	}
	return true
}

func isFile(s string) bool {
	_, err := os.ReadFile(s)
	return err == nil
}

// logTelemetry has the OpenTelemetry SDK tell of its troubles in the sink's log,
// in place of lines of its own on standard error, and without its values: they
// may be headers and addresses of a collector.
func logTelemetry(logger *slog.Logger) {
	otel.SetLogger(logr.FromSlogHandler(otelLog{logger.Handler()}))
	otel.SetErrorHandler(otel.ErrorHandlerFunc(func(err error) {
		reason := "the collector, or what it was sent, is at fault"
		if failed := (*url.Error)(nil); errors.As(err, &failed) {
			reason = failed.Err.Error() // without the address
		}
		logger.Warn("telemetry was not sent", "error", reason)
	}))
}

// An otelLog passes on the messages of the OpenTelemetry SDK without what it adds
// to them.
type otelLog struct{ to slog.Handler }

// Enabled lets through errors and warnings, of which the SDK makes level -1.
func (h otelLog) Enabled(_ context.Context, level slog.Level) bool { return level >= -1 }

func (h otelLog) Handle(ctx context.Context, r slog.Record) error {
	out := slog.NewRecord(r.Time, slog.LevelWarn, "the OpenTelemetry SDK reports trouble", 0)
	out.AddAttrs(slog.String("message", r.Message))
	return h.to.Handle(ctx, out)
}

func (h otelLog) WithAttrs([]slog.Attr) slog.Handler { return h }
func (h otelLog) WithGroup(string) slog.Handler      { return h }
