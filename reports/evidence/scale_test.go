package evidence

import (
	"strings"
	"testing"

	"causalgrad/golden/runs"

	"github.com/stretchr/testify/require"
)

// Exponents are fitted per quantity and on long sequences alone: the points
// follow T^2 and T^3 exactly, but for a short one that does not.
func TestScaleFitsExponents(t *testing.T) {
	var points []ScalePoint
	for _, length := range []int{16, 128, 256, 512} {
		seconds := float64(length*length) * 1e-6
		if length == 16 {
			seconds = 1
		}
		points = append(points, ScalePoint{ExactGradient, length, 3, seconds, uint64(length)})
	}
	for _, length := range []int{128, 256, 512} {
		points = append(points, ScalePoint{ReducedGradient, length, 3, float64(length*length*length) * 1e-9, uint64(length * length)})
	}
	for _, tokens := range []int{6, 12} { // a ladder in S at the first T
		points = append(points, ScalePoint{ReducedGradient, 128, tokens, 128 * 128 * 128 * 1e-9 * float64(tokens) / 3, 128 * 128 * 4})
	}
	result, err := ScaleTable(points, "here")
	require.NoError(t, err)
	scale := result
	require.Len(t, scale.Rows, len(points))
	notes := strings.Join(scale.Notes, "\n")
	require.Contains(t, notes, "time grows as T^2.00 (95% interval 2.00 to 2.00), memory as T^1.00, T = 128 to 512")
	require.Contains(t, notes, "time grows as T^3.00 (95% interval 3.00 to 3.00), memory as T^2.00")
	require.Contains(t, notes, "time grows as S^1.00")
	require.Contains(t, notes, "time against S: need >=", "no warning of a fit is lost")
}

func TestMeasureScaleRunsEveryQuantity(t *testing.T) {
	for _, q := range []ScaleQuantity{ExactGradient, Landscape, SecondLayer, ReducedGradient} {
		p, err := MeasureScale(q, 8, 2, 1)
		require.NoError(t, err)
		require.Positive(t, p.Seconds)
		require.Equal(t, []int{8, 2}, []int{p.Length, p.Tokens})
	}
	_, err := MeasureScale("other", 8, 2, 1)
	require.ErrorContains(t, err, `quantity "other"`)
	_, err = MeasureScale(ExactGradient, 2, 2, 1)
	require.ErrorContains(t, err, "want 2 to")
}

// TestRecordedScales: what the report shows can be read, and nothing else is.
func TestRecordedScales(t *testing.T) {
	s, err := ReadScales(runs.Scales())
	require.NoError(t, err)
	longest := 0
	for _, p := range s.Points {
		longest = max(longest, p.Length)
	}
	require.Equal(t, 1024, longest)
	_, err = ReadScales([]byte(`{"schema":"other"}`))
	require.ErrorContains(t, err, `schema "other"`)
	_, err = ReadScales([]byte("{"))
	require.Error(t, err)
}
