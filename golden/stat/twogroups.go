package stat

import (
	"fmt"
	"math"
	"slices"
	"sync"

	"causalgrad/theory/stream"
)

// TwoGroups is the best split of a sample into a low and a high group.
type TwoGroups struct {
	Outcome
	// Low is the size of the low group.
	Low int `json:"low"`
	// Ratio is the sum of squares between the groups over that within them, the
	// largest of all splits; +Inf where nothing is left within.
	Ratio float64 `json:"ratio"`
}

// groupSamples is the number of normal samples behind TwoGroups' P, whose
// standard error is below 0.0016 at P = 0.05.
const groupSamples = 20_000

// SplitInTwo asks whether one normal law explains x or two groups do better: P is
// the share of normal samples of that size (simulated, always the same) whose
// best split is as good. The normal law is an assumption: heavy tails give small
// P too. It needs 4 to 1000 values, not all equal ([ErrNoSpread]).
func SplitInTwo(x []float64, alpha float64) (TwoGroups, error) {
	if err := checkAlpha(alpha); err != nil {
		return TwoGroups{}, err
	}
	if err := checkSample("x", x, 4); err != nil {
		return TwoGroups{}, err
	}
	if len(x) > 1000 {
		return TwoGroups{}, fmt.Errorf("stat: x has %d values, expected at most 1000", len(x))
	}
	sorted := slices.Sorted(slices.Values(x))
	if sorted[0] == sorted[len(x)-1] {
		return TwoGroups{}, fmt.Errorf("stat: x: %w", ErrNoSpread)
	}
	var g TwoGroups
	g.Low, g.Ratio = bestSplit(sorted)
	null := normalSplits(len(x))
	at, _ := slices.BinarySearch(null, g.Ratio)
	p := float64(1+len(null)-at) / float64(1+len(null))
	g.Outcome = newOutcome(p, 1/float64(1+len(null)), alpha, "need more simulated samples")
	return g, nil
}

// bestSplit finds the split of sorted values with the largest ratio.
func bestSplit(sorted []float64) (low int, ratio float64) {
	n := len(sorted)
	for k := 1; k < n; k++ {
		a, b := sorted[:k], sorted[k:]
		meanA, withinA := moments2(a)
		meanB, withinB := moments2(b)
		between := float64(k) * float64(n-k) / float64(n) * float64((meanB-meanA)*(meanB-meanA))
		r := math.Inf(1)
		if within := withinA + withinB; within > 0 {
			r = between / within
		}
		if r > ratio {
			low, ratio = k, r
		}
	}
	return low, ratio
}

// moments2 is the mean and the sum of squared deviations from it.
func moments2(x []float64) (mean, squares float64) {
	for _, v := range x {
		mean += v / float64(len(x))
	}
	for _, v := range x {
		squares += float64((v - mean) * (v - mean))
	}
	return mean, squares
}

var (
	splitLock   sync.Mutex
	knownSplits = map[int][]float64{} // only looked up
)

// normalSplits are the ratios of simulated normal samples of size n, ascending.
func normalSplits(n int) []float64 {
	splitLock.Lock()
	defer splitLock.Unlock()
	if known, ok := knownSplits[n]; ok {
		return known
	}
	random := stream.New(stream.Key{Seed: 1, Purpose: stream.Resample, Step: uint64(n)})
	ratios, x := make([]float64, groupSamples), make([]float64, n)
	for i := range ratios {
		for k := range x {
			x[k] = random.Normal()
		}
		slices.Sort(x)
		_, ratios[i] = bestSplit(x)
	}
	slices.Sort(ratios)
	knownSplits[n] = ratios
	return ratios
}
