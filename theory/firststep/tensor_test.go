package firststep

import (
	"math"
	"math/big"
	"testing"

	"causalgrad/theory/close"
	"causalgrad/theory/graph"

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
	mu, err := rationalStationary(rows)
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
		tokens := rapid.IntRange(2, 5).Draw(t, "tokens")
		f := drawForest(t, 3, 30)
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
	a := square(length)
	for i, row := range a {
		sum := 0.0
		for k := range i + 1 {
			row[k] = rapid.SampledFrom([]float64{0, 0.01, 1, 1, 3, 100}).Draw(t, "attention")
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
		tokens := rapid.IntRange(2, 4).Draw(t, "tokens")
		f := drawForest(t, 3, 30)
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
