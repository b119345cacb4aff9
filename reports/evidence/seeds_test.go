package evidence

import (
	"testing"

	"causalgrad/golden/stat"
	"causalgrad/impl/experiment"

	"github.com/stretchr/testify/require"
)

// Runs of one spec but for the seed are a row; others stand alone and are not shown.
func TestSeedSpreads(t *testing.T) {
	run := func(id string, steps int, seed uint64, over, weight, argmax float64) experiment.Record {
		r := record(id)
		block := *r.Edges.PositionBlock
		block.Mean, block.Accuracy = weight, argmax
		r.Spec.Steps, r.Spec.Seed, r.Final.OverCount.Value, r.Edges.PositionBlock = steps, seed, over, &block
		return r
	}
	all, err := SeedSpreads([]experiment.Record{run("a", 12, 1, 0.1, 0.9, 1), run("b", 12, 1, 9, 9, 1), run("a", 12, 2, 0.2, 0.8, 0.9), run("a", 24, 1, 9, 9, 1), run("a", 12, 3, 0.4, 0.9, 1)})
	require.NoError(t, err)
	require.Len(t, all, 1)
	want, err := stat.PredictionInterval([]float64{0.1, 0.2, 0.4}, 0.95)
	require.NoError(t, err)
	require.Equal(t, &want, all[0].Over)
	shown := SeedTable(all)
	require.Equal(t, "2 of 3", at(t, shown, 0, "every edge right").String())
	requireValue(t, want.Mean, at(t, shown, 0, "loss - count"))
	requireValue(t, 0.9, at(t, shown, 0, "least argmax right"))
	requireValue(t, 3, at(t, shown, 0, "seeds"))

	same, err := SeedSpreads([]experiment.Record{run("a", 12, 1, 0.1, 0.9, 1), run("a", 12, 2, 0.1, 0.9, 1)})
	require.NoError(t, err)
	require.Equal(t, "-", at(t, SeedTable(same), 0, "one more seed's loss - count").String(), "equal values tell nothing of their noise")
}
