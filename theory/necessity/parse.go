package necessity

import (
	"fmt"
	"math/big"
	"slices"
	"strings"

	"causalgrad/theory/graph"
)

// parse reads the forest and the exact chain of a counterexample back.
func (c Counterexample) parse() (candidate, [][]*big.Rat, error) {
	g, err := graph.Parse(c.Forest, c.Length, 0)
	if err != nil {
		return candidate{}, nil, fmt.Errorf("counterexample: %w", err)
	}
	f, ok := g.(graph.Forest)
	if !ok {
		return candidate{}, nil, fmt.Errorf("counterexample: graph %q, want a forest", c.Forest)
	}
	if !slices.Contains([]Construction{Point, Columns, Shifts, Complement}, c.Construction) {
		return candidate{}, nil, fmt.Errorf("counterexample: construction %q, want %s, %s, %s or %s", c.Construction, Point, Columns, Shifts, Complement)
	}
	rows, err := parseRatios(c.Ratios)
	if err != nil {
		return candidate{}, nil, err
	}
	roots, err := parseWeights(c.Roots, len(rows))
	if err != nil {
		return candidate{}, nil, err
	}
	floats := make([][]float64, len(rows))
	for a, row := range rows {
		for _, v := range row {
			x, _ := v.Float64()
			floats[a] = append(floats[a], x)
		}
	}
	return candidate{forest: f, construction: c.Construction, rows: floats, roots: roots}, rows, nil
}

// parseRatios reads [[2/3,1/3],[1/3,2/3]].
func parseRatios(text string) ([][]*big.Rat, error) {
	inner, opened := strings.CutPrefix(text, "[[")
	inner, closed := strings.CutSuffix(inner, "]]")
	if !opened || !closed {
		return nil, fmt.Errorf("counterexample: ratios %q, want [[a,b],[c,d]]", text)
	}
	var rows [][]*big.Rat
	for a, line := range strings.Split(inner, "],[") {
		var row []*big.Rat
		for b, word := range strings.Split(line, ",") {
			v, ok := new(big.Rat).SetString(word)
			if !ok {
				return nil, fmt.Errorf("counterexample: ratios[%d][%d] = %q, want a ratio", a, b, word)
			}
			row = append(row, v)
		}
		rows = append(rows, row)
	}
	for a, row := range rows {
		if len(row) != len(rows) {
			return nil, fmt.Errorf("counterexample: ratios[%d]: %d entries, want %d (a square matrix)", a, len(row), len(rows))
		}
	}
	return rows, nil
}
