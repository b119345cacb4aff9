package necessity

import (
	"encoding/json"
	"math"
	"slices"

	"causalgrad/theory/graph"
	"causalgrad/theory/stream"
)

// hunt is the search of one cell.
type hunt struct {
	space  space
	stream *stream.Stream
	cell   Cell
	best   candidate // the nearest to a failure so far, of margin cell.Smallest
}

// run spends a number of evaluations and stops at the first failure, which it
// sharpens.
func (h *hunt) run(evaluations int) (candidate, bool) {
	for h.cell.Evaluations < evaluations {
		current, calm := h.start(), 0
		if h.best.rows != nil && h.stream.IntN(2) == 0 {
			current, calm = h.best, climbSteps // go on where it was, in smaller steps
		}
		best, failed := h.score(current)
		for step := 0; step < climbSteps && !failed && h.cell.Evaluations < evaluations; step++ {
			next := h.move(current, step+calm)
			var s score
			if s, failed = h.score(next); failed || s.margin < best.margin {
				current, best = next, s
			}
		}
		if failed {
			return h.sharpen(current, best), true
		}
	}
	return candidate{}, false
}

// sharpen moves a failure to a clearer one: simpler ratios fail near it.
func (h *hunt) sharpen(c candidate, best score) candidate {
	for step := range sharpenSteps {
		next := h.move(c, step/4)
		if s, failed := h.score(next); failed && s.margin < best.margin {
			c, best = next, s
		}
	}
	return c
}

// score evaluates a candidate and keeps the cell's record. Outside the space
// the margin is +Inf.
func (h *hunt) score(c candidate) (score, bool) {
	h.cell.Evaluations++
	s, failed := h.space.fails(c)
	if s.child == 0 { // no edge, or outside the space
		s.margin = math.Inf(1)
	}
	if s.margin < h.cell.Smallest {
		h.best = c
		h.cell.Smallest, h.cell.Forest, h.cell.Chain, h.cell.Prior = s.margin, c.forest.String(), text(c.rows), c.construction.text()
	}
	return s, failed
}

// start draws a candidate: every construction, forest density and kind of
// chain gets its turn.
func (h *hunt) start() candidate {
	constructions := h.space.available(h.cell.Tokens)
	c := candidate{construction: constructions[h.stream.IntN(len(constructions))]}
	roots := [...]float64{0, 0.3, 0.7}[h.stream.IntN(3)]
	f, err := graph.Random(h.cell.Length, roots, h.stream)
	if err != nil {
		panic(err) // the length was validated
	}
	c.forest = f
	c.rows = h.chain()
	if c.construction == Complement {
		h.temper(c.rows, h.stream.Float64())
	}
	if h.space.rooted {
		c.roots = h.rootWeights()
	}
	return c
}

// chain draws a base chain of the space.
func (h *hunt) chain() [][]float64 {
	s := h.cell.Tokens
	alpha := [...]float64{0.3, 1, 3}[h.stream.IntN(3)]
	rows := make([][]float64, s)
	for a := range rows {
		rows[a] = make([]float64, s)
		h.stream.Dirichlet(alpha, rows[a])
	}
	switch {
	case h.space.degenerate:
		near := [...]float64{0, 0, 0.1, 0.3}[h.stream.IntN(4)]
		for a := 1; a < s; a++ {
			mix(rows[a], rows[0], 1-near)
		}
	case h.space.zeros && h.stream.IntN(2) == 0:
		a, b := h.stream.IntN(s), h.stream.IntN(s)
		rows[a][b] = 0
		sum := 0.0
		for _, v := range rows[a] {
			sum += v
		}
		for i := range rows[a] {
			rows[a][i] /= sum
		}
	}
	if h.space.lowerBound {
		for _, row := range rows {
			for b := range row {
				row[b] = h.space.gamma/float64(s) + float64((1-h.space.gamma)*row[b])
			}
		}
	}
	return rows
}

// mix moves row towards target: weight of the target, the rest of the row.
func mix(row, target []float64, weight float64) {
	for b := range row {
		row[b] = float64(weight*target[b]) + float64((1-weight)*row[b])
	}
}

// temper moves each row towards the uniform one until no entry is too large for
// the complement to be a chain of the space, and by a further random share.
func (h *hunt) temper(rows [][]float64, share float64) {
	s := float64(len(rows))
	most := 2 / s
	if h.space.lowerBound {
		most -= h.space.gamma / s
	}
	for _, row := range rows {
		keep := 1.0
		if largest := slices.Max(row); largest > most {
			keep = (most - 1/s) / (largest - 1/s)
		}
		keep *= 1 - float64(0.3*share)
		for b := range row {
			row[b] = 1/s + float64(keep*(row[b]-1/s))
		}
	}
}

// move changes one parent, or draws other roots, or mixes one row with a new one, in smaller steps
// the later it is.
func (h *hunt) move(c candidate, step int) candidate {
	if h.stream.IntN(4) == 0 {
		parents := c.forest.Parents()
		i := 1 + h.stream.IntN(len(parents)-1)
		parents[i] = h.stream.IntN(i+1) - 1
		f, err := graph.NewForest(parents)
		if err != nil {
			panic(err) // an earlier position or a root
		}
		c.forest = f
		return c
	}
	if h.space.rooted && h.stream.IntN(4) == 0 {
		c.roots = h.rootWeights()
		return c
	}
	rows := make([][]float64, len(c.rows))
	for a, row := range c.rows {
		rows[a] = append([]float64(nil), row...)
	}
	fresh := h.chain()
	weight := h.stream.Float64() / float64(1+step/8)
	if h.space.degenerate && h.stream.IntN(2) == 0 { // all rows alike: equal rows stay equal
		for a := range rows {
			mix(rows[a], fresh[0], weight)
		}
	} else {
		a := h.stream.IntN(len(rows))
		mix(rows[a], fresh[a], weight)
	}
	if c.construction == Complement {
		h.temper(rows, 0)
	}
	c.rows = rows
	return c
}

// text is a chain as the JSON nested list that the command reads from a file.
func text(rows [][]float64) string {
	out, err := json.Marshal(rows)
	if err != nil {
		return err.Error() // finite numbers always marshal
	}
	return string(out)
}
