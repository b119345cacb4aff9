package figure

import (
	"fmt"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
)

// BetaSeries is the loss at A2 = beta I against beta, at one sequence length T.
type BetaSeries struct {
	Length     int
	Beta, Loss []float64 // nats
	Best       float64   // the minimiser
}

// LossOverBeta draws the curves that stage 2 descends, a line a length.
func LossOverBeta(id, title string, series []BetaSeries) (Figure, error) {
	p := newPlot("", "beta, second layer beta I", "loss (nats)")
	p.Add(grid{})
	var keys []key
	var words []string
	for n, s := range series {
		if len(s.Beta) < 2 || len(s.Loss) != len(s.Beta) {
			return Figure{}, fmt.Errorf("figure %s: %d betas and %d losses at T = %d, want as many, at least 2", id, len(s.Beta), len(s.Loss), s.Length)
		}
		if err := requireFinite("loss", s.Loss...); err != nil {
			return Figure{}, fmt.Errorf("figure %s: %w", id, err)
		}
		points := make(plotter.XYs, len(s.Beta))
		for i := range points {
			points[i] = plotter.XY{X: s.Beta[i], Y: s.Loss[i]}
		}
		line := &plotter.Line{XYs: points, LineStyle: lineStyle(n)}
		p.Add(line)
		keys = append(keys, key{fmt.Sprintf("T = %d", s.Length), []plot.Thumbnailer{line}})
		words = append(words, fmt.Sprintf("at T = %d lowest at beta = %.2f", s.Length, s.Best))
	}
	alt := "Loss of the reduced model against beta with hard attention on the parents: " + strings.Join(words, "; ") + "."
	return compose(id, title, alt, [][]panel{{{p, lineWidth, lineHeight}}}, keys)
}
