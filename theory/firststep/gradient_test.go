package firststep

import (
	"encoding/json"
	"hash/fnv"
	"math"
	"math/big"
	"os"
	"testing"

	"causalgrad/theory/close"
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
	"causalgrad/theory/stream"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// tolerance is the package's promise, relative to the largest entry. Where it
// comes from: an entry F is a difference W - mean W of positive sums of size 1,
// each right to about 2T + 10S roundings, 60 for the sizes below; the largest
// entry is that of the last token, of size 1/T to 1 (times S T i) even for a
// chain without signal: 60 * 2^-53 * 20, and a margin of 7.
const tolerance = 1e-12

// drawChain draws a chain of one of the kinds that stress different steps.
func drawChain(t *rapid.T, tokens int) *markov.Chain {
	priors := []markov.Prior{
		markov.Dirichlet{Size: tokens, Alpha: 1},
		markov.Dirichlet{Size: tokens, Alpha: 0.1},
		markov.NearDeterministic{Size: tokens, Weight: 1 - 1e-9, Alpha: 1},
		markov.Sticky{Size: tokens, Weight: 1 - 1e-6, Alpha: 1},
		markov.Cyclic{Size: tokens, Weight: 0.9999, Alpha: 1},
		markov.RankOne{Size: tokens, Alpha: 0.5},
		markov.Dirichlet{Size: tokens, Alpha: 1e4}, // close to uniform: a weak signal
		concentrated(tokens),
	}
	return drawFrom(t, rapid.SampledFrom(priors).Draw(t, "prior"))
}

func drawFrom(t *rapid.T, prior markov.Prior) *markov.Chain {
	tokens := prior.Tokens()
	p := make([]float64, tokens*tokens)
	prior.Draw(stream.New(stream.Key{Seed: rapid.Uint64().Draw(t, "chain seed"), Purpose: stream.Law}), p)
	c, err := markov.NewChain(nested(p, tokens))
	if err != nil {
		t.Skipf("no chain: %v", err) // numerically reducible
	}
	return c
}

// concentrated is a chain that leaves its first token with probability 1e-10,
// whatever came before: the gradient is of that size, its summands of size 1.
func concentrated(tokens int) markov.Prior {
	rows := make([][]float64, tokens)
	for a := range rows {
		rows[a] = make([]float64, tokens)
		rows[a][0] = 1
		for b := 1; b < tokens; b++ {
			rows[a][b] = 1e-10 * float64(a+b)
			rows[a][0] -= rows[a][b]
		}
	}
	c, err := markov.NewChain(rows)
	if err != nil {
		panic(err)
	}
	return markov.Point{Chain: c, Name: "concentrated"}
}

func nested(p []float64, tokens int) [][]float64 {
	rows := make([][]float64, tokens)
	for a := range rows {
		rows[a] = p[a*tokens : (a+1)*tokens]
	}
	return rows
}

func drawEps(t *rapid.T) float64 {
	return rapid.SampledFrom([]float64{0, 0, 1e-12, 1e-3, 0.1, 1}).Draw(t, "eps")
}

func flat(m [][]float64) []float64 {
	var all []float64
	for _, row := range m {
		all = append(all, row...)
	}
	return all
}

// requireClose compares matrices relative to the largest entry of want.
func requireClose(t require.TestingT, got, want [][]float64, limit float64, what string) {
	g, w := flat(got), flat(want)
	require.Len(t, g, len(w))
	require.NoError(t, close.Within(close.RelativeError(g, w), 0, 0, limit), what)
}

// rationalGradient is Rational on the chain's floating-point numbers, rounded.
func rationalGradient(t require.TestingT, f graph.Forest, c *markov.Chain, eps float64) [][]float64 {
	rows := make([][]*big.Rat, c.Tokens())
	for a := range rows {
		for _, v := range c.Row(a) {
			rows[a] = append(rows[a], new(big.Rat).SetFloat64(v))
		}
	}
	exact, err := Rational(f, rows, new(big.Rat).SetFloat64(eps))
	require.NoError(t, err)
	g := square(len(exact))
	for i, row := range exact {
		for k, v := range row {
			g[i][k], _ = v.Float64()
		}
	}
	return g
}

func TestThreeWaysAgree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tokens := rapid.IntRange(2, 4).Draw(t, "tokens")
		f := drawForest(t, 3, map[int]int{2: 7, 3: 6, 4: 5}[tokens])
		c, eps := drawChain(t, tokens), drawEps(t)
		want := rationalGradient(t, f, c, eps)
		got, err := Gradient(f, c, eps)
		require.NoError(t, err)
		requireClose(t, got, want, tolerance, "tree transform against exact arithmetic")
		requireClose(t, enumerate(f, c, eps), want, tolerance, "enumeration against exact arithmetic")
	})
}

