//go:build unix && !solaris && !aix

package experiment

import (
	"errors"
	"os"
	"syscall"
)

// tryLock takes the lock file for as long as the process lives or until it is
// closed. The kernel drops the lock of a killed process, so no lock is ever
// stale. Where the file system has no locks, every process goes on without:
// the store is right all the same, only slower.
func tryLock(name string) (lock, error) {
	f, err := os.OpenFile(name, os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return lock{}, err
	}
	for {
		switch err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); {
		case err == nil:
			return lock{f, held}, nil
		case errors.Is(err, errors.ErrUnsupported):
			return lock{f, absent}, nil
		case errors.Is(err, syscall.EINTR):
			continue
		case errors.Is(err, syscall.EWOULDBLOCK):
			return lock{nil, busy}, f.Close()
		default:
			return lock{}, errors.Join(err, f.Close())
		}
	}
}
