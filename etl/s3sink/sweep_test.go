package s3sink

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/carebus/carebus/etl"
	"github.com/carebus/carebus/internal/s3test"
)

type deletions []string

func (d *deletions) Deletion(_ context.Context, e etl.Deletion) error {
	*d = append(*d, e.Key)
	return nil
}

// TestSweepBesideStrangersObjects: what others put into the bucket, under names that
// no pipeline writes, neither ends a sweep nor gets its name into the audit trail.
func TestSweepBesideStrangersObjects(t *testing.T) {
	for name, server := range map[string]func(t *testing.T) s3test.Server{
		"fake":      func(t *testing.T) s3test.Server { return s3test.Fake(t, nil) },
		"versitygw": func(t *testing.T) s3test.Server { return s3test.Start(t) },
	} {
		t.Run(name, func(t *testing.T) { sweepBesideStrangers(t, server(t)) })
	}
}

func sweepBesideStrangers(t *testing.T, server s3test.Server) {
	s := open(t, server, nil)
	const hour = "events/production/year=2020/month=01/day=01/hour=00/"
	due := []string{hour + "event_type=a.b/0-00000000000000000001-0.jsonl.snappy", hour + "event_type=a.b/copy.jsonl"}
	for _, key := range due {
		if err := s.PutIfAbsent(t.Context(), etl.Object{Key: key, Body: []byte("x")}); err != nil {
			t.Fatal(err)
		}
	}
	strangers := []string{hour + "event_type=a.b/Ann Lee.csv", hour + "_SUCCESS", "events/production/year=2021/", "holds/production/"}
	for _, key := range strangers {
		if _, err := server.Client().PutObject(t.Context(), &s3.PutObjectInput{
			Bucket: aws.String(server.Bucket), Key: aws.String(s.config.Prefix + key),
		}); err != nil {
			t.Fatal(err)
		}
	}
	var audited deletions
	report, err := etl.Sweep(t.Context(), etl.SweepConfig{
		Store: s, Auditor: &audited, Environment: "production", Rules: []etl.RetentionRule{{Days: 1}},
		Now: func() time.Time { return time.Now().AddDate(0, 0, 2) },
	})
	if err != nil || report.Deleted != len(due) || report.Examined != len(due) {
		t.Errorf("%+v, %v", report, err)
	}
	if strings.Contains(strings.Join(audited, "\n"), "Lee") {
		t.Errorf("a stranger's name is audited: %q", audited)
	}
	var left []string
	for o, err := range s.List(t.Context(), "") {
		if err != nil {
			t.Fatal(err)
		}
		left = append(left, o.Key)
	}
	slices.Sort(left)
	slices.Sort(strangers)
	if !slices.Equal(left, strangers) {
		t.Errorf("%q are left, want %q", left, strangers)
	}
}
