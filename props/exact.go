package props

import (
	"fmt"
	"math"

	"causalgrad/golden/stat"
	"pgregory.net/rapid"
)

// SampleAlarm is the false-alarm rate of one draw of a sampling law, shared by
// all comparisons that the draw makes (Bonferroni). Every test below keeps its
// rate exactly, at any sample size: no normal approximation is used.
const SampleAlarm = 1e-9

// Counted demands that counts out of n independent trials fit the
// probabilities of their cells, by one exact binomial test a cell.
func Counted(t *rapid.T, c Case, what func(cell int) string, counts []int, n int, probability []float64, alarm float64) {
	for cell, k := range counts {
		p := math.Min(probability[cell], 1) // a product of rounded probabilities
		o, err := stat.BinomialTest(k, n, p, alarm/float64(len(counts)))
		Plausible(t, c, what(cell), o, err,
			fmt.Sprintf("probability %.6g", p), fmt.Sprintf("%d of %d (%.6g)", k, n, float64(k)/float64(n)))
	}
}

// Balance is a sum of independent centred terms, each at most 1 in size.
type Balance struct{ Sum, Variance float64 }

// add adds a term with its variance (or a bound of it).
func (b *Balance) add(term, variance float64) {
	b.Sum += term
	b.Variance += variance
}

// Zero demands that the sum is what its variance allows, by Bernstein's
// inequality: P(|sum| > x) <= 2 exp(-x^2 / (2 (V + x/3))), which is solved for
// the x that has probability alarm.
func (b Balance) Zero(t *rapid.T, c Case, what string, alarm float64) {
	l := math.Log(2 / alarm)
	Within(t, c, what, b.Sum, 0, l/3+math.Sqrt(l*l/9+2*b.Variance*l))
}
