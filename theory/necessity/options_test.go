package necessity

import (
	"math"
	"testing"

	"causalgrad/theory/graph"

	"github.com/stretchr/testify/require"
)

func TestDefaults(t *testing.T) {
	want := Options{Evaluations: 60000, Gamma: 0.3, MinLength: 9, MaxLength: 10, EffectiveLength: 7, MaxTokens: 3}
	require.Equal(t, want, Options{}.withDefaults(None))
	want.MinLength, want.MaxLength = 3, 8
	require.Equal(t, want, Options{}.withDefaults(EffectiveLength))
	require.Equal(t, 12, Options{MinLength: 12}.withDefaults(None).MaxLength, "not below the least length asked for")
	given := Options{Evaluations: 1, Seed: 2, Gamma: 0.5, MinLength: 4, MaxLength: 5, EffectiveLength: 2, MaxTokens: 2}
	require.Equal(t, given, given.withDefaults(None))
}

// TestOptionsUpToTheirBounds are valid; a step further is not.
func TestOptionsUpToTheirBounds(t *testing.T) {
	good := Options{Evaluations: 1, Gamma: 0.5, MinLength: 3, MaxLength: 3, EffectiveLength: 1, MaxTokens: 2}
	require.NoError(t, good.validate())
	for _, c := range []struct {
		change func(o *Options)
		want   string // none: valid
	}{
		{func(o *Options) { o.EffectiveLength = 3 }, ""},
		{func(o *Options) { o.EffectiveLength = math.Nextafter(3, 4) }, "effective length"},
		{func(o *Options) { o.EffectiveLength = math.Nextafter(1, 0) }, "effective length"},
		{func(o *Options) { o.Gamma = 0 }, "gamma = 0"},
		{func(o *Options) { o.Gamma = math.SmallestNonzeroFloat64 }, ""},
		{func(o *Options) { o.Evaluations = 0 }, "evaluations = 0"},
		{func(o *Options) { o.MaxTokens = 1 }, "tokens = 1"},
		{func(o *Options) { o.MaxTokens = 3 }, ""},
		{func(o *Options) { o.MaxLength = 17 }, ""}, // 2^16 prefixes
		{func(o *Options) { o.MaxLength = 18 }, "2 tokens at length 18"},
		{func(o *Options) { o.MaxLength, o.MaxTokens = 11, 3 }, ""},
	} {
		o := good
		c.change(&o)
		if c.want == "" {
			require.NoError(t, o.validate(), "%+v", o)
		} else {
			require.ErrorContains(t, o.validate(), c.want)
		}
	}
}

// TestCellsAscend by length, then tokens; two tokens have no shifts.
func TestCellsAscend(t *testing.T) {
	o := Options{MinLength: 3, MaxLength: 4, MaxTokens: 3}
	pairs := func(constructions ...Construction) (list [][2]int) {
		for _, c := range (space{constructions: constructions}).cells(o) {
			require.True(t, math.IsInf(c.Smallest, 1))
			list = append(list, [2]int{c.Length, c.Tokens})
		}
		return list
	}
	require.Equal(t, [][2]int{{3, 2}, {3, 3}, {4, 2}, {4, 3}}, pairs(Shifts, Columns))
	require.Equal(t, [][2]int{{3, 3}, {4, 3}}, pairs(Shifts, Complement))
	require.Equal(t, []Construction{Point}, space{constructions: []Construction{Point, Shifts}}.available(2))
}

// TestEvaluationsAreShared: what a cell cannot have in equal parts goes to the
// later ones.
func TestEvaluationsAreShared(t *testing.T) {
	out, err := Search(None, Options{Evaluations: 10, Seed: 1})
	require.NoError(t, err)
	var shares []int
	for _, c := range out.Cells {
		shares = append(shares, c.Evaluations)
	}
	require.Equal(t, []int{2, 2, 3, 3}, shares)
	require.Equal(t, 10, out.Evaluations)
}

func TestStarLengths(t *testing.T) {
	for _, length := range []int{graph.MinSequenceLength, graph.MaxSequenceLength} {
		f, err := star(length)
		require.NoError(t, err)
		require.Equal(t, length-2, len(f.Edges()))
	}
	_, err := star(graph.MaxSequenceLength + 1)
	require.Error(t, err)
}
