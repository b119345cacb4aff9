package chisq

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"causalgrad/theory/close"
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
)

// rootedAt is the chain with roots of that distribution.
func rootedAt(t require.TestingT, c *markov.Chain, roots string) *markov.Chain {
	r, err := markov.ParseRoots(roots)
	require.NoError(t, err)
	prior, err := markov.WithRoots(markov.Point{Chain: c, Name: "chain"}, r)
	require.NoError(t, err)
	return prior.(markov.Finite).Support()[0]
}

// TestRootedIsTheSumOverPrefixes compares signal and information with their
// definitions, summed over all prefixes.
func TestRootedIsTheSumOverPrefixes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		_, c := drawRational(t)
		f := drawForest(t)
		c = rootedAt(t, c, "uniform")
		s, n := c.Tokens(), f.Positions()
		pair := make([]float64, n*n*s*s) // [i][k][s_k][s_i]
		at := func(i, k, a, b int) *float64 { return &pair[((i*n+k)*s+a)*s+b] }
		tokens := make([]int, n)
		var extend func(i int, p float64)
		extend = func(i int, p float64) {
			if i == n {
				for i := range n {
					for k := range i + 1 {
						*at(i, k, tokens[k], tokens[i]) += p
					}
				}
				return
			}
			row := c.Roots()
			if parent := f.Parent(i); parent != graph.Root {
				row = c.Row(tokens[parent])
			}
			for b, q := range row {
				tokens[i] = b
				extend(i+1, p*q)
			}
		}
		extend(0, 1)
		weight := make([]float64, s)
		for i := range n {
			for b := range s {
				weight[b] += *at(i, i, b, b) / float64(n)
			}
		}
		got := Compute(f, c)
		for i := range n {
			for k := range i + 1 {
				signal, information, size := -1.0, -1.0, 1.0
				for a := range s {
					for b := range s {
						p := *at(i, k, a, b)
						signal += c.P(a, b) * p / weight[b]
						size += c.P(a, b) * p / weight[b]
						information += p * p / (*at(k, k, a, a) * *at(i, i, b, b))
					}
				}
				// The enumeration adds at most 4^6 terms of one sign, so its pairs are right
				// to 2^12 roundings of themselves; everything else is shorter.
				const relative = 0x1p-53 * (1 << 14)
				require.NoError(t, close.Within(got.Signal[i][k], signal, 0, relative*size), "signal[%d][%d] on %v", i, k, f)
				require.NoError(t, close.Within(got.Information[i][k], information, 0, relative*float64(s*s)), "information[%d][%d] on %v", i, k, f)
			}
		}
	})
}

// TestStationaryRootsAreTheClosedForm: listing the stationary distribution as the
// roots' own gives what the closed forms give.
func TestStationaryRootsAreTheClosedForm(t *testing.T) {
	f, err := graph.NewForest([]int{-1, 0, 0, -1, 3, 1, 2})
	require.NoError(t, err)
	c, err := markov.NewChain([][]float64{{0.5, 0.5}, {0.25, 0.75}})
	require.NoError(t, err)
	own := rootedAt(t, c, "[0.3333333333333333,0.6666666666666667]")
	want, got := Compute(f, c), Compute(f, own)
	for i := range want.Signal {
		// 1 is subtracted from sums of a few terms; the roots are rounded too.
		require.NoError(t, close.AllWithin(got.Signal[i], want.Signal[i], 0, 0x1p-47))
		require.NoError(t, close.AllWithin(got.Information[i][:i+1], want.Information[i][:i+1], 0, 0x1p-47))
	}
	_, err = Decompose(f, own, 5, 0)
	require.ErrorContains(t, err, "stationary distribution")
}

// TestMarginWithoutStationaryRoots is the second term of theory/README.md, section
// 11: the margin is the sum over pairs of rows, and half of what the parent's and
// the competitor's distributions differ by, times sum_b pi[a][b]^2/m[b].
func TestMarginWithoutStationaryRoots(t *testing.T) {
	lost := false
	rapid.Check(t, func(t *rapid.T) {
		_, c := drawRational(t)
		f := drawForest(t)
		c = rootedAt(t, c, "uniform")
		single, joint := distributions(f, c)
		weight := make([]float64, c.Tokens())
		for _, p := range single {
			for b, v := range p {
				weight[b] += v / float64(len(single))
			}
		}
		g := Compute(f, c).Signal
		for _, e := range f.Edges() {
			for k := range e.Child {
				if k == e.Parent {
					continue
				}
				sum, size := 0.0, 0.0
				for a := range weight {
					own := 0.0
					for b, m := range weight {
						own += c.P(a, b) * c.P(a, b) / m
						for d := range weight {
							r := joint[max(k, e.Parent)][min(k, e.Parent)][a*len(weight)+d] // symmetric in what follows
							sum += r * (c.P(a, b) - c.P(d, b)) * (c.P(a, b) - c.P(d, b)) / m / 2
							size += r * (c.P(a, b)*c.P(a, b) + c.P(d, b)*c.P(d, b)) / m
						}
					}
					sum += (single[e.Parent][a] - single[k][a]) * own / 2
				}
				margin := g[e.Child][e.Parent] - g[e.Child][k]
				lost = lost || margin < -1e-9
				// Sums of S^3 terms whose sizes add up to size, products of up to 2T factors.
				require.NoError(t, close.Within(margin, sum, 0, 64*float64(f.SequenceLength()*c.Tokens())*size*0x1p-53), "row %d against %d on %v", e.Child, k, f)
			}
		}
	})
	require.True(t, lost, "without stationary roots some parent should lose")
}
