package stat

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// GoodnessOfFit is the outcome of comparing counts with probabilities.
type GoodnessOfFit struct {
	Outcome
	N         int     `json:"n"`          // sum of the counts
	DF        int     `json:"df"`         // cells of positive probability, less 1
	ChiSquare float64 `json:"chi_square"` // Pearson's statistic over these cells
}

// ChiSquareTest tests whether counts come from independent draws with these
// probabilities (one a cell, summing to 1), by Pearson's statistic and its
// chi-square approximation, for which all expected counts should be 5 or more.
// A count in a cell of probability 0 makes P 0.
func ChiSquareTest(counts []int, probs []float64, alpha float64) (GoodnessOfFit, error) {
	t, err := newCells(counts, probs, alpha)
	if err != nil {
		return GoodnessOfFit{}, err
	}
	g := t.fit()
	if t.impossible >= 0 {
		return t.refute(g, alpha), nil
	}
	g.Outcome = newOutcome(distuv.ChiSquared{K: float64(g.DF)}.Survival(g.ChiSquare), 0, alpha, "")
	rarest := 1.0
	for _, p := range t.prob {
		rarest = min(rarest, p)
	}
	const least = 5.0 // W. G. Cochran, Biometrics 10 (1954) 417-451
	if float64(t.n)*rarest < least {
		g.Warnings = append(g.Warnings, fmt.Sprintf(
			"need >= %.0f counts for %g expected in each cell, or MultinomialTest: the rarest expects %.3g",
			math.Ceil(least/rarest), least, float64(t.n)*rarest))
	}
	return g, nil
}

// cells holds the cells of positive probability.
type cells struct {
	n          int
	count      []int
	prob       []float64
	impossible int // index of a cell of probability 0 that has counts, or -1
}

// mostCounts keeps sums of counts in an int of 32 bits.
const mostCounts = 1 << 30

func newCells(counts []int, probs []float64, alpha float64) (cells, error) {
	if err := checkAlpha(alpha); err != nil {
		return cells{}, err
	}
	if err := checkLengths("counts", len(counts), "probs", len(probs)); err != nil {
		return cells{}, err
	}
	t := cells{impossible: -1}
	var sum float64
	for i, p := range probs {
		if !(p >= 0 && p <= 1) {
			return cells{}, fmt.Errorf("stat: probs[%d] is %v, expected a number in [0, 1]", i, p)
		}
		if counts[i] < 0 || counts[i] > mostCounts-t.n {
			return cells{}, fmt.Errorf("stat: counts[%d] is %d, expected 0 or more and a sum up to %d", i, counts[i], mostCounts)
		}
		sum += p
		t.n += counts[i]
		switch {
		case p > 0:
			t.count, t.prob = append(t.count, counts[i]), append(t.prob, p)
		case counts[i] > 0 && t.impossible < 0:
			t.impossible = i
		}
	}
	// A sum off by d moves a cell's z-score by at most d sqrt(n p): under 1e-4
	// for any n to 1e10, while a probability left out or given in float32 is seen.
	if math.Abs(sum-1) > 1e-9 {
		return cells{}, fmt.Errorf("stat: probs sum to %v, expected 1", sum)
	}
	if t.n < 1 || len(t.prob) < 2 {
		return cells{}, fmt.Errorf("stat: %d counts in %d cells of positive probability, expected at least 1 in 2", t.n, len(t.prob))
	}
	return t, nil
}

func (t cells) fit() GoodnessOfFit {
	g := GoodnessOfFit{N: t.n, DF: len(t.prob) - 1}
	for i, p := range t.prob {
		expected := float64(t.n) * p
		off := float64(t.count[i]) - expected
		g.ChiSquare += off * (off / expected)
	}
	return g
}

func (t cells) refute(g GoodnessOfFit, alpha float64) GoodnessOfFit {
	g.Outcome = newOutcome(0, 0, alpha, "")
	g.Warnings = append(g.Warnings, fmt.Sprintf("cell %d has counts and probability 0", t.impossible))
	return g
}
