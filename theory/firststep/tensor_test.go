package firststep

import (
	"math"
	"math/big"
	"testing"

	"causalgrad/theory/close"
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
	"causalgrad/theory/stream"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// rationalTensor is the tensor by its definition, over all prefixes, without
// rounding: [i][k][q][r].
func rationalTensor(f graph.Forest, rows [][]*big.Rat, eps *big.Rat) [][][][]*big.Rat {
	t, s := f.SequenceLength(), len(rows)
	h := make([][][][]*big.Rat, t)
	for i := range h {
		h[i] = make([][][]*big.Rat, i+1)
		for k := range h[i] {
			h[i][k] = make([][]*big.Rat, s)
			for q := range h[i][k] {
				h[i][k][q] = make([]*big.Rat, s)
				for r := range s {
					h[i][k][q][r] = new(big.Rat)
				}
			}
		}
	}
	mu, err := RationalStationary(rows)
	if err != nil {
		panic(err)
	}
	forEachPrefix(f, rows, mu, func(sequence []int, p *big.Rat) {
		for q := range s {
			sequence[t-1] = q
			for i := range t {
				c := new(big.Rat).Mul(p, rationalResponse(sequence, rows, eps, i, q))
				for k := range i + 1 {
					v := h[i][k][q][sequence[k]]
					v.Add(v, c)
				}
			}
		}
	})
	return h
}

// forEachPrefix visits every prefix, with room for the last token, and its
// probability.
func forEachPrefix(f graph.Forest, rows [][]*big.Rat, mu []*big.Rat, visit func(sequence []int, p *big.Rat)) {
	sequence := make([]int, f.SequenceLength())
	var walk func(position int, p *big.Rat)
	walk = func(position int, p *big.Rat) {
		if position == f.Positions() {
			visit(sequence, p)
			return
		}
		distribution := mu
		if parent := f.Parent(position); parent != graph.Root {
			distribution = rows[sequence[parent]]
		}
		for token, v := range distribution {
			sequence[position] = token
			walk(position+1, new(big.Rat).Mul(p, v))
		}
	}
	walk(0, big.NewRat(1, 1))
}

// rationalResponse is c_i(q) of one sequence.
func rationalResponse(sequence []int, rows [][]*big.Rat, eps *big.Rat, i, q int) *big.Rat {
	c := new(big.Rat)
	for s := range rows {
		count := int64(0)
		for _, token := range sequence {
			if token == s {
				count++
			}
		}
		if count == 0 {
			continue
		}
		frequency := big.NewRat(count, int64(len(sequence)))
		term := new(big.Rat).Neg(frequency)
		if sequence[i] == s {
			term.Add(term, big.NewRat(1, 1))
		}
		term.Mul(term, rows[q][s])
		c.Add(c, term.Quo(term, frequency.Add(frequency, eps)))
	}
	return c
}

func rationalRows(rows [][]float64) [][]*big.Rat {
	out := make([][]*big.Rat, len(rows))
	for a, row := range rows {
		for _, v := range row {
			out[a] = append(out[a], new(big.Rat).SetFloat64(v))
		}
	}
	return out
}

// TestTensorAgainstEnumeration: every entry, relative to the largest, in exact
// arithmetic; the derivation of the tolerance is that of the gradient.
func TestTensorAgainstEnumeration(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tokens := rapid.IntRange(2, 3).Draw(t, "tokens")
		f := drawForest(t, 3, map[int]int{2: 6, 3: 4}[tokens])
		c, eps := drawChain(t, tokens), drawEps(t)
		rows := make([][]float64, tokens)
		for a := range rows {
			rows[a] = c.Row(a)
		}
		want := rationalTensor(f, rationalRows(rows), new(big.Rat).SetFloat64(eps))
		h, err := NewTensor(f, c, eps)
		require.NoError(t, err)
		var got, exact [][]float64
		for i := range want {
			for k := range want[i] {
				for q := range want[i][k] {
					g, e := make([]float64, tokens), make([]float64, tokens)
					for r, v := range want[i][k][q] {
						g[r] = h.At(i, k, q, r)
						e[r], _ = v.Float64()
					}
					got, exact = append(got, g), append(exact, e)
				}
			}
		}
		requireClose(t, got, exact, tolerance, "tensor against exact arithmetic")
	})
}

