package figure

import (
	"image/color"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// panel is a plot whose data area has a fixed size; its axes and labels come on
// top.
type panel struct {
	plot          *plot.Plot
	width, height vg.Length // of the data area
}

// margins are what the plot needs around its data area.
type margins struct{ left, right, bottom, top vg.Length }

// margins are found by iteration: those of a label that sticks out of the data
// area depend a little on the size of the whole.
func (p panel) margins() margins {
	var m margins
	for range 6 {
		c := draw.Canvas{Rectangle: vg.Rectangle{Max: vg.Point{X: m.left + p.width + m.right, Y: m.bottom + p.height + m.top}}}
		d := p.plot.DataCanvas(c)
		m = margins{d.Min.X, c.Max.X - d.Max.X, d.Min.Y, c.Max.Y - d.Max.Y}
	}
	return m
}

// key is an entry of the legend, which stands below the panels.
type key struct {
	name   string
	thumbs []plot.Thumbnailer
}

const (
	border    = vg.Length(10) // around the figure
	gap       = vg.Length(16) // between panels
	thumbSize = vg.Length(22)
	keyHeight = vg.Length(15)
)

// compose lays rows of panels out below the title and above the legend, each row
// from the left, tops aligned.
func compose(id, title, alt string, rows [][]panel, keys []key) (Figure, error) {
	heading := textStyle(titleSize, draw.XLeft, draw.YTop)
	width := heading.Width(title)
	height := heading.Height(title) + vg.Points(10)
	for _, row := range rows {
		w, h := rowSize(row)
		width, height = max(width, w), height+h+gap
	}
	lines := flow(keys, width)
	height += vg.Length(len(lines))*keyHeight - gap
	if len(lines) > 0 {
		height += vg.Points(6)
	}
	f := Figure{ID: id, Title: title, Alt: alt, width: ceil(width + 2*border), height: ceil(height + 2*border)}
	f.draw = func(c draw.Canvas) {
		c.SetColor(color.White)
		c.Fill(c.Rectangle.Path())
		c = draw.Crop(c, border, -border, border, -border)
		c.FillText(heading, vg.Point{X: c.Min.X, Y: c.Max.Y}, title)
		top := c.Max.Y - heading.Height(title) - vg.Points(10)
		for _, row := range rows {
			drawRow(c, row, top)
			_, h := rowSize(row)
			top -= h + gap
		}
		drawKeys(c, lines)
	}
	return f, f.Check()
}

func ceil(l vg.Length) vg.Length { return vg.Length(math.Ceil(float64(l))) }

// rowSize is the size of panels side by side, their data areas aligned at the top.
func rowSize(row []panel) (width, height vg.Length) {
	above := rowTop(row)
	for i, p := range row {
		m := p.margins()
		width, height = width+m.left+p.width+m.right, max(height, above+p.height+m.bottom)
		if i > 0 {
			width += gap
		}
	}
	return width, height
}

// rowTop is the largest margin above a data area.
func rowTop(row []panel) (above vg.Length) {
	for _, p := range row {
		above = max(above, p.margins().top)
	}
	return above
}

func drawRow(c draw.Canvas, row []panel, top vg.Length) {
	x, above := c.Min.X, rowTop(row)
	for _, p := range row {
		m := p.margins()
		p.plot.BackgroundColor = nil // the figure's is there
		p.plot.Draw(draw.Canvas{Canvas: c.Canvas, Rectangle: vg.Rectangle{
			Min: vg.Point{X: x, Y: top - above - p.height - m.bottom},
			Max: vg.Point{X: x + m.left + p.width + m.right, Y: top - above + m.top}}})
		x += m.left + p.width + m.right + gap
	}
}

// flow breaks the legend into lines that fit the width.
func flow(keys []key, width vg.Length) [][]key {
	var lines [][]key
	used := width
	for _, k := range keys {
		if w := keyWidth(k); used+w > width {
			lines, used = append(lines, nil), 0
		}
		last := len(lines) - 1
		lines[last] = append(lines[last], k)
		used += keyWidth(k)
	}
	return lines
}

var keyStyle = textStyle(tickSize, draw.XLeft, draw.YCenter)

// keyWidth leaves room for letters a sixth wider, as those that a reader's machine
// may put in place of the font's.
func keyWidth(k key) vg.Length {
	return thumbSize + vg.Points(5) + keyStyle.Width(k.name)*7/6 + vg.Points(14)
}

func drawKeys(c draw.Canvas, lines [][]key) {
	for n, line := range lines {
		y, x := c.Min.Y+vg.Length(len(lines)-1-n)*keyHeight, c.Min.X
		for _, k := range line {
			box := draw.Canvas{Canvas: c.Canvas, Rectangle: vg.Rectangle{
				Min: vg.Point{X: x, Y: y + 2}, Max: vg.Point{X: x + thumbSize, Y: y + keyHeight - 3}}}
			for _, thumb := range k.thumbs {
				thumb.Thumbnail(&box)
			}
			c.FillText(keyStyle, vg.Point{X: x + thumbSize + vg.Points(5), Y: y + keyHeight/2}, k.name)
			x += keyWidth(k)
		}
	}
}

// swatch is the legend's sample of a filled area.
type swatch struct {
	fill color.Color
	line draw.LineStyle
}

// Thumbnail implements plot.Thumbnailer.
func (s swatch) Thumbnail(c *draw.Canvas) {
	if s.fill != nil {
		c.SetColor(s.fill)
		c.Fill(c.Rectangle.Path())
	}
	if s.line.Width > 0 {
		c.SetLineStyle(s.line)
		c.Stroke(c.Rectangle.Path())
	}
}
