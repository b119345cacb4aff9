package figure

import (
	"bytes"
	"image/png"
	"sort"
	"testing"

	"causalgrad/theory/graph"
	"causalgrad/theory/verdict"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
)

// A matrix is drawn with row 0 on top and column 0 at the left, every cell in
// its value's colour, and NaN blank: read back from the pixels.
func TestCellsStandWhereTheirIndicesSay(t *testing.T) {
	values := [][]float64{{1, nan, nan}, {0.25, 0.5, nan}, {0, 0.75, 0.1}}
	s := sequentialScale(values)
	p := panel{heatPlot("", "", "", heat{values: values, scale: s}), 90, 90}
	f, err := compose("f", "F", "A.", [][]panel{{p}}, nil)
	require.NoError(t, err)
	data, err := f.PNG()
	require.NoError(t, err)
	picture, err := png.Decode(bytes.NewReader(data))
	require.NoError(t, err)
	m := p.margins()
	left, bottom := onPage.border+m.left, onPage.border+m.bottom
	at := func(row, column int) (x, y int) { // the upper left quarter of the cell, away from ticks
		px := left + vg.Length(column)*30 + 10
		py := bottom + vg.Length(2-row)*30 + 20
		return int(2 * px), picture.Bounds().Dy() - int(2*py)
	}
	for i, row := range values {
		for j, v := range row {
			x, y := at(i, j)
			r, g, b, _ := picture.At(x, y).RGBA()
			if v != v {
				require.True(t, white(picture.At(x, y)), "entry [%d][%d] is blank", i, j)
				continue
			}
			wr, wg, wb, _ := s.colours[s.level(v)].RGBA()
			require.Equal(t, [3]uint32{wr, wg, wb}, [3]uint32{r, g, b}, "entry [%d][%d] = %v", i, j, v)
		}
	}
}

func TestAdjacencyHasATargetRowForADAG(t *testing.T) {
	dag, err := graph.TrigramHalf(4)
	require.NoError(t, err)
	require.Equal(t, []cell{{2, 0}, {2, 1}, {3, 1}, {3, 2}, {4, 1}, {4, 3}}, adjacencyCells(dag))
	require.Equal(t, []cell{{2, 0}, {3, 1}, {4, 2}}, adjacencyCells(mustForest(t, -1, -1, 0, 1, 2)))
}

func mustForest(t *testing.T, parents ...int) graph.Forest {
	t.Helper()
	f, err := graph.NewForest(parents)
	require.NoError(t, err)
	return f
}

// Merging keeps every verdict's area exactly: corners are dyadic, so sums of
// areas do not round.
func TestMergedCellsKeepTheirArea(t *testing.T) {
	m := region2(t)
	for verdict, share := range map[verdict.Verdict]float64{verdict.Holds: m.Certified, verdict.Fails: m.Refuted, verdict.Undecided: m.Undecided} {
		boxes, area := merged(m.Cells, verdict), 0.0
		for i, c := range boxes {
			area += (c.A[1] - c.A[0]) * (c.B[1] - c.B[0])
			for _, d := range boxes[:i] {
				require.False(t, c.A[0] < d.A[1] && d.A[0] < c.A[1] && c.B[0] < d.B[1] && d.B[0] < c.B[1], "%v and %v overlap", c, d)
			}
		}
		require.Equal(t, share, area, verdict)
		require.Less(t, len(boxes), len(m.Cells))
	}
}

func TestTicks(t *testing.T) {
	labelled := func(ticks []plot.Tick) []string {
		var names []string
		sort.Slice(ticks, func(i, j int) bool { return ticks[i].Value < ticks[j].Value })
		for _, tick := range ticks {
			if tick.Label != "" {
				names = append(names, tick.Label)
			}
		}
		return names
	}
	for _, c := range []struct {
		ticker    plot.Ticker
		low, high float64
		want      []string
	}{
		{logTicks{}, zeroStep, 2048, []string{"0", "1", "10", "100", "1000"}},
		{logTicks{}, 0.05, 0.3, []string{"0.05", "0.1", "0.2"}},
		{logTicks{powersOfTwo: true}, 15, 130, []string{"16", "32", "64", "128"}},
		{niceTicks{5}, -0.02, 1.04, []string{"0.0", "0.5", "1.0"}},
		{niceTicks{8}, -0.3, 0.3, []string{"-0.3", "-0.2", "-0.1", "0.0", "0.1", "0.2", "0.3"}},
		{niceTicks{4}, 0, 40, []string{"0", "10", "20", "30", "40"}},
		{niceTicks{1}, -1.3, 1.3, []string{"-1", "0", "1"}},
		{niceTicks{3}, -0.45, 0.45, []string{"-0.4", "-0.2", "0.0", "0.2", "0.4"}},
	} {
		require.Equal(t, c.want, labelled(c.ticker.Ticks(c.low, c.high)))
	}
	require.Len(t, indexTicks(20), 10)
	require.Equal(t, plot.Tick{Value: 2.5, Label: "2"}, indexTicks(20)[1])
}
