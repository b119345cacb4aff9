package count

import (
	"fmt"
	"math"
	"math/big"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"causalgrad/theory/close"
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
	"causalgrad/theory/stream"
)

// instance is a forest and a chain whose stationary distribution is known
// exactly: any chain of two tokens, or a mixture of the rotations of three.
type instance struct {
	forest     graph.Forest
	rows       [][]*big.Rat
	stationary []*big.Rat
	chain      *markov.Chain
}

const unit = 1 << 6 // entries are multiples of 1/unit, so floats hold them exactly

func drawInstance(t *rapid.T) instance {
	parents := []int{-1}
	for i := range rapid.IntRange(1, 5).Draw(t, "further positions") {
		parents = append(parents, rapid.IntRange(-1, i).Draw(t, "parent"))
	}
	f, err := graph.NewForest(parents)
	require.NoError(t, err)
	part := rapid.IntRange(1, unit/2-1)
	a, b := int64(part.Draw(t, "a")), int64(part.Draw(t, "b"))
	ratio := func(n int64) *big.Rat { return big.NewRat(n, unit) }
	in := instance{forest: f}
	if rapid.Bool().Draw(t, "two tokens") {
		in.rows = [][]*big.Rat{{ratio(unit - a), ratio(a)}, {ratio(b), ratio(unit - b)}}
		in.stationary = []*big.Rat{big.NewRat(b, a+b), big.NewRat(a, a+b)}
	} else {
		third := big.NewRat(1, 3)
		in.rows = [][]*big.Rat{
			{ratio(a), ratio(b), ratio(unit - a - b)}, {ratio(unit - a - b), ratio(a), ratio(b)}, {ratio(b), ratio(unit - a - b), ratio(a)}}
		in.stationary = []*big.Rat{third, third, third}
	}
	var rows [][]float64
	for _, row := range in.rows {
		var r []float64
		for _, p := range row {
			v, _ := p.Float64()
			r = append(r, v)
		}
		rows = append(rows, r)
	}
	in.chain, err = markov.NewChain(rows)
	require.NoError(t, err)
	return in
}

// prefixes calls visit for every prefix with its exact probability.
func (in instance) prefixes(visit func(tokens []int, p *big.Rat)) {
	n, s := in.forest.Positions(), len(in.rows)
	tokens := make([]int, n)
	var extend func(i int, p *big.Rat)
	extend = func(i int, p *big.Rat) {
		if i == n {
			visit(tokens, p)
			return
		}
		for b := range s {
			tokens[i] = b
			q := in.stationary[b]
			if parent := in.forest.Parent(i); parent >= 0 {
				q = in.rows[tokens[parent]][b]
			}
			extend(i+1, new(big.Rat).Mul(p, q))
		}
	}
	extend(0, big.NewRat(1, 1))
}

// roundings bounds the relative error of a distribution: every entry is a sum of
// non-negative products, and no path through the messages has more than
// 2 T (S + 2) rounded steps, the stationary distribution's own among them.
func (in instance) roundings() float64 {
	return float64(2*in.forest.SequenceLength()*(len(in.rows)+2)) * 0x1p-53
}

// TestEdgesIsEnumeration compares the distribution with the sum over all
// prefixes in rational arithmetic.
func TestEdgesIsEnumeration(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := drawInstance(t)
		s := len(in.rows)
		counted := make([]bool, s*s)
		for i := range counted {
			counted[i] = rapid.Bool().Draw(t, "counted")
		}
		want := make([]*big.Rat, len(in.forest.Edges())+1)
		for n := range want {
			want[n] = new(big.Rat)
		}
		in.prefixes(func(tokens []int, p *big.Rat) {
			n := 0
			for _, e := range in.forest.Edges() {
				if counted[tokens[e.Parent]*s+tokens[e.Child]] {
					n++
				}
			}
			want[n].Add(want[n], p)
		})
		got := Edges(in.forest, in.chain, func(a, b int) bool { return counted[a*s+b] })
		require.Len(t, got, len(want), "%v", in.forest)
		for n, w := range want {
			exact, _ := w.Float64()
			require.NoError(t, close.Within(got[n], exact, in.roundings(), 0), "P(M = %d) on %v, rows %v", n, in.forest, in.rows)
		}
	})
}

// TestLossIsEnumeration compares the loss with the mean over all prefixes and
// last tokens of the cross entropy of the prediction itself, whose probabilities
// are exact and whose logarithms are the library's.
func TestLossIsEnumeration(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := drawInstance(t)
		s := len(in.rows)
		alpha := rapid.SampledFrom([]float64{0.01, 0.1, 1, 3}).Draw(t, "alpha")
		want := 0.0
		in.prefixes(func(tokens []int, p *big.Rat) {
			weight, _ := p.Float64()
			for q := range s {
				counts, total := make([]float64, s), float64(s)*alpha
				for b := range counts {
					counts[b] = alpha
				}
				for _, e := range in.forest.Edges() {
					if tokens[e.Parent] == q {
						counts[tokens[e.Child]]++
						total++
					}
				}
				for b, n := range counts {
					want -= weight / float64(s) * in.chain.P(q, b) * math.Log(n/total)
				}
			}
		})
		got, err := Loss(in.forest, in.chain, alpha)
		require.NoError(t, err)
		// Both sums have terms of at most log(T + S alpha) - log(alpha) in size and
		// probabilities with the relative error of roundings; S + 1 expectations of
		// logarithms are added, and the enumeration adds S^(T-1) terms of one sign.
		size := math.Log(float64(in.forest.SequenceLength())+float64(s)*alpha) - math.Log(alpha)
		prefixes := math.Pow(float64(s), float64(in.forest.Positions()))
		tolerance := float64(s+1)*size*in.roundings() + size*prefixes*0x1p-53
		require.NoError(t, close.Within(got, want, 0, tolerance), "loss on %v, rows %v, alpha %v", in.forest, in.rows, alpha)
	})
}

