package s3sink

import (
	"bytes"
	"cmp"
	"io"
	"math"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/carebus/carebus/etl"
	"github.com/carebus/carebus/internal/s3test"
)

// lifecycleServer keeps a bucket's lifecycle rules as they come, which neither
// the fake nor versitygw does. Like S3 it takes no list without any.
func lifecycleServer(next http.Handler) http.Handler {
	const leastSize = "X-Amz-Transition-Default-Minimum-Object-Size"
	var rules []byte
	var least string
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !r.URL.Query().Has("lifecycle") {
			next.ServeHTTP(w, r)
			return
		}
		switch {
		case r.Method == http.MethodDelete:
			rules, least = nil, ""
			w.WriteHeader(http.StatusNoContent)
		case r.Method == http.MethodPut:
			body, _ := io.ReadAll(r.Body)
			if !bytes.Contains(body, []byte("<Rule>")) {
				w.WriteHeader(http.StatusBadRequest)
				_, _ = io.WriteString(w, `<?xml version="1.0"?><Error><Code>MalformedXML</Code></Error>`)
				return
			}
			rules, least = body, cmp.Or(r.Header.Get(leastSize), "all_storage_classes_128K")
		case rules == nil:
			w.WriteHeader(http.StatusNotFound)
			_, _ = io.WriteString(w, `<?xml version="1.0"?><Error><Code>NoSuchLifecycleConfiguration</Code></Error>`)
		default:
			w.Header().Set(leastSize, least)
			_, _ = w.Write(rules)
		}
	})
}

func TestLifecycle(t *testing.T) { checkLifecycle(t, s3test.Fake(t, lifecycleServer)) }

func TestLifecycleRules(t *testing.T) {
	s := open(t, s3test.Fake(t, lifecycleServer), nil)
	ok := LifecycleConfig{Rules: etl.DefaultRetention(), Environments: []string{"production"}}
	if _, err := s.lifecycle(ok); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*LifecycleConfig){
		"no rules":        func(c *LifecycleConfig) { c.Rules = nil },
		"no environments": func(c *LifecycleConfig) { c.Environments = nil },
		"environment":     func(c *LifecycleConfig) { c.Environments = []string{"../x"} },
		"forever":         func(c *LifecycleConfig) { c.Rules = []etl.RetentionRule{{Days: math.MaxInt}} }, // -1 as the store counts
		"noncurrent":      func(c *LifecycleConfig) { c.NoncurrentDays = math.MaxInt },
		"table":           func(c *LifecycleConfig) { c.Tables = []string{"a b"} },
		"plans":           func(c *LifecycleConfig) { c.Tables = []string{"plans"} },
		"holds":           func(c *LifecycleConfig) { c.Tables = []string{"holds"} },
	} {
		c := ok
		change(&c)
		if err := s.ApplyLifecycle(t.Context(), c); err == nil {
			t.Errorf("%s: ApplyLifecycle = nil", name)
		}
	}
}

