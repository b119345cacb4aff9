package stat

import (
	"fmt"
	"math"
)

// RankSum is the outcome of the Mann-Whitney test.
type RankSum struct {
	Outcome
	// U is the number of pairs with x[i] > y[j], ties counting half.
	U float64 `json:"u"`
	// Superiority is U / (len(x) len(y)): it estimates P(X > Y) + P(X = Y)/2.
	Superiority float64 `json:"superiority"`
	// Exact says that P comes from the exact distribution of U.
	Exact bool `json:"exact"`
}

// mostPairs bounds the exact distribution: its cost is the square of the number of pairs.
const mostPairs = 2500

// MannWhitney tests whether two independent samples come from one
// distribution, against one tending to larger values, from their ranks alone. P is
// exact for up to 2500 pairs without ties; otherwise it is the normal
// approximation with corrections for ties and continuity, and no less than the
// least exact P. Each sample needs 1 value; not all values may be equal ([ErrNoSpread]).
//
// H. B. Mann and D. R. Whitney, Ann. Math. Stat. 18 (1947) 50-60.
func MannWhitney(x, y []float64, alpha float64) (RankSum, error) {
	if err := checkAlpha(alpha); err != nil {
		return RankSum{}, err
	}
	if err := checkSample("x", x, 1); err != nil {
		return RankSum{}, err
	}
	if err := checkSample("y", y, 1); err != nil {
		return RankSum{}, err
	}
	n, m := float64(len(x)), float64(len(y))
	ranks, ties := midranks(append(append(make([]float64, 0, len(x)+len(y)), x...), y...))
	u := -n * (n + 1) / 2
	for i := range x {
		u += ranks[i]
	}
	all := n + m
	variance := n * m / 12 * (all + 1 - ties/(all*(all-1)))
	if ties == all*all*all-all {
		return RankSum{}, fmt.Errorf("stat: x and y are %v throughout: %w", x[0], ErrNoSpread)
	}
	least := 2 / choose(len(x)+len(y), len(x))
	r := RankSum{U: u, Superiority: u / (n * m), Exact: ties == 0 && len(x)*len(y) <= mostPairs}
	var p float64
	if r.Exact {
		p = twoSidedExact(rankSumCounts(len(x), len(y)), int(u))
	} else {
		z := max(0, math.Abs(u-n*m/2)-0.5) / math.Sqrt(variance)
		p = max(2*normalUpper(z), least)
	}
	r.Outcome = newOutcome(p, least, alpha, fmt.Sprintf("need >= %d samples a side", rankSumSamples(alpha)))
	if !r.Exact && min(len(x), len(y)) < 8 {
		r.Warnings = append(r.Warnings, "P is the normal approximation, which is rough under 8 samples a side")
	}
	return r, nil
}

// rankSumCounts is the number of arrangements of n values of x among m of y,
// without ties, with U = u, u = 0..nm. If the largest value of all is an x, it
// exceeds all m of y; if not, it counts for nothing. Sums of whole numbers: exact to 2^53.
func rankSumCounts(n, m int) []float64 {
	n, m = max(n, m), min(n, m)   // exchanging x and y mirrors U, and the counts are symmetric
	row := make([][]float64, m+1) // row[j] for the first i values of x and j of y
	for j := range row {
		row[j] = make([]float64, n*m+1)
		row[j][0] = 1
	}
	for i := 1; i <= n; i++ {
		for j := 1; j <= m; j++ {
			for u := i * j; u >= 0; u-- { // downwards: row[j][u-j] is still that of i-1
				row[j][u] = row[j-1][u]
				if u >= j {
					row[j][u] += row[j][u-j]
				}
			}
		}
	}
	return row[m]
}

// rankSumSamples is the least k with 2/C(2k,k) <= alpha.
func rankSumSamples(alpha float64) int {
	k := 1
	for 2/choose(2*k, k) > alpha {
		k++
	}
	return k
}

// choose is the binomial coefficient, exact while it fits 2^53/n, +Inf where it leaves float64.
func choose(n, k int) float64 {
	k = min(k, n-k)
	c := 1.0
	for i := 1; i <= k; i++ {
		c = c * float64(n-k+i) / float64(i) // each quotient is C(n-k+i, i), whole
	}
	return c
}
