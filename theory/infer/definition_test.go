package infer

import (
	"math"
	"testing"

	"causalgrad/theory/close"
	"causalgrad/theory/graph"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// drawSequences draws any data at all: the definitions ask for no structure.
func drawSequences(t *rapid.T, columns int) Sequences {
	s := Sequences{N: rapid.IntRange(2, 12).Draw(t, "N"), Columns: columns, Tokens: rapid.IntRange(2, 3).Draw(t, "S")}
	for range s.N * columns {
		s.Data = append(s.Data, uint16(rapid.IntRange(0, s.Tokens-1).Draw(t, "token")))
	}
	return s
}

// product is Z_ik of one sequence, as the package comment writes it.
func product(s Sequences, row []uint16, i, k int, weight Weight, eps float64) float64 {
	positions := s.Columns - 2
	query, answer := row[positions], row[positions+1]
	if row[k] != query {
		return 0
	}
	held := 0.0
	if row[i] == answer {
		held = 1
	}
	if weight == Plain {
		return float64(s.Tokens) * held
	}
	frequency := 0.0
	for _, token := range row[:positions+1] { // the prefix and the query
		if token == answer {
			frequency += 1 / float64(positions+1)
		}
	}
	if frequency == 0 {
		return 0
	}
	return float64(s.Tokens) * (held - frequency) / (frequency + eps)
}

// Entries and standard errors are those of the products, over all sequences.
func TestFirstStepIsItsDefinition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawSequences(t, rapid.IntRange(4, 6).Draw(t, "columns"))
		weight := rapid.SampledFrom([]Weight{Gradient, Plain}).Draw(t, "weight")
		eps := rapid.SampledFrom([]float64{0, 0.25, 1}).Draw(t, "eps")
		e, err := FirstStep(s, weight, eps)
		require.NoError(t, err)
		for i := range s.Columns - 2 {
			for k := range i + 1 {
				mean, squares, n := 0.0, 0.0, float64(s.N)
				for row := range s.N {
					mean += product(s, s.Row(row), i, k, weight, eps) / n
				}
				for row := range s.N {
					d := product(s, s.Row(row), i, k, weight, eps) - mean
					squares += d * d
				}
				// A dozen terms of size up to S T = 15, their squares up to 225; the
				// subtraction of the mean's square cancels at most as much.
				require.NoError(t, close.Within(e.Entries[i][k], mean, 0, 400*0x1p-53*15), "mean of Z[%d][%d]", i, k)
				got := e.StdErr[i][k] * e.StdErr[i][k]
				require.NoError(t, close.Within(got, squares/(n-1)/n, 0, 400*0x1p-53*225), "squared standard error of Z[%d][%d]", i, k)
			}
		}
	})
}

// A column that the child repeats leads a constant one by the same in every
// sequence; what is left to doubt is that the two are dependent at all, looked
// for among two candidates. N times the information, N, is chi-square with one
// degree of freedom.
func TestSharedChainDoubtsDependenceForEveryCandidate(t *testing.T) {
	s := Sequences{N: 20, Columns: 3, Tokens: 2}
	for n := range s.N {
		token := uint16(n % 2)
		s.Data = append(s.Data, token, 0, token)
	}
	r := SharedChain(s).Rows[1]
	require.Equal(t, []int{2, 0, 1}, []int{r.Child, r.Winner, r.Competitor})
	require.NoError(t, close.Within(r.P, 2*math.Erfc(math.Sqrt(float64(s.N)/2)), 1e-12, 0), "p-value") // an incomplete gamma function
}

// The tree has the most information of all trees, the parents before their
// children of Earlier the most of theirs.
func TestChowLiuFindsTheBestTree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const columns = 4
		s := drawSequences(t, columns)
		tree := ChowLiu(s, columns)
		total := func(parent []int) float64 {
			sum := 0.0
			for child := 1; child < columns; child++ {
				sum += tree.Information[max(child, parent[child])][min(child, parent[child])]
			}
			return sum
		}
		best, bestEarlier := 0.0, 0.0
		for code := range 64 { // a parent for each of the positions 1 to 3
			parent, isTree, isEarlier := []int{graph.Root, code % 4, code / 4 % 4, code / 16}, true, true
			for child := 1; child < columns; child++ {
				isEarlier = isEarlier && parent[child] < child
				up := child
				for steps := 0; up > 0 && steps < columns; steps++ {
					up = parent[up]
				}
				isTree = isTree && up == 0
			}
			if isTree {
				best = max(best, total(parent))
			}
			if isEarlier {
				bestEarlier = max(bestEarlier, total(parent))
			}
		}
		// Sums of three numbers below 2; the term that orders equal weights is below 2e-14.
		require.NoError(t, close.Within(total(tree.Parent), best, 0, 1e-13), "information of the tree %v", tree.Parent)
		require.NoError(t, close.Within(total(tree.Earlier), bestEarlier, 0, 1e-13), "information of the tree %v", tree.Earlier)
	})
}
