package runs

import (
	"testing"

	"causalgrad/impl/experiment"

	"github.com/stretchr/testify/require"
)

func TestCatalogue(t *testing.T) {
	all, err := Catalogue()
	require.NoError(t, err)
	require.Len(t, all, 5+20)
	seen := map[string]bool{}
	for _, e := range all {
		require.NoError(t, e.Spec.Validate(), e.Spec.ID)
		require.False(t, seen[e.Spec.ID], e.Spec.ID)
		seen[e.Spec.ID] = true
	}
	for _, id := range []string{"single-chain", "single-icl", "single-random", "multi-parent", "mlp-chain", "many-graphs-00", "many-graphs-19"} {
		require.True(t, seen[id], id)
	}
}

func TestPlans(t *testing.T) {
	count := func(p Plan) int {
		specs, err := p.Specs()
		require.NoError(t, err)
		return len(specs)
	}
	require.Equal(t, 25, count(Plan{Size: experiment.QuickSize}))
	require.Equal(t, 5*8+20*4, count(Plan{Size: experiment.ReducedSize}))
	require.Equal(t, 4+8+20*8, count(Plan{Size: experiment.FullSize}), "one of each long run")
	require.Equal(t, 160, count(Plan{IDs: []string{ManyGraphs}, Size: experiment.FullSize, Seeds: 8}))
	require.Equal(t, 2, count(Plan{IDs: []string{"quick-icl"}, Seeds: 2}))
	require.Equal(t, 21, count(Plan{IDs: []string{"many-graphs-03", ManyGraphs, "mlp-chain"}, Seeds: 1}), "a run asked for twice runs once")

	specs, err := Plan{IDs: []string{"mlp-chain", "many-graphs-07"}, Size: experiment.ReducedSize}.Specs()
	require.NoError(t, err)
	require.Equal(t, "mlp-chain", specs[7].ID)
	for i, s := range specs[8:] {
		require.Equal(t, "many-graphs-07", s.ID)
		require.Equal(t, 4096, s.Steps)
		require.EqualValues(t, i+1, s.Seed)
	}

	require.Equal(t, 60, count(Plan{IDs: []string{ManyGraphsChecks}, Size: experiment.FullSize}))

	_, err = Plan{IDs: []string{"many-graph"}}.Specs()
	require.ErrorContains(t, err, `experiment "many-graph": unknown, want single-chain, `)
	require.ErrorContains(t, err, "many-graphs, many-graphs-00 to many-graphs-19, many-graphs-checks, many-graphs-00-float32 to many-graphs-19-steps, quick-chain")
	require.ErrorContains(t, err, `, figure-9; did you mean "many-graphs"?`)
	_, err = Plan{Seeds: 1 << 20}.Specs()
	require.ErrorContains(t, err, "seeds = 1048576")
}

// A figure's id means the experiments behind it.
func TestFigures(t *testing.T) {
	require.Equal(t, map[string][]string{"figure-2": {"single-chain"}, "figure-5": {"multi-parent"}, "figure-7": {"multi-parent"},
		"figure-6": {"single-icl", "single-random"}, "figure-8": {"mlp-chain"}, "figure-9": {ManyGraphs}}, Figures())
	for id, behind := range Figures() {
		got, err := Plan{IDs: []string{id}, Size: experiment.QuickSize}.Specs()
		require.NoError(t, err, id)
		want, err := Plan{IDs: behind, Size: experiment.QuickSize}.Specs()
		require.NoError(t, err, id)
		require.Equal(t, want, got, id)
	}
}

// Everything that is named can be asked for.
func TestNames(t *testing.T) {
	names, err := Names()
	require.NoError(t, err)
	require.Subset(t, names, []string{ManyGraphs, ManyGraphsChecks, "single-chain", "many-graphs-03", "many-graphs-03-checks", "many-graphs-19-steps", "quick-icl", "figure-9"})
	_, err = Plan{IDs: names, Size: experiment.QuickSize}.Specs()
	require.NoError(t, err)
}
