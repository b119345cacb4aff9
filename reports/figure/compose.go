package figure

import (
	"fmt"
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

// isBar tells the key to the colours of the panel before it.
func (p panel) isBar() bool { return p.width == barWidth }

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
	gap       = vg.Length(16) // between panels
	keyHeight = vg.Length(15)
)

// compose lays rows of panels out below the title and above the legend, each row
// from the left, tops aligned.
func compose(id, title, alt string, rows [][]panel, keys []key) (Figure, error) {
	return Figure{ID: id, Title: title, Alt: alt, rows: rows, keys: keys}.arranged(onPage)
}

// arranged is the figure in another layout.
func (f Figure) arranged(l layout) (Figure, error) {
	l.restyle(f.rows)
	rows, err := l.fit(f.rows)
	if err != nil {
		return Figure{}, fmt.Errorf("figure %s: %w", f.ID, err)
	}
	l.restyle(rows)
	heading := l.titled()
	width, height, above := vg.Length(0), vg.Length(0), vg.Length(0)
	if l.title > 0 {
		above = heading.Height(f.Title) + vg.Points(10)
		width, height = heading.Width(f.Title), above
	}
	placed := make([]row, len(rows))
	for i, panels := range rows {
		placed[i] = newRow(panels)
		w, h := placed[i].size()
		width, height = max(width, w), height+h+gap
	}
	if l.width > 0 {
		width = l.width - 2*l.border
	}
	lines := l.flow(f.keys, width)
	height += vg.Length(len(lines))*keyHeight - gap
	if len(lines) > 0 {
		height += vg.Points(6)
	}
	f.layout, f.width, f.height = l, ceil(width+2*l.border), ceil(height+2*l.border)
	title := f.Title
	f.draw = func(c draw.Canvas) {
		l.restyle(rows)
		c.SetColor(color.White)
		c.Fill(c.Rectangle.Path())
		c = draw.Crop(c, l.border, -l.border, l.border, -l.border)
		if l.title > 0 {
			c.FillText(heading, vg.Point{X: c.Min.X, Y: c.Max.Y}, title)
		}
		top := c.Max.Y - above
		for _, r := range placed {
			r.draw(c, top)
			_, h := r.size()
			top -= h + gap
		}
		l.drawKeys(c, lines)
	}
	return f, f.Check()
}

func ceil(l vg.Length) vg.Length { return vg.Length(math.Ceil(float64(l))) }

// row is panels side by side, their data areas aligned at the top, with what they need
// around them, which takes longer to find than to draw.
type row struct {
	panels []panel
	around []margins
	above  vg.Length // the largest margin above a data area
}

func newRow(panels []panel) row {
	r := row{panels: panels}
	for _, p := range panels {
		m := p.margins()
		r.around, r.above = append(r.around, m), max(r.above, m.top)
	}
	return r
}

func (r row) size() (width, height vg.Length) {
	for i, p := range r.panels {
		m := r.around[i]
		width, height = width+m.left+p.width+m.right, max(height, r.above+p.height+m.bottom)
		if i > 0 {
			width += gap
		}
	}
	return width, height
}

func (r row) draw(c draw.Canvas, top vg.Length) {
	x := c.Min.X
	for i, p := range r.panels {
		m := r.around[i]
		p.plot.BackgroundColor = nil // the figure's is there
		p.plot.Draw(draw.Canvas{Canvas: c.Canvas, Rectangle: vg.Rectangle{
			Min: vg.Point{X: x, Y: top - r.above - p.height - m.bottom},
			Max: vg.Point{X: x + m.left + p.width + m.right, Y: top - r.above + m.top}}})
		x += m.left + p.width + m.right + gap
	}
}

// flow breaks the legend into lines that fit the width.
func (l layout) flow(keys []key, width vg.Length) [][]key {
	var lines [][]key
	used := width
	for _, k := range keys {
		if w := l.keyWidth(k); used+w > width {
			lines, used = append(lines, nil), 0
		}
		last := len(lines) - 1
		lines[last] = append(lines[last], k)
		used += l.keyWidth(k)
	}
	return lines
}

// keyWidth leaves room for letters a sixth wider, as those that a reader's machine
// may put in place of the font's.
func (l layout) keyWidth(k key) vg.Length {
	return l.thumb + vg.Points(5) + l.keyed().Width(k.name)*7/6 + vg.Points(14)
}

func (l layout) drawKeys(c draw.Canvas, lines [][]key) {
	for n, line := range lines {
		y, x := c.Min.Y+vg.Length(len(lines)-1-n)*keyHeight, c.Min.X
		for _, k := range line {
			box := draw.Canvas{Canvas: c.Canvas, Rectangle: vg.Rectangle{
				Min: vg.Point{X: x, Y: y + 2}, Max: vg.Point{X: x + l.thumb, Y: y + keyHeight - 3}}}
			for _, thumb := range k.thumbs {
				thumb.Thumbnail(&box)
			}
			c.FillText(l.keyed(), vg.Point{X: x + l.thumb + vg.Points(5), Y: y + keyHeight/2}, k.name)
			x += l.keyWidth(k)
		}
	}
}

// swatch is the legend's sample of a filled area.
type swatch struct {
	fill color.Color
	line draw.LineStyle
}

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
