package figure

import (
	"image/color"
	"math"
	"strconv"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// cell is an entry of a matrix.
type cell struct{ row, column int }

// heat draws a matrix as boxes, row 0 on top. NaN entries stay blank.
type heat struct {
	values     [][]float64
	scale      scale
	outlines   []cell // entries in a frame
	rows, cols []int  // boundaries of blocks: lines before these rows and columns
}

func (h heat) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	h.fill(c, x, y)
	if h.scale.signed() {
		h.strokes(c, x, y)
	}
	lines := draw.LineStyle{Color: ink, Width: vg.Points(0.6)}
	for _, r := range h.rows {
		c.StrokeLine2(lines, c.Min.X, y(float64(r)), c.Max.X, y(float64(r)))
	}
	for _, k := range h.cols {
		c.StrokeLine2(lines, x(float64(k)), c.Min.Y, x(float64(k)), c.Max.Y)
	}
	c.SetLineStyle(lines)
	c.Stroke(c.Rectangle.Path())
	for _, style := range []draw.LineStyle{{Color: color.White, Width: vg.Points(2.6)}, {Color: color.Black, Width: vg.Points(1.2)}} {
		c.SetLineStyle(style)
		for _, o := range h.outlines {
			c.Stroke(box(x, y, o.column, o.column+1, o.row))
		}
	}
}

// box is the outline of columns from to to-1 of a row.
func box(x, y func(float64) vg.Length, from, to, row int) vg.Path {
	r := vg.Rectangle{Min: vg.Point{X: snap(x(float64(from))), Y: snap(y(float64(row + 1)))}, Max: vg.Point{X: snap(x(float64(to))), Y: snap(y(float64(row)))}}
	return r.Path()
}

// snap moves a border to one between pixels of the PNG: neighbours then leave
// no hairline between them.
func snap(l vg.Length) vg.Length {
	const pixels = resolution / 72.0 // a point
	return vg.Length(math.Round(float64(l)*pixels) / pixels)
}

// fill draws one path a colour; neighbours of one colour in a row are one box.
func (h heat) fill(c draw.Canvas, x, y func(float64) vg.Length) {
	paths := make([]vg.Path, len(h.scale.colours))
	for i, row := range h.values {
		for from := 0; from < len(row); {
			if math.IsNaN(row[from]) {
				from++
				continue
			}
			level, to := h.scale.level(row[from]), from+1
			for to < len(row) && !math.IsNaN(row[to]) && h.scale.level(row[to]) == level {
				to++
			}
			paths[level] = append(paths[level], box(x, y, from, to, i)...)
			from = to
		}
	}
	for level, path := range paths {
		if len(path) > 0 {
			c.SetColor(h.scale.colours[level])
			c.Fill(path)
		}
	}
}

// strokes marks entries below a quarter of the range's lower end, so that the
// sign survives without colour.
func (h heat) strokes(c draw.Canvas, x, y func(float64) vg.Length) {
	var path vg.Path
	for i, row := range h.values {
		for j, v := range row {
			if v < h.scale.low/4 {
				path.Move(vg.Point{X: x(float64(j) + 0.2), Y: y(float64(i) + 0.5)})
				path.Line(vg.Point{X: x(float64(j) + 0.8), Y: y(float64(i) + 0.5)})
			}
		}
	}
	if len(path) > 0 {
		c.SetLineStyle(draw.LineStyle{Color: color.White, Width: vg.Points(0.8)})
		c.Stroke(path)
	}
}

// heatPlot is a plot that shows the matrix, with ticks at its entries.
func heatPlot(title, x, y string, h heat) *plot.Plot {
	p := newPlot(title, x, y)
	p.X.Min, p.X.Max = 0, float64(len(h.values[0]))
	p.Y.Min, p.Y.Max = 0, float64(len(h.values))
	p.Y.Scale = plot.InvertedScale{Normalizer: plot.LinearScale{}}
	p.X.Tick.Marker, p.Y.Tick.Marker = indexTicks(len(h.values[0])), indexTicks(len(h.values))
	p.X.LineStyle.Width, p.Y.LineStyle.Width = 0, 0 // the matrix has its frame
	p.Add(h)
	return p
}

// indexTicks labels the centres of n entries by their 0-based index, so many that they
// can be read.
func indexTicks(n int) plot.ConstantTicks {
	step := 1
	for _, s := range []int{1, 2, 5, 10, 20, 50, 100, 200, 500} {
		if step = s; n/s <= 10 {
			break
		}
	}
	var ticks plot.ConstantTicks
	for i := 0; i < n; i += step {
		ticks = append(ticks, plot.Tick{Value: float64(i) + 0.5, Label: strconv.Itoa(i)})
	}
	return ticks
}

// bar is the key to a scale.
type bar struct{ scale scale }

func (b bar) Plot(c draw.Canvas, p *plot.Plot) {
	_, y := p.Transforms(&c)
	n := len(b.scale.colours)
	at := func(k int) vg.Length { return snap(y(b.scale.low + (b.scale.high-b.scale.low)*float64(k)/float64(n))) }
	for k, colour := range b.scale.colours {
		r := vg.Rectangle{Min: vg.Point{X: c.Min.X, Y: at(k)}, Max: vg.Point{X: c.Max.X, Y: at(k + 1)}}
		c.SetColor(colour)
		c.Fill(r.Path())
	}
	c.SetLineStyle(draw.LineStyle{Color: ink, Width: vg.Points(0.6)})
	c.Stroke(c.Rectangle.Path())
	if b.scale.signed() {
		x := c.Min.X + (c.Max.X-c.Min.X)/2
		c.StrokeLine2(draw.LineStyle{Color: color.White, Width: vg.Points(0.8)}, x-3, y(b.scale.low*0.75), x+3, y(b.scale.low*0.75))
	}
}

// barWidth is how wide a key to colours is, and no other panel.
const barWidth = vg.Length(11)

// barTicks is about how many ticks it has.
const barTicks = 8

// barPanel is the key to a scale, with its unit, as a panel beside its matrix.
func barPanel(s scale, label string, height vg.Length) panel {
	p := newPlot("", "", label)
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = 0, 1, s.low, s.high
	p.HideX()
	p.Y.Tick.Marker = niceTicks{barTicks}
	p.Add(bar{s})
	return panel{p, barWidth, height}
}
