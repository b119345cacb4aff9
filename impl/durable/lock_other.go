//go:build !unix || solaris || aix

package durable

import "os"

// flock locks nothing here.
func flock(*os.File) (LockState, error) { return Unlockable, nil }
