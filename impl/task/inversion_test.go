package task

import (
	"slices"
	"testing"

	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
	"causalgrad/theory/stream"

	"github.com/stretchr/testify/require"
)

// crossed is the token of a uniform by the definition of inversion, and whether
// it is not so close to a boundary that the roundings of a cumulative sum decide.
func crossed(u float64, law []float64) (token uint16, clear bool) {
	below := 0.0
	for v, p := range law {
		if u < below+p-1e-12 {
			return uint16(v), u > below+1e-12 || v == 0
		}
		below += p
	}
	return uint16(len(law) - 1), u > below-law[len(law)-1]+1e-12
}

// treeTheorem is the stationary distribution of three tokens by the Markov chain
// tree theorem: state v weighs the products over the three trees that lead to it.
func treeTheorem(p []float64) []float64 {
	mu, sum := make([]float64, 3), 0.0
	for v := range 3 {
		a, b := (v+1)%3, (v+2)%3
		at := func(from, to int) float64 { return p[from*3+to] }
		mu[v] = at(a, v)*at(b, v) + at(a, b)*at(b, v) + at(b, a)*at(a, v)
		sum += mu[v]
	}
	for v := range mu {
		mu[v] /= sum
	}
	return mu
}

// A forest's tokens are the inversions of the stream's uniforms, one each, by the
// stationary distribution for a root and by the parent's row for a child, and the
// last token is an unbiased integer: replayed draw by draw. A distribution that is
// off by one part in a thousand would move dozens of the 30000 tokens.
func TestForestTokensAreInversions(t *testing.T) {
	const n, s, length = 5000, 3, 7
	prior, parents := markov.Dirichlet{Size: s, Alpha: 0.7}, []int{-1, 0, -1, 0, 3, -1}
	key := stream.Key{Seed: 12, Purpose: stream.Test}
	b := NewBatch(n, length, s)
	newTask(t, forest(t, parents...), prior).NewSampler().Sample(stream.New(key), b)
	r, chain, compared := stream.New(key), make([]float64, s*s), 0
	for i := range n {
		prior.Draw(r, chain)
		mu, tokens := treeTheorem(chain), b.Sequence(i)
		for at, p := range parents {
			law := mu
			if p != graph.Root {
				law = chain[int(tokens[p])*s : int(tokens[p]+1)*s]
			}
			want, clear := crossed(r.Float64(), law)
			if clear {
				compared++
				require.Equal(t, want, tokens[at], "token %d of sequence %d, drawn from %v", at, i, law)
			}
		}
		last := r.IntN(s)
		require.EqualValues(t, last, tokens[length-1], "last token of sequence %d", i)
		require.Equal(t, chain[last*s:(last+1)*s], b.Target(i))
	}
	require.Greater(t, compared, n*len(parents)-50)
}

// A DAG's tokens likewise: uniform integers for roots, and inversions by the row
// of the parents' tokens, which is drawn when a sequence first uses it.
func TestDAGTokensAreInversions(t *testing.T) {
	const n, s, length = 5000, 3, 6
	lists := [][]int{nil, {0}, {0, 1}, {2, 0}, nil, {4}, {3, 5}}
	prior := markov.Dirichlet{Size: s, Alpha: 0.7}
	key := stream.Key{Seed: 13, Purpose: stream.Test}
	b := NewBatch(n, length, s)
	newTask(t, dag(t, lists...), prior).NewSampler().Sample(stream.New(key), b)
	r := stream.New(key)
	for i := range n {
		rows := map[string][]float64{} // by the parents' tokens
		tokens := b.Sequence(i)
		row := func(parents []int) []float64 {
			var context []uint16
			for _, p := range parents {
				context = append(context, tokens[p])
			}
			name := string([]rune{rune(len(parents)), rune(context[0]), rune(context[len(context)-1])})
			if rows[name] == nil {
				rows[name] = make([]float64, s)
				prior.DrawRow(r, rows[name])
			}
			return rows[name]
		}
		for at := range length {
			if len(lists[at]) == 0 {
				require.EqualValues(t, r.IntN(s), tokens[at], "token %d of sequence %d", at, i)
				continue
			}
			law := row(lists[at])
			if want, clear := crossed(r.Float64(), law); clear {
				require.Equal(t, want, tokens[at], "token %d of sequence %d, drawn from %v", at, i, law)
			}
		}
		require.True(t, slices.Equal(row(lists[length]), b.Target(i)), "target of sequence %d", i)
	}
}
