package evidence

import (
	"fmt"
	"strings"
	"testing"

	"causalgrad/golden/reference"
	"causalgrad/golden/stat"
	"causalgrad/impl/experiment"
	"causalgrad/impl/measure"
	"causalgrad/theory/close"

	"github.com/stretchr/testify/require"
)

func publishedForests(t *testing.T) *reference.ForestTable {
	t.Helper()
	p, err := reference.ManyGraphs()
	require.NoError(t, err)
	return p
}

// forestRun is a record of a published forest whose every edge has the published
// weight minus more, and half of that on data.
func forestRun(trial reference.ForestTrial, steps int, seed uint64, more float64) experiment.Record {
	s := experiment.ManyGraph(trial.Trial, trial.Forest.Parents())
	s.Steps, s.Seed = steps, seed
	block, data := measure.Edges{Mean: 1 - (trial.Mean + more)}, measure.Edges{}
	for _, e := range trial.Edges {
		w := measure.EdgeWeight{Child: e.Child, Parent: e.Parent, Weight: e.Weight() - more, Argmax: e.Parent}
		block.Weights = append(block.Weights, w)
		w.Weight /= 2
		data.Weights = append(data.Weights, w)
	}
	return experiment.Record{Spec: s, Edges: experiment.EdgeReport{PositionBlock: &block, Attention: data}}
}

// allForests are runs of every published forest, one for each difference of more.
func allForests(t *testing.T, steps int, more ...float64) []experiment.Record {
	t.Helper()
	var records []experiment.Record
	for _, trial := range publishedForests(t).Trials {
		for i, m := range more {
			records = append(records, forestRun(trial, steps, uint64(i+1), m))
		}
	}
	return records
}

// The differences are multiples of 2^-7, added to values below 1: means of four
// of them are within four roundings of 2^-53.
const rounding = 1e-15

func TestForestsBesideThePublished(t *testing.T) {
	table := publishedForests(t)
	m, err := CompareManyGraphs(allForests(t, table.Config.Steps, 1./64, -1./64, 3./64, 1./32))
	require.NoError(t, err)
	require.Empty(t, m.Ignored)
	require.Len(t, m.Forests, 20)
	require.Len(t, m.Edges, 182)
	for i, f := range m.Forests {
		require.Equal(t, i, f.Trial)
		require.Equal(t, len(table.Trials[i].Edges), f.Edges)
		require.Equal(t, []uint64{1, 2, 3, 4}, f.Seeds)
		require.Equal(t, table.Trials[i].Mean, f.Published)
		require.Equal(t, Inside, f.Range)
		require.Equal(t, 1, f.Rank.Below)
		require.NoError(t, close.Within(f.Ours.Mean, f.Published+5./256, 0, rounding))
		require.NoError(t, close.Within(f.Ours.Min, f.Published-1./64, 0, rounding))
		require.NoError(t, close.Within(f.Ours.Max, f.Published+3./64, 0, rounding))
		// Deviations from the mean 5/256 in units of 1/256: -1, -9, 7, 3; squares 140.
		require.NoError(t, close.Within(f.Ours.StdDev*f.Ours.StdDev, 140./3/65536, 0, rounding))
	}
	r := m.ForestTable()
	require.Len(t, r.Rows, 20)
	require.Equal(t, "2 of 5", at(t, r, 7, "rank").String())
	require.Equal(t, "inside", at(t, r, 7, "verdict").String())
	requireValue(t, m.Forests[7].Ours.Mean, at(t, r, 7, "mean"))
	requireValue(t, table.Trials[7].Mean, at(t, r, 7, "published"))
	requireValue(t, 4, at(t, r, 7, "seeds"))
}

// TestPlaces: outside on either side, and no verdict at other steps.
func TestPlaces(t *testing.T) {
	table := publishedForests(t)
	for _, c := range []struct {
		steps int
		more  []float64
		want  RangeVerdict
		rank  string
	}{
		{table.Config.Steps, []float64{1. / 64, 1. / 32}, Outside, "1 of 3"},
		{table.Config.Steps, []float64{-1. / 64, -1. / 32}, Outside, "3 of 3"},
		{table.Config.Steps, []float64{-1. / 64, 1. / 32}, Inside, "2 of 3"},
		{table.Config.Steps / 4, []float64{-1. / 64, 1. / 32}, NotComparable, "-"},
	} {
		m, err := CompareManyGraphs(allForests(t, c.steps, c.more...))
		require.NoError(t, err)
		for i, f := range m.Forests {
			require.Equal(t, c.want, f.Range)
			require.Equal(t, c.rank, at(t, m.ForestTable(), i, "rank").String())
			require.Equal(t, string(c.want), at(t, m.ForestTable(), i, "verdict").String())
		}
		for _, e := range m.Edges {
			require.Equal(t, c.want, e.Range)
		}
	}
}

