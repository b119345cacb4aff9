package reference

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

// The errors of a comparison are those of its worst array and entry, wherever they
// stand, and a NaN or a wrong length is the worst of all.
func TestAComparisonKeepsTheWorst(t *testing.T) {
	type array struct {
		name      string
		got, want []float64
	}
	good := array{"good", []float64{1, 2}, []float64{1, 2}}
	off := array{"off", []float64{1.5, 4}, []float64{1, 4}}       // absolute 0.5, relative to the largest 0.125
	small := array{"small", []float64{0.1, 0}, []float64{0.2, 0}} // absolute 0.1, relative 0.5
	for _, order := range [][]array{{good, off, small}, {small, off, good}, {off, small, good}, {good, small, off}, {small, good, off}} {
		var c comparison
		for _, a := range order {
			c.add(a.name, a.got, a.want)
		}
		require.Equal(t, []any{6, 0.5, 0.5, "small"}, []any{c.values, c.maxAbs, c.maxRel, c.worst})
		row := c.rounding("q", 0.4, "because")
		require.False(t, row.Pass)
		require.Equal(t, "worst in small", row.Note)
		require.True(t, c.rounding("q", 0.5, "because").Pass)
	}
	for _, bad := range []array{{"length", []float64{1}, []float64{1, 2}}, {"infinite", []float64{math.Inf(1)}, []float64{1}}} {
		for _, order := range [][]array{{bad, off}, {off, bad}} {
			var c comparison
			for _, a := range order {
				c.add(a.name, a.got, a.want)
			}
			require.True(t, math.IsInf(c.maxRel, 1), bad.name)
			require.False(t, c.rounding("q", 1e300, "because").Pass, bad.name)
		}
	}
	for _, names := range [][]string{{"nan", "off"}, {"off", "nan"}} {
		var c comparison
		for _, name := range names {
			if name == "nan" {
				c.add(name, []float64{math.NaN(), 1}, []float64{1, 1})
			} else {
				c.add(off.name, off.got, off.want)
			}
		}
		require.False(t, c.rounding("q", 1e300, "because").Pass, "a NaN first or last")
	}
}
