package figure

import (
	"fmt"
	"math"
	"strings"

	"causalgrad/impl/model"
	"causalgrad/theory/graph"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
)

// matrixSide is the side of a square matrix's data area.
const matrixSide = vg.Length(225)

// Weights draws the parameters of a disentangled transformer or of the reduced
// model, block by block, next to the adjacency of the graph they were trained on (the
// paper's figures 2 and 6): attention matrices with their token and position
// features marked, and the read-out W transposed. layout and params are the
// model's, tokens S and length T give the features. The transformer with MLP has
// no such features: an error.
func Weights(id, title string, layout model.Layout, params []float64, tokens, length int, g graph.Graph) (Figure, error) {
	if len(params) != layout.Size() {
		return Figure{}, fmt.Errorf("figure %s: %d parameters, want %d as the layout says", id, len(params), layout.Size())
	}
	if err := requireFinite("figure "+id+": parameter ", params...); err != nil {
		return Figure{}, err
	}
	if g.SequenceLength() != length {
		return Figure{}, fmt.Errorf("figure %s: graph of length %d, want %d as the model has", id, g.SequenceLength(), length)
	}
	rows := [][]panel{{adjacencyPanel(g)}}
	for _, block := range layout {
		panels, err := blockPanels(block, layout, params, tokens, length)
		if err != nil {
			return Figure{}, fmt.Errorf("figure %s: %w", id, err)
		}
		last := len(rows) - 1
		if w, _ := newRow(append(rows[last][:len(rows[last]):len(rows[last])], panels...)).size(); w > 720 {
			rows = append(rows, panels)
		} else {
			rows[last] = append(rows[last], panels...)
		}
	}
	alt := fmt.Sprintf("Heat maps of the weight matrices %s beside the adjacency of the graph, which has %s; in %d of them the parent has the largest position-position weight of its row in the first layer.",
		strings.Join(blockNames(layout), ", "), count(len(adjacencyCells(g)), "edge"), edgesFound(layout, params, tokens, length, g))
	return compose(id, title, alt, rows, nil)
}

func blockNames(layout model.Layout) []string {
	names := make([]string, len(layout))
	for i, b := range layout {
		names[i] = b.Name
	}
	return names
}

// edgesFound counts the edges that are, in some head of the first layer, the
// largest position-position score of their row among keys k <= i.
func edgesFound(layout model.Layout, params []float64, tokens, length int, g graph.Graph) int {
	found := 0
	for _, e := range adjacencyCells(g) {
		if e.row >= length {
			continue // the target entry has no row
		}
		for _, b := range layout {
			at, ok := positionOffset(b, tokens, length)
			if ok && argmax(b.Of(params)[(at+e.row)*b.Cols+at:][:e.row+1]) == e.column {
				found++
				break
			}
		}
	}
	return found
}

// positionOffset is where the position features start in a matrix of the first layer.
func positionOffset(b model.Block, tokens, length int) (int, bool) {
	switch {
	case b.Name == "A1" && b.Rows == length:
		return 0, true
	case strings.HasPrefix(b.Name, "A0.") && b.Rows == tokens+length:
		return tokens, true
	}
	return 0, false
}

func argmax(row []float64) int {
	at := 0
	for j, v := range row {
		if v > row[at] {
			at = j
		}
	}
	return at
}

// adjacencyCells are the edges as entries [child][parent]; the target entry of a
// DAG is row T.
func adjacencyCells(g graph.Graph) []cell {
	var cells []cell
	switch g := g.(type) {
	case graph.Forest:
		for _, e := range g.Edges() {
			cells = append(cells, cell{e.Child, e.Parent})
		}
	case graph.DAG:
		for i := range g.SequenceLength() + 1 {
			for _, p := range g.Parents(i) {
				cells = append(cells, cell{i, p})
			}
		}
	}
	return cells
}

// adjacencyPanel is the graph as a matrix: 1 where the column is a parent of
// the row. A DAG has a last row for the target entry.
func adjacencyPanel(g graph.Graph) panel {
	t, rows := g.SequenceLength(), g.SequenceLength()
	label := "child i"
	if _, ok := g.(graph.DAG); ok {
		rows, label = t+1, fmt.Sprintf("child i (%d: the target)", t)
	}
	values := blank(rows, t)
	for i := range values {
		for j := range min(i+1, t) {
			values[i][j] = 0
		}
	}
	for _, c := range adjacencyCells(g) {
		values[c.row][c.column] = 1
	}
	s := scale{0, 1, Sequential()}
	return panel{heatPlot("graph", "parent j", label, heat{values: values, scale: s}), matrixSide, matrixSide}
}