// TestPayoffsGiveTheGradient: the payoffs, centred, are the first gradient.
func TestPayoffsGiveTheGradient(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tokens := rapid.IntRange(2, 3).Draw(t, "tokens")
		f := drawForest(t, 3, 40)
		c, eps := drawChain(t, tokens), drawEps(t)
		h, err := NewTensor(f, c, eps)
		require.NoError(t, err)
		payoffs := h.Payoffs()
		for i, row := range payoffs {
			centre(row[:i+1], float64(tokens*f.SequenceLength()*(i+1)))
		}
		want, err := Gradient(f, c, eps)
		require.NoError(t, err)
		requireClose(t, payoffs, want, 10*tolerance, "centred payoffs")
	})
}

func drawAttention(t *rapid.T, length int) [][]float64 {
	a, s := square(length), stream.New(stream.Key{Seed: rapid.Uint64().Draw(t, "attention seed"), Purpose: stream.Law})
	weights := []float64{0, 0.01, 1, 1, 3, 100}
	for i, row := range a {
		sum := 0.0
		for k := range i + 1 {
			row[k] = weights[s.IntN(len(weights))]
			sum += row[k]
		}
		if sum == 0 {
			row[i], sum = 1, 1
		}
		for k := range i + 1 {
			row[k] /= sum
		}
	}
	return a
}

// TestSecondLayerIsTheTensorsSum: the contraction against the tensor.
func TestSecondLayerIsTheTensorsSum(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tokens := rapid.IntRange(2, 3).Draw(t, "tokens")
		f := drawForest(t, 3, 40) // from 34 positions on the nodes make two blocks
		c, eps := drawChain(t, tokens), drawEps(t)
		a := drawAttention(t, f.SequenceLength())
		h, err := NewTensor(f, c, eps)
		require.NoError(t, err)
		want, err := h.SecondLayer(a)
		require.NoError(t, err)
		got, err := SecondLayer(f, c, eps, a)
		require.NoError(t, err)
		scale := 0.0 // the sum may cancel: relative to its largest term
		for i, row := range a {
			for k, v := range row[:i+1] {
				for _, e := range h.block(i, k) {
					scale += math.Abs(v*e) / float64(tokens*f.SequenceLength())
				}
			}
		}
		for q := range got {
			for r := range got {
				require.NoError(t, close.Within(got[q][r], want[q][r], 0, tolerance*scale), "entry %d, %d", q, r)
			}
		}
	})
}

// TestFirstLayerIsTheTensors: by the definition, with the tensor's payoffs.
func TestFirstLayerIsTheTensors(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tokens := rapid.IntRange(2, 4).Draw(t, "tokens")
		f := drawForest(t, 3, 20)
		c, eps := drawChain(t, tokens), drawEps(t)
		a := drawAttention(t, f.SequenceLength())
		h, err := NewTensor(f, c, eps)
		require.NoError(t, err)
		want, scale := square(f.SequenceLength()), 0.0
		for i, row := range h.Payoffs() {
			mean := 0.0
			for k := range i + 1 {
				mean += a[i][k] * row[k]
				scale = math.Max(scale, math.Abs(row[k])/float64(tokens*f.SequenceLength()))
			}
			for k := range i + 1 {
				want[i][k] = a[i][k] * (row[k] - mean) / float64(tokens*f.SequenceLength())
			}
		}
		got, err := FirstLayer(f, c, eps, a)
		require.NoError(t, err)
		require.NoError(t, close.AllWithin(flat(got), flat(want), 0, 10*tolerance*scale))
	})
}

