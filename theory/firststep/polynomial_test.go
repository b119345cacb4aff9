package firststep

import (
	"testing"

	"causalgrad/theory/graph"
	"causalgrad/theory/markov"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// The oracle for lengths that no enumeration reaches: the distribution of a token's
// count, jointly with the tokens at two positions, as a polynomial in z whose
// coefficients are carried up the forest. No quadrature, no kernels, no
// separators; the coefficients are sums of non-negative products.

type polynomial []float64

// fixed asks for a token at a position; elsewhere any token may stand.
type fixed map[int]int

// countLaw is P(N = n and the fixed tokens) for n = 0..T-1, N the number of
// prefix positions that hold token.
func countLaw(f graph.Forest, c *markov.Chain, token int, tokens fixed) polynomial {
	n, s := f.Positions(), c.Tokens()
	below := make([][]polynomial, n) // [v][a]: of v's subtree, given s_v = a
	for v := range below {
		for a := range s {
			p := polynomial{1}
			if want, ok := tokens[v]; ok && want != a {
				p = polynomial{0}
			} else if a == token {
				p = polynomial{0, 1}
			}
			below[v] = append(below[v], p)
		}
	}
	total := polynomial{1}
	for v := n - 1; v >= 0; v-- {
		if p := f.Parent(v); p != graph.Root {
			for d := range s {
				below[p][d] = times(below[p][d], mixture(c.Row(d), below[v]))
			}
		} else {
			total = times(total, mixture(c.Stationary(), below[v]))
		}
	}
	return append(total, make(polynomial, n+1-len(total))...)
}

func mixture(weights []float64, terms []polynomial) polynomial {
	var sum polynomial
	for a, p := range terms {
		for len(sum) < len(p) {
			sum = append(sum, 0)
		}
		for n, v := range p {
			sum[n] += float64(weights[a] * v)
		}
	}
	return sum
}

func times(a, b polynomial) polynomial {
	out := make(polynomial, len(a)+len(b)-1)
	for n, v := range a {
		for m, w := range b {
			out[n+m] += float64(v * w)
		}
	}
	return out
}

// polynomialGradient is Gradient from the distributions of counts alone.
func polynomialGradient(f graph.Forest, c *markov.Chain, eps float64) [][]float64 {
	n, s, t := f.Positions(), c.Tokens(), f.SequenceLength()
	g := square(t)
	for k := range t {
		for q := range s {
			for token := range s {
				at := fixed{}
				if k < n {
					at[k] = q
				}
				marginal := countLaw(f, c, token, at)
				for i := k; i < t; i++ {
					joint := make(polynomial, t) // also s_i = token
					switch {
					case i == n && q == token, i == k && i < n && q == token:
						joint = marginal // s_T = q; s_k = q
					case i < n && i != k:
						joint = countLaw(f, c, token, fixed{k: q, i: token})
						if k == n {
							joint = countLaw(f, c, token, fixed{i: token})
						}
					}
					g[i][k] += c.P(q, token) * meanResponse(joint, marginal, token == q, float64(t), eps)
				}
			}
		}
	}
	for i := range g {
		centre(g[i][:i+1], float64(s*t*(i+1)))
	}
	return g
}

// meanResponse is E[(1[s_i=s] - muhat)/(muhat+eps) 1[s_k=q]], both multiplied by T.
func meanResponse(joint, marginal polynomial, last bool, length, eps float64) float64 {
	sum := 0.0
	for n := range marginal {
		count := float64(n)
		if last {
			count++
		}
		if count > 0 {
			sum += (length*joint[n] - count*marginal[n]) / (count + length*eps)
		}
	}
	return sum
}

func TestGradientAgainstCountLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tokens := rapid.IntRange(2, 3).Draw(t, "tokens")
		f := drawForest(t, 8, map[int]int{2: 24, 3: 16}[tokens])
		prior := rapid.SampledFrom([]markov.Prior{
			markov.Dirichlet{Size: tokens, Alpha: 1},
			markov.Sticky{Size: tokens, Weight: 0.9, Alpha: 1},
			markov.Cyclic{Size: tokens, Weight: 0.9, Alpha: 1},
		}).Draw(t, "prior")
		c, eps := drawFrom(t, prior), drawEps(t)
		got, err := Gradient(f, c, eps)
		require.NoError(t, err)
		requireClose(t, got, polynomialGradient(f, c, eps), tolerance, "against the distributions of counts")
	})
}
