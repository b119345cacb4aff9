package task

import (
	"math"
	"testing"

	"causalgrad/theory/close"
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/integrate/quad"
)

// transition is one observed use of a row: what followed which context.
type transition struct{ context, next int }

// posteriorMean integrates over all rows of two probabilities, each with
// density proportional to (p (1-p))^(alpha-1), the likelihood of the
// transitions: the mean of P(0) in one row. Integer alpha makes the integrand a
// polynomial of degree at most 15 in each row, which 8 Gauss points integrate
// exactly.
func posteriorMean(rows, row, alpha int, seen []transition) float64 {
	const points = 8
	x, w := make([]float64, points), make([]float64, points)
	quad.Legendre{}.FixedLocations(x, w, 0, 1)
	at := make([]int, rows)
	var top, bottom float64
	for {
		density := 1.0
		for _, k := range at {
			density *= w[k] * math.Pow(x[k]*(1-x[k]), float64(alpha-1))
		}
		for _, s := range seen {
			p := x[at[s.context]]
			if s.next == 1 {
				p = 1 - p
			}
			density *= p
		}
		top, bottom = top+density*x[at[row]], bottom+density
		r := 0
		for ; r < rows && at[r] == points-1; r++ {
			at[r] = 0
		}
		if r == rows {
			return top / bottom
		}
		at[r]++
	}
}

// posteriorTolerance: sums of 64 to 4096 positive terms of about 20 factors
// each, Gauss nodes and weights good to 1e-14.
const posteriorTolerance = 1e-12

// every is a batch of all sequences of length t over two tokens.
func every(t int) *Batch {
	all := allSequences(t, 2)
	b := NewBatch(len(all), t, 2)
	for n, tokens := range all {
		copy(b.Sequence(n), tokens)
	}
	return b
}

// The count estimators are posterior means given the edges alone.
func TestForestCountEstimateIsThePosteriorMean(t *testing.T) {
	parents := []int{-1, 0, 0, -1, 3}
	f := forest(t, parents...)
	b := every(6)
	counted, wrapped := make([]float64, b.N*2), make([]float64, b.N*2)
	for _, alpha := range []int{1, 2} {
		newTask(t, f, markov.Dirichlet{Size: 2, Alpha: 1}).CountEstimate(b, float64(alpha), counted)
		WrappedCountEstimate(f, b, float64(alpha), wrapped)
		for n := range b.N {
			tokens := b.Sequence(n)
			var seen, extra []transition
			for i, p := range parents {
				if p != graph.Root {
					seen = append(seen, transition{int(tokens[p]), int(tokens[i])})
				} else { // the official index -1 is the last prefix position
					extra = append(extra, transition{int(tokens[4]), int(tokens[i])})
				}
			}
			last := int(tokens[5])
			require.NoError(t, close.Within(counted[2*n], posteriorMean(2, last, alpha, seen), posteriorTolerance, 0), "%v", tokens)
			require.NoError(t, close.Within(wrapped[2*n], posteriorMean(2, last, alpha, append(seen, extra...)), posteriorTolerance, 0), "%v", tokens)
			require.NoError(t, close.Within(counted[2*n]+counted[2*n+1], 1, 0, 1e-15))
		}
	}
	require.NotEqual(t, counted, wrapped)
}

func TestDAGCountEstimateIsThePosteriorMean(t *testing.T) {
	g := tinyDAG(t)
	b := every(5)
	counted := make([]float64, b.N*2)
	const alpha = 2
	newTask(t, g, markov.Dirichlet{Size: 2, Alpha: 1}).CountEstimate(b, alpha, counted)
	for n := range b.N {
		tokens := b.Sequence(n)
		context := func(i int) int { return 2*int(tokens[g.Parents(i)[0]]) + int(tokens[g.Parents(i)[1]]) }
		var seen []transition // of arity 2 alone: other arities have other rows
		for i := range b.T {
			if len(g.Parents(i)) == 2 {
				seen = append(seen, transition{context(i), int(tokens[i])})
			}
		}
		require.NoError(t, close.Within(counted[2*n], posteriorMean(4, context(b.T), alpha, seen), posteriorTolerance, 0), "%v", tokens)
	}
}

// Positions of another arity have another tensor and do not count.
func TestDAGCountEstimateIgnoresOtherArities(t *testing.T) {
	g := dag(t, nil, nil, []int{0, 1}, []int{1}, []int{3})
	b := NewBatch(1, 4, 2)
	copy(b.Tokens, []uint16{0, 0, 1, 0}) // context (0): position 2 has two parents, position 3 one
	out := make([]float64, 2)
	newTask(t, g, markov.Dirichlet{Size: 2, Alpha: 1}).CountEstimate(b, 0.5, out)
	require.Equal(t, []float64{1.5 / 2, 0.5 / 2}, out)
}

// A DAG whose every list has one parent, and none for roots, is a forest task
// with the target's parent at the last position.
func TestForestAndDAGCountAlike(t *testing.T) {
	b := every(5)
	a, c := make([]float64, b.N*2), make([]float64, b.N*2)
	newTask(t, forest(t, -1, 0, 1, 1), markov.Dirichlet{Size: 2, Alpha: 1}).CountEstimate(b, 0.1, a)
	g := dag(t, nil, []int{0}, []int{1}, []int{1}, nil, []int{4})
	newTask(t, g, markov.Dirichlet{Size: 2, Alpha: 1}).CountEstimate(b, 0.1, c)
	require.Equal(t, a, c)
	require.NoError(t, SingleParentEstimate(g, 0, b, 0.1, c))
	require.Equal(t, a, c, "with one parent the single-parent estimator is the count estimator")
}
