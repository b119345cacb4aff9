package firststep

import (
	"math"
	"testing"

	"causalgrad/theory/graph"
	"causalgrad/theory/markov"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// drawSlow draws a chain that moves with rates between 2^-45 and 2^-2, which
// hardly mix, or one of the others.
func drawSlow(t *rapid.T, tokens int) *markov.Chain {
	rows := make([][]float64, tokens)
	for a := range rows {
		rows[a] = make([]float64, tokens)
		rest := 1.0
		for b := range rows[a] {
			if b != a {
				rows[a][b] = math.Ldexp(rapid.Float64Range(0.25, 1).Draw(t, "rate")/float64(tokens), -rapid.IntRange(1, 44).Draw(t, "power"))
				rest -= rows[a][b]
			}
		}
		rows[a][a] = rest
	}
	c, err := markov.NewChain(rows)
	if err != nil {
		t.Skipf("no chain: %v", err) // numerically reducible
	}
	return c
}

// The bound holds against rational arithmetic, above all where rows lose their
// digits, and is not so wide that it says nothing: it is below the tolerance that
// is promised relative to the largest entry.
func TestErrorBoundsHold(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tokens := rapid.IntRange(2, 3).Draw(t, "tokens")
		f := drawForest(t, 3, map[int]int{2: 7, 3: 6}[tokens])
		c, eps := drawSlow(t, tokens), drawEps(t)
		got, err := GradientWithError(f, c, eps)
		require.NoError(t, err)
		plain, err := Gradient(f, c, eps)
		require.NoError(t, err)
		require.Equal(t, plain, got.Gradient)
		want := rationalGradient(t, f, c, eps)
		for i, row := range got.Gradient {
			for k, v := range row {
				require.LessOrEqual(t, math.Abs(v-want[i][k]), got.Error[i][k], "entry [%d][%d] = %v, want %v", i, k, v, want[i][k])
			}
		}
	})
}

// With rates of 2^-40 the margin of a grandchild's row is of their size, and the
// bound says that few or none of its digits are left; with rates of 2^-10 nearly
// all are.
func TestErrorBoundsOfSlowChains(t *testing.T) {
	f, err := graph.Chain(6)
	require.NoError(t, err)
	for _, c := range []struct {
		power int
		least float64 // margin over its error, at least
		most  float64
	}{{-10, 1e4, math.Inf(1)}, {-40, 0, 10}} {
		rate := math.Ldexp(1, c.power)
		chain, err := markov.NewChain([][]float64{{1 - rate, rate}, {rate, 1 - rate}})
		require.NoError(t, err)
		r, err := GradientWithError(f, chain, 0)
		require.NoError(t, err)
		margin := math.Abs(r.Gradient[3][2] - r.Gradient[3][1])
		certainty := margin / (r.Error[3][2] + r.Error[3][1])
		require.True(t, certainty >= c.least && certainty <= c.most, "2^%d: margin %v is %v times its error", c.power, margin, certainty)
	}
}

// The bound of a mean is the mean of the bounds.
func TestErrorOfAnAverage(t *testing.T) {
	f, prior := graph.Manual(), orbit(t, "orbit:1,1", 2)
	got, err := AverageError(f, prior, 0.1, Options{})
	require.NoError(t, err)
	want, n := square(f.SequenceLength()), 0.0
	for _, c := range prior.Support() {
		r, err := GradientWithError(f, c, 0.1)
		require.NoError(t, err)
		n++
		for i := range want {
			for k := range want[i] {
				want[i][k] += r.Error[i][k]
			}
		}
	}
	for i := range want {
		for k := range want[i] {
			require.InEpsilon(t, want[i][k]/n+1, got[i][k]+1, 0x1p-50) // below 1e-12, so to three digits
			require.Equal(t, k <= i, got[i][k] > 0)
		}
	}
	_, err = AverageError(f, nil, 0, Options{})
	require.ErrorContains(t, err, "no prior")
	_, err = AverageError(f, prior, -1, Options{})
	require.ErrorContains(t, err, "eps = -1")
}

func TestNoChainHasNoError(t *testing.T) {
	f, err := graph.Chain(6)
	require.NoError(t, err)
	_, err = GradientWithError(f, nil, 0)
	require.ErrorContains(t, err, "no chain")
	c, err := markov.NewChain([][]float64{{0.5, 0.5}, {0.5, 0.5}})
	require.NoError(t, err)
	_, err = GradientWithError(f, c, -1)
	require.ErrorContains(t, err, "eps = -1")
}
