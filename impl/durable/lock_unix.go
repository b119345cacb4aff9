//go:build unix && !solaris && !aix

package durable

import (
	"errors"
	"os"
	"syscall"
)

// flock locks an open file until it is closed. The kernel drops the lock of a
// killed process.
func flock(f *os.File) (LockState, error) {
	for {
		switch err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); {
		case err == nil:
			return Held, nil
		case errors.Is(err, errors.ErrUnsupported):
			return Unlockable, nil
		case errors.Is(err, syscall.EINTR):
			continue
		case errors.Is(err, syscall.EWOULDBLOCK):
			return Busy, nil
		default:
			return Busy, err
		}
	}
}
