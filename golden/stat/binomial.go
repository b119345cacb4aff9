package stat

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// tied is the relative difference under which the probabilities of two
// outcomes count as equal: in exact arithmetic many are, and rounding must not choose
// between them. The terms of a log-probability stay under 1.4e7 (log of 1e6!), where
// a unit in the last place is 2e-9; R and scipy use the same 1e-7.
const tied = 1e-7

// BinomialTest tests whether n <= 1e6 independent trials with k successes have
// success probability p. P is exact: the total probability of all counts no
// likelier than k.
func BinomialTest(k, n int, p, alpha float64) (Outcome, error) {
	if err := checkAlpha(alpha); err != nil {
		return Outcome{}, err
	}
	if err := checkCount(k, n); err != nil {
		return Outcome{}, err
	}
	if n > mostExact {
		return Outcome{}, fmt.Errorf("stat: n is %d, expected at most %d", n, mostExact)
	}
	if !(p >= 0 && p <= 1) {
		return Outcome{}, fmt.Errorf("stat: p is %v, expected a probability in [0, 1]", p)
	}
	least := min(noLikelier(0, n, p), noLikelier(n, n, p))
	return newOutcome(noLikelier(k, n, p), least, alpha, "need more trials"), nil
}

// noLikelier is the total probability of the counts no likelier than k: the
// tail that k is in, and from the other side as far in as they are.
func noLikelier(k, n int, p float64) float64 {
	if p == 0 || p == 1 { // one count is certain
		if float64(k) == p*float64(n) {
			return 1
		}
		return 0
	}
	limit := binomialLog(k, n, p) + math.Log1p(tied)
	mode := min(n, int(p*float64(n+1)))
	likelier := func(i int) bool { return binomialLog(i, n, p) > limit }
	switch {
	case !likelier(mode):
		return 1
	case k < mode: // probabilities fall from mode to n: find the first no likelier
		first := firstTrue(mode, n+1, func(i int) bool { return !likelier(i) })
		return binomialLower(k, n, p) + binomialUpper(first, n, p)
	default: // and rise from 0 to mode: find the first likelier
		first := firstTrue(0, mode, likelier)
		return binomialUpper(k, n, p) + binomialLower(first-1, n, p)
	}
}

// firstTrue is the least i in [lo, hi) with f(i), or hi; f is false, then true.
func firstTrue(lo, hi int, f func(int) bool) int {
	for lo < hi {
		if mid := (lo + hi) / 2; f(mid) {
			hi = mid
		} else {
			lo = mid + 1
		}
	}
	return lo
}

func binomialLog(k, n int, p float64) float64 {
	return distuv.Binomial{N: float64(n), P: p}.LogProb(float64(k))
}
