package infer

import (
	"math"

	"causalgrad/theory/graph"
	"causalgrad/theory/tail"
)

// Row is what the data say about one child.
type Row struct {
	Child int
	// Winner is the earlier position (or, with the paper's weight, the child
	// itself) with the largest entry.
	Winner int
	// Competitor is the position that the winner beats least clearly, or
	// graph.Root when there is none; then P is 1.
	Competitor int
	// Strength estimates the winner's entry, with its standard error.
	Strength, StrengthErr float64
	// Margin is the winner's entry minus the competitor's, with the standard
	// error of the difference.
	Margin, MarginErr float64
	// P is the p-value of "the winner is strictly the row's largest".
	P float64
}

// Interval is the t interval of the margin at a confidence level.
func (r Row) Interval(n int, confidence float64) (low, high float64) {
	half := float64(tail.StudentQuantile((1-confidence)/2, float64(n-1)) * r.MarginErr)
	return r.Margin - half, r.Margin + half
}

// compare fills the competitor's part of a row from the differences between
// the winner and each candidate: mean and standard error over n sequences.
func (r *Row) compare(n int, candidates []int, difference func(k int) (mean, stderr float64)) {
	r.Competitor, r.P = graph.Root, 1
	worst := -1.0
	for _, k := range candidates {
		if k == r.Winner {
			continue
		}
		mean, stderr := difference(k)
		p := 1.0
		switch {
		case stderr > 0:
			p = math.Min(1, 2*tail.Student(mean/stderr, float64(n-1)))
		case mean > 0: // the same lead in every sequence: the limit of the above
			p = 0
		} // else two columns that never differ where it counts
		if p > worst {
			worst, r.Competitor, r.Margin, r.MarginErr, r.P = p, k, mean, stderr, p
		}
	}
}

// meanOf is the mean and its standard error from a sum and a sum of squares
// over n values.
func meanOf(sum, squares float64, n int) (mean, stderr float64) {
	mean = sum / float64(n)
	variance := (squares - float64(sum*mean)) / float64(n-1)
	return mean, math.Sqrt(math.Max(variance, 0) / float64(n))
}

// largest is the candidate with the largest entry, the first of equals.
func largest(candidates []int, entry func(k int) float64) int {
	best := candidates[0]
	for _, k := range candidates[1:] {
		if entry(k) > entry(best) {
			best = k
		}
	}
	return best
}

func upTo(n int) []int {
	list := make([]int, n)
	for k := range list {
		list[k] = k
	}
	return list
}