// TestLossWithoutEdges: with nothing to count the estimator says 1/S.
func TestLossWithoutEdges(t *testing.T) {
	f, err := graph.NewForest([]int{-1, -1, -1})
	require.NoError(t, err)
	c, err := markov.NewChain([][]float64{{0.5, 0.25, 0.25}, {0.25, 0.5, 0.25}, {0, 0.5, 0.5}})
	require.NoError(t, err)
	loss, err := Loss(f, c, 0.5)
	require.NoError(t, err)
	require.NoError(t, close.Within(loss, math.Log(3), 8*0x1p-53, 0)) // a few rounded steps
}

// TestDeterministicRowsHaveNoEntropy: a zero probability adds nothing.
func TestDeterministicRowsHaveNoEntropy(t *testing.T) {
	c, err := markov.NewChain([][]float64{{0, 1}, {0.5, 0.5}})
	require.NoError(t, err)
	require.NoError(t, close.Within(Irreducible(c), math.Ln2/2, 0x1p-52, 0))
}

func TestLossRefusesAlpha(t *testing.T) {
	f, _ := graph.Chain(4)
	c, err := markov.NewChain([][]float64{{0.5, 0.5}, {0.25, 0.75}})
	require.NoError(t, err)
	for _, alpha := range []float64{0, -1, math.NaN(), math.Inf(1)} {
		_, err := Loss(f, c, alpha)
		require.ErrorContains(t, err, fmt.Sprintf("alpha = %v", alpha))
	}
}

// TestAverage: a finite prior is its support's mean, the draws of another have
// the bits of one worker on several, and the gap's error is the paired one.
func TestAverage(t *testing.T) {
	f, err := graph.Chain(8)
	require.NoError(t, err)
	orbit, err := markov.ParsePrior("orbit:1,7", 3)
	require.NoError(t, err)
	exact, err := Average(f, orbit, 0.5, Options{})
	require.NoError(t, err)
	sum, support := 0.0, orbit.(markov.Finite).Support()
	for _, c := range support {
		loss, err := Loss(f, c, 0.5)
		require.NoError(t, err)
		sum += loss
	}
	require.True(t, exact.Exact)
	require.Equal(t, len(support), exact.Draws)
	require.Zero(t, exact.Count.StdErr)
	require.NoError(t, close.Within(exact.Count.Value, sum/float64(len(support)), 20*0x1p-53, 0)) // a mean of few terms below 2

	dirichlet, err := markov.ParsePrior("dirichlet:1", 3)
	require.NoError(t, err)
	one, err := Average(f, dirichlet, 1, Options{Draws: 40, Seed: 3, Workers: 1})
	require.NoError(t, err)
	three, err := Average(f, dirichlet, 1, Options{Draws: 40, Seed: 3, Workers: 3})
	require.NoError(t, err)
	require.Equal(t, one, three)
	require.False(t, one.Exact)
	require.Positive(t, one.Gap.StdErr)
	require.NoError(t, close.Within(one.Gap.Value, one.Count.Value-one.Irreducible.Value, 0, 100*0x1p-53)) // means of 40 numbers near 1

	// The standard error is that of the draws: the mean of squares less the square
	// of the mean, over n - 1, which cancels a few digits of numbers near 1.
	var squares float64
	for d := range 40 {
		c, err := markov.DrawChain(dirichlet, stream.Key{Seed: 3, Purpose: stream.Prior, Step: uint64(d)})
		require.NoError(t, err)
		squares += Irreducible(c) * Irreducible(c) / 40
	}
	variance := (squares - one.Irreducible.Value*one.Irreducible.Value) / 39
	require.NoError(t, close.Within(one.Irreducible.StdErr, math.Sqrt(variance), 1e-12, 0))

	_, err = Average(f, dirichlet, 1, Options{Draws: 1})
	require.ErrorContains(t, err, "draws = 1")
	_, err = Average(f, nil, 1, Options{})
	require.ErrorContains(t, err, "no prior")
	_, err = Average(f, dirichlet, 0, Options{Draws: 2})
	require.ErrorContains(t, err, "alpha = 0")
}

func BenchmarkLoss(b *testing.B) {
	for _, size := range []struct{ s, t int }{{3, 1024}, {10, 20}} {
		b.Run(fmt.Sprintf("S=%d/T=%d", size.s, size.t), func(b *testing.B) {
			f, _ := graph.Chain(size.t)
			prior, _ := markov.ParsePrior("orbit:1,7", 3)
			c := prior.(markov.Finite).Support()[0]
			if size.s != 3 {
				rows := make([][]float64, size.s)
				for a := range rows {
					rows[a] = make([]float64, size.s)
					for n := range rows[a] {
						rows[a][n] = 1 / float64(size.s)
					}
				}
				c, _ = markov.NewChain(rows)
			}
			for b.Loop() {
				if _, err := Loss(f, c, 0.1); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
