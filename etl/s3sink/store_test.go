package s3sink

import (
	"errors"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/carebus/carebus/etl"
	"github.com/carebus/carebus/etl/sinktest"
	"github.com/carebus/carebus/internal/s3test"
)

func keysUnder(t *testing.T, s *Sink, prefix string) []string {
	t.Helper()
	var keys []string
	for o, err := range s.List(t.Context(), prefix) {
		if err != nil {
			t.Fatal(err)
		}
		if o.Bytes != 1 || o.Written.IsZero() {
			t.Errorf("%s: %d bytes, written %v", o.Key, o.Bytes, o.Written)
		}
		keys = append(keys, o.Key)
	}
	slices.Sort(keys)
	return keys
}

// TestListAndDelete: more keys than a page holds are listed; what is deleted is
// gone with all its versions.
func TestListAndDelete(t *testing.T) {
	t.Run("fake", func(t *testing.T) { listAndDelete(t, open(t, s3test.Fake(t, nil), nil), 1003) })
	t.Run("versitygw", func(t *testing.T) { listAndDelete(t, open(t, s3test.Start(t), nil), 5) })
}

func listAndDelete(t *testing.T, s *Sink, n int) {
	var want []string
	for i := range n {
		key := fmt.Sprintf("events/k%04d", i)
		if err := s.PutIfAbsent(t.Context(), etl.Object{Key: key, Body: []byte("x")}); err != nil {
			t.Fatal(err)
		}
		want = append(want, key)
	}
	if err := s.PutIfAbsent(t.Context(), etl.Object{Key: "plans/p", Body: []byte("x")}); err != nil {
		t.Fatal(err)
	}
	if got := keysUnder(t, s, "events/"); !slices.Equal(got, want) {
		t.Fatalf("%d keys, want %d", len(got), len(want))
	}
	for range 2 {
		if err := s.Delete(t.Context(), "events/k0000"); err != nil {
			t.Fatal(err)
		}
	}
	if got := keysUnder(t, s, "events/"); !slices.Equal(got, want[1:]) {
		t.Errorf("%d keys after a deletion, want %d", len(got), len(want)-1)
	}
	if err := s.Delete(t.Context(), "../x"); !errors.Is(err, etl.ErrKey) {
		t.Errorf("Delete of an invalid key = %v", err)
	}
}

// TestStrangeKeys: a stranger's key of bytes that XML can't hold ends no listing, and
// every key comes back as it is, from stores that know no encoding too.
func TestStrangeKeys(t *testing.T) {
	plain := []string{"lake/a/events/ü +%41&", "lake/a/events/z"}
	for name, encodes := range map[string]bool{"S3": true, "another store": false} {
		t.Run(name, func(t *testing.T) {
			keys, markers := plain, []string(nil)
			if encodes {
				keys = append([]string{"lake/a/events/a\x01b"}, plain...)
			}
			s := open(t, s3test.Fake(t, func(http.Handler) http.Handler {
				return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					query := r.URL.Query()
					encode, word := func(key string) string { return strings.ReplaceAll(html.EscapeString(key), "\x01", "&#x1;") }, ""
					if encodes && query.Get("encoding-type") == "url" {
						encode, word = url.QueryEscape, "<EncodingType>url</EncodingType>"
					}
					element, root := "Contents", "ListBucketResult"
					if query.Has("versions") {
						element, root = "Version", "ListVersionsResult"
						markers = append(markers, query.Get("key-marker"))
					}
					var body strings.Builder
					for _, key := range keys {
						fmt.Fprintf(&body, "<%[1]s><Key>%[2]s</Key><VersionId>1</VersionId><Size>1</Size></%[1]s>", element, encode(key))
					}
					more := query.Has("versions") && !query.Has("key-marker")
					fmt.Fprintf(w, "<%[1]s>%[2]s<IsTruncated>%[3]t</IsTruncated><NextKeyMarker>%[4]s</NextKeyMarker>%[5]s</%[1]s>",
						root, word, more, encode(keys[0]), body.String())
				})
			}), func(c *Config) { c.Attempts = 1 })
			var got []string
			for o, err := range s.List(t.Context(), "events/") {
				if err != nil {
					t.Fatal(err)
				}
				got = append(got, "lake/a/"+o.Key)
			}
			if !slices.Equal(got, keys) {
				t.Errorf("List: %q, want %q", got, keys)
			}
			got = nil
			for v, err := range s.versions(t.Context(), "lake/a/events/") {
				if err != nil {
					t.Fatal(err)
				}
				got = append(got, v.key)
			}
			if !slices.Equal(got, slices.Concat(keys, keys)) || !slices.Equal(markers, []string{"", keys[0]}) {
				t.Errorf("versions: %q from %q, want %q twice", got, markers, keys)
			}
		})
	}
}

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

