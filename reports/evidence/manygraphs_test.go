package evidence

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
	"strings"
	"testing"

	"causalgrad/golden/reference"
	"causalgrad/golden/stat"
	"causalgrad/impl/experiment"
	"causalgrad/impl/measure"
	"causalgrad/impl/model"
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
		require.Equal(t, Inside, f.Place)
		require.Equal(t, 1, f.Rank.Below)
		require.NoError(t, close.Within(f.Ours.Mean, f.Published+5./256, 0, rounding))
		require.NoError(t, close.Within(f.Ours.Min, f.Published-1./64, 0, rounding))
		require.NoError(t, close.Within(f.Ours.Max, f.Published+3./64, 0, rounding))
		// Deviations from the mean 5/256 in units of 1/256: -1, -9, 7, 3; squares 140.
		require.NoError(t, close.Within(f.Ours.StdDev*f.Ours.StdDev, 140./3/65536, 0, rounding))
	}
	r := m.ForestTable()
	require.Len(t, r.Table.Rows, 20)
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
		want  Place
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
			require.Equal(t, c.want, f.Place)
			require.Equal(t, c.rank, at(t, m.ForestTable(), i, "rank").String())
			require.Equal(t, string(c.want), at(t, m.ForestTable(), i, "verdict").String())
		}
		for _, e := range m.Edges {
			require.Equal(t, c.want, e.Place)
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
	require.Contains(t, strings.Join(m.ForestTable().Table.Notes, "\n"), "left out: many-graphs-02, seed 1")

	wrong := forestRun(trial, 64, 1, 0)
	wrong.Edges.PositionBlock.Weights[3].Parent++
	_, err = CompareManyGraphs([]experiment.Record{wrong})
	require.ErrorContains(t, err, `"many-graphs-02", seed 1: edge 3`)

	report, err := ReportManyGraphs([]experiment.Record{record("quick-chain")}, nil)
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
	require.Len(t, short.Table.Rows, 7)
	sides := map[string]int{}
	for i := range short.Table.Rows {
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
	require.Len(t, m.EdgeTable(true).Table.Rows, 182)
	require.Contains(t, strings.Join(short.Table.Notes, "\n"), "7 of 182")
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
		require.Equal(t, want != stat.Different, e.Table().Holds)
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

// outlier are all forests with eight seeds 1/1024 apart, of which one forest's
// seeds 3 and 5 lie far below, with one edge's weight as far above.
func outlier(t *testing.T) []experiment.Record {
	t.Helper()
	var more []float64
	for i := range 8 {
		more = append(more, float64(i)/1024)
	}
	records := allForests(t, 64, more...)
	for _, seed := range []int{3, 5} {
		block := records[12*8+seed-1].Edges.PositionBlock
		block.Mean += 1. / 8
		block.Weights[2].Weight += 1. / 4
	}
	return records
}

// TestClusters: the one forest with two groups is found, its edges and blocks
// compared. In group A (seeds 3 and 5) W reads x's token, so that the loss of
// either differs without that block; nothing else carries a signal.
func TestClusters(t *testing.T) {
	m, err := CompareManyGraphs(outlier(t))
	require.NoError(t, err)
	weights := func(r experiment.Record) ([]float64, error) {
		mod, err := r.Spec.NewModel()
		require.NoError(t, err)
		params := make([]float64, mod.Layout().Size())
		w, err := mod.Layout().Block("W")
		require.NoError(t, err)
		own := w.Of(params) // the first 3 rows are x's tokens
		for i := range 9 {
			own[i] = 0.5
		}
		if r.Spec.Seed == 3 || r.Spec.Seed == 5 {
			own[0], own[4], own[8] = 2, 2, 2
		}
		return params, nil
	}
	c, err := m.Clusters(weights)
	require.NoError(t, err)
	require.Equal(t, 20, c.Looked)
	require.Len(t, c.Forest, 1)
	f := c.Forest[0]
	require.Equal(t, 12, f.Trial)
	require.Equal(t, []uint64{3, 5}, f.Clusters[0].Seeds)
	require.Equal(t, []uint64{1, 2, 4, 6, 7, 8}, f.Clusters[1].Seeds)
	require.Less(t, f.P, 0.001)
	require.LessOrEqual(t, f.P, f.Corrected)
	edge := publishedForests(t).Trials[12].Edges[2]
	require.Equal(t, []int{edge.Child, edge.Parent}, []int{f.Edges[0].Child, f.Edges[0].Parent})

	tables := c.Tables()
	require.Len(t, tables, 2)
	require.Equal(t, "3, 5", at(t, tables[0], 0, "seeds A").String())
	require.Equal(t, fmt.Sprintf("%d -> %d", edge.Child, edge.Parent), at(t, tables[0], 0, "edge").String())
	requireValue(t, f.Edges[0].A, at(t, tables[0], 0, "weight A"))
	blocks := tables[1]
	require.Len(t, blocks.Table.Rows, shownBlocks)
	require.Equal(t, "W[x token]", at(t, blocks, 0, "block").String())
	// Equal entries in a row change no softmax: group B's signal is rounding.
	signal, _ := at(t, blocks, 0, "signal B").Value()
	require.NoError(t, close.Within(signal, 0, 0, 1e-13))
	signal, _ = at(t, blocks, 0, "signal A").Value()
	require.Greater(t, math.Abs(signal), 0.01)
	require.NotEqual(t, "-", at(t, blocks, 0, "t").String())
	x, y := BlockNorm{Signal: 1, Squares: 4}, BlockNorm{Signal: 4, Squares: 2}
	// Variance 6/(2+4-2) = 1.5, times 1/2 + 1/4: 3 over the root of 1.125.
	v, _ := signalT(x, y, 2, 4).Value()
	require.NoError(t, close.Within(v, 3/math.Sqrt(1.125), 0, rounding))
	require.Equal(t, "-", signalT(BlockNorm{}, BlockNorm{}, 2, 4).String())
	a, _ := at(t, blocks, 0, "norm A").Value()
	require.NoError(t, close.Within(a*a, 3*4+6*0.25, 0, 1e-14*14))
	other, _ := at(t, blocks, 1, "signal A").Value()
	require.Zero(t, other)

	c, err = m.Clusters(nil)
	require.NoError(t, err)
	require.False(t, c.Forest[0].Weights)
	require.Equal(t, "the weights are not there", at(t, c.Tables()[1], 0, "block").String())

	broken := errors.New("broken")
	_, err = m.Clusters(func(experiment.Record) ([]float64, error) { return nil, broken })
	require.ErrorIs(t, err, broken)

	few, err := CompareManyGraphs(allForests(t, 64, 0, 1, 2))
	require.NoError(t, err)
	c, err = few.Clusters(nil)
	require.NoError(t, err)
	require.Zero(t, c.Looked)
	require.Len(t, c.Tables(), 1)
	require.Contains(t, strings.Join(c.Tables()[0].Table.Notes, "\n"), "needs 4 seeds")
}

// TestSignalsFindTheBlocksThatMatter: in weights that solve the chain's task by
// hand only their own blocks carry a signal, and each of them does.
func TestSignalsFindTheBlocksThatMatter(t *testing.T) {
	s := experiment.Default()
	s.Length, s.Tokens = 8, 3
	made, err := s.NewModel()
	require.NoError(t, err)
	m := made.(*model.Disentangled)
	params := make([]float64, m.Layout().Size())
	first, second, readout := m.Layout()[0].Of(params), m.Layout()[1].Of(params), m.Layout()[2].Of(params)
	for i := 1; i < 7; i++ {
		first[(3+i)*11+3+i-1] = 20 // position i attends to i-1
	}
	for v := range 3 {
		second[v*22+11+v] = 5 // the last token matches the parent's token
		readout[(22+v)*3+v] = 3
	}
	p, err := newProbe(m, params, s)
	require.NoError(t, err)
	norms, err := BlockNorms(m, params)
	require.NoError(t, err)
	p.signals(norms)
	for _, b := range norms {
		switch b.Name {
		case "A1[x position, x position]", "A2[x token, a1 token]", "W[a2 token]":
			require.Greater(t, b.Signal, 0.05, b.Name)
		default:
			require.Zero(t, b.Signal, b.Name)
		}
	}
}

// TestBlockNormsCoverTheWeights: the squares of a matrix's block norms add up to
// those of its entries, and an entry is in the block that its row and column say.
func TestBlockNormsCoverTheWeights(t *testing.T) {
	m, err := model.NewDisentangled(2, 4, []int{2, 1})
	require.NoError(t, err)
	params := make([]float64, m.Layout().Size())
	for i := range params {
		params[i] = float64(i%7) - 3
	}
	norms, err := BlockNorms(m, params)
	require.NoError(t, err)
	require.Len(t, norms, 2*2*2+6*6+12)
	sums, want := map[string]float64{}, map[string]float64{}
	for _, n := range norms {
		sums[n.Name[:strings.Index(n.Name, "[")]] += n.Norm * n.Norm
	}
	names := map[string]string{"A0.0": "A1.1", "A0.1": "A1.2", "A1.0": "A2", "W": "W"}
	for _, b := range m.Layout() {
		for _, v := range b.Of(params) {
			want[names[b.Name]] += v * v
		}
	}
	require.Len(t, sums, len(want))
	for name, v := range want { // 36 roots, squared again: 36 roundings of 2^-52
		require.NoError(t, close.Within(sums[name], v, 1e-14, 0), name)
	}

	clear(params)
	second, readout := m.Layout()[2], m.Layout()[3]
	second.Of(params)[7*18+12] = 3 // row 7: a1.1 token; column 12: a1.2 token
	readout.Of(params)[(2*18-1)*2] = 4
	norms, err = BlockNorms(m, params)
	require.NoError(t, err)
	for _, n := range norms {
		switch n.Name {
		case "A2[a1.1 token, a1.2 token]":
			require.Equal(t, 3.0, n.Norm)
		case "W[a2 of a1.2 position]":
			require.Equal(t, 4.0, n.Norm)
		default:
			require.Zero(t, n.Norm, n.Name)
		}
	}
	_, err = BlockNorms(m, params[1:])
	require.ErrorContains(t, err, "weights: ")
}

// TestPlaceInForest on published forest 15: 15 -> 0 has the earlier siblings 3
// and 4, and position 16 below it.
func TestPlaceInForest(t *testing.T) {
	r := placeInForest(publishedForests(t).Trials[15].Forest, EdgeOutcome{Child: 15, Parent: 0, Ours: Spread{Mean: 0.125}})
	require.Equal(t, 2, r.Siblings)
	require.Equal(t, 1, r.Dependants)
	require.Equal(t, 2.0, r.OverUniform)
}

// TestReasonsWithoutWeights: the rows are there, what needs weights is a dash.
func TestReasonsWithoutWeights(t *testing.T) {
	m, err := CompareManyGraphs(allForests(t, 64, 0))
	require.NoError(t, err)
	reasons, err := m.Reasons(func(experiment.Record) ([]float64, error) { return nil, fmt.Errorf("weights: %w", fs.ErrNotExist) })
	require.NoError(t, err)
	require.Len(t, reasons, 6)
	contrasts, err := ReasonContrasts(reasons)
	require.NoError(t, err)
	require.Empty(t, contrasts, "ours learned all others")
	r := ReasonTable(reasons, contrasts, false)
	for i := range reasons {
		require.Equal(t, "-", at(t, r, i, "gain").String())
		e := reasons[i].Edge
		require.Equal(t, fmt.Sprintf("%d -> %d", e.Child, e.Parent), at(t, r, i, "edge").String())
		requireValue(t, e.Ours.Mean/2, at(t, r, i, "on data"))
	}
	require.Contains(t, strings.Join(r.Table.Notes, "\n"), "weights are not there")
}
