package evidence

import (
	"strings"
	"testing"

	"causalgrad/golden/reference"
	"causalgrad/impl/experiment"

	"github.com/stretchr/testify/require"
)

func TestLossesShowTheRecords(t *testing.T) {
	a, b := record("a"), record("b")
	b.Final = losses("final", 70)
	r := LossTable([]experiment.Record{a, b})
	for i, rec := range []experiment.Record{a, b} {
		require.Equal(t, rec.Spec.ID, at(t, r, i, "run").String())
		requireValue(t, 12, at(t, r, i, "steps"))
		requireMean(t, rec.Final.Loss, at(t, r, i, "loss"))
		requireMean(t, rec.Final.Count, at(t, r, i, "count estimator"))
		requireMean(t, rec.Final.Irreducible, at(t, r, i, "L*"))
		requireMean(t, rec.Final.OverCount, at(t, r, i, "loss - count"))
		requireMean(t, rec.Final.Gap, at(t, r, i, "loss - L*"))
		requireValue(t, 1.5, at(t, r, i, "seconds"))
	}
	require.Contains(t, r.Notes[0], "300 fresh sequences")
	require.Empty(t, LossTable(nil).Rows)
}

// A run with a published value is shown beside it, one without has dashes, and
// one without a position block no row.
func TestEdgeWeightsBesideThePublished(t *testing.T) {
	transformer := record("custom")
	transformer.Edges.PositionBlock = nil
	r, err := EdgeWeightTable([]experiment.Record{record("quick-forest-1"), record("quick-chain"), transformer, record("custom")})
	require.NoError(t, err)
	require.Len(t, r.Rows, 3)
	published, err := reference.ManyGraphs()
	require.NoError(t, err)
	runs, err := reference.Trajectories()
	require.NoError(t, err)
	theirs := []float64{1 - published.Trials[1].Mean, 0}
	require.Equal(t, 1, published.Trials[1].Trial)
	for _, run := range runs {
		if run.RunName == "chain" {
			theirs[1] = run.Position.Mean
		}
	}
	for i, value := range theirs {
		requireValue(t, 0.75, at(t, r, i, "position block"))
		requireValue(t, 0.25, at(t, r, i, "smallest"))
		requireValue(t, 0.5, at(t, r, i, "argmax right"))
		requireValue(t, 0.625, at(t, r, i, "on data"))
		requireValue(t, value, at(t, r, i, "theirs"))
		requireValue(t, 0.75-value, at(t, r, i, "ours - theirs"))
	}
	require.Equal(t, "16384, published", at(t, r, 0, "their steps").String())
	require.Equal(t, "4096, official", at(t, r, 1, "their steps").String())
	for _, column := range []string{"theirs", "their steps", "ours - theirs"} {
		require.Equal(t, "-", at(t, r, 2, column).String())
	}
}

func TestShiftedShowsEveryPrior(t *testing.T) {
	rec := record("a")
	results := ShiftedTables([]experiment.Record{rec})
	require.Len(t, results, 2)
	for i, l := range rec.Shifted {
		for _, r := range results {
			require.Equal(t, "a", at(t, r, i, "run").String())
			require.Equal(t, l.Prior, at(t, r, i, "test prior").String())
		}
		requireMean(t, l.Loss, at(t, results[0], i, "loss"))
		requireMean(t, l.Count, at(t, results[0], i, "count, matching"))
		requireMean(t, l.TrainingCount, at(t, results[0], i, "count, training"))
		requireMean(t, l.Irreducible, at(t, results[0], i, "L*"))
		requireMean(t, l.OverCount, at(t, results[1], i, "loss - matching"))
		requireMean(t, l.OverTraining, at(t, results[1], i, "loss - training"))
		requireMean(t, l.SupError, at(t, results[1], i, "sup error"))
		requireMean(t, l.CountSup, at(t, results[1], i, "count's sup error"))
		requireMean(t, l.Calibration, at(t, results[1], i, "calibration"))
		requireMean(t, l.CountCalibration, at(t, results[1], i, "count's calibration"))
	}
	require.True(t, strings.HasPrefix(results[1].ID, "shifted"))
}

// TestRunsOfSeveralSeedsAreTold: the seed stands beside an id that several
// seeds share, and nowhere else; the published value is found for each seed.
func TestRunsOfSeveralSeedsAreTold(t *testing.T) {
	records := []experiment.Record{record("many-graphs-03"), record("many-graphs-03"), record("single-icl")}
	records[0].Spec.Seed, records[1].Spec.Seed = 1, 2
	edges, err := EdgeWeightTable(records)
	require.NoError(t, err)
	published, err := reference.ManyGraphs()
	require.NoError(t, err)
	for i, name := range []string{"many-graphs-03, seed 1", "many-graphs-03, seed 2", "single-icl"} {
		require.Equal(t, name, at(t, LossTable(records), i, "run").String())
		require.Equal(t, name, at(t, edges, i, "run").String())
	}
	for i := range 2 {
		requireValue(t, 1-published.Trials[3].Mean, at(t, edges, i, "theirs"))
	}
	require.Equal(t, "-", at(t, edges, 2, "theirs").String())
}
