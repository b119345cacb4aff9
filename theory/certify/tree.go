package certify

import "causalgrad/theory/interval"

// tree is a spanning tree of the tokens directed to a root: next[a] is where
// token a leads; the root's own entry is the root.
type tree [maxTokens]int

// spanningTrees lists, for each root, the trees directed to it.
func spanningTrees(tokens int) [][]tree {
	all := make([][]tree, tokens)
	var next tree
	var choose func(root, a int)
	choose = func(root, a int) {
		if a == tokens {
			if leadsToRoot(next, root, tokens) {
				all[root] = append(all[root], next)
			}
			return
		}
		for b := range tokens {
			if (a == root) == (b == a) {
				next[a] = b
				choose(root, a+1)
			}
		}
	}
	for root := range tokens {
		choose(root, 0)
	}
	return all
}

func leadsToRoot(next tree, root, tokens int) bool {
	for a := range tokens {
		for range tokens {
			a = next[a]
		}
		if a != root {
			return false
		}
	}
	return true
}

// point is a row of pi; the corners of cells are exact in float64.
type point [maxTokens]float64

// ranges holds what the irreducible chains of a product of rows reach.
type ranges struct {
	weight   [maxTokens]interval.Interval            // tau[a]: sum over trees to a of the product of their entries
	reversed [maxTokens][maxTokens]interval.Interval // mu[a] pi[a][b] / mu[b], indexed [b][a], a != b
}

// rangesOver computes the ranges for chains whose row a lies in the hull of
// corners[a]; up to one final rounding they are the exact ones.
//
// By the Markov chain tree theorem mu is proportional to tau, and each tau is
// affine in every single row. So tau[a] pi[a][b] / tau[b] is, as a function of
// one row, a quotient N/D of affine functions with 0 <= N <= D (the latter by
// tau pi = tau). At a point sum_v w_v v such a quotient is the mean of the
// N(v)/D(v) over the corners with D(v) > 0, with weights w_v D(v); hence it is
// extreme at one of these. Row by row: at a product of corners.
func rangesOver(trees [][]tree, corners [maxTokens][]point) ranges {
	tokens := len(trees)
	var weight [maxTokens]extent
	var reversed [maxTokens][maxTokens]extent
	var pi [maxTokens]point
	var walk func(row int)
	walk = func(row int) {
		if row < tokens {
			for _, p := range corners[row] {
				pi[row] = p
				walk(row + 1)
			}
			return
		}
		var tau [maxTokens]float64
		for a := range tokens {
			tau[a] = treeWeight(trees[a], a, &pi, tokens)
		}
		for b := range tokens {
			weight[b].add(tau[b], 1)
			for a := range tokens {
				if a != b {
					reversed[b][a].add(float64(tau[a]*pi[a][b]), tau[b])
				}
			}
		}
	}
	walk(0)
	var r ranges
	for b := range tokens {
		r.weight[b] = weight[b].enclosure()
		for a := range tokens {
			r.reversed[b][a] = reversed[b][a].enclosure()
		}
	}
	return r
}

// treeWeight is tau[root], without rounding: a sum of products of at most two
// multiples of 1/unit, so below 2^53 in multiples of 1/unit^2.
func treeWeight(trees []tree, root int, pi *[maxTokens]point, tokens int) float64 {
	sum := 0.0
	for _, next := range trees {
		product := 1.0
		for a := range tokens {
			if a != root {
				product = float64(product * pi[a][next[a]])
			}
		}
		sum += product
	}
	return sum
}

// extent collects the smallest and largest of quotients that lie in [0, 1]
// or, for a denominator 1, are at least 0.
type extent struct {
	lo, hi float64
	some   bool
}

func (e *extent) add(numerator, denominator float64) {
	if denominator == 0 {
		return // a reducible chain
	}
	q := numerator / denominator
	if !e.some {
		*e = extent{q, q, true}
		return
	}
	e.lo, e.hi = min(e.lo, q), max(e.hi, q)
}

// enclosure allows for the rounding of the quotients: rounding keeps order, so
// the extreme quotients rounded are the rounded extremes.
func (e *extent) enclosure() interval.Interval {
	if !e.some {
		return interval.Whole()
	}
	v := interval.Nearest(e.lo, e.hi)
	return interval.Interval{Lo: max(v.Lo, 0), Hi: v.Hi}
}
