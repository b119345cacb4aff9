package figure

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// layout says how large a figure and its letters are.
type layout struct {
	title, label, tick float64   // sizes of letters in points; no title where it is 0
	border, thumb      vg.Length // around the figure; samples in the legend
	width              vg.Length // of the figure; 0 is as wide as its panels
	resolution         int       // of the PNG, in pixels an inch
}

// onPage is the layout of the page: at its full width letters are as large as its own.
var onPage = layout{title: titleSize, label: labelSize, tick: tickSize, border: 10, thumb: 22, resolution: resolution}

// Widths of a figure for a paper, in inches: Column is a column of two (ICML's).
const (
	Column   = 3.25
	minWidth = 2
	maxWidth = 20
)

// inPaper is a layout that wide: labels of 8 points, those of ticks and the legend of
// 7, no title, which the paper's caption is, and hardly a border.
func inPaper(inches float64) layout {
	return layout{label: 8, tick: 7, border: 2, thumb: 16, width: vg.Length(inches) * vg.Inch, resolution: 2 * resolution}
}

// CheckWidth refuses widths that no figure for a paper can have.
func CheckWidth(inches float64) error {
	if !(inches >= minWidth && inches <= maxWidth) {
		return fmt.Errorf("%v inches wide, want %d to %d", inches, minWidth, maxWidth)
	}
	return nil
}

// ForPaper is the figure without its title, that many inches wide and with letters that
// can be read in a column: panels that are too many to stand side by side stand below
// one another.
func (f Figure) ForPaper(inches float64) (Figure, error) {
	if err := f.Check(); err != nil {
		return Figure{}, err
	}
	if err := CheckWidth(inches); err != nil {
		return Figure{}, fmt.Errorf("figure %s: %w", f.ID, err)
	}
	return f.arranged(inPaper(inches))
}

// restyle gives the plots of panels the layout's letters. Arrangements of one figure
// share their plots, so each restyles them before it measures or draws.
func (l layout) restyle(rows [][]panel) {
	for _, p := range slices.Concat(rows...) {
		for _, s := range []*text.Style{&p.plot.Title.TextStyle, &p.plot.X.Label.TextStyle, &p.plot.Y.Label.TextStyle} {
			s.Font.Size = vg.Points(l.label)
		}
		p.plot.X.Tick.Label.Font.Size, p.plot.Y.Tick.Label.Font.Size = vg.Points(l.tick), vg.Points(l.tick)
		if p.isBar() {
			p.plot.Y.Tick.Marker = niceTicks{barTicks}
			if l.width > 0 { // a low key has room for few
				p.plot.Y.Tick.Marker = niceTicks{min(barTicks, max(1, int(p.height/18)))}
			}
		}
		if marks, ok := p.plot.X.Tick.Marker.(plot.ConstantTicks); ok && len(marks) > 0 {
			p.plot.X.Tick.Marker = &crowd{marks, marks}
		}
		if c, ok := p.plot.X.Tick.Marker.(*crowd); ok {
			c.shown = c.all
			if l.width > 0 {
				c.spread(p.plot.X, p.width)
			}
		}
	}
}

// leastPanel is how narrow the data area of a panel beside another one may be.
const leastPanel = vg.Length(90)

// fit makes rows of panels as wide as the layout says: a key to colours stays beside
// its matrix, other panels move below one another where they would be too narrow, and
// all data areas shrink or grow alike.
func (l layout) fit(rows [][]panel) ([][]panel, error) {
	if l.width == 0 {
		return rows, nil
	}
	inner := l.width - 2*l.border
	var fitted [][]panel
	scale := vg.Length(0)
	for _, row := range rows {
		for units := unitsOf(row); len(units) > 0; {
			n := len(units)
			s := scaleTo(slices.Concat(units[:n]...), inner)
			for ; n > 1 && narrowest(units[:n])*s < leastPanel; s = scaleTo(slices.Concat(units[:n]...), inner) {
				n--
			}
			if scale == 0 || s < scale {
				scale = s
			}
			fitted, units = append(fitted, slices.Concat(units[:n]...)), units[n:]
		}
	}
	if scale < 0.05 {
		return nil, fmt.Errorf("a width of %.3g inches has no room for the axes", float64(l.width/vg.Inch))
	}
	for i, row := range fitted {
		fitted[i] = scaled(row, scale)
	}
	return fitted, nil
}

// unitsOf are the panels that may part: a matrix with its key to colours, or another.
func unitsOf(row []panel) [][]panel {
	var units [][]panel
	for _, p := range row {
		if p.isBar() && len(units) > 0 {
			units[len(units)-1] = append(units[len(units)-1], p)
		} else {
			units = append(units, []panel{p})
		}
	}
	return units
}

// narrowest is the smallest width of a data area.
func narrowest(units [][]panel) vg.Length {
	least := units[0][0].width
	for _, u := range units {
		least = min(least, u[0].width)
	}
	return least
}

// scaleTo is what data areas are to be multiplied with for a row of that width. The
// margins depend a little on the areas' sizes, so it is found by iteration.
func scaleTo(row []panel, width vg.Length) vg.Length {
	scale, areas := vg.Length(1), vg.Length(0)
	for _, p := range row {
		if !p.isBar() {
			areas += p.width
		}
	}
	for range 4 {
		now := scaled(row, scale)
		all, _ := newRow(now).size()
		scale = max(scale+(width-all)/areas, 0.01)
	}
	return scale
}

func scaled(row []panel, scale vg.Length) []panel {
	out := slices.Clone(row)
	for i := range out {
		if !out[i].isBar() {
			out[i].width *= scale
		}
		out[i].height *= scale
	}
	return out
}

// crowd are marked ticks of which some labels are moved or left out, so that they do
// not run into each other.
type crowd struct{ all, shown plot.ConstantTicks }

func (c *crowd) Ticks(low, high float64) []plot.Tick { return c.shown.Ticks(low, high) }

// spread arranges the labels for an axis of that width: numbers by leaving some out, names on
// several lines.
func (c *crowd) spread(axis plot.Axis, width vg.Length) {
	widest, numbers := vg.Length(0), true
	for _, t := range c.all {
		widest = max(widest, axis.Tick.Label.Width(t.Label))
		first, _, _ := strings.Cut(t.Label, "\n")
		_, err := strconv.ParseFloat(first, 64)
		numbers = numbers && err == nil
	}
	every := 1
	for each := width / vg.Length(axis.Max-axis.Min); vg.Length(every)*each < widest+2 && every < len(c.all); {
		every++
	}
	c.shown = slices.Clone(c.all)
	for i := range c.shown {
		switch {
		case numbers && i%every != 0:
			c.shown[i].Label = ""
		case !numbers:
			c.shown[i].Label = strings.Repeat("\n", i%every) + c.shown[i].Label
		}
	}
}

// titled is the style of the figure's title.
func (l layout) titled() text.Style { return textStyle(l.title, draw.XLeft, draw.YTop) }

// keyed is the style of the legend.
func (l layout) keyed() text.Style { return textStyle(l.tick, draw.XLeft, draw.YCenter) }
