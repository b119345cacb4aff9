package figure

import (
	"math"
	"regexp"
	"strconv"
	"testing"

	"causalgrad/impl/experiment"
	"causalgrad/impl/measure"
	"causalgrad/theory/certify"
	"causalgrad/theory/close"
	"causalgrad/theory/verdict"

	"github.com/stretchr/testify/require"
)

// The SVG's coordinates have five significant digits, so those of a figure less
// than 1000 points wide are rounded by at most 0.005 below 100 and 0.05 above; a difference of two,
// by twice that.
const rounding = 0.1

var point = regexp.MustCompile(`[ML]([0-9.]+),([0-9.]+)`)

// vertices are the corners of each path with this style, in order.
func vertices(t *testing.T, f Figure, style string) [][][2]float64 {
	t.Helper()
	data, err := f.SVG()
	require.NoError(t, err)
	var paths [][][2]float64
	for _, path := range regexp.MustCompile(`d="([^"]*)" style="`+style+`[";]`).FindAllSubmatch(data, -1) {
		var corners [][2]float64
		for _, p := range point.FindAllSubmatch(path[1], -1) {
			x, err := strconv.ParseFloat(string(p[1]), 64)
			require.NoError(t, err)
			y, err := strconv.ParseFloat(string(p[2]), 64)
			require.NoError(t, err)
			corners = append(corners, [2]float64{x, y})
		}
		paths = append(paths, corners)
	}
	return paths
}

// requireHeights checks that the ordinates follow the values by one affine map,
// which the first and the last fix.
func requireHeights(t *testing.T, values []float64, corners [][2]float64) {
	t.Helper()
	require.Len(t, corners, len(values))
	last := len(values) - 1
	slope := (corners[last][1] - corners[0][1]) / (values[last] - values[0])
	for i, v := range values {
		require.NoError(t, close.Within(corners[i][1], corners[0][1]+slope*(v-values[0]), 0, 2*rounding), "value %d: %v stands at %v", i, v, corners[i])
	}
}

func TestCurvesFollowTheirLosses(t *testing.T) {
	r := record(1)
	f, err := Losses("f", "F", []experiment.Record{r}, nil)
	require.NoError(t, err)
	corners := vertices(t, f, "fill:none;stroke:#0072B2")[0]
	var values []float64
	for _, c := range r.Curve {
		values = append(values, c.Loss)
	}
	requireHeights(t, values, corners)
	// Steps 1, 2, 4, 8 and 16 are evenly spaced on a logarithmic axis, and step 0 has the place of 1/2.
	width := corners[2][0] - corners[1][0]
	for i := 1; i <= 5; i++ {
		require.NoError(t, close.Within(corners[i][0], corners[i-1][0]+width, 0, 2*rounding))
	}
}

func TestAttentionLineIsTheMeanOverRuns(t *testing.T) {
	weights := [][]float64{{0.9, 0.1, 0.8}, {0.5, 0.7, 0.6}}
	var s AttentionSeries
	for _, run := range weights {
		var e measure.Edges
		for i, w := range run {
			e.Weights = append(e.Weights, measure.EdgeWeight{Child: 2 * i, Weight: w})
		}
		s.Runs = append(s.Runs, e)
	}
	f, err := AttentionByPosition("f", "F", []AttentionSeries{s})
	require.NoError(t, err)
	corners := vertices(t, f, "fill:none;stroke:#0072B2")[0]
	require.Len(t, corners, 3)
	require.Less(t, corners[1][1], corners[0][1])
	require.NoError(t, close.Within(corners[2][1], corners[0][1], 0, rounding), "both ends have the mean 0.7")
	// The band goes one standard deviation up along the positions and back down: sqrt(0.08) at the first.
	band := vertices(t, f, "fill:#0071B1;fill-opacity:[0-9.]+")[0]
	scale := (corners[0][1] - corners[1][1]) / 0.3
	require.NoError(t, close.Within(band[0][1], corners[0][1]+scale*math.Sqrt(0.08), 0, 4*rounding))
	require.NoError(t, close.Within(band[5][1], corners[0][1]-scale*math.Sqrt(0.08), 0, 4*rounding))
}

func TestBarsAreAsHighAsTheirLosses(t *testing.T) {
	r := record(1)
	f, err := Shifted("f", "F", r)
	require.NoError(t, err)
	lines := vertices(t, f, "fill:none;stroke:#E2E2E2")
	perNat := (lines[5][0][1] - lines[0][0][1]) / 1 // grid lines are 0.2 nats apart, from 0 on
	for _, c := range []struct {
		fill string
		of   func(measure.Losses) measure.Mean
	}{
		{"#00548C", func(l measure.Losses) measure.Mean { return l.Loss }},
		{"#D55E00", func(l measure.Losses) measure.Mean { return l.TrainingCount }},
		{"#F0B23C", func(l measure.Losses) measure.Mean { return l.Count }},
		{"#E1E1E1", func(l measure.Losses) measure.Mean { return l.Irreducible }},
	} {
		bars := vertices(t, f, "fill:"+c.fill)
		require.Len(t, bars, len(r.Shifted)+1, "a bar for each prior and the legend's")
		for i, l := range r.Shifted {
			require.NoError(t, close.Within(height(bars[i]), perNat*c.of(l).Value, 0, 4*rounding))
		}
	}
}

func height(box [][2]float64) float64 {
	low, high := math.Inf(1), math.Inf(-1)
	for _, c := range box {
		low, high = math.Min(low, c[1]), math.Max(high, c[1])
	}
	return high - low
}

func TestCellsThatDoNotTouchStayApart(t *testing.T) {
	at := func(a, b float64) certify.Cell {
		return certify.Cell{A: [2]float64{a, a + 0.25}, B: [2]float64{b, b + 0.25}, Verdict: verdict.Holds}
	}
	require.Len(t, merged([]certify.Cell{at(0, 0), at(0.5, 0)}, verdict.Holds), 2)
	require.Equal(t, []certify.Cell{{A: [2]float64{0, 0.5}, B: [2]float64{0, 0.5}, Verdict: verdict.Holds}},
		merged([]certify.Cell{at(0, 0), at(0.25, 0.25), at(0.25, 0), at(0, 0.25)}, verdict.Holds))
}
