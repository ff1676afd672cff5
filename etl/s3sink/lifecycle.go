package s3sink

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go"

	"github.com/carebus/carebus/etl"
	"github.com/carebus/carebus/schema"
)

// LifecycleConfig says what the bucket's lifecycle rules must do for a lake.
type LifecycleConfig struct {
	// Rules say how long objects are kept. Required. A rule without an
	// environment is for those of Environments that no other names.
	Rules []etl.RetentionRule
	// Environments lists the lake's. Required.
	Environments []string
	// Tables lists the lake's tables. Default etl.EventsTable. The quarantine is
	// always one more.
	Tables []string
	// Prefix is the pipeline's, behind the sink's own. Default none.
	Prefix string
	// NoncurrentDays is for how long a version is kept that something deleted
	// or replaced: 1 to etl.MaxRetentionDays. Default 30.
	NoncurrentDays int
}

// idPrefix begins the ids of the rules that are this package's. Others' rules
// are left alone.
const idPrefix = "carebus/"

// abortDays is after how many days an upload in parts that nobody finished is
// given up. This package makes none; others may.
const abortDays = 7

// A Drift is a difference between a bucket's lifecycle rules and what they must
// be. Each is something to act on: data is kept too long, or not long enough.
type Drift struct {
	Rule string // id of the rule
	What string // "missing", "changed", "disabled", "unknown" or "deletes earlier"
}

// ApplyLifecycle writes the lifecycle rules of a lake to the bucket, and leaves
// all rules alone that are not this package's. It needs
// s3:GetLifecycleConfiguration and s3:PutLifecycleConfiguration, which the role
// of a pipeline should not have.
func (s *Sink) ApplyLifecycle(ctx context.Context, c LifecycleConfig) error {
	want, err := s.lifecycle(c)
	if err != nil {
		return err
	}
	have, err := s.lifecycleRules(ctx)
	if err != nil {
		return err
	}
	bucket := aws.String(s.config.Bucket)
	rules := slices.DeleteFunc(slices.Clone(have.Rules), func(r types.LifecycleRule) bool { return s.owns(r, c) })
	rules = append(rules, want...)
	return s.retry(ctx, "put the lifecycle rules", func(ctx context.Context) (err error) {
		if len(rules) == 0 { // which can't be put
			_, err = s.client.DeleteBucketLifecycle(ctx, &s3.DeleteBucketLifecycleInput{Bucket: bucket})
			return err
		}
		_, err = s.client.PutBucketLifecycleConfiguration(ctx, &s3.PutBucketLifecycleConfigurationInput{
			Bucket: bucket, LifecycleConfiguration: &types.BucketLifecycleConfiguration{Rules: rules},
			TransitionDefaultMinimumObjectSize: have.TransitionDefaultMinimumObjectSize, // of others' rules; left out, it would be reset
		})
		return err
	})
}

// CheckLifecycle compares the bucket's lifecycle rules with those that
// ApplyLifecycle would write, and lists every difference: rules that are
// missing, changed, disabled, or not known though they bear an id of this
// package, and rules of others that delete objects of the lake earlier.
func (s *Sink) CheckLifecycle(ctx context.Context, c LifecycleConfig) ([]Drift, error) {
	want, err := s.lifecycle(c)
	if err != nil {
		return nil, err
	}
	have, err := s.lifecycleRules(ctx)
	if err != nil {
		return nil, err
	}
	byID := map[string]types.LifecycleRule{}
	for _, r := range have.Rules {
		byID[aws.ToString(r.ID)] = r
	}
	var drifts []Drift
	known := map[string]bool{}
	for _, w := range want {
		id := aws.ToString(w.ID)
		known[id] = true
		h, ok := byID[id]
		switch {
		case !ok:
			drifts = append(drifts, Drift{id, "missing"})
		case h.Status != types.ExpirationStatusEnabled:
			drifts = append(drifts, Drift{id, "disabled"})
		case describeRule(h) != describeRule(w):
			drifts = append(drifts, Drift{id, "changed"})
		}
	}
	for _, h := range have.Rules {
		id := aws.ToString(h.ID)
		switch {
		case known[id]:
		case s.owns(h, c):
			drifts = append(drifts, Drift{id, "unknown"})
		case h.Status == types.ExpirationStatusEnabled && shortens(h, want):
			drifts = append(drifts, Drift{id, "deletes earlier"})
		}
	}
	slices.SortFunc(drifts, func(a, b Drift) int { return cmp.Compare(a.Rule, b.Rule) })
	return drifts, nil
}

