package runs

import (
	"fmt"
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
	for i, s := range all {
		require.NoError(t, s.Validate(), s.ID)
		of, ok := CheckOf(s.ID)
		require.True(t, ok)
		require.Equal(t, fmt.Sprintf("many-graphs-%02d", i/3), of)
	}
	for _, id := range []string{"many-graphs-03", "many-graphs-03-steps-2", "quick-forest-0", "many-graphs-003-steps"} {
		_, ok := CheckOf(id)
		require.False(t, ok, id)
	}
}
