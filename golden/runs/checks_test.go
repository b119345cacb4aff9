package runs

import (
	"testing"

	"causalgrad/impl/experiment"

	"github.com/stretchr/testify/require"
)

// TestChecks: three of every published forest, each with one thing changed; they
// are run where they are asked for, by name, by forest or all, and only there.
func TestChecks(t *testing.T) {
	specs, err := Plan{IDs: []string{"many-graphs-03-checks"}, Size: experiment.FullSize, Seeds: 2}.Specs()
	require.NoError(t, err)
	require.Len(t, specs, 6)
	plain, err := Plan{IDs: []string{"many-graphs-03"}, Size: experiment.FullSize}.Specs()
	require.NoError(t, err)
	same := func(s experiment.Spec) experiment.Spec {
		s.ID, s.Seed = plain[0].ID, plain[0].Seed
		return s
	}
	require.Equal(t, "many-graphs-03-float32", specs[0].ID)
	require.Equal(t, experiment.Float32, specs[0].Precision)
	s := same(specs[0])
	s.Precision = ""
	require.Equal(t, plain[0], s)
	s = same(specs[3])
	require.Equal(t, experiment.SVD32, s.Stationary)
	s.Precision, s.Stationary = "", ""
	require.Equal(t, plain[0], s)
	s = same(specs[5])
	require.Equal(t, 32768, s.Steps)
	s.Steps = 16384
	require.Equal(t, plain[0], s)

	one, err := Plan{IDs: []string{"many-graphs-19-svd32"}}.Specs()
	require.NoError(t, err)
	require.Len(t, one, 1)
	all, err := Plan{IDs: []string{ManyGraphsChecks}}.Specs()
	require.NoError(t, err)
	require.Len(t, all, 60)
	for _, s := range all {
		require.NoError(t, s.Validate(), s.ID)
	}
}
