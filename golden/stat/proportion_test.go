package stat

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"causalgrad/theory/close"
)

func TestProportionsAgreeWithScipy(t *testing.T) {
	for _, c := range []struct {
		k, n             int
		confidence       float64
		exactLo, exactHi float64 // scipy.stats.binomtest(k, n).proportion_ci(confidence, "exact")
		tolerance        float64
	}{
		// R. G. Newcombe, Stat. Med. 17 (1998) 857-872, table I: 0.2527 to 0.3676; and so on.
		{81, 263, 0.95, 0.25273674558504267, 0.36762192260134746, referenceTolerance},
		{15, 148, 0.95, 0.05784401008344801, 0.16165049034947895, referenceTolerance},
		{0, 20, 0.95, 0, 0.16843347098308548, referenceTolerance},
		{1, 29, 0.95, 0.0008726468835971072, 0.17764429548841465, referenceTolerance},
		{29, 29, 0.95, 0.8805551309302788, 1, referenceTolerance},
		// At a million trials gonum and scipy differ by 1e-9 in the incomplete beta function.
		{7, 1000000, 0.999999, 4.499024489900942e-07, 3.0058524665270135e-05, 1e-8},
		{500000, 1000000, 0.95, 0.4990195191953118, 0.5009804808046883, 1e-8},
	} {
		e, err := ClopperPearson(c.k, c.n, c.confidence)
		require.NoError(t, err)
		require.NoError(t, close.AllWithin(
			[]float64{e.Interval.Lo, e.Interval.Hi}, []float64{c.exactLo, c.exactHi}, c.tolerance, 0), "%d of %d", c.k, c.n)
	}
}

// Coverage is a finite sum, and Clopper and Pearson promise it at every p.
func TestProportionCoverage(t *testing.T) {
	const n, steps = 30, 997
	var exact [n + 1]Interval
	for k := range n + 1 {
		e, err := ClopperPearson(k, n, 0.95)
		require.NoError(t, err)
		exact[k] = e.Interval
	}
	for i := 1; i < steps; i++ {
		p := float64(i) / steps
		var atP float64
		for k := range n + 1 {
			if exact[k].Contains(p) {
				atP += math.Exp(binomialLog(k, n, p))
			}
		}
		require.GreaterOrEqual(t, atP, 0.95, "Clopper-Pearson at p = %v", p)
	}
}

func TestProportionsMirror(t *testing.T) {
	for k := range 13 {
		a, err := ClopperPearson(k, 12, 0.9)
		require.NoError(t, err)
		b, err := ClopperPearson(12-k, 12, 0.9)
		require.NoError(t, err)
		// 1-p rounds at 2^-53; the incomplete beta function is right to some 100 units.
		require.NoError(t, close.Within(a.Interval.Lo, 1-b.Interval.Hi, 0, 1e-14), "k %d", k)
		require.NoError(t, close.Within(a.Interval.Hi, 1-b.Interval.Lo, 0, 1e-14), "k %d", k)
	}
}

func TestClopperPearsonRefusesWhereGonumFails(t *testing.T) {
	_, err := ClopperPearson(5_000_000, 10_000_000, 0.95)
	require.ErrorContains(t, err, "n is 10000000, expected at most 1000000")
}
