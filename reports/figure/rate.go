package figure

import (
	"fmt"
	"math"

	"causalgrad/impl/measure"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// RatePoint is a gap L - L* in nats at one sequence length T.
type RatePoint struct {
	Length int
	Gap    measure.Mean
}

// Power is a single power of T that points follow; Words is what the legend says of
// it.
type Power struct {
	Exponent float64
	Words    string
}

// Rate draws the loss gap against T on logarithmic axes with intervals of 95
// percent. power is the one that the points follow, drawn through them; nil where the
// data reject every one: then the points are joined, and without says so. It needs two
// lengths and gaps above 0.
func Rate(id, title string, points []RatePoint, power *Power, without string) (Figure, error) {
	if len(points) < 2 {
		return Figure{}, fmt.Errorf("figure %s: %d lengths, want at least 2", id, len(points))
	}
	lengths, gaps, errors := make([]float64, len(points)), make([]float64, len(points)), make([]float64, len(points))
	for i, p := range points {
		lengths[i], gaps[i], errors[i] = float64(p.Length), p.Gap.Value, p.Gap.StdErr
		if !(lengths[i] > 0 && gaps[i] > 0) {
			return Figure{}, fmt.Errorf("figure %s: gap %v at T = %d, want both above 0", id, p.Gap.Value, p.Length)
		}
	}
	p := newPlot("", "sequence length T (logarithmic)", "L − L* (nats, logarithmic)")
	p.X.Scale, p.Y.Scale = plot.LogScale{}, plot.LogScale{}
	p.X.Tick.Marker, p.Y.Tick.Marker = logTicks{powersOfTwo: true}, logTicks{}
	dots := make(plotter.XYs, len(points))
	for i := range points {
		dots[i] = plotter.XY{X: lengths[i], Y: gaps[i]}
	}
	scatter := &plotter.Scatter{XYs: dots, GlyphStyle: glyphStyle(0)}
	scatter.GlyphStyle.Radius = vg.Points(3.2)
	p.Add(grid{}, scatter)
	low, high := p.X.Min, p.X.Max
	words := without
	line := &plotter.Line{XYs: dots, LineStyle: lineStyle(4)}
	if power != nil {
		middle := 0.0 // mean of log gap - exponent log T
		for i := range lengths {
			middle += (math.Log(gaps[i]) - power.Exponent*math.Log(lengths[i])) / float64(len(lengths))
		}
		at := func(t float64) float64 { return math.Exp(middle + power.Exponent*math.Log(t)) }
		line.XYs, words = plotter.XYs{{X: low, Y: at(low)}, {X: high, Y: at(high)}}, power.Words
	}
	line.LineStyle.Dashes = []vg.Length{vg.Points(6), vg.Points(3)}
	p.Add(line, intervals{dots, errors})
	p.X.Min, p.X.Max = p.X.Min/1.15, p.X.Max*1.15
	p.Y.Min, p.Y.Max = p.Y.Min/1.3, p.Y.Max*1.3
	keys := []key{{"measured, 95% interval", []plot.Thumbnailer{scatter}}, {words, []plot.Thumbnailer{line}}}
	alt := fmt.Sprintf("Loss gap L - L* against T on logarithmic axes: from %.3g nats at T = %d to %.3g at T = %d; %s.",
		gaps[0], points[0].Length, gaps[len(gaps)-1], points[len(points)-1].Length, words)
	return compose(id, title, alt, [][]panel{{{p, lineWidth, lineHeight}}}, keys)
}

// intervals draws error bars on a logarithmic axis, cut at its lower end.
type intervals struct {
	at     plotter.XYs
	stderr []float64
}

func (v intervals) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	style := draw.LineStyle{Color: ink, Width: vg.Points(1)}
	for i, point := range v.at {
		e := errorMultiple * v.stderr[i]
		low, high := y(math.Max(point.Y-e, p.Y.Min)), y(math.Min(point.Y+e, p.Y.Max))
		c.StrokeLine2(style, x(point.X), low, x(point.X), high)
		for _, end := range []vg.Length{low, high} {
			c.StrokeLine2(style, x(point.X)-3, end, x(point.X)+3, end)
		}
	}
}