// owns reports whether a rule is one of this package's for the lake. A lake whose
// prefix begins with this one's, or any beside one without a prefix, has rules of
// its own.
func (s *Sink) owns(r types.LifecycleRule, c LifecycleConfig) bool {
	lake := withSlash(c.Prefix)
	id := aws.ToString(r.ID)
	if !strings.HasPrefix(id, s.ruleID(lake)) {
		return false
	}
	folder, _ := filterOf(r)
	below, within := strings.CutPrefix(folder, s.config.Prefix+lake)
	deeper := strings.Count(below, "/") > len("//") // than <table>/<environment>/
	return !within || !deeper || !strings.HasPrefix(id, idPrefix+strings.TrimSuffix(folder, "/"))
}

// withSlash ends a prefix with a slash unless it is empty.
func withSlash(prefix string) string {
	if prefix == "" || strings.HasSuffix(prefix, "/") {
		return prefix
	}
	return prefix + "/"
}

// ruleID is the id of a rule for a folder of this sink's prefix.
func (s *Sink) ruleID(folder string) string { return idPrefix + s.config.Prefix + folder }

// lifecycleRules returns what the bucket has; nothing when it has no rule.
func (s *Sink) lifecycleRules(ctx context.Context) (have *s3.GetBucketLifecycleConfigurationOutput, err error) {
	err = s.retry(ctx, "get the lifecycle rules", func(ctx context.Context) (err error) {
		have, err = s.client.GetBucketLifecycleConfiguration(ctx, &s3.GetBucketLifecycleConfigurationInput{Bucket: aws.String(s.config.Bucket)})
		var api smithy.APIError
		if errors.As(err, &api) && api.ErrorCode() == "NoSuchLifecycleConfiguration" {
			have, err = &s3.GetBucketLifecycleConfigurationOutput{}, nil
		}
		return err
	})
	return have, err
}

// lifecycle returns the rules that a lake needs.
func (s *Sink) lifecycle(c LifecycleConfig) ([]types.LifecycleRule, error) {
	if err := etl.CheckRetention(c.Rules); err != nil {
		return nil, err
	}
	if len(c.Environments) == 0 {
		return nil, errors.New("s3sink: LifecycleConfig.Environments is required")
	}
	if len(c.Tables) == 0 {
		c.Tables = []string{etl.EventsTable}
	}
	if c.NoncurrentDays == 0 {
		c.NoncurrentDays = 30
	}
	if c.NoncurrentDays < 1 || c.NoncurrentDays > etl.MaxRetentionDays {
		return nil, fmt.Errorf("s3sink: LifecycleConfig.NoncurrentDays must be 1 to %d", etl.MaxRetentionDays)
	}
	c.Prefix = withSlash(c.Prefix)
	var rules []types.LifecycleRule
	for _, environment := range c.Environments {
		for _, table := range append(slices.Clone(c.Tables), "quarantine") {
			folder := c.Prefix + table + "/" + environment + "/"
			if etl.CheckKey(folder+"x") != nil || table == "plans" || table == "holds" { // those stay for good
				return nil, fmt.Errorf("s3sink: LifecycleConfig: %q is no table of an environment", folder)
			}
			more, err := s.folderRules(c, environment, folder, table == "quarantine")
			if err != nil {
				return nil, err
			}
			rules = append(rules, more...)
		}
	}
	return rules, nil
}

// folderRules returns the rules of one table. S3 obeys the earliest of several
// rules that match an object, so that a rule for the rest would overrule those
// of single classes: where classes differ, each has a rule of its own, by the
// tag that Config.Tag puts on objects.
func (s *Sink) folderRules(c LifecycleConfig, environment, folder string, quarantine bool) ([]types.LifecycleRule, error) {
	rest, ok := etl.RetentionDays(c.Rules, environment, "")
	classes := []schema.DataClass{schema.DataPublic, schema.DataInternal, schema.DataConfidential, schema.DataRestricted}
	same := true
	for _, class := range classes {
		days, has := etl.RetentionDays(c.Rules, environment, class)
		same = same && has == ok && days == rest
	}
	if same || quarantine {
		if !ok {
			return nil, nil
		}
		return []types.LifecycleRule{s.rule(c, folder, "", rest)}, nil
	}
	if !s.config.Tag {
		return nil, errors.New("s3sink: rules for single data classes need Config.Tag, which puts the class on each object")
	}
	var rules []types.LifecycleRule
	for _, class := range classes {
		if days, ok := etl.RetentionDays(c.Rules, environment, class); ok {
			rules = append(rules, s.rule(c, folder, class, days))
		}
	}
	return rules, nil
}

