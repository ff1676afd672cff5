package redistest

import (
	"encoding/binary"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"
	"time"
)

// clockSource is a library that goes before the C library's clock and adds what
// stands in a file, in nanoseconds.
const clockSource = `
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static volatile int64_t *ahead;

__attribute__((constructor)) static void start(void) {
	int f = open(getenv("REDISTEST_CLOCK"), O_RDONLY);
	void *m = f < 0 ? MAP_FAILED : mmap(NULL, 8, PROT_READ, MAP_SHARED, f, 0);
	if (m != MAP_FAILED) ahead = m;
}

static int64_t now(void) {
	struct timespec t;
	syscall(SYS_clock_gettime, CLOCK_REALTIME, &t);
	return t.tv_sec * 1000000000LL + t.tv_nsec + (ahead ? *ahead : 0);
}

int clock_gettime(clockid_t id, struct timespec *t) {
	if (id != CLOCK_REALTIME) return syscall(SYS_clock_gettime, id, t);
	t->tv_sec = now() / 1000000000LL;
	t->tv_nsec = now() % 1000000000LL;
	return 0;
}

int gettimeofday(struct timeval *restrict t, void *restrict zone) {
	int64_t n = now();
	t->tv_sec = n / 1000000000LL;
	t->tv_usec = n % 1000000000LL / 1000;
	return 0;
}

time_t time(time_t *t) {
	time_t s = now() / 1000000000LL;
	if (t) *t = s;
	return s;
}
`

// Skewed starts a server like Real whose clock can be set: ahead says by how much
// it is ahead of this machine's, behind if negative. Where there is no C compiler
// the test is skipped. It can't run beside others.
func Skewed(t *testing.T, args ...string) (s *Server, ahead func(time.Duration)) {
	t.Helper()
	needsServer(t)
	compiler, err := exec.LookPath("cc")
	if err != nil || runtime.GOOS != "linux" {
		t.Skip("a server with a clock of its own needs Linux and a C compiler")
	}
	dir := t.TempDir()
	source, library, clock := filepath.Join(dir, "clock.c"), filepath.Join(dir, "clock.so"), filepath.Join(dir, "clock")
	ahead = func(d time.Duration) {
		t.Helper()
		f, err := os.OpenFile(clock, os.O_CREATE|os.O_WRONLY, 0o600) // not truncated: it is mapped
		if err == nil {
			_, err = f.Write(binary.NativeEndian.AppendUint64(nil, uint64(d))) //nolint:gosec // its bits
			_ = f.Close()
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	ahead(0)
	if err := os.WriteFile(source, []byte(clockSource), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(compiler, "-shared", "-fPIC", "-O1", "-o", library, source).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	t.Setenv("REDISTEST_CLOCK", clock)
	t.Setenv("LD_PRELOAD", library)
	s = Real(t, args...)
	if err := os.Unsetenv("LD_PRELOAD"); err != nil { // other processes have the machine's clock
		t.Fatal(err)
	}
	return s, ahead
}
