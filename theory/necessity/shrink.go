package necessity

import (
	"errors"
	"math/big"
	"slices"

	"causalgrad/theory/graph"
)

// shrinker makes a failing candidate small: fewer positions, fewer edges, and
// roots and a chain of ratios over the smallest common denominators.
type shrinker struct {
	space       space
	minLength   int
	evaluations int
}

// Shrinking tries all chains over a common denominator while they are at most
// this many, and after that only those that round the one it has.
const (
	exhaustive         = 4000
	largestDenominator = 1000
)

func (s *shrinker) fails(c candidate) bool {
	s.evaluations++
	_, failed := s.space.fails(c)
	return failed
}

// counterexample shrinks and proves a failing candidate.
func (s *shrinker) counterexample(c candidate) (Counterexample, error) {
	for {
		smaller, changed := s.forest(c)
		c = smaller
		if !changed {
			break
		}
	}
	c, ratios, ok := s.chain(s.roots(c))
	if !ok {
		return Counterexample{}, errors.New("necessity: no chain of small ratios fails near " + text(c.rows))
	}
	for { // a simpler chain may allow a simpler forest
		smaller, changed := s.forest(c)
		c = smaller
		if !changed {
			break
		}
	}
	p, err := prove(c.forest, c.construction, ratios, c.roots.rationals())
	if err != nil {
		return Counterexample{}, err
	}
	return newCounterexample(c, ratios, p), nil
}

// forest tries to drop one position or one edge.
func (s *shrinker) forest(c candidate) (candidate, bool) {
	n := c.forest.Positions()
	if c.forest.SequenceLength() > max(s.minLength, graph.MinSequenceLength) {
		for i := n - 1; i >= 0; i-- {
			if next, ok := without(c.forest, i); ok {
				if trial := c.on(next); s.fails(trial) {
					return trial, true
				}
			}
		}
	}
	for _, e := range slices.Backward(c.forest.Edges()) {
		parents := c.forest.Parents()
		parents[e.Child] = graph.Root
		next, err := graph.NewForest(parents)
		if err != nil {
			continue
		}
		if trial := c.on(next); s.fails(trial) {
			return trial, true
		}
	}
	return c, false
}

// without removes a position that is nobody's parent.
func without(f graph.Forest, at int) (graph.Forest, bool) {
	var parents []int
	for i, p := range f.Parents() {
		if p == at {
			return graph.Forest{}, false
		}
		if i == at {
			continue
		}
		if p > at {
			p--
		}
		parents = append(parents, p)
	}
	next, err := graph.NewForest(parents)
	return next, err == nil
}

// chain finds a failing chain over the smallest common denominator.
func (s *shrinker) chain(c candidate) (candidate, [][]*big.Rat, bool) {
	tokens := len(c.rows)
	for d := 2; d <= largestDenominator; d++ {
		rows := s.feasible(compositions(d, tokens), c.construction, d)
		var best candidate
		var bestRows [][]*big.Rat
		margin := 0.0
		try := func(numerators [][]int) {
			trial := candidate{c.forest, c.construction, ratiosAsFloats(numerators, d), c.roots}
			s.evaluations++
			// The clearest failure of a denominator, and the first of equals.
			if got, failed := s.space.fails(trial); failed && (bestRows == nil || got.margin < margin) {
				best, bestRows, margin = trial, ratios(numerators, d), got.margin
			}
		}
		if power(len(rows), tokens) <= exhaustive {
			choose(rows, tokens, try)
		} else {
			try(rounded(c.rows, d))
		}
		if bestRows != nil {
			return best, bestRows, true
		}
	}
	return c, nil, false
}

// compositions lists the rows of n non-negative integers that add up to d.
func compositions(d, n int) [][]int {
	if n == 1 {
		return [][]int{{d}}
	}
	var list [][]int
	for first := d; first >= 0; first-- {
		for _, rest := range compositions(d-first, n-1) {
			list = append(list, append([]int{first}, rest...))
		}
	}
	return list
}

// feasible keeps the rows over d that some chain of the space may have.
func (s *shrinker) feasible(rows [][]int, c Construction, d int) [][]int {
	var list [][]int
	for _, row := range rows {
		tokens := len(row)
		least := tokens * slices.Min(row) // in units of 1/(S d)
		if c == Complement {
			least = min(least, 2*d-tokens*slices.Max(row))
		}
		// Slack, since this only saves work: the space decides.
		if least < 0 || s.space.lowerBound && float64(least) < (s.space.gamma-1e-9)*float64(d) {
			continue
		}
		list = append(list, row)
	}
	return list
}

// choose calls visit with every choice of n rows.
func choose(rows [][]int, n int, visit func([][]int)) {
	chosen := make([][]int, n)
	var extend func(a int)
	extend = func(a int) {
		if a == n {
			visit(chosen)
			return
		}
		for _, row := range rows {
			chosen[a] = row
			extend(a + 1)
		}
	}
	extend(0)
}

// power is base^n, or more than exhaustive.
func power(base, n int) int {
	p := 1
	for range n {
		if p *= base; p > exhaustive {
			break
		}
	}
	return p
}

// rounded gives each row the numerators over d nearest to it: d units, each to
// the entry that lacks most (the largest remainders, the first of equal ones).
func rounded(rows [][]float64, d int) [][]int {
	out := make([][]int, len(rows))
	for a, row := range rows {
		out[a] = make([]int, len(row))
		lacks := make([]float64, len(row))
		for b, v := range row {
			lacks[b] = v * float64(d)
		}
		for range d {
			at := 0
			for b, v := range lacks {
				if v > lacks[at] {
					at = b
				}
			}
			out[a][at]++
			lacks[at]--
		}
	}
	return out
}

func ratios(numerators [][]int, d int) [][]*big.Rat {
	out := make([][]*big.Rat, len(numerators))
	for a, row := range numerators {
		for _, n := range row {
			out[a] = append(out[a], big.NewRat(int64(n), int64(d)))
		}
	}
	return out
}

func ratiosAsFloats(numerators [][]int, d int) [][]float64 {
	out := make([][]float64, len(numerators))
	for a, row := range numerators {
		for _, n := range row {
			out[a] = append(out[a], float64(n)/float64(d))
		}
	}
	return out
}
