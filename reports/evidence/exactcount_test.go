package evidence

import (
	"context"
	"testing"

	"causalgrad/impl/experiment"

	"github.com/stretchr/testify/require"
)

// TestExactCounts: finite priors of a forest have exact losses near the sampled
// ones, roots of their own included; the others and the paired differences stay, and
// so does the record that was given.
func TestExactCounts(t *testing.T) {
	s := experiment.Default()
	s.ID, s.Graph, s.Length, s.Roots, s.Steps, s.Batch, s.TestSequences = "tiny", "parents:-1,0,0,1,-1", 6, "uniform", 1, 8, 2000
	s.Prior, s.Shifted = "orbit:1,7", []string{"dirichlet:1", "point:[[0.5,0.25,0.25],[0.25,0.5,0.25],[0.1,0.1,0.8]]"}
	s.Model, s.Heads, s.LR = "disentangled", []int{1, 1}, 0.1
	r, _, err := experiment.Run(context.Background(), s, experiment.Options{Workers: 1})
	require.NoError(t, err)
	list, err := WithExactCounts([]experiment.Record{r})
	require.NoError(t, err)
	got := list[0]
	require.Zero(t, got.Final.Count.StdErr)
	require.NotZero(t, r.Final.Count.StdErr)
	// Five standard errors, fixed seed.
	require.InDelta(t, r.Final.Count.Value, got.Final.Count.Value, 5*r.Final.Count.StdErr)
	require.Equal(t, r.Final.OverCount, got.Final.OverCount)
	require.Equal(t, r.Shifted[0], got.Shifted[0], "a sampled prior")
	require.Zero(t, got.Shifted[1].TrainingCount.StdErr)
	require.InDelta(t, r.Shifted[1].TrainingCount.Value, got.Shifted[1].TrainingCount.Value, 5*r.Shifted[1].TrainingCount.StdErr)

	_, ok, err := exactCount(s, "orbit:1,7", 0)
	require.False(t, ok, "no pseudo-count")
	require.NoError(t, err)
	s.Roots, s.Length, s.Tokens, s.Graph = "", 2000, 5, "chain"
	_, ok, err = exactCount(s, "orbit:1,7", 1)
	require.False(t, ok, "too much work")
	require.NoError(t, err)
}