// TestOtherRecordsAreNotCompared: others are passed over, a changed
// configuration is named, two numbers of steps are two outcomes, and a run that
// is given twice counts once.
func TestOtherRecordsAreNotCompared(t *testing.T) {
	trial := publishedForests(t).Trials[2]
	faster := forestRun(trial, 64, 1, 0)
	faster.Spec.LR = 2
	blind := forestRun(trial, 64, 2, 0)
	blind.Edges.PositionBlock = nil
	one, two := forestRun(trial, 128, 1, 0), forestRun(trial, 64, 3, 0)
	m, err := CompareManyGraphs([]experiment.Record{record("quick-chain"), one, faster, two, blind, one})
	require.NoError(t, err)
	require.Equal(t, []string{"many-graphs-02, seed 1: another configuration than the published runs",
		"many-graphs-02, seed 2: does not have the weights of the forest's 7 edges"}, m.Ignored)
	require.Len(t, m.Forests, 2)
	require.Equal(t, 64, m.Forests[0].Steps)
	require.Equal(t, []uint64{3}, m.Forests[0].Seeds)
	require.Equal(t, []uint64{1}, m.Forests[1].Seeds)
	require.Equal(t, "-", at(t, m.ForestTable(), 0, "sd").String(), "one seed has no spread")
	require.Contains(t, strings.Join(m.ForestTable().Notes, "\n"), "left out: many-graphs-02, seed 1")

	wrong := forestRun(trial, 64, 1, 0)
	wrong.Edges.PositionBlock.Weights[3].Parent++
	_, err = CompareManyGraphs([]experiment.Record{wrong})
	require.ErrorContains(t, err, `"many-graphs-02", seed 1: edge 3`)

	report, err := ReportManyGraphs([]experiment.Record{record("quick-chain")})
	require.NoError(t, err)
	require.True(t, report.Empty())
}

// TestUnlearnedEdgesAreShown: six of the published edges are not learned; a
// weight of ours below 1/2 joins them, and the complete table has all.
func TestUnlearnedEdgesAreShown(t *testing.T) {
	records := allForests(t, 64, 0)
	weights := records[4].Edges.PositionBlock.Weights
	weights[5].Weight, weights[5].Argmax = 0.25, 0
	for i := range records[9].Edges.PositionBlock.Weights { // ours learned what theirs did not
		records[9].Edges.PositionBlock.Weights[i].Weight = 0.75
	}
	m, err := CompareManyGraphs(records)
	require.NoError(t, err)
	short := m.EdgeTable(false)
	require.Len(t, short.Rows, 7)
	sides := map[string]int{}
	for i := range short.Rows {
		side := at(t, short, i, "not learned").String()
		sides[side]++
		if side == "ours" {
			requireValue(t, 4, at(t, short, i, "forest"))
			requireValue(t, 0.25, at(t, short, i, "mean"))
			requireValue(t, float64(weights[5].Child), at(t, short, i, "child"))
			requireValue(t, publishedForests(t).Trials[4].Edges[5].Weight(), at(t, short, i, "published"))
		}
	}
	require.Equal(t, map[string]int{"ours": 1, "published": 1, "both": 5}, sides)
	require.Len(t, m.EdgeTable(true).Rows, 182)
	require.Contains(t, strings.Join(short.Notes, "\n"), "7 of 182")
}

func TestMostFrequent(t *testing.T) {
	require.Equal(t, 3, mostFrequent([]int{3, 1, 3, 2}))
	require.Equal(t, 1, mostFrequent([]int{2, 1}))
	require.Equal(t, 5, mostFrequent([]int{5}))
	require.Equal(t, 0, mostFrequent([]int{7, 0, 0, 7, 7, 0}))
}

// TestEquivalenceOfTheMean: differences around 0 of a size well within the
// margin are equivalent; around twice the margin, different; at other steps, or
// with a forest missing, the test is not run.
func TestEquivalenceOfTheMean(t *testing.T) {
	steps := publishedForests(t).Config.Steps
	around := func(centre float64) []experiment.Record {
		records := allForests(t, steps, centre)
		for i := range records { // +-1/64 by turns: a spread of 1/64 over 20 forests
			records[i].Edges.PositionBlock.Mean += float64(1-2*(i%2)) / 64
		}
		return records
	}
	for centre, want := range map[float64]stat.Verdict{0: stat.Equivalent, 2 * ManyGraphsMargin: stat.Different, -2 * ManyGraphsMargin: stat.Different, ManyGraphsMargin: stat.Undecided} {
		// Shorter runs beside those of the published length do not count.
		m, err := CompareManyGraphs(append(around(centre), allForests(t, steps/4, 0.5)...))
		require.NoError(t, err)
		e, err := m.Equivalence()
		require.NoError(t, err)
		require.Equal(t, want, e.Test.Verdict, "%g", centre)
		require.NoError(t, close.Within(e.Test.Diff, centre, 0, rounding))
		require.Equal(t, want == stat.Different, e.Differs())
		require.Equal(t, string(want), at(t, e.Table(), 0, "verdict").String())
	}
	for _, records := range [][]experiment.Record{allForests(t, steps/4, 0, 1./64), allForests(t, steps, 0, 1./64)[2:]} {
		m, err := CompareManyGraphs(records)
		require.NoError(t, err)
		e, err := m.Equivalence()
		require.NoError(t, err)
		require.Nil(t, e.Test)
		require.Equal(t, "not run", at(t, e.Table(), 0, "verdict").String())
		require.Contains(t, e.Why, fmt.Sprint(steps))
	}
}
