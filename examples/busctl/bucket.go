package main

import (
	"context"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsconfig "github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/carebus/carebus/etl/s3sink"
)

// examineBucket looks at what a bucket of health data must be set to.
func (d *doctor) examineBucket(ctx context.Context, where string) {
	place, err := s3sink.ParseURL(where)
	if err != nil {
		return // the sink has opened, so this can't be
	}
	loaded, err := awsconfig.LoadDefaultConfig(ctx)
	if err != nil {
		d.tell("bucket", warn, "unknown", "the AWS configuration can't be loaded")
		return
	}
	client := s3.NewFromConfig(loaded, func(o *s3.Options) {
		o.UsePathStyle = loaded.BaseEndpoint != nil || d.call.getenv("AWS_ENDPOINT_URL_S3") != ""
	})
	bucket := aws.String(place.Bucket)

	encryption, err := client.GetBucketEncryption(ctx, &s3.GetBucketEncryptionInput{Bucket: bucket})
	if err != nil {
		d.tell("bucket encryption", warn, "not told", "allow s3:GetEncryptionConfiguration, and make sure that the bucket encrypts with a key of your own (SSE-KMS)")
	} else {
		kms := slices.ContainsFunc(encryption.ServerSideEncryptionConfiguration.Rules, func(r types.ServerSideEncryptionRule) bool {
			return r.ApplyServerSideEncryptionByDefault != nil && r.ApplyServerSideEncryptionByDefault.SSEAlgorithm != types.ServerSideEncryptionAes256
		})
		d.judge("bucket encryption", kms, warn, either(kms, "by KMS", "by the store's own key"), "encrypt with a KMS key of your own, whose use is logged")
	}
	public, err := client.GetPublicAccessBlock(ctx, &s3.GetPublicAccessBlockInput{Bucket: bucket})
	if err != nil {
		d.tell("bucket public access", warn, "not told", "allow s3:GetBucketPublicAccessBlock, and make sure that all public access is blocked")
	} else {
		p := public.PublicAccessBlockConfiguration
		blocked := aws.ToBool(p.BlockPublicAcls) && aws.ToBool(p.BlockPublicPolicy) && aws.ToBool(p.IgnorePublicAcls) && aws.ToBool(p.RestrictPublicBuckets)
		d.judge("bucket public access", blocked, fail, either(blocked, "blocked", "not blocked"), "block all public access")
	}
	versions, err := client.GetBucketVersioning(ctx, &s3.GetBucketVersioningInput{Bucket: bucket})
	if err != nil {
		d.tell("bucket versioning", warn, "not told", "allow s3:GetBucketVersioning, and make sure that it is on")
	} else {
		on := versions.Status == types.BucketVersioningStatusEnabled
		d.judge("bucket versioning", on, warn, either(on, "on", "off"), "turn it on, with object lock: what was written must not be changed or deleted")
	}
	lifecycle, err := client.GetBucketLifecycleConfiguration(ctx, &s3.GetBucketLifecycleConfigurationInput{Bucket: bucket})
	if err != nil {
		d.tell("bucket lifecycle", warn, "none, or not told", "set rules: events kept for six years or more (45 CFR 164.316(b)(2)), then expired")
		return
	}
	short := ""
	for _, r := range lifecycle.Rules {
		if days := expiry(r); r.Status == types.ExpirationStatusEnabled && days > 0 && days < minRetentionDays {
			short = fmt.Sprintf("a rule expires objects after %d days", days)
		}
	}
	found := fmt.Sprintf("%d rules", len(lifecycle.Rules))
	if short != "" {
		found = short
	}
	d.judge("bucket lifecycle", short == "" || d.development(), warn, found, "keep events for six years or more (45 CFR 164.316(b)(2)): 2,192 days")
}

// minRetentionDays are six years.
const minRetentionDays = 2192

func expiry(r types.LifecycleRule) int32 {
	if r.Expiration == nil {
		return 0
	}
	return aws.ToInt32(r.Expiration.Days)
}
