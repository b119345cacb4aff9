package figure

import (
	"fmt"
	"image/color"
	"sort"

	"causalgrad/theory/certify"
	"causalgrad/theory/verdict"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// regionStyles are the verdicts' fills, apart in lightness, in the legend's order; the last is the ground.
var regionStyles = []struct {
	verdict verdict.Verdict
	name    string
	fill    color.Color
	share   func(certify.Map) float64
}{
	{verdict.Holds, "certified", color.NRGBA{R: 0, G: 84, B: 140, A: 255}, func(m certify.Map) float64 { return m.Certified }},
	{verdict.Fails, "refuted", color.NRGBA{R: 240, G: 178, B: 60, A: 255}, func(m certify.Map) float64 { return m.Refuted }},
	{verdict.Undecided, "undecided", color.NRGBA{R: 228, G: 228, B: 228, A: 255}, func(m certify.Map) float64 { return m.Undecided }},
}

// Certified draws the answer of theory/certify for S = 2: the square of all
// chains pi = [[1-a, a], [b, 1-b]], and where the parent's signal is proved to be the
// largest (certified), proved not to be (refuted), or neither.
func Certified(id, title string, m certify.Map) (Figure, error) {
	if len(m.Cells) == 0 {
		return Figure{}, fmt.Errorf("figure %s: the map has no cells; they exist for S = 2 only", id)
	}
	p := newPlot("", "a = P(1 | 0)", "b = P(0 | 1)")
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = 0, 1, 0, 1
	p.X.Tick.Marker, p.Y.Tick.Marker = niceTicks{5}, niceTicks{5}
	p.Add(region{m.Cells})
	var keys []key
	words := make([]string, len(regionStyles))
	for i, s := range regionStyles {
		words[i] = fmt.Sprintf("%s on %.4g%%", s.name, 100*s.share(m))
		keys = append(keys, key{fmt.Sprintf("%s (%.4g%% of the area)", s.name, 100*s.share(m)), []plot.Thumbnailer{swatch{s.fill, barOutline}}})
	}
	alt := fmt.Sprintf("The square of two-token chains: the parent's signal is the largest %s, %s and %s of the area.", words[0], words[1], words[2])
	const side = 330
	return compose(id, title, alt, [][]panel{{{p, side, side}}}, keys)
}

// region draws cells, one path a verdict, on a ground of undecided ones, whose
// slivers would else vanish between pixels.
type region struct{ cells []certify.Cell }

// thinnest is the side in points below which a decided box is not drawn: it is
// hidden beside undecided cells, and there are thousands of them.
const thinnest = 0.4

func (r region) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	ground, decided := regionStyles[len(regionStyles)-1], regionStyles[:len(regionStyles)-1]
	c.SetColor(ground.fill)
	c.Fill(c.Rectangle.Path())
	for _, s := range decided {
		var path vg.Path
		for _, cell := range merged(r.cells, s.verdict) {
			box := vg.Rectangle{Min: vg.Point{X: x(cell.A[0]), Y: y(cell.B[0])}, Max: vg.Point{X: x(cell.A[1]), Y: y(cell.B[1])}}
			if size := box.Size(); min(size.X, size.Y) >= thinnest {
				path = append(path, box.Path()...)
			}
		}
		if len(path) > 0 {
			c.SetColor(s.fill)
			c.Fill(path)
		}
	}
	c.SetLineStyle(draw.LineStyle{Color: ink, Width: vg.Points(0.7)})
	c.Stroke(c.Rectangle.Path())
}

// merged is the area of one verdict in as few boxes as joining whole sides
// gives: many cells are the quarters of one.
func merged(cells []certify.Cell, verdict verdict.Verdict) []certify.Cell {
	var kept []certify.Cell
	for _, c := range cells {
		if c.Verdict == verdict {
			kept = append(kept, c)
		}
	}
	for {
		before := len(kept)
		kept = joined(joined(kept, false), true)
		if len(kept) == before {
			return kept
		}
	}
}

// joined merges neighbours along a, or along b when turned.
func joined(cells []certify.Cell, turned bool) []certify.Cell {
	along, across := axes(turned)
	sort.Slice(cells, func(i, j int) bool {
		s, t := across(&cells[i]), across(&cells[j])
		if *s != *t {
			return s[0] < t[0] || s[0] == t[0] && s[1] < t[1]
		}
		return along(&cells[i])[0] < along(&cells[j])[0]
	})
	var out []certify.Cell
	for _, c := range cells {
		if n := len(out) - 1; n >= 0 && *across(&out[n]) == *across(&c) && along(&out[n])[1] == along(&c)[0] {
			along(&out[n])[1] = along(&c)[1]
			continue
		}
		out = append(out, c)
	}
	return out
}

func axes(turned bool) (along, across func(*certify.Cell) *[2]float64) {
	a := func(c *certify.Cell) *[2]float64 { return &c.A }
	b := func(c *certify.Cell) *[2]float64 { return &c.B }
	if turned {
		return b, a
	}
	return a, b
}
