package figure

import (
	"fmt"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
)

// WidthSeries is the share of edges found at one sequence length T, against the
// width of the positions' vectors.
type WidthSeries struct {
	Length         int
	Widths         []int
	Shares, StdErr []float64
}

// Recovery draws the share of edges found against the width, on a logarithmic axis,
// a line a length with intervals of 95 percent over the seeds.
func Recovery(id, title string, series []WidthSeries) (Figure, error) {
	p := newPlot("", "width of the positions' vectors (logarithmic)", "share of edges found by the first step")
	p.X.Scale, p.X.Tick.Marker = plot.LogScale{}, logTicks{powersOfTwo: true}
	p.Add(grid{})
	var keys []key
	var words []string
	for n, s := range series {
		if len(s.Widths) < 2 || len(s.Shares) != len(s.Widths) || len(s.StdErr) != len(s.Widths) {
			return Figure{}, fmt.Errorf("figure %s: %d widths, %d shares and %d errors at T = %d, want as many of each, at least 2",
				id, len(s.Widths), len(s.Shares), len(s.StdErr), s.Length)
		}
		if err := requireFinite("share", s.Shares...); err != nil {
			return Figure{}, fmt.Errorf("figure %s: %w", id, err)
		}
		points := make(plotter.XYs, len(s.Widths))
		for i := range points {
			points[i] = plotter.XY{X: float64(s.Widths[i]), Y: s.Shares[i]}
		}
		line := &plotter.Line{XYs: points, LineStyle: lineStyle(n)}
		dots := &plotter.Scatter{XYs: points, GlyphStyle: glyphStyle(n)}
		p.Add(line, dots, intervals{points, s.StdErr})
		keys = append(keys, key{fmt.Sprintf("T = %d", s.Length), []plot.Thumbnailer{line, dots}})
		last := len(points) - 1
		words = append(words, fmt.Sprintf("at T = %d from %.2f at width %d to %.2f at width %d", s.Length, s.Shares[0], s.Widths[0], s.Shares[last], s.Widths[last]))
	}
	p.Y.Min, p.Y.Max = 0, 1.05
	alt := "Share of edges that are the largest entry of their row against the width of random position vectors: " + strings.Join(words, "; ") + "."
	return compose(id, title, alt, [][]panel{{{p, lineWidth, lineHeight}}}, keys)
}
