package interval

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// Hull, Intersect and Min round nothing: they contain what they must, and their
// ends are among that.
func TestSetsAreTheSmallest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v, w := drawInterval(t, "v"), drawInterval(t, "w")
		if rapid.Bool().Draw(t, "touching") && !math.IsInf(v.Hi, 1) {
			w = Interval{v.Hi, max(v.Hi, w.Hi)}
		}
		require.Equal(t, Hull(v, w), Hull(w, v), "the hull of %v and %v, exchanged", v, w)
		hull, least := Hull(v, w), Min(v, w)
		both, ok := Intersect(v, w)
		x, y := drawMember(t, v, "x"), drawMember(t, w, "y")
		for _, member := range []float64{x, y, v.Lo, v.Hi, w.Lo, w.Hi} {
			require.Equal(t, v.Contains(member) && w.Contains(member), both.Contains(member), "%v in what %v and %v share, %v", member, v, w, both)
			require.Equal(t, true, hull.Contains(member), "%v in the hull of %v and %v, %v", member, v, w, hull)
		}
		require.Equal(t, both.Lo <= both.Hi, ok, "%v and %v meet", v, w)
		require.Equal(t, true, least.Contains(min(x, y)), "min(%v, %v) in %v", x, y, least)
		ends := []float64{v.Lo, v.Hi, w.Lo, w.Hi}
		require.Contains(t, ends, hull.Lo)
		require.Contains(t, ends, hull.Hi)
		require.Equal(t, Interval{min(v.Lo, w.Lo), min(v.Hi, w.Hi)}, least, "the minimum of %v and %v", v, w)
	})
}

// A predicate is true exactly when it is true of every number, on its borders
// and on both sides of them; an empty interval, or one with an end that is no
// number, shows nothing.
func TestPredicates(t *testing.T) {
	nan := math.NaN()
	for x, want := range map[float64]bool{-1.5: false, -1: true, 0: true, 2: true, 2.5: false, nan: false} {
		require.Equal(t, want, Interval{-1, 2}.Contains(x), "%v", x)
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
		{Point(5e-324), true, false},
		{Point(0), false, true},
		{Point(-5e-324), false, true},
		{Whole(), false, false},
		{Interval{2, 1}, false, false},
		{Interval{-1, -2}, false, false},
		{Interval{nan, 1}, false, false},
		{Interval{nan, -1}, false, false},
		{Interval{1, nan}, false, false},
		{Interval{-1, nan}, false, false},
	} {
		require.Equal(t, c.positive, c.v.Positive(), "%v is positive", c.v)
		require.Equal(t, c.notPositive, c.v.NotPositive(), "%v is not positive", c.v)
	}
	for _, v := range []Interval{{nan, 1}, {1, nan}} {
		_, ok := Intersect(v, Whole())
		require.False(t, ok, "%v meets the whole line", v)
		require.False(t, v.Contains(1), "%v contains 1", v)
	}
}
