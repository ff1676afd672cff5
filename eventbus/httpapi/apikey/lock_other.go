//go:build !unix

package apikey

import "os"

// lockFile does nothing where flock is not at hand: change keys from one process.
func lockFile(*os.File) error { return nil }
