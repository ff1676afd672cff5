//go:build !linux

package faults

import "errors"

func mountDisk(string) (unmount func(), err error) {
	return nil, errors.New("only Linux has a tmpfs whose size can change")
}

func fillDisk(string, bool) error { return nil }
