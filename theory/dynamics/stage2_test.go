package dynamics

import (
	"math/big"
	"slices"
	"testing"

	"causalgrad/theory/firststep"
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// drawStage2 draws a small problem for the given chains.
func drawStage2(t *rapid.T, chains [][][]*big.Rat, base *big.Rat) Stage2 {
	parents := []int{graph.Root}
	for i := range rapid.IntRange(1, 2).Draw(t, "further positions") {
		parents = append(parents, rapid.IntRange(graph.Root, i).Draw(t, "parent"))
	}
	f, err := graph.NewForest(parents)
	require.NoError(t, err)
	s := Stage2{Forest: f, Chains: chains, Denominator: 3, Base: base,
		Eps: rapid.SampledFrom([]*big.Rat{new(big.Rat), big.NewRat(1, 100)}).Draw(t, "eps")}
	for i := range f.SequenceLength() {
		row := make([]int, i+1)
		for range s.Denominator {
			row[rapid.IntRange(0, i).Draw(t, "attends")]++
		}
		s.Attention = append(s.Attention, row)
	}
	for _, rows := range chains {
		mu, err := firststep.RationalStationary(rows)
		require.NoError(t, err)
		s.Roots = append(s.Roots, mu)
	}
	return s
}

// drawRational draws a chain of entries n/12, all positive.
func drawRational(t *rapid.T, tokens int) [][]*big.Rat {
	rows := make([][]*big.Rat, tokens)
	for a := range rows {
		left := int64(12)
		for b := range tokens - 1 {
			n := rapid.Int64Range(1, left-int64(tokens-1-b)).Draw(t, "twelfths")
			rows[a] = append(rows[a], big.NewRat(n, 12))
			left -= n
		}
		rows[a] = append(rows[a], big.NewRat(left, 12))
	}
	return rows
}

// TestStage2KeepsTheIdentity: over the relabelled copies of a chain the spread is
// exactly 0, at every attention, beta and eps; so A2 stays beta I.
func TestStage2KeepsTheIdentity(t *testing.T) {
	alone := 0
	rapid.Check(t, func(t *rapid.T) {
		tokens := rapid.IntRange(2, 3).Draw(t, "tokens")
		chain := drawRational(t, tokens)
		base := rapid.SampledFrom([]*big.Rat{big.NewRat(1, 1), big.NewRat(3, 2), big.NewRat(5, 1), big.NewRat(1, 3)}).Draw(t, "e^(beta/d)")
		s := drawStage2(t, Relabelled(chain), base)
		g, err := s.Gradient()
		require.NoError(t, err)
		require.Zero(t, Spread(g).Sign(), "chain %v: %v", chain, g)
		s.Chains, s.Roots = s.Chains[:1], s.Roots[:1]
		g, err = s.Gradient()
		require.NoError(t, err)
		if Spread(g).Sign() > 0 {
			alone++
		}
	})
	require.Positive(t, alone, "one chain alone should leave it now and then")
}

// TestStage2BeginsWithTheSecondLayersGradient: at beta = 0 it is the gradient
// that firststep computes by other means.
func TestStage2BeginsWithTheSecondLayersGradient(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		chain := drawRational(t, rapid.IntRange(2, 3).Draw(t, "tokens"))
		s := drawStage2(t, [][][]*big.Rat{chain}, big.NewRat(1, 1))
		exact, err := s.Gradient()
		require.NoError(t, err)
		rows := make([][]float64, len(chain))
		for a, row := range chain {
			for _, v := range row {
				x, _ := v.Float64()
				rows[a] = append(rows[a], x)
			}
		}
		c, err := markov.NewChain(rows)
		require.NoError(t, err)
		attention := Zero(s.Forest.SequenceLength())
		for i, row := range s.Attention {
			for k, a := range row {
				attention[i][k] = float64(a) / float64(s.Denominator)
			}
		}
		eps, _ := s.Eps.Float64()
		got, err := firststep.SecondLayer(s.Forest, c, eps, attention)
		require.NoError(t, err)
		for q, row := range exact {
			for r, v := range row {
				want, _ := v.Float64()
				require.InDelta(t, want, got[q][r], 1e-12, "entry %d, %d", q, r)
			}
		}
	})
}

// TestTheSmallestAsymmetries: what the search finds without A3, in exact numbers.
func TestTheSmallestAsymmetries(t *testing.T) {
	for _, constantMean := range []bool{false, true} {
		a, err := FindAsymmetry(constantMean)
		require.NoError(t, err)
		t.Logf("constant mean %v: parents %v, chains %v, gradient %v, spread %s", constantMean, a.Forest.Parents(), a.Chains, a.Gradient, a.Spread.RatString())
		require.Positive(t, a.Spread.Sign())
		both := append(append([][][]*big.Rat{}, Relabelled(a.Chains[0])...), Relabelled(a.Chains[len(a.Chains)-1])...)
		g, err := initialGradient(a.Forest, both)
		require.NoError(t, err)
		require.Zero(t, Spread(g).Sign(), "with its relabelled copies it satisfies A3")
	}
}

func TestStage2Rejects(t *testing.T) {
	f, err := graph.NewForest([]int{-1, 0})
	require.NoError(t, err)
	one := big.NewRat(1, 1)
	half := big.NewRat(1, 2)
	chain := [][]*big.Rat{{half, half}, {half, half}}
	good := Stage2{f, [][][]*big.Rat{chain}, [][]*big.Rat{{half, half}}, [][]int{{1}, {1, 0}, {1, 0, 0}}, 1, one, new(big.Rat)}
	_, err = good.Gradient()
	require.NoError(t, err)
	for want, change := range map[string]func(*Stage2){
		"1 chains and 0 distributions":             func(s *Stage2) { s.Roots = nil },
		"want T rows of attention":                 func(s *Stage2) { s.Base = new(big.Rat) },
		"attention[1] has 2 entries that sum to 0": func(s *Stage2) { s.Attention = [][]int{{1}, {0, 0}, {1, 0, 0}} },
	} {
		bad := good
		change(&bad)
		_, err := bad.Gradient()
		require.ErrorContains(t, err, want)
	}
	const tokens = 9
	uniform := slices.Repeat([]*big.Rat{big.NewRat(1, tokens)}, tokens)
	of := func(length int) error {
		g, err := graph.Chain(length)
		require.NoError(t, err)
		attention, denominator := UniformAttention(length)
		_, err = Stage2{g, [][][]*big.Rat{slices.Repeat([][]*big.Rat{uniform}, tokens)}, [][]*big.Rat{uniform}, attention, denominator, one, new(big.Rat)}.Gradient()
		return err
	}
	require.NoError(t, of(3), "9^2 prefixes")
	require.ErrorContains(t, of(5), "more than 4096 prefixes")
}
