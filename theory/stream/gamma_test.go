package stream

import (
	"math"
	"testing"

	"causalgrad/theory/close"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/mathext"
)

// The rejection sampler of small shapes is exact where proposal times acceptance
// is one multiple of the target exp(-z - g), g = exp(-z/shape), on both sides of
// z = 0. On the right the proposal has the density (1-left) exp(-z) and is
// accepted with exp(-g); on the left it has left lambda exp(lambda z) and is
// accepted with exp(1 - z - g - lambda z). So (1-left) = left lambda e.
func TestSmallGammasSidesHaveOneScale(t *testing.T) {
	for _, shape := range []float64{1e-4, 0.001, 0.01, 0.1, 0.25, 0.4, math.Nextafter(smallShape, 0)} {
		c := newSmallGamma(shape)
		// Five operations each.
		require.NoError(t, close.Within(c.left*c.lambda*math.E, 1-c.left, 16*0x1p-53, 0), "weights of the two sides at shape %v", shape)
		require.NoError(t, close.Within(c.lambda, (1-shape)/shape, 8*0x1p-53, 0), "rate of the left side at shape %v", shape)
		require.NoError(t, close.Within(c.stretch*(1-c.left), 1, 8*0x1p-53, 0), "what makes the right side's uniform whole at shape %v", shape)
		require.Equal(t, 1/shape, c.inverse)
		for _, z := range []float64{-1e-9, -0.01, -0.1, -0.5, -1, -3} {
			logRatio := 1 - z - math.Exp(-z/shape) - c.lambda*z
			require.LessOrEqual(t, logRatio, 1e-12, "the proposal must lie above the target at z = %v of shape %v", z, shape)
		}
	}
}

// The share of variates above 1 is the left side's alone, about a tenth of them.
// Four million fix it to 0.1%: 6 standard errors, which fail once in 1e8 seeds.
func TestSmallGammasLeftSide(t *testing.T) {
	const n, shape = 1 << 22, 0.45
	s := New(Key{Seed: 41, Purpose: Law})
	above, below := 0.0, 0.0
	for range n / lot {
		_, g := s.gammas(shape, lot, lot)
		for _, v := range g {
			if v > 1 {
				above++
			}
			if v < 0.1 {
				below++
			}
		}
	}
	for what, p := range map[string]struct{ got, want float64 }{
		"above 1":   {above / n, mathext.GammaIncRegComp(shape, 1)},
		"below 0.1": {below / n, mathext.GammaIncReg(shape, 0.1)},
	} {
		require.NoError(t, close.Within(p.got, p.want, 0, 6*math.Sqrt(p.want*(1-p.want)/n)), "share of Gamma(%v) variates %s", shape, what)
	}
}