// checkLifecycle writes, checks, and disturbs the lifecycle rules of a server.
func checkLifecycle(t *testing.T, server s3test.Server) {
	t.Helper()
	ctx, client := t.Context(), server.Client()
	put := func(rules []types.LifecycleRule) {
		t.Helper()
		if _, err := client.PutBucketLifecycleConfiguration(ctx, &s3.PutBucketLifecycleConfigurationInput{
			Bucket: aws.String(server.Bucket), LifecycleConfiguration: &types.BucketLifecycleConfiguration{Rules: rules},
		}); err != nil {
			t.Fatal(err)
		}
	}
	get := func() []types.LifecycleRule {
		t.Helper()
		out, err := client.GetBucketLifecycleConfiguration(ctx, &s3.GetBucketLifecycleConfigurationInput{Bucket: aws.String(server.Bucket)})
		if err != nil {
			t.Fatal(err)
		}
		return out.Rules
	}
	theirs := types.LifecycleRule{
		ID: aws.String("theirs"), Status: types.ExpirationStatusEnabled,
		Filter: &types.LifecycleRuleFilter{Prefix: aws.String("logs/")}, Expiration: &types.LifecycleExpiration{Days: aws.Int32(9)},
	}
	put([]types.LifecycleRule{theirs})

	s := open(t, server, nil)
	config := LifecycleConfig{Rules: etl.DefaultRetention(), Environments: []string{"production", "development"}, Tables: []string{"events", "logins"}}
	drift := func(want ...Drift) {
		t.Helper()
		got, err := s.CheckLifecycle(ctx, config)
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("drift %v, %v; want %v", got, err, want)
		}
	}
	const id = "carebus/lake/a/"
	missing := []Drift{
		{id + "events/development", "missing"}, {id + "events/production", "missing"},
		{id + "logins/development", "missing"}, {id + "logins/production", "missing"},
		{id + "quarantine/development", "missing"}, {id + "quarantine/production", "missing"},
	}
	drift(missing...)
	for range 2 {
		if err := s.ApplyLifecycle(ctx, config); err != nil {
			t.Fatal(err)
		}
		drift()
	}
	rules := get()
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

	at := func(id string) int {
		return slices.IndexFunc(rules, func(r types.LifecycleRule) bool { return aws.ToString(r.ID) == id })
	}
	rules[at(id+"events/production")].Expiration = &types.LifecycleExpiration{Days: aws.Int32(30)}
	rules[at(id+"events/development")].Status = types.ExpirationStatusDisabled
	rules = slices.Delete(rules, at(id+"logins/production"), at(id+"logins/production")+1)
	early := theirs
	early.ID, early.Filter = aws.String("early"), &types.LifecycleRuleFilter{Prefix: aws.String("lake/")}
	stale := theirs
	stale.ID = aws.String(id + "gone/test")
	put(append(rules, early, stale))
	drift(Drift{id + "events/development", "disabled"}, Drift{id + "events/production", "changed"},
		Drift{id + "gone/test", "unknown"}, Drift{id + "logins/production", "missing"}, Drift{"early", "deletes earlier"})

	if err := s.ApplyLifecycle(ctx, config); err != nil {
		t.Fatal(err)
	}
	drift(Drift{"early", "deletes earlier"}) // others' rules are theirs to mend

	config.Rules = append(config.Rules, etl.RetentionRule{Environment: "production", DataClass: "public", Days: 90})
	if _, err := s.CheckLifecycle(ctx, config); err == nil {
		t.Error("rules by class without tags pass")
	}
	s.config.Tag = true
	put([]types.LifecycleRule{theirs})
	if err := s.ApplyLifecycle(ctx, config); err != nil {
		t.Fatal(err)
	}
	drift()
	var ours types.LifecycleRule
	days := map[string]int32{}
	for _, r := range get() {
		if prefix, tags := filterOf(r); prefix == "lake/a/events/production/" {
			days[tags], ours = expirationDays(r), r
		}
	}
	if len(days) != 4 || days[" data-class=public"] != 90 || days[" data-class=restricted"] != 2557 {
		t.Errorf("rules by class %v", days)
	}

	put([]types.LifecycleRule{ours})
	config.Rules = []etl.RetentionRule{{Environment: "staging", Days: 9}} // all else is kept for good
	for range 2 {
		if err := s.ApplyLifecycle(ctx, config); err != nil {
			t.Fatal(err)
		}
		drift()
	}
}
