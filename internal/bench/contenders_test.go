package main

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// testbedOf starts a Redis, where one is installed.
func testbedOf(t *testing.T) *testbed {
	t.Helper()
	if _, err := exec.LookPath("redis-server"); err != nil {
		if os.Getenv("CAREBUS_REQUIRE_REAL") == "1" {
			t.Fatal(errNoRedis)
		}
		t.Skip(errNoRedis)
	}
	env, err := newTestbed()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := env.close(); err != nil {
			t.Error(err)
		}
	})
	return env
}

// Every contender of every scenario does its work on a few events, and none is
// lost.
func TestContenders(t *testing.T) {
	env := testbedOf(t)
	for _, s := range scenarios(env, options{sample: time.Second}) {
		for _, c := range s.contenders {
			t.Run(s.name+"/"+c.name(), func(t *testing.T) {
				const events = 700 // not a multiple of any batch
				got, err := c.run(t.Context(), events)
				var skip *skipError
				if errors.As(err, &skip) {
					t.Skip(skip.reason)
				}
				if err != nil {
					t.Fatal(err)
				}
				for _, m := range s.metrics {
					if m.of(got) <= 0 {
						t.Errorf("%s is %v", m.name, m.of(got))
					}
				}
			})
		}
	}
}

// A publisher that loses events gets no figure.
func TestLossIsNoticed(t *testing.T) {
	env := testbedOf(t)
	raw, err := openRaw(t.Context(), env, env.work, syncCallers)
	if err != nil {
		t.Fatal(err)
	}
	_, err = measurePublish(t.Context(), env, 500, syncCallers, func(ctx context.Context, p publisher, n int) (sample, error) {
		return fromCallers(ctx, syncCallers, n, 0, p.publish)
	}, func() (publisher, error) { return lossy{raw}, nil })
	if err == nil || !strings.Contains(err.Error(), "499 events arrived, not 500") {
		t.Errorf("error %v", err)
	}
}

// lossy says that it published an event which it didn't.
type lossy struct{ publisher }

func (p lossy) publish(ctx context.Context, i int) error {
	if i == 400 { // behind those that warm up
		return nil
	}
	return p.publisher.publish(ctx, i)
}

// Events have the size they are said to have, and carebus scrubs them.
func TestWorkload(t *testing.T) {
	for _, size := range []int{eventBytes, 8 << 10} {
		w, err := newWorkload(size)
		if err != nil {
			t.Fatal(err)
		}
		for i, wire := range w.wire {
			if d := len(wire) - size; d < -64 || d > 64 {
				t.Fatalf("event %d has %d bytes, not about %d", i, len(wire), size)
			}
			if strings.Contains(string(wire), plantedPhone) {
				t.Fatalf("event %d isn't scrubbed", i)
			}
		}
	}
}

func TestRun(t *testing.T) {
	testbedOf(t)
	var stdout, stderr strings.Builder
	dir := t.TempDir()
	args := []string{"-json", "-rounds", "1", "-sample", "5ms", "-only", "publish_batch", "-cpuprofile", dir + "/cpu", "-memprofile", dir + "/mem"}
	if err := run(t.Context(), args, &stdout, &stderr); err != nil {
		t.Fatalf("%v\n%s", err, &stderr)
	}
	var got report
	if err := json.Unmarshal([]byte(stdout.String()), &got); err != nil {
		t.Fatal(err)
	}
	if len(got.Results) != 1 || got.Results[0].Name != "publish_batch" || got.Results[0].Carebus <= 0 || len(got.Results[0].Ratio) != 2 {
		t.Errorf("results: %+v", got.Results)
	}
	for _, profile := range []string{"cpu", "mem"} {
		if info, err := os.Stat(dir + "/" + profile); err != nil || info.Size() == 0 {
			t.Errorf("profile %s: %v", profile, err)
		}
	}
}

func TestRunWithoutRedis(t *testing.T) {
	t.Setenv("PATH", "")
	err := run(t.Context(), []string{"-quick"}, &strings.Builder{}, &strings.Builder{})
	if !errors.Is(err, errNoRedis) {
		t.Errorf("error %v", err)
	}
}
