package evidence

import (
	"testing"

	"causalgrad/golden/reference"
	"causalgrad/theory/verdict"

	"github.com/stretchr/testify/require"
)

// Our eight seeds lie 1/1024 apart around the published values: those differ nowhere.
// One forest moved by 1/8 does, and so do its edges; the official code's own runs,
// elsewhere, differ from seeds around the published values.
func TestOutliers(t *testing.T) {
	steps := publishedForests(t).Config.Steps
	var more []float64
	for i := range 8 {
		more = append(more, float64(i)/1024-3.5/1024)
	}
	records := allForests(t, steps, more...)
	m, err := CompareManyGraphs(records)
	require.NoError(t, err)
	output, err := m.Output()
	require.NoError(t, err)
	require.Len(t, output.Forests, 20)
	require.Len(t, output.Edges, 182)
	require.Empty(t, output.DifferentForests())
	require.Empty(t, output.DifferentEdges())
	require.Greater(t, output.Combined, 0.99, "every published value is the mean of our seeds")

	for i, r := range records {
		if r.Spec.ID == "many-graphs-12" {
			block := records[i].Edges.PositionBlock
			block.Mean -= 1. / 8
			for k := range block.Weights {
				block.Weights[k].Weight -= 1. / 8
			}
		}
	}
	m, err = CompareManyGraphs(records)
	require.NoError(t, err)
	output, err = m.Output()
	require.NoError(t, err)
	require.Len(t, output.DifferentForests(), 1)
	other := output.DifferentForests()[0]
	require.Equal(t, 12, other.Trial)
	require.Equal(t, 2/float64(other.Ours.N+1), other.RankP, "below all of ours")
	require.Greater(t, output.RankCombined, output.Combined, "ranks of few seeds say little")
	for _, e := range output.DifferentEdges() {
		require.Equal(t, 12, e.Trial)
	}
	require.Len(t, output.DifferentEdges(), len(publishedForests(t).Trials[12].Edges))
	require.Less(t, output.Combined, 0.5, "one of twenty: P = 4e-10 of the one is diluted by 19 of 1")

	code, err := m.Code()
	require.NoError(t, err)
	rerun, err := reference.OfficialRerun()
	require.NoError(t, err)
	require.Len(t, code.Forests, len(rerun.Trials))
	require.Equal(t, rerun.Trials[1].Mean, code.Forests[1].Value)
	require.Len(t, code.DifferentForests(), 4, "ours here are around the published output, which theirs is not")
	shown := OutlierTable(output, code)
	require.NoError(t, shown.Check())
	require.Equal(t, "official code, run again", at(t, shown, 0, "run").String())
	require.Equal(t, verdict.Fail, at(t, shown, 0, "verdict").Verdict())

	one, err := CompareManyGraphs(allForests(t, steps, 0))
	require.NoError(t, err)
	none, err := one.Output()
	require.NoError(t, err)
	require.Empty(t, none.Forests, "one seed has no spread")
}
