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
	open := func(t *testing.T) *etl.DirSink {
		d, err := etl.Dir(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { d.Close() })
		return d
	}
	sinktest.Run(t, func(t *testing.T) etl.Sink { return open(t) })
	sinktest.RunStore(t, func(t *testing.T) sinktest.Store { return open(t) })
}
