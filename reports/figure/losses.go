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

// lineWidth and lineHeight are the data area of line plots.
const (
	lineWidth  = vg.Length(430)
	lineHeight = vg.Length(260)
)

// Losses draws the test loss of runs on one task against the number of
// gradient steps, with L*, the count estimator and, for graphs with several
// parents, the best single-parent estimator (single; nil if there is none) as level
// lines (the paper's figures 2, 5, 6 and 8). The levels are those of the first
// record. Step 0 has a place of its own left of step 1.
func Losses(id, title string, records []experiment.Record, single *measure.Mean) (Figure, error) {
	if len(records) == 0 {
		return Figure{}, fmt.Errorf("figure %s: no records, want at least one", id)
	}
	p := newPlot("", "gradient steps (logarithmic)", "loss (nats)")
	p.X.Scale, p.X.Tick.Marker, p.Y.Tick.Marker = plot.LogScale{}, logTicks{}, niceTicks{8}
	p.Add(grid{})
	var keys []key
	for n, r := range records {
		line, points, err := curve(r, n)
		if err != nil {
			return Figure{}, fmt.Errorf("figure %s: %w", id, err)
		}
		p.Add(line, points)
		keys = append(keys, key{runName(r, records), []plot.Thumbnailer{line, points}})
	}
	final := records[0].Final
	levels := []level{{"L* (irreducible loss)", final.Irreducible.Value}, {"count estimator", final.Count.Value}}
	if single != nil {
		levels = append(levels, level{"best single-parent estimator", single.Value})
	}
	for n, l := range levels {
		if err := requireFinite(l.name, l.value); err != nil {
			return Figure{}, fmt.Errorf("figure %s: %w", id, err)
		}
		line := l.line(n, p.X.Max)
		p.Add(line)
		keys = append(keys, key{l.name, []plot.Thumbnailer{line}})
	}
	room(&p.Y)
	first, last := records[0].Curve[0].Loss, final.Loss.Value
	alt := fmt.Sprintf("Test loss against gradient steps for %s: it goes from %.3f to %.3f nats, where L* is %.3f and the count estimator has %.3f%s.",
		count(len(records), "run"), first, last, final.Irreducible.Value, final.Count.Value, singleWords(single))
	return compose(id, title, alt, [][]panel{{{p, lineWidth, lineHeight}}}, keys)
}

func singleWords(single *measure.Mean) string {
	if single == nil {
		return ""
	}
	return fmt.Sprintf("; the best estimator that sees one parent has %.3f", single.Value)
}

// runName tells a run from the others: by its seed where they are one spec.
func runName(r experiment.Record, all []experiment.Record) string {
	if len(all) > 1 && all[0].Spec.ID == all[1].Spec.ID {
		return fmt.Sprintf("%s, seed %d", r.Spec.ID, r.Spec.Seed)
	}
	return r.Spec.ID
}

// curve is the n-th run's loss curve.
func curve(r experiment.Record, n int) (*plotter.Line, *plotter.Scatter, error) {
	if len(r.Curve) == 0 {
		return nil, nil, fmt.Errorf("record %q has no curve", r.Spec.ID)
	}
	points := make(plotter.XYs, len(r.Curve))
	for i, c := range r.Curve {
		if err := requireFinite(fmt.Sprintf("record %q: curve", r.Spec.ID), c.Loss); err != nil {
			return nil, nil, err
		}
		points[i] = plotter.XY{X: math.Max(float64(c.Step), zeroStep), Y: c.Loss}
	}
	line, scatter, err := plotter.NewLinePoints(points)
	if err != nil {
		return nil, nil, err
	}
	line.LineStyle, scatter.GlyphStyle = lineStyle(n), glyphStyle(n)
	return line, scatter, nil
}

// level is a horizontal line.
type level struct {
	name  string
	value float64
}

// line is the level up to x = right, the n-th of the levels: they differ in
// dash, and are grey beside the coloured runs.
func (l level) line(n int, right float64) *plotter.Line {
	line := &plotter.Line{XYs: plotter.XYs{{X: zeroStep, Y: l.value}, {X: right, Y: l.value}}}
	dashes := [][]vg.Length{nil, {vg.Points(7), vg.Points(3)}, {vg.Points(1.5), vg.Points(2.5)}}
	line.LineStyle = draw.LineStyle{Color: color.Gray{Y: 0x55}, Width: vg.Points(1.3), Dashes: dashes[n%len(dashes)]}
	return line
}

// room widens an axis so that no mark touches its ends.
func room(a *plot.Axis) {
	d := (a.Max - a.Min) * 0.06
	if d == 0 {
		d = math.Max(math.Abs(a.Max), 1) * 0.06
	}
	a.Min, a.Max = a.Min-d, a.Max+d
}

// count is "1 run", "2 runs".
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
