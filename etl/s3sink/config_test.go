package s3sink

import (
	"strings"
	"testing"
	"time"
)

func TestParseURL(t *testing.T) {
	for _, c := range []struct{ url, bucket, prefix string }{
		{"s3://lake", "lake", ""}, {"s3://lake/", "lake", ""}, {"s3://lake/a/b", "lake", "a/b/"}, {"s3://lake/a/b/", "lake", "a/b/"},
		{"s3://", "", ""}, {"http://lake", "", ""}, {"s3://lake/../x", "", ""}, {"s3://lake?x=1", "", ""}, {"s3://UPPER", "", ""},
		{"s3://user:pw@lake", "", ""}, {"s3://lake:80", "", ""}, {"s3://lake/a b", "", ""}, {"lake", "", ""},
	} {
		got, err := ParseURL(c.url)
		if (err == nil) != (c.bucket != "") || err == nil && (got.Bucket != c.bucket || got.Prefix != c.prefix) {
			t.Errorf("ParseURL(%q) = %q, %q, %v", c.url, got.Bucket, got.Prefix, err)
		}
	}
}

func TestConfigRules(t *testing.T) {
	for name, c := range map[string]Config{
		"no bucket":           {},
		"prefix":              {Bucket: "lake", Prefix: "../x"},
		"long prefix":         {Bucket: "lake", Region: "us-east-1", Prefix: strings.Repeat("x", 128)}, // with its slash 129
		"checksum":            {Bucket: "lake", Checksum: "MD5"},
		"two encryptions":     {Bucket: "lake", KMSKeyID: "k", BucketEncryption: true},
		"negative timeout":    {Bucket: "lake", Timeout: -1},
		"region":              {Bucket: "lake", Region: "us east"},
		"endpoint":            {Bucket: "lake", Region: "us-east-1", Endpoint: "localhost:9000"},
		"endpoint, no host":   {Bucket: "lake", Region: "us-east-1", Endpoint: "https://"},
		"key":                 {Bucket: "lake", Region: "us-east-1", KMSKeyID: "my key"},
		"pauses turned round": {Bucket: "lake", MinPause: time.Minute, MaxPause: time.Second},
	} {
		if _, err := New(t.Context(), c); err == nil {
			t.Errorf("%s: New = nil", name)
		}
	}
}
