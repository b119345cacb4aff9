package kernel

import (
	"fmt"
	"os"
	"slices"
	"sync"
	"sync/atomic"

	"causalgrad/theory/suggest"
)

// Variable is the environment variable that forces a variant.
const Variable = "CAUSALGRAD_KERNEL"

// Names of the variants.
const (
	Portable = "portable"
	AVX2     = "avx2"
	AVX512   = "avx512"
)

// The variants in the order of Available.
const (
	portable int32 = iota
	avx2
	avx512
)

var variants = []string{Portable, AVX2, AVX512}

// running is the variant that runs. It may change beside a kernel that runs: what
// a call finds changes no bit.
var running atomic.Int32

// vector reports whether the assembly runs.
func vector() bool { return running.Load() >= avx2 }

// wide reports whether what has one runs in vectors of eight.
func wide() bool { return running.Load() == avx512 }

var startErr error

func init() {
	running.Store(int32(len(Available()) - 1))
	if name := os.Getenv(Variable); name != "" {
		if err := Use(name); err != nil {
			startErr = fmt.Errorf("%s: %w", Variable, err)
		}
	}
}

// Err is what was wrong with the environment variable at start-up, nil if
// nothing: the default variant then runs.
func Err() error { return startErr }

// Name is the variant that runs.
func Name() string { return variants[running.Load()] }

// Available lists the variants that this machine can run, the slowest one, which
// is always the portable one, first.
func Available() []string {
	names := []string{Portable}
	if haveAVX2 {
		names = append(names, AVX2)
	}
	if haveAVX512 {
		names = append(names, AVX512)
	}
	return names
}

// Use chooses a variant for the whole process.
func Use(name string) error {
	at := slices.Index(variants, name)
	if at < 0 {
		return fmt.Errorf("kernel %q: unknown, want %q, %q or %q%s", name, Portable, AVX2, AVX512, suggest.Meant(name, Portable, AVX2, AVX512))
	}
	if !slices.Contains(Available(), name) {
		return fmt.Errorf("kernel %q: this machine or build cannot run it, want one of %q", name, Available())
	}
	running.Store(int32(at))
	return nil
}

var forcing sync.Mutex

// With calls f while a variant is in use, and then goes back to the one before.
// A second call waits for the first. What else runs meanwhile takes the variant
// too; its bits are the same.
func With(name string, f func() error) error {
	forcing.Lock()
	defer forcing.Unlock()
	was := running.Load()
	if err := Use(name); err != nil {
		return err
	}
	defer running.Store(was)
	return f()
}
