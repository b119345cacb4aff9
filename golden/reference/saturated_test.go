package reference

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Where attention saturates, a block's gradient vanishes below the rounding of what
// it is formed from: an absolute difference of 1e-16 is right there, however large
// beside the block, and one of 1e-8 is wrong.
func TestSaturatedAttentionIsJudgedByWhatItIsFormedFrom(t *testing.T) {
	for _, c := range []struct {
		name, file string
		point      int
		moved      float64
		pass       bool
	}{
		{"rounding", "vec_a.json", 2, 1e-16, true}, {"a mistake", "vec_a.json", 2, 1e-8, false},
		{"rounding in the transformer", "vec_e.json", 3, 1e-16, true}, {"a mistake in the transformer", "vec_e.json", 3, 1e-8, false},
	} {
		file, err := Open(c.file)
		require.NoError(t, err)
		v := file.(*Vectors)
		v.Points = v.Points[c.point : c.point+1] // random parameters, the largest
		p := &v.Points[0]
		e, err := newEvaluator(Options{}, v.Architecture, v.Batch)
		require.NoError(t, err)
		for _, array := range p.Params {
			if strings.HasPrefix(array.Name, "A") { // scores near 1e3 and more
				for i := range array.Values {
					array.Values[i] *= 1e4
				}
			}
		}
		params, err := p.Params.Vector(e.model.Layout())
		require.NoError(t, err)
		e.bind(params)
		p.F = e.outputs()
		loss, gradient := e.lossGradient()
		p.Loss = loss
		smallest := 1.0
		for _, array := range p.Gradient {
			block, err := e.model.Layout().Block(array.Name)
			require.NoError(t, err)
			largest := 0.0
			for i, g := range block.Of(gradient) {
				array.Values[i] = g
				largest = max(largest, g, -g)
			}
			smallest = min(smallest, largest)
			if strings.HasPrefix(array.Name, "A") {
				array.Values[0] += c.moved
			}
		}
		require.Less(t, smallest, 1e-20, "the attention is saturated")
		rows, err := v.check(Options{})
		require.NoError(t, err)
		for _, row := range rows {
			if strings.Contains(row.Quantity, "gradient") {
				require.Equal(t, c.pass, row.Pass, "%s: largest relative error %g, tolerance %g", c.name, row.MaxRel, row.Tolerance)
			} else {
				require.True(t, row.Pass, row.Quantity)
			}
		}
	}
}