// TestRowsKeepTheirDigits: where one token dominates, the rows of the prefix are
// 1e10 times smaller than that of the last token, and still right by
// themselves. (No such promise on sticky or nearly deterministic chains.)
func TestRowsKeepTheirDigits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tokens := rapid.IntRange(2, 4).Draw(t, "tokens")
		f := drawForest(t, 3, map[int]int{2: 7, 3: 6, 4: 5}[tokens])
		c, eps := drawFrom(t, concentrated(tokens)), drawEps(t)
		want := rationalGradient(t, f, c, eps)
		got, err := Gradient(f, c, eps)
		require.NoError(t, err)
		for i := range got {
			requireClose(t, got[i:i+1], want[i:i+1], tolerance, "one row")
		}
	})
}

func TestOfficialExamples(t *testing.T) {
	data, err := os.ReadFile("../../golden/reference/gradient_examples.json")
	require.NoError(t, err)
	var examples []struct {
		Parents         []int
		Chain, Gradient [][]float64
		Eps             float64
	}
	require.NoError(t, json.Unmarshal(data, &examples))
	require.NotEmpty(t, examples)
	for _, e := range examples {
		f, err := graph.NewForest(e.Parents)
		require.NoError(t, err)
		c, err := markov.NewChain(e.Chain)
		require.NoError(t, err)
		got, err := Gradient(f, c, e.Eps)
		require.NoError(t, err)
		requireClose(t, got, e.Gradient, tolerance, f.String())
	}
}

func TestGradientInvariants(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tokens := rapid.IntRange(2, 5).Draw(t, "tokens")
		f := drawForest(t, 3, 40)
		c, eps := drawChain(t, tokens), drawEps(t)
		g, err := Gradient(f, c, eps)
		require.NoError(t, err)
		order := rapid.Permutation([]int{0, 1, 2, 3, 4}[:tokens]).Draw(t, "order")
		again, err := Gradient(f, c.Relabelled(order), eps)
		require.NoError(t, err)
		requireClose(t, again, g, 10*tolerance, "tokens relabelled")
		scale := 0.0
		for _, v := range flat(g) {
			scale = math.Max(scale, math.Abs(v))
		}
		for i, row := range g {
			sum := 0.0
			for k, v := range row {
				sum += v
				if k > i {
					require.Zero(t, v)
				}
			}
			require.NoError(t, close.Within(sum, 0, 0, tolerance*scale), "row %d has mean 0", i)
		}
	})
}

func TestExtremeLengthsStayFinite(t *testing.T) {
	star := make([]int, 299)
	star[0] = graph.Root
	for _, parents := range [][]int{star, make([]int, 0, 299)} {
		for i := len(parents); i < 299; i++ {
			parents = append(parents, i-1)
		}
		f, err := graph.NewForest(parents)
		require.NoError(t, err)
		for _, rows := range [][][]float64{
			{{0, 1}, {1, 0}},                         // zeros: deterministic
			{{1 - 1e-12, 1e-12}, {1e-12, 1 - 1e-12}}, // z^298 underflows in one state only
			{{1e-100, 1}, {1e-100, 1}},
		} {
			c, err := markov.NewChain(rows)
			require.NoError(t, err)
			for _, eps := range []float64{0, 1e-300, MaxEps} {
				g, err := Gradient(f, c, eps)
				require.NoError(t, err)
				for _, v := range flat(g) {
					require.False(t, math.IsNaN(v) || math.IsInf(v, 0))
				}
			}
		}
	}
}

// TestBits pins the bits: a changed sum is a changed program. They must be the
// same on every architecture and at every GOAMD64 level.
func TestBits(t *testing.T) {
	f, err := graph.NewForest([]int{-1, 0, 1, 1, -1, 4, 2, 6, 0, -1, 8})
	require.NoError(t, err)
	c, err := markov.NewChain([][]float64{{0.5, 0.3, 0.2}, {0.1, 0.2, 0.7}, {0.3, 0.3, 0.4}})
	require.NoError(t, err)
	h := fnv.New64a()
	for _, eps := range []float64{0, 0.01} {
		g, err := Gradient(f, c, eps)
		require.NoError(t, err)
		for _, v := range flat(g) {
			b := math.Float64bits(v)
			_, _ = h.Write([]byte{byte(b), byte(b >> 8), byte(b >> 16), byte(b >> 24), byte(b >> 32), byte(b >> 40), byte(b >> 48), byte(b >> 56)})
		}
	}
	require.Equal(t, uint64(0x33c4e6e5cedc2c08), h.Sum64())
}

func TestBadArgumentsGetOneLine(t *testing.T) {
	c, err := markov.NewChain([][]float64{{0.5, 0.5}, {0.25, 0.75}})
	require.NoError(t, err)
	f, err := graph.Chain(30)
	require.NoError(t, err)
	for _, eps := range []float64{-1, math.NaN(), math.Inf(1), 2 * MaxEps} {
		_, err = Gradient(f, c, eps)
		require.ErrorContains(t, err, "eps = ")
	}
	_, err = Gradient(f, nil, 0)
	require.ErrorContains(t, err, "no chain")
	_, err = Gradient(graph.Forest{}, c, 0)
	require.ErrorContains(t, err, "sequence length 1, want at least 3")
}
