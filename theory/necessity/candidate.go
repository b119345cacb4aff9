package necessity

import (
	"math"

	"causalgrad/theory/condition"
	"causalgrad/theory/firststep"
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
)

// candidate is a forest and a finite prior built from one chain.
type candidate struct {
	forest       graph.Forest
	construction Construction
	rows         [][]float64 // the chain
	roots        weights     // of the roots' tokens
}

// on is the candidate on another forest.
func (c candidate) on(f graph.Forest) candidate {
	c.forest = f
	return c
}

// score is how a candidate fared: the smallest lead of a parent over its
// strongest competitor k <= i, relative to the largest entry of the row.
type score struct {
	margin                    float64
	child, parent, competitor int
}

// members lists the chains of the prior, as rows.
func members[T any](c Construction, rows [][]T, complement func(T) T) [][][]T {
	s := len(rows)
	arrange := func(order []int) [][]T {
		out := make([][]T, s)
		for a := range out {
			out[a] = make([]T, s)
			for b := range s {
				out[a][order[b]] = rows[a][b]
			}
		}
		return out
	}
	switch c {
	case Columns:
		var list [][][]T
		for _, order := range condition.Orders(s) {
			list = append(list, arrange(order))
		}
		return list
	case Shifts:
		var list [][][]T
		for shift := range s {
			order := make([]int, s)
			for b := range order {
				order[b] = (b + shift) % s
			}
			list = append(list, arrange(order))
		}
		return list
	case Complement:
		other := make([][]T, s)
		for a, row := range rows {
			for _, v := range row {
				other[a] = append(other[a], complement(v))
			}
		}
		return [][][]T{rows, other}
	}
	return [][][]T{rows}
}

// chains builds the prior of a candidate; ok is false where some member is no
// chain or violates a hypothesis that the space keeps.
func (s space) chains(c candidate) (list []*markov.Chain, ok bool) {
	tokens := float64(len(c.rows))
	longEnough := func(float64) bool { return true }
	if s.effective > 0 {
		distances := condition.CountDistances(c.forest)
		longEnough = func(rho float64) bool { return distances.EffectiveLength(rho) >= s.effective-1e-12 }
	}
	for _, rows := range members(c.construction, c.rows, func(v float64) float64 { return 2/tokens - v }) {
		chain, err := markov.NewChain(rows)
		if err != nil {
			return nil, false
		}
		smallest, _, _ := chain.Smallest()
		// gamma is a decimal, entries are ratios: rounding must not decide at equality.
		if s.lowerBound && float64(tokens*smallest) < s.gamma-1e-12 {
			return nil, false
		}
		squared, rho := kernel(chain)
		if s.nonDegenerate && math.Sqrt(squared) < s.gamma-1e-12 {
			return nil, false
		}
		if !longEnough(rho) {
			return nil, false
		}
		if c.roots != nil {
			if chain, err = chain.WithRoots(c.roots.floats()); err != nil {
				return nil, false
			}
		}
		list = append(list, chain)
	}
	return list, true
}

// kernel is the squared Frobenius norm of a chain's centred kernel B and its
// largest singular value rho, for at most three tokens: B has rank 2 or less,
// so the norm is the sum of two squared singular values and the sum of the
// squared 2 x 2 minors (Cauchy and Binet) their product. Written out, so that a
// search takes the same path on every machine.
func kernel(c *markov.Chain) (squared, rho float64) {
	s, b := c.Tokens(), c.CentredKernel()
	for _, v := range b {
		squared += float64(v * v)
	}
	product := 0.0
	for i := range s {
		for j := range i {
			for k := range s {
				for l := range k {
					minor := float64(b[i*s+k]*b[j*s+l]) - float64(b[i*s+l]*b[j*s+k])
					product += float64(minor * minor)
				}
			}
		}
	}
	spread := math.Sqrt(math.Max(float64(squared*squared)-float64(4*product), 0))
	return squared, math.Min(math.Sqrt((squared+spread)/2), 1)
}

// evaluate scores a candidate at eps = 0; ok is false outside the space or on
// a forest without edges.
func (s space) evaluate(c candidate) (best score, ok bool) {
	chains, ok := s.chains(c)
	if !ok {
		return score{}, false
	}
	var mean [][]float64
	for n, chain := range chains {
		g, err := firststep.Gradient(c.forest, chain, 0)
		if err != nil {
			return score{}, false
		}
		if n == 0 {
			mean = g
			continue
		}
		for i, row := range g {
			for k := range i + 1 {
				mean[i][k] += row[k] // the sum: margins are relative
			}
		}
	}
	best = worstRow(c.forest, mean)
	return best, !math.IsInf(best.margin, 1)
}

// worstRow is the row with the smallest margin; +Inf without an edge.
func worstRow(f graph.Forest, matrix [][]float64) score {
	scale := 1 / float64(len(matrix)*len(matrix)) // an entry's order of magnitude
	for _, row := range matrix {
		for _, v := range row {
			scale = math.Max(scale, math.Abs(v))
		}
	}
	worst := score{margin: math.Inf(1)}
	for _, e := range f.Edges() {
		if next := rowScore(matrix[e.Child], e, entryError*scale); next.margin < worst.margin {
			worst = next
		}
	}
	return worst
}

// rowScore takes a lead that rounding alone could make for none.
func rowScore(row []float64, e graph.Edge, rounding float64) score {
	s := score{margin: math.Inf(1), child: e.Child, parent: e.Parent}
	largest := 0.0
	for k := range e.Child + 1 {
		largest = math.Max(largest, math.Abs(row[k]))
	}
	for k := range e.Child + 1 {
		lead := row[e.Parent] - row[k]
		if math.Abs(lead) <= rounding {
			lead = 0
		} else {
			lead /= largest
		}
		if k != e.Parent && lead < s.margin {
			s.margin, s.competitor = lead, k
		}
	}
	return s
}

// entryError bounds the rounding of an entry by the matrix's largest.
const entryError = 1e-12

// fails tells whether some row's largest entry is not its parent alone (or, in
// a strict space, not its parent).
// Beyond doubt it decides in floating point; near a tie in rational arithmetic,
// or not at all in a strict space.
func (s space) fails(c candidate) (score, bool) {
	best, ok := s.evaluate(c)
	if !ok {
		return best, false
	}
	if failed, certain := s.decide(best.margin); certain {
		return best, failed
	}
	proof, err := prove(c.forest, c.construction, rationalRows(c.rows), c.roots.rationals())
	return best, err == nil && proof.margin.Sign() <= 0
}

// decide tells whether a margin is a failure, and whether it is so beyond doubt.
// In a strict space a tie is none, so a small lead needs no certainty.
func (s space) decide(margin float64) (failed, certain bool) {
	switch {
	case margin > doubt || s.strict && margin > -doubt:
		return false, true
	case margin < -doubt:
		return true, true
	}
	return false, false
}

// doubt is the rounding in a relative margin whose row is a thousandth or more
// of the matrix; a lead in a smaller row is 0 unless rounding cannot explain it.
const doubt = 1e-9
