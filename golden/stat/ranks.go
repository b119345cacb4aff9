package stat

import (
	"cmp"
	"slices"
)

// midranks returns the ranks of x from 1, equal values sharing the mean of
// theirs, and the tie term: the sum of t^3 - t over groups of t equal values.
func midranks(x []float64) (ranks []float64, ties float64) {
	order := make([]int, len(x))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(x[a], x[b]) })
	ranks = make([]float64, len(x))
	for i := 0; i < len(order); {
		j := i
		for j < len(order) && x[order[j]] == x[order[i]] {
			j++
		}
		for _, k := range order[i:j] {
			ranks[k] = float64(i+1+j) / 2
		}
		t := float64(j - i)
		ties += t*t*t - t
		i = j
	}
	return ranks, ties
}

// twoSidedExact doubles the smaller tail, as seen from at, of the distribution
// on 0..len(count)-1 with these counts. Whole counts make P the rounding of the exact
// fraction, so that P <= alpha is decided right where they are equal (0.1 = 2/20).
func twoSidedExact(count []float64, at int) float64 {
	var lower, upper, all float64
	for u, c := range count {
		all += c
		if u <= at {
			lower += c
		}
		if u >= at {
			upper += c
		}
	}
	return min(1, 2*min(lower, upper)/all)
}
