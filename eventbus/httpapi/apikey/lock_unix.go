//go:build unix

package apikey

import (
	"os"
	"syscall"
)

// lockFile waits for the lock of a file, which ends when it is closed.
func lockFile(f *os.File) error { return syscall.Flock(int(f.Fd()), syscall.LOCK_EX) }
