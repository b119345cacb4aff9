package evidence

import (
	"slices"
	"strings"
	"testing"

	"causalgrad/golden/runs"
	"causalgrad/golden/stat"

	"github.com/stretchr/testify/require"
)

// side are trainings on two graphs with so many seeds, ours off by so much in loss and
// attention; seeds differ by thousandths.
func side(seeds int, loss, attention float64) runs.Official {
	o := runs.Official{Graphs: map[string][]int{"pair": {-1, 0}, "chain": {-1, 0, 1}}}
	for graph, parents := range o.Graphs {
		for seed := range seeds {
			noise := 0.001 * float64((seed+len(parents))%3)
			edges := func(off float64) []float64 { return slices.Repeat([]float64{0.5 + noise*off + off}, len(parents)-1) }
			o.Runs = append(o.Runs, runs.OfficialRun{Graph: graph, Seed: uint64(seed), Code: runs.OfficialCode, Steps: 1024, Loss: 0.8, Edges: edges(0)},
				runs.OfficialRun{Graph: graph, Seed: uint64(seed), Code: runs.OwnCode, Steps: 1024, Loss: 0.8 + noise + loss, Edges: edges(attention)})
		}
	}
	o.Runs = append(o.Runs, runs.OfficialRun{Graph: "pair", Seed: 99, Code: runs.OwnCode, Steps: 1024, Loss: 7, Edges: []float64{0}}) // without its pair
	return o
}

// Differences inside the margin are equivalent, outside different; of two seeds nothing
// follows but over all graphs, of one not even a test.
func TestOfficialTests(t *testing.T) {
	verdicts := func(o runs.Official) (all []string) {
		tests, err := OfficialTests(o)
		require.NoError(t, err)
		require.Len(t, tests, 12) // loss and attention on chain, pair and both, after 1024 and 4096 steps
		for _, c := range tests[:6] {
			verdict := "none"
			if c.Test != nil {
				verdict = string(c.Test.Verdict)
			}
			all = append(all, verdict)
		}
		for _, c := range tests[6:] {
			require.Equal(t, 0, c.Pairs)
			require.Nil(t, c.Test)
		}
		require.NoError(t, OfficialTable(o, tests).Check())
		return all
	}
	same, other := string(stat.Equivalent), string(stat.Different)
	require.Equal(t, []string{same, same, same, same, same, same}, verdicts(side(8, 0.002, 0.01)))
	require.Equal(t, []string{other, same, other, same, other, same}, verdicts(side(8, 0.007, 0.01)))
	require.Equal(t, []string{same, other, same, other, same, other}, verdicts(side(8, 0.002, -0.03)))
	require.Equal(t, []string{"none", "none", "none", "none"}, verdicts(side(1, 0.002, 0.01))[:4])
	two := verdicts(side(2, 0.002, 0.01))
	require.Equal(t, []string{string(stat.Undecided), same}, []string{two[0], two[4]})
	tests, err := OfficialTests(side(2, 0.002, 0.01))
	require.NoError(t, err)
	require.Contains(t, strings.Join(OfficialTable(side(2, 0.002, 0.01), tests).Notes, "\n"), "loss after 1024 steps on chain: need >= 5 samples")

	tests, err = OfficialTests(side(8, 0.002, -0.01))
	require.NoError(t, err)
	require.True(t, tests[0].Whole && tests[4].Whole)
	require.InDelta(t, 0.01, tests[1].Edge, 1e-4)
	require.InDelta(t, 0.003, tests[0].Ours-tests[0].Theirs, 1e-3)
	tests, err = OfficialTests(side(7, 0, 0.01))
	require.NoError(t, err)
	require.False(t, tests[0].Whole || tests[4].Whole)
}

func TestOfficialSpeeds(t *testing.T) {
	block := func(code string, steps int, cpu, wall, load float64) runs.OfficialBlock {
		return runs.OfficialBlock{Configuration: "S=3", Code: code, Steps: steps, CPU: cpu, Wall: wall, Load: load}
	}
	o := runs.Official{Speed: []runs.OfficialBlock{
		block(runs.OwnCode, 1000, 1, 0.5, 1), block(runs.OfficialCode, 10, 0.8, 0.4, 2),
		block(runs.OwnCode, 1000, 2, 0.5, 9), block(runs.OfficialCode, 10, 0.6, 0.2, 2),
		block(runs.OwnCode, 1000, 1, 100, 1), // stopped before its neighbour
	}}
	speeds := OfficialSpeeds(o)
	require.Len(t, speeds, 1)
	s := speeds[0]
	require.Equal(t, 2, s.Blocks)
	require.InDeltaSlice(t, []float64{70, 1.5, 55, 30, 80}, []float64{s.CPU.Theirs, s.CPU.Ours, s.CPU.Times, s.CPU.Least, s.CPU.Most}, 1e-12)
	require.InDeltaSlice(t, []float64{30, 0.5, 60, 40, 80}, []float64{s.Wall.Theirs, s.Wall.Ours, s.Wall.Times, s.Wall.Least, s.Wall.Most}, 1e-12)
	require.Equal(t, 9.0, s.Load)
	require.True(t, s.OnTarget())
	require.NoError(t, OfficialSpeedTable(o, speeds).Check())
	s.Wall.Times = 29
	require.False(t, s.OnTarget())
	require.Empty(t, OfficialSpeeds(runs.Official{Speed: o.Speed[:1]}))
}
