package evidence

import (
	"math/big"
	"testing"

	"causalgrad/theory/close"
	"causalgrad/theory/dynamics"
	"causalgrad/theory/graph"

	"github.com/stretchr/testify/require"
)

// TestMinimiseFindsAParabola: groups that are parabolas with minima 2 and 3 have
// their mean's at 2.5, and each is the minimum of the other left out.
func TestMinimiseFindsAParabola(t *testing.T) {
	var c BetaCurve
	var groups [][]float64
	for beta := 0.0; beta <= betaMost; beta += betaStep {
		c.Beta = append(c.Beta, beta)
		row := make([]float64, betaGroups)
		for n := range row {
			d := beta - 2 - float64(n%2)
			row[n] = d * d
		}
		groups = append(groups, row)
	}
	c.minimise(groups)
	require.NoError(t, close.Within(c.Best, 2.5, 0, 1e-12))
	// Leaving one of eight out moves the mean of the minima by 0.5/7 either way: the
	// jackknife's error is that of a mean of eight values 2 and 3.
	require.NoError(t, close.Within(c.BestStdErr, 0.1889822365046136, 1e-9, 0)) // sqrt(8 x 0.25 / (8 x 7))
}

// TestEveryStepCounts on payoffs put in by hand: one parent ahead, one behind.
func TestEveryStepCounts(t *testing.T) {
	f, err := graph.NewForest([]int{-1, 0, 1})
	require.NoError(t, err)
	e := newEveryStep("", everyStepSteps, everyStepRates...)
	require.NoError(t, e.follow(f, dynamics.Payoffs{{0}, {1, -1}, {2, -1, -1}, {0, 0, 0, 0}}))
	require.Equal(t, []int{2, 1, 0, 0}, []int{e.Edges, e.Ahead, e.Fallen, e.Slow})
	require.NoError(t, close.Within(e.Least, 2, 0, 0))
	require.NoError(t, close.Within(e.Slowest, 25, 1e-12, 0)) // 1/(2 gap) over 0.01
	e = newEveryStep("", everyStepSteps, everyStepRates...)
	require.NoError(t, e.follow(f, dynamics.Payoffs{{0}, {1e-9, -1e-9}, {0, 1e-9, -1e-9}, {0, 0, 0, 0}}))
	require.Equal(t, 2, e.Slow, "payoffs of 1e-9 have not moved the attention in 2000 steps at 1e5")
}

// TestDynamicsTables: a row a point, and the counterexamples in words.
func TestDynamicsTables(t *testing.T) {
	half := big.NewRat(1, 2)
	a := dynamics.Asymmetry{Chains: [][][]*big.Rat{{{half, half}, {big.NewRat(1, 4), big.NewRat(3, 4)}}}, Spread: big.NewRat(1, 9)}
	rows := Stage2{Instances: 5, Alone: 4, Single: a, KeepingA4: a}.Table().Rows
	require.Len(t, rows, 4)
	require.Equal(t, "[[1/2,1/2],[1/4,3/4]]", rows[2][0].String())
	s := Stage1{Steps: []Stage1Step{{Step: 5, Exact: []float64{0.5, 0.6}, Trained: []float64{0.5, 0.7}, StdErr: []float64{0.1, 0.2}}},
		Ladder: []Stage1Point{{Length: 16}}, Largest: []Stage1Bias{{Beta0: 0.1, Distance: 0.1}}}
	require.Equal(t, "0.1000", s.Table().Rows[0][4].String())
	require.Len(t, s.LadderTable().Rows, 1)
	require.Len(t, BetaTable([]BetaCurve{{Length: 16, Beta: []float64{0, 1}, Loss: []float64{1, 0.9}, StdErr: []float64{0, 0.01}}}).Rows, 1)
}
