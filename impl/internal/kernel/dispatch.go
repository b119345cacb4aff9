package kernel

import (
	"fmt"
	"os"
)

// Variable is the environment variable that forces a variant.
const Variable = "CAUSALGRAD_KERNEL"

// Names of the variants.
const (
	Portable = "portable"
	AVX2     = "avx2"
)

// vector is true when the assembly runs.
var vector bool

var startErr error

func init() {
	vector = haveAVX2
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
func Name() string {
	if vector {
		return AVX2
	}
	return Portable
}

// Available lists the variants that this machine can run; the first one is
// always the portable one.
func Available() []string {
	if haveAVX2 {
		return []string{Portable, AVX2}
	}
	return []string{Portable}
}

// Use chooses a variant. It must not run beside a kernel.
func Use(name string) error {
	switch name {
	case Portable:
		vector = false
		return nil
	case AVX2:
		if !haveAVX2 {
			return fmt.Errorf("kernel %q: this machine or build has no AVX2 and FMA, want %q", name, Portable)
		}
		vector = true
		return nil
	}
	return fmt.Errorf("kernel %q: unknown, want %q or %q", name, Portable, AVX2)
}
