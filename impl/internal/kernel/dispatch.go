package kernel

import (
	"fmt"
	"os"
	"slices"
)

// Variable is the environment variable that forces a variant.
const Variable = "CAUSALGRAD_KERNEL"

// Names of the variants.
const (
	Portable = "portable"
	AVX2     = "avx2"
	AVX512   = "avx512"
)

// vector is true when the assembly runs; wide, with vector, when its products
// take vectors of eight.
var vector, wide bool

var startErr error

func init() {
	vector, wide = haveAVX2, haveAVX512
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
	switch {
	case wide:
		return AVX512
	case vector:
		return AVX2
	}
	return Portable
}

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

// Use chooses a variant. It must not run beside a kernel.
func Use(name string) error {
	if !slices.Contains([]string{Portable, AVX2, AVX512}, name) {
		return fmt.Errorf("kernel %q: unknown, want %q, %q or %q", name, Portable, AVX2, AVX512)
	}
	if !slices.Contains(Available(), name) {
		return fmt.Errorf("kernel %q: this machine or build cannot run it, want one of %q", name, Available())
	}
	vector, wide = name != Portable, name == AVX512
	return nil
}
