//go:build unix

package audit

import (
	"os"
	"syscall"
)

// lockFile takes the lock of a folder, which ends with the process.
func lockFile(f *os.File) error {
	return syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
}
