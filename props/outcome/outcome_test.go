package outcome

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestCountsAdd: counts of two runs add up, condition by condition and class by
// class, and what was never met is listed with nothing.
func TestCountsAdd(t *testing.T) {
	var a, b, sum Counts
	require.True(t, a.Observe("edge", true))
	require.True(t, b.Observe("edge", true))
	require.True(t, b.Observe("edge", false))
	require.False(t, a.Observe("edges", true), "no such condition")
	a.Tabulate("forest", "chain", 2)
	b.Tabulate("forest", "chain", 3)
	b.Tabulate("chain", "sticky", 1)
	sum.Add(a)
	sum.Add(b)
	require.Equal(t, []Class{{"chain", "sticky", 1}, {"forest", "chain", 5}}, sum.Classes())
	require.Len(t, sum.Conditions(), len(conditions))
	for _, c := range sum.Conditions() {
		want := [2]int{}
		if c.ID == "edge" {
			want = [2]int{2, 1}
		}
		require.Equal(t, want, [2]int{c.Met, c.NotMet}, c.ID)
	}
	require.Equal(t, []Class{{"forest", "chain", 2}}, a.Classes(), "adding leaves the summands alone")
}

func TestEnoughIsBoth(t *testing.T) {
	require.True(t, Condition{Met: 5, LeastMet: 5, NotMet: 3, LeastNotMet: 3}.Enough())
	require.False(t, Condition{Met: 4, LeastMet: 5, NotMet: 3, LeastNotMet: 3}.Enough())
	require.False(t, Condition{Met: 5, LeastMet: 5, NotMet: 2, LeastNotMet: 3}.Enough())
}