// TestAveragesOverAPrior: of both layers, over the chains of an orbit, and of
// two halves of the draws of a sampled prior.
func TestAveragesOverAPrior(t *testing.T) {
	f, err := graph.NewForest([]int{-1, 0, 0, 2})
	require.NoError(t, err)
	prior, err := markov.ParsePrior("orbit:1,3", 2)
	require.NoError(t, err)
	a := square(5)
	for i := range a {
		a[i][i/2], a[i][i] = 0.25, a[i][i]+0.75
	}
	support := prior.(markov.Finite).Support()
	first, second := square(5), square(2)
	for _, c := range support {
		g, err := FirstLayer(f, c, 0.01, a)
		require.NoError(t, err)
		h, err := SecondLayer(f, c, 0.01, a)
		require.NoError(t, err)
		for i := range g {
			addScaled(first[i], 1/float64(len(support)), g[i])
		}
		for q := range h {
			addScaled(second[q], 1/float64(len(support)), h[q])
		}
	}
	mean, err := AverageFirstLayer(f, prior, 0.01, a, Options{})
	require.NoError(t, err)
	require.True(t, mean.Exact)
	requireClose(t, mean.Mean, first, tolerance, "first layer")
	mean, err = AverageSecondLayer(f, prior, 0.01, a, Options{})
	require.NoError(t, err)
	requireClose(t, mean.Mean, second, tolerance, "second layer")

	all, err := Average(f, markov.Dirichlet{Size: 2, Alpha: 1}, 0, Options{Draws: 8, Seed: 3})
	require.NoError(t, err)
	half := square(5)
	for _, first := range []int{0, 4} {
		e, err := Average(f, markov.Dirichlet{Size: 2, Alpha: 1}, 0, Options{Draws: 4, First: first, Seed: 3})
		require.NoError(t, err)
		for i := range half {
			addScaled(half[i], 0.5, e.Mean[i])
		}
	}
	requireClose(t, half, all.Mean, tolerance, "halves of the draws")
}

func TestLandscapeRejects(t *testing.T) {
	f, err := graph.Chain(30)
	require.NoError(t, err)
	c, err := markov.NewChain([][]float64{{0.5, 0.5}, {0.25, 0.75}})
	require.NoError(t, err)
	uniform := square(30)
	_, err = NewTensor(f, nil, 0)
	require.ErrorContains(t, err, "no chain")
	_, err = NewTensor(f, c, -1)
	require.ErrorContains(t, err, "eps = -1")
	_, err = SecondLayer(f, nil, 0, uniform)
	require.ErrorContains(t, err, "no chain")
	for _, a := range [][][]float64{uniform[:29], append(append([][]float64{}, uniform[:29]...), uniform[0][:29])} {
		_, err = SecondLayer(f, c, 0, a)
		require.ErrorContains(t, err, "attention")
		_, err = FirstLayer(f, c, 0, a)
		require.ErrorContains(t, err, "attention")
		_, err = AverageFirstLayer(f, markov.Point{Chain: c}, 0, a, Options{})
		require.ErrorContains(t, err, "attention")
		_, err = AverageSecondLayer(f, markov.Point{Chain: c}, 0, a, Options{})
		require.ErrorContains(t, err, "attention")
	}
	_, err = AverageSecondLayer(f, nil, 0, uniform, Options{})
	require.ErrorContains(t, err, "no prior")
	_, err = AverageFirstLayer(f, nil, 0, uniform, Options{})
	require.ErrorContains(t, err, "no prior")
	long, err := graph.Chain(2000)
	require.NoError(t, err)
	wide, err := markov.DrawChain(markov.Dirichlet{Size: 16, Alpha: 1}, stream.Key{Seed: 1, Purpose: stream.Law})
	require.NoError(t, err)
	_, err = NewTensor(long, wide, 0)
	require.ErrorContains(t, err, "want at most 134217728")
}
