package evidence

import (
	"testing"

	"causalgrad/impl/experiment"
	"causalgrad/impl/measure"
	"causalgrad/impl/sweep"

	"github.com/stretchr/testify/require"
)

// Attention that has hardly moved has no argmax to be right or wrong: every table
// says so instead of a share.
func TestFlatAttentionHasTooFewSteps(t *testing.T) {
	flat, moved := record("flat"), record("moved")
	flat.Edges.PositionBlock = &measure.Edges{Mean: 0.5, Min: 0.5, Weights: []measure.EdgeWeight{{Child: 1, Weight: 0.51}}}
	flat.Edges.Attention = *flat.Edges.PositionBlock
	moved.Edges.PositionBlock.Weights = []measure.EdgeWeight{{Child: 1, Weight: 0.75}}

	edges, err := EdgeWeightTable([]experiment.Record{flat, moved})
	require.NoError(t, err)
	require.Equal(t, tooFewSteps, at(t, edges, 0, "argmax right").String())
	requireValue(t, 0.5, at(t, edges, 1, "argmax right"))
	require.Contains(t, edges.Notes, flatNote)
	edges, err = EdgeWeightTable([]experiment.Record{moved})
	require.NoError(t, err)
	require.NotContains(t, edges.Notes, flatNote)

	shown := SweepTable(NewSweepReport([]sweep.Result{{Record: &flat}, {Record: &moved}}))
	require.Equal(t, tooFewSteps, at(t, shown, 0, "argmax right").String())
	require.NotEqual(t, tooFewSteps, at(t, shown, 1, "argmax right").String())
	require.Contains(t, shown.Notes, flatNote)

	given := WeightEdges(flat)
	require.Contains(t, given.Notes[0], tooFewSteps)
	require.Contains(t, given.Notes[1], tooFewSteps)
	given = WeightEdges(moved)
	require.Contains(t, given.Notes[1], "argmax right on a share of 0.500 of the edges")
}
