package stat

import (
	"fmt"
	"math"
)

// SignedRank is the outcome of Wilcoxon's signed-rank test.
type SignedRank struct {
	Outcome
	// W is the sum of the ranks of |d| over positive d.
	W float64 `json:"w"`
	// N is the number of differences that are not 0, Zeros that of the others.
	N     int `json:"n"`
	Zeros int `json:"zeros"`
	// Exact says that P comes from the exact distribution of W.
	Exact bool `json:"exact"`
}

// mostSigned is the largest sample for the exact distribution of W.
const mostSigned = 50

// Wilcoxon tests whether differences d (of pairs, or from one reference
// value) are symmetric about 0. Zeros are dropped. P is exact for up to 50
// differences without ties among |d|; otherwise it is the normal approximation
// with corrections for ties and continuity, and no less than the least exact P.
// It needs one difference that is not 0 ([ErrNoSpread]).
//
// F. Wilcoxon, Biometrics Bulletin 1 (1945) 80-83.
func Wilcoxon(d []float64, alpha float64) (SignedRank, error) {
	if err := checkAlpha(alpha); err != nil {
		return SignedRank{}, err
	}
	if err := checkSample("d", d, 1); err != nil {
		return SignedRank{}, err
	}
	var size []float64
	var positive []bool
	for _, v := range d {
		if v != 0 {
			size, positive = append(size, math.Abs(v)), append(positive, v > 0)
		}
	}
	if len(size) == 0 {
		return SignedRank{}, fmt.Errorf("stat: d is 0 in all %d values: %w", len(d), ErrNoSpread)
	}
	ranks, ties := midranks(size)
	var w float64
	for i, r := range ranks {
		if positive[i] {
			w += r
		}
	}
	n := float64(len(size))
	least := math.Ldexp(2, -len(size))
	r := SignedRank{W: w, N: len(size), Zeros: len(d) - len(size), Exact: ties == 0 && len(size) <= mostSigned}
	var p float64
	if r.Exact {
		p = twoSidedExact(signedRankCounts(len(size)), int(w))
	} else {
		variance := n*(n+1)*(2*n+1)/24 - ties/48
		z := max(0, math.Abs(w-n*(n+1)/4)-0.5) / math.Sqrt(variance)
		p = max(2*normalUpper(z), least)
	}
	need := int(math.Ceil(1 - math.Log2(alpha)))
	r.Outcome = newOutcome(p, least, alpha, fmt.Sprintf("need >= %d differences other than 0", need))
	if !r.Exact && len(size) < 10 {
		r.Warnings = append(r.Warnings, "P is the normal approximation, which is rough under 10 differences")
	}
	if r.Zeros > 0 {
		r.Warnings = append(r.Warnings, fmt.Sprintf("%d differences are exactly 0 and were dropped", r.Zeros))
	}
	return r, nil
}

// signedRankCounts is the number of subsets of the ranks 1..n with sum w, w =
// 0..n(n+1)/2. Exact to 2^53.
func signedRankCounts(n int) []float64 {
	count := make([]float64, n*(n+1)/2+1)
	count[0] = 1
	for rank := 1; rank <= n; rank++ {
		for w := rank * (rank + 1) / 2; w >= rank; w-- { // downwards: each rank is used once
			count[w] += count[w-rank]
		}
	}
	return count
}
