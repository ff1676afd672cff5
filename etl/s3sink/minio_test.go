package s3sink

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/carebus/carebus/etl"
	"github.com/carebus/carebus/etl/sinktest"
	"github.com/carebus/carebus/internal/s3test"
)

// TestMinIO is the contract on another real server, with versions and holds.
func TestMinIO(t *testing.T) {
	server := s3test.StartMinIO(t)
	client := server.Client()
	locked := server
	locked.Bucket = "carebus-locked"
	if _, err := client.CreateBucket(t.Context(), &s3.CreateBucketInput{
		Bucket: aws.String(locked.Bucket), ObjectLockEnabledForBucket: aws.Bool(true),
	}); err != nil {
		t.Fatal(err)
	}
	s := open(t, locked, func(c *Config) { c.Tag, c.BucketEncryption = true, true })
	for _, key := range []string{"events/a", "events/b", "other/c"} {
		if err := s.PutIfAbsent(t.Context(), etl.Object{Key: key, Body: []byte("x"), DataClass: "restricted"}); err != nil {
			t.Fatal(err)
		}
	}
	if n, err := s.SetLegalHold(t.Context(), "events/", true); err != nil || n != 2 {
		t.Fatalf("SetLegalHold: %d, %v", n, err)
	}
	if err := s.Delete(t.Context(), "events/a"); err == nil {
		t.Error("a held object was deleted")
	}
	if _, err := s.Get(t.Context(), "events/a"); err != nil {
		t.Errorf("a held object: %v", err)
	}
	if n, err := s.SetLegalHold(t.Context(), "events/a", false); err != nil || n != 1 {
		t.Fatalf("SetLegalHold: %d, %v", n, err)
	}
	if err := s.Delete(t.Context(), "events/a"); err != nil {
		t.Error(err)
	}
	versions, err := client.ListObjectVersions(t.Context(), &s3.ListObjectVersionsInput{Bucket: aws.String(locked.Bucket), Prefix: aws.String("lake/a/events/a")})
	if err != nil || len(versions.Versions)+len(versions.DeleteMarkers) > 0 {
		t.Errorf("%d versions and %d markers are left, %v", len(versions.Versions), len(versions.DeleteMarkers), err)
	}
	tags, err := client.GetObjectTagging(t.Context(), &s3.GetObjectTaggingInput{Bucket: aws.String(locked.Bucket), Key: aws.String("lake/a/events/b")})
	if err != nil || len(tags.TagSet) != 1 || aws.ToString(tags.TagSet[0].Value) != "restricted" {
		t.Errorf("tags %v, %v", tags, err)
	}
	hiddenHold(t, s, client)
	deleteBeforeVersions(t, server)
	checkLifecycle(t, server)
	bare := func(c *Config) { c.BucketEncryption = true } // it has no key of its own
	sinktest.Run(t, func(t *testing.T) etl.Sink { return open(t, server, bare) })
	sinktest.RunStore(t, func(t *testing.T) sinktest.Store { return open(t, server, bare) })
}

// hiddenHold has a held object hidden by a delete marker, as lifecycle rules do when
// its days are over: its hold can be lifted, and then it can be deleted.
func hiddenHold(t *testing.T, s *Sink, client *s3.Client) {
	t.Helper()
	in := &s3.DeleteObjectInput{Bucket: aws.String(s.config.Bucket), Key: aws.String(s.config.Prefix + "events/b")}
	if _, err := client.DeleteObject(t.Context(), in); err != nil {
		t.Fatal(err)
	}
	if err := s.Delete(t.Context(), "events/b"); err == nil {
		t.Error("a held object was deleted")
	}
	if n, err := s.SetLegalHold(t.Context(), "events/", false); err != nil || n != 1 {
		t.Errorf("SetLegalHold: %d, %v", n, err)
	}
	if err := s.Delete(t.Context(), "events/b"); err != nil {
		t.Error(err)
	}
}

// deleteBeforeVersions deletes an object that was put before its bucket kept
// versions: it leaves no version and no marker.
func deleteBeforeVersions(t *testing.T, server s3test.Server) {
	t.Helper()
	client := server.Client()
	server.Bucket = "carebus-versioned-late"
	bucket := aws.String(server.Bucket)
	if _, err := client.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: bucket}); err != nil {
		t.Fatal(err)
	}
	s := open(t, server, func(c *Config) { c.BucketEncryption = true })
	if err := s.PutIfAbsent(t.Context(), etl.Object{Key: "events/old", Body: []byte("x")}); err != nil {
		t.Fatal(err)
	}
	if _, err := client.PutBucketVersioning(t.Context(), &s3.PutBucketVersioningInput{
		Bucket: bucket, VersioningConfiguration: &types.VersioningConfiguration{Status: types.BucketVersioningStatusEnabled},
	}); err != nil {
		t.Fatal(err)
	}
	if err := s.Delete(t.Context(), "events/old"); err != nil {
		t.Fatal(err)
	}
	left, err := client.ListObjectVersions(t.Context(), &s3.ListObjectVersionsInput{Bucket: bucket})
	if err != nil || len(left.Versions)+len(left.DeleteMarkers) > 0 {
		t.Errorf("%d versions and %d markers are left, %v", len(left.Versions), len(left.DeleteMarkers), err)
	}
}
