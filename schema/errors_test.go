package schema_test

import (
	"errors"
	"testing"

	"github.com/carebus/carebus/schema"
)

func TestBatchError(t *testing.T) {
	cause := errors.New("cause")
	if (schema.BatchError{nil, nil}).OrNil() != nil {
		t.Error("a batch without failures is an error")
	}
	err := schema.BatchError{nil, cause, nil}.OrNil()
	if !errors.Is(err, cause) || err.Error() != "1 of 3 failed, first: cause" {
		t.Errorf("got %v", err)
	}
}
