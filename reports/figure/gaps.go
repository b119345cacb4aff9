package figure

import (
	"fmt"

	"causalgrad/impl/measure"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
)

// CellGaps are the final losses minus L* of some cells of a sweep, under one name.
type CellGaps struct {
	Name  string
	Cells []int
	Gaps  []measure.Mean
}

// Gaps draws final loss minus L* of the cells of a sweep, by their numbers, with
// intervals of 95 percent.
func Gaps(id, title string, groups []CellGaps) (Figure, error) {
	p := newPlot("", "cell of the sweep", "final loss − L* (nats)")
	p.Y.Tick.Marker, p.X.Tick.Marker = niceTicks{8}, niceTicks{8}
	p.Add(grid{})
	var keys []key
	cells := 0
	for n, g := range groups {
		if len(g.Cells) == 0 || len(g.Gaps) != len(g.Cells) {
			return Figure{}, fmt.Errorf("figure %s: %s has %d cells and %d gaps, want as many, at least 1", id, g.Name, len(g.Cells), len(g.Gaps))
		}
		dots, errors := make(plotter.XYs, len(g.Cells)), make([]float64, len(g.Cells))
		for i, c := range g.Cells {
			if err := requireFinite(fmt.Sprintf("cell %d: gap", c), g.Gaps[i].Value); err != nil {
				return Figure{}, fmt.Errorf("figure %s: %w", id, err)
			}
			dots[i], errors[i] = plotter.XY{X: float64(c), Y: g.Gaps[i].Value}, g.Gaps[i].StdErr
		}
		marks := &plotter.Scatter{XYs: dots, GlyphStyle: glyphStyle(n)}
		p.Add(marks, intervals{dots, errors})
		if g.Name != "" {
			keys = append(keys, key{g.Name, []plot.Thumbnailer{marks}})
		}
		cells += len(g.Cells)
	}
	if cells == 0 {
		return Figure{}, fmt.Errorf("figure %s: no cells, want at least one", id)
	}
	room(&p.Y)
	p.X.Min, p.X.Max = p.X.Min-0.5, p.X.Max+0.5
	alt := fmt.Sprintf("Final loss minus L* for %s of a sweep, with intervals of 95 percent.", count(cells, "cell"))
	return compose(id, title, alt, [][]panel{{{p, lineWidth, lineHeight}}}, keys)
}