// blank is a matrix without entries.
func blank(rows, columns int) [][]float64 {
	m := make([][]float64, rows)
	for i := range m {
		m[i] = make([]float64, columns)
		for j := range m[i] {
			m[i][j] = math.NaN()
		}
	}
	return m
}

// blockPanels is one parameter matrix with the key to its colours.
func blockPanels(b model.Block, layout model.Layout, params []float64, tokens, length int) ([]panel, error) {
	values := blank(b.Rows, b.Cols)
	for i, row := range values {
		copy(row, b.Of(params)[i*b.Cols:(i+1)*b.Cols])
	}
	width := tokens + length
	switch {
	case b.Name == "A1" && b.Rows == length && b.Cols == length:
		for i, row := range values {
			for j := i + 1; j < length; j++ {
				row[j] = math.NaN() // masked: no such weight
			}
		}
		return weightPanels("A1 (position, position)", "key position j", "query position i", values, nil), nil
	case b.Name == "A2" && b.Rows == tokens && b.Cols == tokens:
		return weightPanels("A2 (token, token)", "key token", "query token", values, nil), nil
	case strings.HasPrefix(b.Name, "A") && b.Rows == b.Cols && b.Rows%width == 0:
		of := streams(b, layout)
		return weightPanels(b.Name, "key features of "+of, "query features", values, features(b.Rows/width, tokens, length)), nil
	case b.Name == "W" && b.Cols == tokens && b.Rows%width == 0:
		return readoutPanels(values, streams(b, layout), features(b.Rows/width, tokens, length)), nil
	}
	return nil, fmt.Errorf("block %q of %d x %d: want those of a disentangled transformer or of the reduced model", b.Name, b.Rows, b.Cols)
}

// feature is a run of one-hot features.
type feature struct {
	name     string
	from, to int
}

// features lists the parts of a layer's input: token and position of the
// input itself, then of what each earlier head copied.
func features(groups, tokens, length int) []feature {
	var all []feature
	for n := range groups {
		at := n * (tokens + length)
		all = append(all, feature{"tok", at, at + tokens}, feature{"pos", at + tokens, at + tokens + length})
	}
	return all
}

// streams names the groups of features that enter a block: x is the input and
// "A0.0 x" what that head copied of it.
func streams(b model.Block, layout model.Layout) string {
	names, next, layer := []string{"x"}, []string{"x"}, ""
	for _, head := range layout {
		of, _, _ := strings.Cut(head.Name, ".")
		if of != layer {
			names, layer = next, of
		}
		if head.Name == b.Name {
			break
		}
		for _, name := range names {
			next = append(next, head.Name+" "+name)
		}
	}
	return strings.Join(names, ", ")
}

func weightPanels(title, x, y string, values [][]float64, parts []feature) []panel {
	s := divergingScale(values)
	h := heat{values: values, scale: s}
	for _, f := range parts {
		if f.from > 0 {
			h.rows, h.cols = append(h.rows, f.from), append(h.cols, f.from)
		}
	}
	p := heatPlot(title, x, y, h)
	if parts != nil {
		p.X.Tick.Marker, p.Y.Tick.Marker = featureTicks(parts), featureTicks(parts)
	}
	return []panel{{p, matrixSide, matrixSide}, barPanel(s, "weight", matrixSide)}
}

// readoutPanels is W with a row for each output token: it is long and thin.
func readoutPanels(values [][]float64, of string, parts []feature) []panel {
	transposed := blank(len(values[0]), len(values))
	for i, row := range values {
		for j, v := range row {
			transposed[j][i] = v
		}
	}
	s := divergingScale(transposed)
	h := heat{values: transposed, scale: s}
	for _, f := range parts[1:] {
		h.cols = append(h.cols, f.from)
	}
	p := heatPlot("W, transposed", "features of "+of, "output token", h)
	p.X.Tick.Marker = featureTicks(parts)
	height := vg.Length(math.Max(60, 9*float64(len(transposed))))
	return []panel{{p, 2*matrixSide + 60, height}, barPanel(s, "weight", height)}
}

func featureTicks(parts []feature) plot.ConstantTicks {
	var ticks plot.ConstantTicks
	for _, f := range parts {
		ticks = append(ticks, plot.Tick{Value: float64(f.from+f.to) / 2, Label: f.name})
	}
	return ticks
}
