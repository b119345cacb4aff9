package figure

import (
	"fmt"
	"image/color"
	"math"

	"causalgrad/impl/experiment"
	"causalgrad/impl/measure"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// errorMultiple is how many standard errors the error bars span to either side:
// 95 percent of a normal law.
const errorMultiple = 1.96

// barKind is one of the bars of each group.
type barKind struct {
	name string
	of   func(measure.Losses) measure.Mean
	fill color.Color
}

// The bars, from dark to light, so that grey print keeps them apart.
var barKinds = []barKind{
	{"model", func(l measure.Losses) measure.Mean { return l.Loss }, color.NRGBA{R: 0, G: 84, B: 140, A: 255}},
	{"count estimator, training pseudo-count", func(l measure.Losses) measure.Mean { return l.TrainingCount }, color.NRGBA{R: 213, G: 94, B: 0, A: 255}},
	{"count estimator, matching pseudo-count", func(l measure.Losses) measure.Mean { return l.Count }, color.NRGBA{R: 240, G: 178, B: 60, A: 255}},
	{"L*", func(l measure.Losses) measure.Mean { return l.Irreducible }, color.NRGBA{R: 225, G: 225, B: 225, A: 255}},
}

// Shifted draws a run's out-of-distribution losses as bars: for each test prior the
// loss, the count estimators and L*, with intervals of 95 percent.
func Shifted(id, title string, r experiment.Record) (Figure, error) {
	if len(r.Shifted) == 0 {
		return Figure{}, fmt.Errorf("figure %s: record %q has no out-of-distribution losses", id, r.Spec.ID)
	}
	worst, highest := 0, 0.0
	for i, l := range r.Shifted {
		for _, kind := range barKinds {
			m := kind.of(l)
			if err := requireFinite(fmt.Sprintf("figure %s: %s on %s", id, kind.name, l.Prior), m.Value, m.StdErr); err != nil {
				return Figure{}, err
			}
			highest = max(highest, m.Value+errorMultiple*m.StdErr)
		}
		if l.OverCount.Value > r.Shifted[worst].OverCount.Value {
			worst = i
		}
	}
	uniform := level{"uniform guessing (log S)", math.Log(float64(r.Spec.Tokens))}
	highest = 1.04 * max(highest, uniform.value)
	var rows [][]panel
	var guess *plotter.Line
	perRow := even(len(r.Shifted), mostGroups)
	for at := 0; at < len(r.Shifted); at += perRow {
		groups := r.Shifted[at:min(at+perRow, len(r.Shifted))]
		var p *plot.Plot
		p, guess = shiftedPlot(groups, uniform, highest)
		width := groupWidth(r.Shifted) * vg.Length(perRow)
		rows = append(rows, []panel{{p, max(lineWidth, width) * vg.Length(len(groups)) / vg.Length(perRow), lineHeight * 0.9}})
	}
	var keys []key
	for _, kind := range barKinds {
		keys = append(keys, key{kind.name, []plot.Thumbnailer{swatch{kind.fill, barOutline}}})
	}
	keys = append(keys, key{uniform.name, []plot.Thumbnailer{guess}})
	alt := fmt.Sprintf("Bars of the loss of %s, the count estimators and L* on %s; the model is furthest above the matching count estimator on %s, by %.3f nats.",
		r.Spec.ID, count(len(r.Shifted), "test prior"), r.Shifted[worst].Prior, r.Shifted[worst].OverCount.Value)
	return compose(id, title, alt, rows, keys)
}

// mostGroups is how many test priors stand side by side and can be read on a page.
const mostGroups = 7

// even is how many of n go into a row of at most so many, the rows as equal as
// can be.
func even(n, most int) int {
	rows := (n + most - 1) / most
	return (n + rows - 1) / rows
}

// shiftedPlot is a row of groups, each row on the same scale.
func shiftedPlot(groups []measure.Losses, uniform level, highest float64) (*plot.Plot, *plotter.Line) {
	p := newPlot("", "prior of the test chains", "loss (nats)")
	p.Y.Tick.Marker = niceTicks{8}
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = -0.5, float64(len(groups))-0.5, 0, highest
	var ticks plot.ConstantTicks
	for i, l := range groups {
		ticks = append(ticks, plot.Tick{Value: float64(i), Label: l.Prior})
	}
	p.X.Tick.Marker = ticks
	guess := uniform.line(1, p.X.Max)
	guess.XYs[0].X = p.X.Min
	p.Add(grid{}, groupedBars{groups}, guess)
	return p, guess
}

// groupWidth is what the longest name of a prior needs.
func groupWidth(groups []measure.Losses) vg.Length {
	style, width := textStyle(tickSize, draw.XCenter, draw.YTop), vg.Length(60)
	for _, l := range groups {
		width = max(width, style.Width(l.Prior)+vg.Points(10))
	}
	return width
}

var barOutline = draw.LineStyle{Color: ink, Width: vg.Points(0.5)}

// groupedBars draws one group of bars a prior, with error bars.
type groupedBars struct{ groups []measure.Losses }

func (g groupedBars) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	width := 0.8 / float64(len(barKinds))
	for i, l := range g.groups {
		for k, kind := range barKinds {
			m := kind.of(l)
			left := float64(i) - 0.4 + float64(k)*width
			r := vg.Rectangle{Min: vg.Point{X: x(left), Y: y(0)}, Max: vg.Point{X: x(left + width), Y: y(m.Value)}}
			c.SetColor(kind.fill)
			c.Fill(r.Path())
			c.SetLineStyle(barOutline)
			c.Stroke(r.Path())
			middle, e := x(left+width/2), errorMultiple*m.StdErr
			errors := draw.LineStyle{Color: ink, Width: vg.Points(0.9)}
			c.StrokeLine2(errors, middle, y(m.Value-e), middle, y(m.Value+e))
			for _, end := range []float64{m.Value - e, m.Value + e} {
				c.StrokeLine2(errors, middle-2.5, y(end), middle+2.5, y(end))
			}
		}
	}
}
