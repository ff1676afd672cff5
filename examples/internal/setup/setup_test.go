package setup

import (
	"os"
	"testing"
)

// A URL that nobody knows must not become a directory of that name.
func TestLakeRefusesOtherURLs(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, where := range []string{"ftp://lake", "S3://bucket", "file:///lake", "s3a://bucket", "s3://"} {
		if _, err := Lake(t.Context(), where); err == nil {
			t.Errorf("%s is taken", where)
		}
	}
	if made, err := os.ReadDir("."); err != nil || len(made) > 0 {
		t.Errorf("it made %v, %v", made, err)
	}
}