func (s *Sink) rule(c LifecycleConfig, folder string, class schema.DataClass, days int) types.LifecycleRule {
	prefix := aws.String(s.config.Prefix + folder)
	r := types.LifecycleRule{
		ID: aws.String(strings.TrimSuffix(s.ruleID(folder), "/")), Status: types.ExpirationStatusEnabled,
		Filter:                      &types.LifecycleRuleFilter{Prefix: prefix},
		Expiration:                  &types.LifecycleExpiration{Days: aws.Int32(int32(days))},
		NoncurrentVersionExpiration: &types.NoncurrentVersionExpiration{NoncurrentDays: aws.Int32(int32(c.NoncurrentDays))},
	}
	if class == "" {
		// With a tag in its filter a rule can't do this.
		r.AbortIncompleteMultipartUpload = &types.AbortIncompleteMultipartUpload{DaysAfterInitiation: aws.Int32(abortDays)}
		return r
	}
	r.ID = aws.String(aws.ToString(r.ID) + "/" + string(class))
	r.Filter = &types.LifecycleRuleFilter{And: &types.LifecycleRuleAndOperator{
		Prefix: prefix, Tags: []types.Tag{{Key: aws.String(metaClass), Value: aws.String(string(class))}},
	}}
	return r
}

// filterOf returns what a rule is for: the prefix, and tags and sizes as text.
func filterOf(r types.LifecycleRule) (prefix, others string) {
	if r.Filter == nil {
		//lint:ignore SA1019 rules of others may still have it
		return aws.ToString(r.Prefix), ""
	}
	all := types.LifecycleRuleAndOperator{
		Prefix: r.Filter.Prefix, ObjectSizeGreaterThan: r.Filter.ObjectSizeGreaterThan, ObjectSizeLessThan: r.Filter.ObjectSizeLessThan,
	}
	if r.Filter.Tag != nil {
		all.Tags = []types.Tag{*r.Filter.Tag}
	}
	if r.Filter.And != nil { // then it is all there is
		all = *r.Filter.And
	}
	for _, t := range all.Tags {
		others += fmt.Sprintf(" %s=%s", aws.ToString(t.Key), aws.ToString(t.Value))
	}
	if all.ObjectSizeGreaterThan != nil {
		others += fmt.Sprintf(" over %d bytes", *all.ObjectSizeGreaterThan)
	}
	if all.ObjectSizeLessThan != nil {
		others += fmt.Sprintf(" under %d bytes", *all.ObjectSizeLessThan)
	}
	return aws.ToString(all.Prefix), others
}

// describeRule puts into a text what a rule does to objects. What it does to
// unfinished uploads is left out: some stores don't keep it, and no data hangs on
// it.
func describeRule(r types.LifecycleRule) string {
	prefix, others := filterOf(r)
	text := fmt.Sprintf("%s%s expires %d", prefix, others, expirationDays(r))
	if e := r.Expiration; e != nil && (e.Date != nil || aws.ToBool(e.ExpiredObjectDeleteMarker)) {
		text += " otherwise"
	}
	if n := r.NoncurrentVersionExpiration; n != nil {
		text += fmt.Sprintf(" noncurrent %d keep %d", aws.ToInt32(n.NoncurrentDays), aws.ToInt32(n.NewerNoncurrentVersions))
	}
	for _, t := range r.Transitions {
		text += fmt.Sprintf(" to %s after %d", t.StorageClass, aws.ToInt32(t.Days))
	}
	for _, t := range r.NoncurrentVersionTransitions {
		text += fmt.Sprintf(" noncurrent to %s after %d", t.StorageClass, aws.ToInt32(t.NoncurrentDays))
	}
	return text
}

func expirationDays(r types.LifecycleRule) int32 {
	if r.Expiration == nil {
		return 0
	}
	return aws.ToInt32(r.Expiration.Days)
}

// shortens reports whether a rule of others deletes objects earlier than a rule
// that is wanted.
func shortens(r types.LifecycleRule, want []types.LifecycleRule) bool {
	if r.Expiration == nil || r.Expiration.Days == nil && r.Expiration.Date == nil {
		return false
	}
	prefix, _ := filterOf(r)
	for _, w := range want {
		mine, _ := filterOf(w)
		overlap := strings.HasPrefix(mine, prefix) || strings.HasPrefix(prefix, mine)
		if overlap && (r.Expiration.Date != nil || expirationDays(r) < expirationDays(w)) {
			return true
		}
	}
	return false
}
