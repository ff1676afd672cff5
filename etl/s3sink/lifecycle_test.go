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

// A lifecycleTest is a sink and the lifecycle rules of its bucket.
type lifecycleTest struct {
	*testing.T
	client *s3.Client
	bucket *string
	sink   *Sink
	config LifecycleConfig
}

// theirs is a rule that isn't carebus's.
var theirs = types.LifecycleRule{
	ID: aws.String("theirs"), Status: types.ExpirationStatusEnabled,
	Filter: &types.LifecycleRuleFilter{Prefix: aws.String("logs/")}, Expiration: &types.LifecycleExpiration{Days: aws.Int32(9)},
}

// put replaces the bucket's rules, and waits until the server tells them: what is set for a
// bucket may take a while to be seen.
func (t *lifecycleTest) put(rules ...types.LifecycleRule) {
	t.Helper()
	if _, err := t.client.PutBucketLifecycleConfiguration(t.Context(), &s3.PutBucketLifecycleConfigurationInput{
		Bucket: t.bucket, LifecycleConfiguration: &types.BucketLifecycleConfiguration{Rules: rules},
	}); err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(5 * time.Second); len(t.get()) != len(rules) && time.Now().Before(end); {
		time.Sleep(20 * time.Millisecond)
	}
}

// get returns the bucket's rules.
func (t *lifecycleTest) get() []types.LifecycleRule {
	t.Helper()
	out, err := t.client.GetBucketLifecycleConfiguration(t.Context(), &s3.GetBucketLifecycleConfigurationInput{Bucket: t.bucket})
	if err != nil {
		t.Fatal(err)
	}
	return out.Rules
}

func (t *lifecycleTest) apply() {
	t.Helper()
	if err := t.sink.ApplyLifecycle(t.Context(), t.config); err != nil {
		t.Fatal(err)
	}
}

// drift fails unless the bucket's rules differ from the configuration in this way.
func (t *lifecycleTest) drift(want ...Drift) {
	t.Helper()
	got, err := t.sink.CheckLifecycle(t.Context(), t.config)
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("drift %v, %v; want %v", got, err, want)
	}
}

// ourRules begins the ids of the rules of [open]'s sink.
const ourRules = "carebus/lake/a/"

// checkLifecycle writes, checks, and disturbs the lifecycle rules of a server.
func checkLifecycle(t *testing.T, server s3test.Server) {
	t.Helper()
	l := &lifecycleTest{
		T: t, client: server.Client(), bucket: aws.String(server.Bucket), sink: open(t, server, nil),
		config: LifecycleConfig{Rules: etl.DefaultRetention(), Environments: []string{"production", "development"}, Tables: []string{"events", "logins"}},
	}
	l.put(theirs)
	l.applied()
	l.disturbed()
	l.byClass()
}

// applied: the rules are missing, and then there, beside others', however often they
// are applied.
func (t *lifecycleTest) applied() {
	t.Helper()
	t.drift(
		Drift{ourRules + "events/development", "missing"}, Drift{ourRules + "events/production", "missing"},
		Drift{ourRules + "logins/development", "missing"}, Drift{ourRules + "logins/production", "missing"},
		Drift{ourRules + "quarantine/development", "missing"}, Drift{ourRules + "quarantine/production", "missing"},
	)
	for range 2 {
		t.apply()
		t.drift()
	}
	rules := t.get()
	if len(rules) != 7 {
		t.Errorf("%d rules, want 7", len(rules))
	}
	for _, r := range rules {
		prefix, _ := filterOf(r)
		want := map[string]int32{
			"logs/": 9, "lake/a/events/production/": 2557, "lake/a/logins/production/": 2557, "lake/a/quarantine/production/": 2557,
			"lake/a/events/development/": 365, "lake/a/logins/development/": 365, "lake/a/quarantine/development/": 365,
		}[prefix]
		if expirationDays(r) != want {
			t.Errorf("%s expires after %d days, want %d", prefix, expirationDays(r), want)
		}
	}
}

// disturbed: what somebody changed is found, and mended where it is carebus's.
func (t *lifecycleTest) disturbed() {
	t.Helper()
	rules := t.get()
	at := func(id string) int {
		return slices.IndexFunc(rules, func(r types.LifecycleRule) bool { return aws.ToString(r.ID) == ourRules+id })
	}
	rules[at("events/production")].Expiration = &types.LifecycleExpiration{Days: aws.Int32(30)}
	rules[at("events/development")].Status = types.ExpirationStatusDisabled
	rules = slices.Delete(rules, at("logins/production"), at("logins/production")+1)
	early := theirs
	early.ID, early.Filter = aws.String("early"), &types.LifecycleRuleFilter{Prefix: aws.String("lake/")}
	stale := theirs
	stale.ID = aws.String(ourRules + "gone/test")
	t.put(append(rules, early, stale)...)
	t.drift(Drift{ourRules + "events/development", "disabled"}, Drift{ourRules + "events/production", "changed"},
		Drift{ourRules + "gone/test", "unknown"}, Drift{ourRules + "logins/production", "missing"}, Drift{"early", "deletes earlier"})
	t.apply()
	t.drift(Drift{"early", "deletes earlier"}) // others' rules are theirs to mend
}

// byClass: a rule for a class of data needs objects with tags, and one for another
// environment leaves none of the others.
func (t *lifecycleTest) byClass() {
	t.Helper()
	t.config.Rules = append(t.config.Rules, etl.RetentionRule{Environment: "production", DataClass: "public", Days: 90})
	if _, err := t.sink.CheckLifecycle(t.Context(), t.config); err == nil {
		t.Error("rules by class without tags pass")
	}
	t.sink.config.Tag = true
	t.put(theirs)
	t.apply()
	t.drift()
	var ours types.LifecycleRule
	days := map[string]int32{}
	for _, r := range t.get() {
		if prefix, tags := filterOf(r); prefix == "lake/a/events/production/" {
			days[tags], ours = expirationDays(r), r
		}
	}
	if len(days) != 4 || days[" data-class=public"] != 90 || days[" data-class=restricted"] != 2557 {
		t.Errorf("rules by class %v", days)
	}
	t.put(ours)
	t.config.Rules = []etl.RetentionRule{{Environment: "staging", Days: 9}} // all else is kept for good
	for range 2 {
		t.apply()
		t.drift()
	}
}

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
