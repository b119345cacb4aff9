package figure

import (
	"fmt"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
)

// ForestRuns is a published forest's mean deficit in our seeds and in other runs; NaN
// where there is none.
type ForestRuns struct {
	Trial     int
	Ours      []float64
	Published float64
	Again     []float64 // the official code run again
}

// Forests draws the distribution over our seeds of each forest's mean deficit (1
// minus the weight on the parent), a column of dots a forest, with the published
// value and the official code's own runs beside it.
func Forests(id, title string, forests []ForestRuns) (Figure, error) {
	if len(forests) == 0 {
		return Figure{}, fmt.Errorf("figure %s: no forests, want at least one", id)
	}
	p := newPlot("", "published forest", "mean deficit over the edges")
	p.Y.Tick.Marker = niceTicks{8}
	p.Add(grid{})
	var ticks plot.ConstantTicks
	var points [3]plotter.XYs // ours, published, again
	for i, f := range forests {
		x := float64(i)
		ticks = append(ticks, plot.Tick{Value: x, Label: fmt.Sprint(f.Trial)})
		for n, values := range [][]float64{f.Ours, {f.Published}, f.Again} {
			if err := requireFinite(fmt.Sprintf("deficit of forest %d", f.Trial), values...); err != nil {
				return Figure{}, fmt.Errorf("figure %s: %w", id, err)
			}
			for _, v := range values {
				points[n] = append(points[n], plotter.XY{X: x + 0.22*float64(n) - 0.22, Y: v})
			}
		}
	}
	p.X.Tick.Marker = ticks
	var keys []key
	for n, name := range []string{"our seeds", "published output", "official code run again on a CPU"} {
		if len(points[n]) == 0 {
			continue
		}
		dots := &plotter.Scatter{XYs: points[n], GlyphStyle: glyphStyle(n)}
		dots.GlyphStyle.Radius = vg.Points([]float64{1.8, 3.4, 3.4}[n])
		p.Add(dots)
		keys = append(keys, key{name, []plot.Thumbnailer{dots}})
	}
	p.X.Min, p.X.Max = -0.7, float64(len(forests))-0.3
	p.Y.Min, p.Y.Max = 0, p.Y.Max*1.05
	alt := fmt.Sprintf("Mean deficit of %s: %d runs of ours as columns of dots, the published value of each, and %d runs of the official code.",
		count(len(forests), "published forest"), len(points[0]), len(points[2]))
	return compose(id, title, alt, [][]panel{{{p, lineWidth, lineHeight}}}, keys)
}
