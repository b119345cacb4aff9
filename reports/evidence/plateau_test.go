package evidence

import (
	"math"
	"testing"

	"causalgrad/impl/experiment"
	"causalgrad/theory/close"
	"causalgrad/theory/dynamics"
	"causalgrad/theory/graph"

	"github.com/stretchr/testify/require"
)

// TestStepsTo interpolates in the logarithm of the step, and knows no number for a
// curve that begins or stays on the other side.
func TestStepsTo(t *testing.T) {
	curve := []experiment.CurvePoint{{Step: 0, EdgeMean: 0.1}, {Step: 16, EdgeMean: 0.15}, {Step: 64, EdgeMean: 0.35}}
	require.NoError(t, close.Within(stepsTo(curve), 32, 1e-12, 0)) // half of the way
	require.True(t, math.IsNaN(stepsTo(curve[:2])))
	require.True(t, math.IsNaN(stepsTo(curve[2:])))
}

// TestTheFlowByHand: two steps on one edge from payoffs put in by hand, and none that
// lead away.
func TestTheFlowByHand(t *testing.T) {
	f, err := graph.NewForest([]int{-1, 0, 1})
	require.NoError(t, err)
	payoffs := dynamics.Payoffs{{0}, {1, -1}, {0, 2, -2}, {0, 0, 0, 0}}
	s := experiment.Default()
	s.Steps, s.LR = 1000, 0.1
	p := Plateau{Tokens: 3, Drift: 4}
	require.NoError(t, p.follow(f, payoffs, s))
	require.Zero(t, p.Predicted, "the parents begin with (1/2 + 1/3)/2")

	far, err := graph.Chain(12)
	require.NoError(t, err)
	payoffs = nil
	for i := range 12 {
		row := make([]float64, i+1)
		if i > 0 {
			row[i-1], row[i] = 1, -1
		}
		payoffs = append(payoffs, row)
	}
	leave := func(drift float64, schedule string) float64 {
		s.Schedule = schedule
		p := Plateau{Tokens: 3, Drift: drift}
		require.NoError(t, p.follow(far, payoffs, s))
		return p.Predicted
	}
	slow, fast := leave(0.5, "constant"), leave(5, "constant")
	require.Less(t, fast, slow)
	require.True(t, math.IsNaN(leave(-5, "constant")), "beta falls, and the parents lose attention")
	s.Steps = 60
	require.Greater(t, leave(0.5, "cosine"), slow, "its rate falls")
}

// TestPlateausOfRecords: seeds of a run are taken together, runs of other kinds are
// left out, and a table row says what the flow does.
func TestPlateausOfRecords(t *testing.T) {
	s := experiment.Default()
	s.ID, s.Graph, s.Length, s.Steps, s.Prior = "tiny", "chain", 8, 256, "orbit:1,7"
	r := experiment.Record{Spec: s, Curve: []experiment.CurvePoint{{Step: 0, EdgeMean: 0.2}, {Step: 128, EdgeMean: 0.19}, {Step: 256, EdgeMean: 0.31}}}
	second, adam := r, r
	second.Spec.Seed, adam.Spec.Optimizer = 2, "adamw"
	faster := r
	faster.Spec.LR = 2
	list, err := Plateaus(t.Context(), []experiment.Record{r, second, adam, faster})
	require.NoError(t, err)
	require.Len(t, list, 2, "another rate is another run, whatever its name")
	require.Equal(t, list[0].Drift, list[1].Drift)
	require.Equal(t, 2, list[0].Seeds)
	require.Len(t, list[0].Records, 2)
	require.NoError(t, close.Within(list[0].Early, -0.01, 1e-12, 0))
	require.NoError(t, close.Within(list[0].Recorded, 128*math.Sqrt2, 1e-12, 0))
	require.Zero(t, list[0].DriftStdErr, "the prior is finite")
	require.Len(t, PlateauTable(list).Rows, 2)
	require.Zero(t, list[0].Seed)

	r.Spec.Graph, second.Spec.Graph = "random", "random"
	list, err = Plateaus(t.Context(), []experiment.Record{second, r})
	require.NoError(t, err)
	require.Len(t, list, 2, "each seed has a graph of its own")
	require.Equal(t, []uint64{2, 1}, []uint64{list[0].Seed, list[1].Seed})
	require.NotEqual(t, list[0].Drift, list[1].Drift)
	require.Equal(t, "tiny, seed 2", PlateauTable(list).Rows[0][0].String())
}
