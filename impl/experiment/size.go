package experiment

import "fmt"

// Size is how much of an experiment's official number of steps is taken.
type Size int

// The sizes of reproduce.
const (
	QuickSize   Size = iota // 256 steps, of the transformer 64: seconds each
	ReducedSize             // a quarter of the steps: minutes
	FullSize                // the official number of steps
)

// The numbers behind the sizes.
const (
	quickSteps       = 256
	quickTransformer = 64 // its steps take many times longer
	quickSequences   = 4096
	reducedDivisor   = 4
	reducedAbove     = 4096 // an official run of no more steps is not reduced
)

// String is the size's name as the command's flags have it.
func (z Size) String() string {
	switch z {
	case QuickSize:
		return "quick"
	case ReducedSize:
		return "default"
	}
	return "full"
}

// Factor is what the steps of an official spec are divided by at a size. The
// quick size leaves 256 steps, of the transformer 64; the default size divides
// by 4 what is above 4096 steps.
func (z Size) Factor(official Spec) int {
	switch {
	case z == QuickSize && official.Model == "transformer":
		return max(1, official.Steps/quickTransformer)
	case z == QuickSize:
		return max(1, official.Steps/quickSteps)
	case z == ReducedSize && official.Steps > reducedAbove:
		return reducedDivisor
	}
	return 1
}

// Of returns the spec at a size: its steps divided by Factor, which shortens a
// cosine schedule with them, and for the quick size it has 4096 test sequences. Nothing else
// changes.
func (z Size) Of(s Spec) Spec {
	s.Steps = max(1, s.Steps/z.Factor(s))
	if z == QuickSize {
		s.TestSequences = min(s.TestSequences, quickSequences)
	}
	return s
}

// Seeds returns every spec with the seeds 1 to n, spec by spec. A random graph
// is another one for each seed.
func Seeds(specs []Spec, n int) ([]Spec, error) {
	if n < 1 || n > maxSeeds {
		return nil, fmt.Errorf("seeds = %d, want 1 to %d", n, maxSeeds)
	}
	var all []Spec
	for _, s := range specs {
		for seed := 1; seed <= n; seed++ {
			s.Seed = uint64(seed)
			all = append(all, s)
		}
	}
	return all, nil
}

const maxSeeds = 10000
