package stream

import (
	"math"
	"os"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/mathext"
)

// draws is how many variates a test of a distribution draws: make nightly asks for
// 10^8, which show a bias of 0.1%.
func draws(t *testing.T) int {
	text := os.Getenv("CAUSALGRAD_DRAWS")
	if text == "" {
		return 200_000
	}
	n, err := strconv.Atoi(text)
	require.NoError(t, err, "CAUSALGRAD_DRAWS")
	return n
}

// The first entry of a row of two is Beta(alpha, alpha). Of one row in so many as
// make a bias of 0.1% at 10^8 variates, and more at fewer, drawn with shape 1, the
// same comparison notices. 8 comparisons with 6 standard errors fail once in 6e7.
func TestSmallGammasHaveNoBias(t *testing.T) {
	const alpha = 0.1
	rows := draws(t) / 2
	bounds := []float64{1e-12, 1e-4, 0.25, 0.75}
	farthest := func(planted float64) float64 {
		s, row, below := New(Key{Seed: 43, Purpose: Law}), make([]float64, 2), make([]int, len(bounds))
		for range rows {
			shape := alpha
			if planted > 0 && s.Float64() < planted {
				shape = 1
			}
			s.Dirichlet(shape, row)
			for i, bound := range bounds {
				if row[0] < bound {
					below[i]++
				}
			}
		}
		worst, before, was := 0.0, 0.0, 0
		for i, bound := range bounds { // shares of the intervals
			p := mathext.RegIncBeta(alpha, alpha, bound)
			share, n := p-before, float64(below[i]-was)
			worst = max(worst, math.Abs(n-share*float64(rows))/math.Sqrt(share*(1-share)*float64(rows)))
			before, was = p, below[i]
		}
		return worst
	}
	require.LessOrEqual(t, farthest(0), 6.0, "standard errors")
	require.Greater(t, farthest(1e-3*math.Sqrt(1e8/float64(2*rows))), 6.0, "standard errors of a planted bias")
}
