package figure

import (
	"fmt"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
)

// EdgeCurve is the attention on one edge's parent against the step: exact at
// every step, trained at some, with standard errors.
type EdgeCurve struct {
	Name            string
	Exact           []float64
	At              []int // the steps of Exact; nil is 0, 1, ...
	Steps           []int
	Trained, StdErr []float64
}

// AttentionOverTime draws the exact attentions as lines and the trained ones on top,
// with intervals of 95 percent over the seeds.
func AttentionOverTime(id, title string, series []EdgeCurve) (Figure, error) {
	p := newPlot("", "step of stage 1", "attention on the parent")
	p.Add(grid{})
	var keys []key
	words, how := "", "exact"
	for n, s := range series {
		if len(s.Exact) < 2 || s.At != nil && len(s.At) != len(s.Exact) || len(s.Trained) != len(s.Steps) || len(s.StdErr) != len(s.Steps) {
			return Figure{}, fmt.Errorf("figure %s: %s has %d exact steps, %d trained and %d errors for %d steps, want two and as many of each",
				id, s.Name, len(s.Exact), len(s.Trained), len(s.StdErr), len(s.Steps))
		}
		if err := requireFinite("attention", append(append([]float64{}, s.Exact...), s.Trained...)...); err != nil {
			return Figure{}, fmt.Errorf("figure %s: %w", id, err)
		}
		curve, dots := make(plotter.XYs, len(s.Exact)), make(plotter.XYs, len(s.Steps))
		for i, v := range s.Exact {
			curve[i] = plotter.XY{X: float64(i), Y: v}
			if s.At != nil {
				curve[i].X = float64(s.At[i])
			}
		}
		for i, step := range s.Steps {
			dots[i] = plotter.XY{X: float64(step), Y: s.Trained[i]}
		}
		line := &plotter.Line{XYs: curve, LineStyle: lineStyle(n)}
		p.Add(line)
		thumbs := []plot.Thumbnailer{line}
		if len(dots) > 0 {
			marks := &plotter.Scatter{XYs: dots, GlyphStyle: glyphStyle(n)}
			p.Add(marks, intervals{dots, s.StdErr})
			thumbs, how = append(thumbs, marks), "exact as lines and trained as marks on top"
		}
		keys = append(keys, key{s.Name, thumbs})
		words += fmt.Sprintf("; %s from %.2f to %.2f", s.Name, s.Exact[0], s.Exact[len(s.Exact)-1])
	}
	p.Y.Min, p.Y.Max = 0, 1.05
	alt := "Attention on the parent over the steps of stage 1, " + how + words + "."
	return compose(id, title, alt, [][]panel{{{p, lineWidth, lineHeight}}}, keys)
}
