package measure

import (
	"math"
	"testing"

	"causalgrad/theory/close"
	"causalgrad/theory/stream"

	"github.com/stretchr/testify/require"
)

// calibrationOf is the ECE of predictions with known laws, by the columns.
func calibrationOf(f, y [][]float64) Mean {
	s := sums{n: len(f), total: make([]float64, calibrationBins), square: make([]float64, calibrationBins)}
	row := make([]float64, calibrationBins)
	for n := range f {
		binExcess(row, f[n], y[n])
		for b, v := range row {
			s.total[b] += v
			s.square[b] += v * v
		}
	}
	return s.calibration(0)
}

func TestCalibrationByHand(t *testing.T) {
	f := [][]float64{{0.75, 0.25}, {0.25, 0.75}, {0, 1}, {0.5, 0.5}}
	y := [][]float64{{0.5, 0.5}, {0.25, 0.75}, {0.5, 0.5}, {1, 0}}
	// Bins of 1/15: 0.75 twice in bin 11 with excess 0.25 + 0, 1 in the last bin
	// with 0.5, and the tie at 0.5, read as its first token, in bin 7 with -0.5.
	got := calibrationOf(f, y)
	require.Equal(t, (0.25+0.5+0.5)/4, got.Value)
	want := math.Sqrt((0.0625 + 0.25 + 0.25 - 4*0.3125*0.3125) / 3 / 4)
	require.NoError(t, close.Within(got.StdErr, want, 0, 4*0x1p-53)) // a few roundings below 1

	// Errors of opposite sign cancel within a bin, and only there.
	require.Zero(t, calibrationOf([][]float64{{0.75, 0.25}, {0.75, 0.25}}, [][]float64{{0.5, 0.5}, {1, 0}}).Value)
	require.Equal(t, 0.25, calibrationOf([][]float64{{0.75, 0.25}, {0.5, 0.5}}, [][]float64{{0.5, 0.5}, {0.75, 0.25}}).Value)
}

func TestCalibrationNeverLeavesItsBins(t *testing.T) {
	row := make([]float64, calibrationBins)
	for _, f := range [][]float64{{0, 0}, {1, 1}, {2, 0}, {math.NaN(), 0}, {math.Inf(1), 0}, {-1, -2}} {
		require.NotPanics(t, func() { binExcess(row, f, []float64{0.5, 0.5}) }, "%v", f)
	}
}

// TestCalibrationTellsOverconfidence: predictions equal to the law are
// calibrated; sharpened ones are not, by what the sharpening adds.
func TestCalibrationTellsOverconfidence(t *testing.T) {
	r := stream.New(stream.Key{Seed: 3, Purpose: stream.Law})
	var y, sharp [][]float64
	excess := 0.0
	const n = 1000
	for range n {
		law := make([]float64, 3)
		r.Dirichlet(1, law)
		best := max(law[0], law[1], law[2])
		f := make([]float64, 3)
		for s, p := range law {
			f[s] = p / 2
			if p == best {
				f[s] += 0.5
			}
		}
		y, sharp, excess = append(y, law), append(sharp, f), excess+(1-best)/2
	}
	require.Zero(t, calibrationOf(y, y).Value)
	// Every sequence is overconfident, so no bin cancels: the mean excess, up to
	// the rounding of n additions of numbers below 1.
	require.NoError(t, close.Within(calibrationOf(sharp, y).Value, excess/n, 0, 4*n*0x1p-53))
}

// There are 15 bins: errors of opposite sign on either side of a multiple of 1/15
// do not cancel.
func TestCalibrationHasFifteenBins(t *testing.T) {
	for k := 1; k < 15; k++ {
		edge := float64(k) / 15
		low, high := edge-0.001, edge+0.001
		got := calibrationOf([][]float64{{low, 0}, {high, 0}}, [][]float64{{low - 0.25, 0}, {high + 0.25, 0}})
		require.NoError(t, close.Within(got.Value, 0.25, 1e-14, 0), "confidences on either side of %d/15", k)
	}
}
