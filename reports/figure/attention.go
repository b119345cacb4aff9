package figure

import (
	"fmt"
	"math"
	"sort"

	"causalgrad/impl/measure"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
)

// AttentionSeries is the attention of several runs (seeds or graphs), one Edges a run.
type AttentionSeries struct {
	Name string // "ours", "published"
	Runs []measure.Edges
}

// at collects the weights of a series by child position, ascending.
func (s AttentionSeries) at() (positions []int, weights map[int][]float64) {
	weights = map[int][]float64{}
	for _, run := range s.Runs {
		for _, w := range run.Weights {
			weights[w.Child] = append(weights[w.Child], w.Weight)
		}
	}
	for p := range weights {
		positions = append(positions, p)
	}
	sort.Ints(positions)
	return positions, weights
}

// AttentionByPosition draws the weight of first-layer attention on the parent
// against the child's position (the paper's figure 9): each edge of each run as a dot,
// the mean over runs as a line, and a band of one standard deviation over runs to
// either side (cut at 0 and 1; none where a position has one edge).
func AttentionByPosition(id, title string, series []AttentionSeries) (Figure, error) {
	p := newPlot("", "child position i (0-based)", "attention on the parent")
	p.Y.Tick.Marker, p.X.Tick.Marker = niceTicks{8}, niceTicks{10}
	p.Add(grid{})
	var keys []key
	var words []string
	for n, s := range series {
		edges, mean, err := addAttention(p, n, s)
		if err != nil {
			return Figure{}, fmt.Errorf("figure %s: series %q: %w", id, s.Name, err)
		}
		sample := &plotter.Line{LineStyle: lineStyle(n)}
		keys = append(keys, key{fmt.Sprintf("%s: mean, ± 1 sd over %s", s.Name, count(len(s.Runs), "run")),
			[]plot.Thumbnailer{swatch{fill: faint(lineColours[n%len(lineColours)], bandOpacity)}, sample, &plotter.Scatter{GlyphStyle: glyphStyle(n)}}})
		words = append(words, fmt.Sprintf("%s, %d edges in %s with mean weight %.3f", s.Name, edges, count(len(s.Runs), "run"), mean))
	}
	if len(series) == 0 {
		return Figure{}, fmt.Errorf("figure %s: no series, want at least one", id)
	}
	p.Y.Min, p.Y.Max = -0.02, 1.04
	p.X.Min, p.X.Max = p.X.Min-0.5, p.X.Max+0.5
	alt := fmt.Sprintf("Attention on the parent against the child's position: %s.", joinWords(words))
	return compose(id, title, alt, [][]panel{{{p, lineWidth, lineHeight}}}, keys)
}

const bandOpacity = 0.22

// addAttention adds one series to the plot and returns the number and the mean
// of its edges.
func addAttention(p *plot.Plot, n int, s AttentionSeries) (edges int, mean float64, err error) {
	positions, weights := s.at()
	if len(positions) == 0 {
		return 0, 0, fmt.Errorf("no edges, want at least one")
	}
	var line, dots, upper, lower plotter.XYs
	for _, position := range positions {
		x, w := float64(position), weights[position]
		if err := requireFinite(fmt.Sprintf("weight at position %d", position), w...); err != nil {
			return 0, 0, err
		}
		m, sd := moments(w)
		line = append(line, plotter.XY{X: x, Y: m})
		upper = append(upper, plotter.XY{X: x, Y: math.Min(m+sd, 1)})
		lower = append(lower, plotter.XY{X: x, Y: math.Max(m-sd, 0)})
		for _, v := range w {
			dots = append(dots, plotter.XY{X: x, Y: v})
			mean += v
		}
	}
	for i := len(lower) - 1; i >= 0; i-- {
		upper = append(upper, lower[i])
	}
	band := &plotter.Polygon{XYs: []plotter.XYs{upper}, Color: faint(lineColours[n%len(lineColours)], bandOpacity)}
	style := glyphStyle(n)
	style.Radius = vg.Points(1.8)
	p.Add(band, &plotter.Line{XYs: line, LineStyle: lineStyle(n)}, &plotter.Scatter{XYs: dots, GlyphStyle: style})
	return len(dots), mean / float64(len(dots)), nil
}

// moments is the mean and the standard deviation (divisor n-1; 0 for one value).
func moments(v []float64) (mean, sd float64) {
	for _, x := range v {
		mean += x / float64(len(v))
	}
	for _, x := range v {
		sd += (x - mean) * (x - mean)
	}
	return mean, math.Sqrt(sd / math.Max(float64(len(v)-1), 1))
}

// Edges draws the attention of one run on each edge of its graph, in both
// senses: of the position block alone (nil for a model without one) and averaged over
// data.
func Edges(id, title string, position *measure.Edges, data measure.Edges) (Figure, error) {
	if len(data.Weights) == 0 {
		return Figure{}, fmt.Errorf("figure %s: no edges, want at least one", id)
	}
	if position != nil && len(position.Weights) != len(data.Weights) {
		return Figure{}, fmt.Errorf("figure %s: %d edges in the position block, want %d as on data", id, len(position.Weights), len(data.Weights))
	}
	p := newPlot("", "edge: child i above its parent j (0-based)", "attention on the parent")
	p.Y.Tick.Marker = niceTicks{8}
	p.Add(grid{})
	var ticks plot.ConstantTicks
	for i, w := range data.Weights {
		ticks = append(ticks, plot.Tick{Value: float64(i), Label: fmt.Sprintf("%d\n%d", w.Child, w.Parent)})
	}
	p.X.Tick.Marker = ticks
	var keys []key
	for n, s := range []struct {
		name  string
		edges *measure.Edges
	}{{"mean over data", &data}, {"position block alone", position}} {
		if s.edges == nil {
			continue
		}
		dots, err := edgeDots(s.edges, n)
		if err != nil {
			return Figure{}, fmt.Errorf("figure %s: %s: %w", id, s.name, err)
		}
		p.Add(dots)
		keys = append(keys, key{s.name, []plot.Thumbnailer{dots}})
	}
	p.Y.Min, p.Y.Max = -0.02, 1.04
	p.X.Min, p.X.Max = -0.7, float64(len(data.Weights))-0.3
	alt := fmt.Sprintf("Attention on the parent for each of %s, mean over data %.3f, smallest %.3f, with the parent the largest of its row in a share of %.3f.",
		count(len(data.Weights), "edge"), data.Mean, data.Min, data.Accuracy)
	width := vg.Length(math.Max(float64(lineWidth), 15*float64(len(data.Weights))))
	return compose(id, title, alt, [][]panel{{{p, width, lineHeight * 0.8}}}, keys)
}

func edgeDots(e *measure.Edges, n int) (*plotter.Scatter, error) {
	dots := make(plotter.XYs, len(e.Weights))
	for i, w := range e.Weights {
		if err := requireFinite("weight", w.Weight); err != nil {
			return nil, err
		}
		dots[i] = plotter.XY{X: float64(i), Y: w.Weight}
	}
	style := glyphStyle(n)
	style.Radius = vg.Points(3)
	return &plotter.Scatter{XYs: dots, GlyphStyle: style}, nil
}

func joinWords(words []string) string {
	text := ""
	for i, w := range words {
		if i > 0 {
			text += "; "
		}
		text += w
	}
	return text
}
