package interval

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// The predicates, on their borders and on both sides of them.
func TestPredicates(t *testing.T) {
	v := Interval{-1, 2}
	for x, want := range map[float64]bool{-1.5: false, -1: true, 0: true, 2: true, 2.5: false} {
		require.Equal(t, want, v.Contains(x), "%v", x)
	}
	for _, c := range []struct {
		v                     Interval
		positive, notPositive bool
	}{
		{Interval{1, 2}, true, false},
		{Interval{0, 2}, false, false},
		{Interval{-1, 2}, false, false},
		{Interval{-1, 0}, false, true},
		{Interval{-2, -1}, false, true},
		{Point(1), true, false},
		{Point(0), false, true},
		{Point(-1), false, true},
		// An empty interval shows nothing.
		{Interval{2, 1}, false, false},
		{Interval{-1, -2}, false, false},
	} {
		require.Equal(t, c.positive, c.v.Positive(), "%v", c.v)
		require.Equal(t, c.notPositive, c.v.NotPositive(), "%v", c.v)
	}
}
