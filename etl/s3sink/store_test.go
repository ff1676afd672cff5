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

	"github.com/carebus/carebus/etl"
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
