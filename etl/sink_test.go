package etl_test

import (
	"testing"

	"github.com/carebus/carebus/etl"
	"github.com/carebus/carebus/etl/sinktest"
)

func TestMemory(t *testing.T) {
	sinktest.Run(t, func(*testing.T) etl.Sink { return etl.Memory() })
}

func TestDir(t *testing.T) {
	sinktest.Run(t, func(t *testing.T) etl.Sink {
		d, err := etl.Dir(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { d.Close() })
		return d
	})
}
