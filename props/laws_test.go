package props

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestBuiltinObeysEveryLaw is the first part of the run that `causalgrad conform`
// makes. It meets each hypothesis, and misses it, often enough without the others.
func TestBuiltinObeysEveryLaw(t *testing.T) {
	laws := All()
	results := Run(laws, Builtin(), Options{Seed: 1, Workers: 2})
	for i, r := range results {
		require.Equal(t, Passed, r.Verdict, "%s", r)
		require.Equal(t, Options{}.draws(laws[i]), r.Draws, r.Law.ID)
	}
	for _, c := range Coverage(results) {
		t.Logf("%-22s met %5d, not met %5d", c.ID, c.Met, c.NotMet)
		require.True(t, c.Enough, "%s: met %d (least %d), not met %d (least %d)", c.ID, c.Met, c.LeastMet, c.NotMet, c.LeastNotMet)
	}
	for _, c := range Classes(results) {
		t.Logf("%-12s %-20s %5d", c.Kind, c.Class, c.Draws)
	}
}
