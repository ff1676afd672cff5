package faults

import (
	"fmt"
	"os"
	"syscall"
)

// diskBytes is what a disk takes while it isn't full.
const diskBytes = 2 << 30

// mountDisk mounts a file system of its own on a new folder, which needs the
// capability CAP_SYS_ADMIN. unmount takes it away.
func mountDisk(dir string) (unmount func(), err error) {
	if err := os.Mkdir(dir, 0o700); err != nil {
		return nil, err
	}
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, fmt.Sprintf("size=%d", diskBytes)); err != nil {
		return nil, fmt.Errorf("mount a tmpfs: %w", err)
	}
	return func() { _ = syscall.Unmount(dir, syscall.MNT_DETACH) }, nil // the test is over
}

// fillDisk leaves no room on a disk, or gives it back.
func fillDisk(dir string, full bool) error {
	size := int64(diskBytes)
	if full {
		var s syscall.Statfs_t
		if err := syscall.Statfs(dir, &s); err != nil {
			return err
		}
		size = max(1, int64(s.Blocks-s.Bfree)) * s.Bsize //nolint:gosec // 2 GiB at most
	}
	err := syscall.Mount("tmpfs", dir, "", syscall.MS_REMOUNT, fmt.Sprintf("size=%d", size))
	if full && err == syscall.EINVAL { //nolint:errorlint // an errno as it is
		return nil // it has grown meanwhile; the disk stays as it was
	}
	return err
}