// TestLifecycleChanged: whatever a rule does otherwise, or to other objects, is a drift.
func TestLifecycleChanged(t *testing.T) {
	server := s3test.Fake(t, lifecycleServer)
	s := open(t, server, nil)
	config := LifecycleConfig{Rules: etl.DefaultRetention(), Environments: []string{"production"}}
	const id = "carebus/lake/a/events/production"
	days, large := aws.Int32(1), aws.Int64(1<<40)
	and := func(change func(*types.LifecycleRuleAndOperator)) func(*types.LifecycleRule) {
		return func(r *types.LifecycleRule) {
			all := &types.LifecycleRuleAndOperator{Prefix: r.Filter.Prefix}
			change(all)
			r.Filter = &types.LifecycleRuleFilter{And: all}
		}
	}
	for name, change := range map[string]func(*types.LifecycleRule){
		"prefix": func(r *types.LifecycleRule) { r.Filter.Prefix = aws.String("lake/a/events/") },
		"tag": and(func(a *types.LifecycleRuleAndOperator) {
			a.Tags = []types.Tag{{Key: aws.String("a"), Value: aws.String("b")}}
		}),
		"large objects":       and(func(a *types.LifecycleRuleAndOperator) { a.ObjectSizeGreaterThan = large }),
		"small objects":       and(func(a *types.LifecycleRuleAndOperator) { a.ObjectSizeLessThan = large }),
		"large objects alone": func(r *types.LifecycleRule) { r.Filter = &types.LifecycleRuleFilter{ObjectSizeGreaterThan: large} },
		"small objects alone": func(r *types.LifecycleRule) { r.Filter = &types.LifecycleRuleFilter{ObjectSizeLessThan: large} },
		"days":                func(r *types.LifecycleRule) { r.Expiration.Days = days },
		"noncurrent days":     func(r *types.LifecycleRule) { r.NoncurrentVersionExpiration.NoncurrentDays = days },
		"noncurrent kept":     func(r *types.LifecycleRule) { r.NoncurrentVersionExpiration.NewerNoncurrentVersions = days },
		"transition": func(r *types.LifecycleRule) {
			r.Transitions = []types.Transition{{Days: days, StorageClass: "GLACIER"}}
		},
		"noncurrent transition": func(r *types.LifecycleRule) {
			r.NoncurrentVersionTransitions = []types.NoncurrentVersionTransition{{NoncurrentDays: days, StorageClass: "GLACIER"}}
		},
	} {
		rules, err := s.lifecycle(config)
		if err != nil {
			t.Fatal(err)
		}
		change(&rules[slices.IndexFunc(rules, func(r types.LifecycleRule) bool { return aws.ToString(r.ID) == id })])
		if _, err := server.Client().PutBucketLifecycleConfiguration(t.Context(), &s3.PutBucketLifecycleConfigurationInput{
			Bucket: aws.String(server.Bucket), LifecycleConfiguration: &types.BucketLifecycleConfiguration{Rules: rules},
		}); err != nil {
			t.Fatal(err)
		}
		if got, err := s.CheckLifecycle(t.Context(), config); err != nil || !slices.Equal(got, []Drift{{id, "changed"}}) {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
}

// Several lakes of one bucket keep their rules, whatever the order in which they are
// written, also one without a prefix; a rule of a lake that it wants no more goes.
func TestLifecycleOfSeveralLakes(t *testing.T) {
	server := s3test.Fake(t, lifecycleServer)
	config := LifecycleConfig{Rules: etl.DefaultRetention(), Environments: []string{"production"}}
	lakes := []*Sink{
		open(t, server, func(c *Config) { c.Prefix = "" }),
		open(t, server, func(c *Config) { c.Prefix = "a" }),
		open(t, server, func(c *Config) { c.Prefix = "a/b" }),
	}
	for _, i := range []int{2, 1, 0, 1, 2, 0} {
		if err := lakes[i].ApplyLifecycle(t.Context(), config); err != nil {
			t.Fatal(err)
		}
	}
	for i, s := range lakes {
		if drifts, err := s.CheckLifecycle(t.Context(), config); err != nil || len(drifts) > 0 {
			t.Errorf("lake %d: %v, %v", i, drifts, err)
		}
	}
	more := config
	more.Tables = []string{"events", "logins"}
	for _, c := range []LifecycleConfig{more, config} {
		if err := lakes[0].ApplyLifecycle(t.Context(), c); err != nil {
			t.Fatal(err)
		}
	}
	if have, err := lakes[0].lifecycleRules(t.Context()); err != nil || len(have.Rules) != 2*len(lakes) {
		t.Errorf("%+v, %v", have, err)
	}
}

// TestLifecycleLeavesTheLeastSize: from which size on objects change their class, by
// others' rules, stays as it was.
func TestLifecycleLeavesTheLeastSize(t *testing.T) {
	server := s3test.Fake(t, lifecycleServer)
	if _, err := server.Client().PutBucketLifecycleConfiguration(t.Context(), &s3.PutBucketLifecycleConfigurationInput{
		Bucket: aws.String(server.Bucket), TransitionDefaultMinimumObjectSize: types.TransitionDefaultMinimumObjectSizeVariesByStorageClass,
		LifecycleConfiguration: &types.BucketLifecycleConfiguration{Rules: []types.LifecycleRule{{
			ID: aws.String("theirs"), Status: types.ExpirationStatusEnabled, Filter: &types.LifecycleRuleFilter{Prefix: aws.String("logs/")},
			Transitions: []types.Transition{{Days: aws.Int32(30), StorageClass: types.TransitionStorageClassGlacier}},
		}}},
	}); err != nil {
		t.Fatal(err)
	}
	s := open(t, server, nil)
	if err := s.ApplyLifecycle(t.Context(), LifecycleConfig{Rules: etl.DefaultRetention(), Environments: []string{"production"}}); err != nil {
		t.Fatal(err)
	}
	have, err := s.lifecycleRules(t.Context())
	if err != nil || len(have.Rules) != 3 || have.TransitionDefaultMinimumObjectSize != types.TransitionDefaultMinimumObjectSizeVariesByStorageClass {
		t.Errorf("%+v, %v", have, err)
	}
}

// TestRetryBudget: once the budget is spent, a store that is down gets one try
// of each call; successes fill it again.
func TestRetryBudget(t *testing.T) {
	down, tries := true, 0
	server := s3test.Fake(t, func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			tries++
			if down {
				w.WriteHeader(http.StatusServiceUnavailable)
				return
			}
			next.ServeHTTP(w, r)
		})
	})
	s := open(t, server, func(c *Config) { c.Attempts, c.RetryBudget, c.MaxPause = 4, 5, time.Millisecond })
	count := func() int {
		tries = 0
		if _, err := s.Get(t.Context(), "k"); err == nil {
			t.Error("Get = nil")
		}
		return tries
	}
	for i, want := range []int{4, 3, 1, 1} {
		if got := count(); got != want {
			t.Errorf("call %d made %d tries, want %d", i, got, want)
		}
	}
	down = false
	for range 10 {
		count() // a key that is not there is an answer, too
	}
	down = true
	if got := count(); got != 2 {
		t.Errorf("after ten answers, a call made %d tries, want 2", got)
	}
}
