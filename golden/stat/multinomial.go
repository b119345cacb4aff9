package stat

import (
	"fmt"
	"math"
)

// mostOutcomes bounds the enumeration of [MultinomialTest].
const mostOutcomes = 1 << 20

// MultinomialTest asks the question of [ChiSquareTest] and answers it exactly:
// P is the total probability of all outcomes no likelier than the one
// observed, by enumeration. More than 2^20 outcomes are an error.
func MultinomialTest(counts []int, probs []float64, alpha float64) (GoodnessOfFit, error) {
	t, err := newCells(counts, probs, alpha)
	if err != nil {
		return GoodnessOfFit{}, err
	}
	g := t.fit()
	if t.impossible >= 0 {
		return t.refute(g, alpha), nil
	}
	if size := choose(t.n+g.DF, g.DF); size > mostOutcomes {
		return GoodnessOfFit{}, fmt.Errorf("stat: %d counts in %d cells have %.3g outcomes, expected at most %d (ChiSquareTest has no limit)",
			t.n, g.DF+1, size, mostOutcomes)
	}
	terms := t.terms()
	observed := terms[0][t.count[0]]
	for i := 1; i < len(terms); i++ {
		observed += terms[i][t.count[i]]
	}
	logs := outcomes(terms, t.n, 0, nil)
	least := math.Inf(1)
	for _, l := range logs {
		least = min(least, l)
	}
	g.Outcome = newOutcome(upTo(observed, logs), upTo(least, logs), alpha, "need more counts")
	return g, nil
}

// terms[i][c] is what count c in cell i adds to the log-probability, up to
// log n!, which is spread over cell 0.
func (t cells) terms() [][]float64 {
	all, _ := math.Lgamma(float64(t.n + 1))
	terms := make([][]float64, len(t.prob))
	for i, p := range t.prob {
		terms[i] = make([]float64, t.n+1)
		for c := range terms[i] {
			factorial, _ := math.Lgamma(float64(c + 1))
			terms[i][c] = float64(float64(c)*math.Log(p)) - factorial
			if i == 0 {
				terms[i][c] += all
			}
		}
	}
	return terms
}

// outcomes appends the log-probability of every way to spread n counts over
// the cells of terms, on top of a log-probability sum for the cells before.
func outcomes(terms [][]float64, n int, sum float64, logs []float64) []float64 {
	if len(terms) == 1 || n == 0 { // a count of 0 adds exactly 0
		return append(logs, sum+terms[0][n])
	}
	for c := 0; c <= n; c++ {
		logs = outcomes(terms[1:], n-c, sum+terms[0][c], logs)
	}
	return logs
}

// upTo is the total probability of the outcomes no likelier than limit.
func upTo(limit float64, logs []float64) float64 {
	limit += math.Log1p(tied)
	var p float64
	for _, l := range logs {
		if l <= limit {
			p += math.Exp(l)
		}
	}
	return p
}
