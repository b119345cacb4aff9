package dynamics

import (
	"errors"
	"math/big"
	"slices"

	"causalgrad/theory/firststep"
	"causalgrad/theory/graph"
)

// Asymmetry is a prior that relabelling changes, and the gradient with which
// stage 2 leaves A2 = beta I.
type Asymmetry struct {
	Forest   graph.Forest
	Chains   [][][]*big.Rat // the prior is uniform over them
	Gradient [][]*big.Rat   // -dL/dA2 at A1 = 0 and A2 = 0, eps = 0
	Spread   *big.Rat
	Examined int // priors looked at in order of size, this one the last
}

// FindAsymmetry searches for the smallest prior without A3 whose stage 2 leaves
// A2 = beta I: two tokens, the shortest sequence with an edge, and chains whose
// entries have the smallest common denominator, positive (A1) and with different
// rows (A2). With constantMean the prior keeps
// A4: it is a chain and the same with its columns exchanged, so that the mean is
// 1/2; otherwise it is one chain.
func FindAsymmetry(constantMean bool) (Asymmetry, error) {
	f, err := graph.NewForest([]int{graph.Root, 0})
	if err != nil {
		return Asymmetry{}, err
	}
	const most = 12
	examined := 0
	for n := int64(2); n <= most; n++ {
		for a := int64(1); a < n; a++ {
			for b := int64(1); b < n; b++ {
				if a+b == n {
					continue // equal rows
				}
				rows := [][]*big.Rat{{big.NewRat(n-a, n), big.NewRat(a, n)}, {big.NewRat(b, n), big.NewRat(n-b, n)}}
				chains := [][][]*big.Rat{rows}
				if constantMean {
					chains = append(chains, [][]*big.Rat{{rows[0][1], rows[0][0]}, {rows[1][1], rows[1][0]}})
				}
				examined++
				gradient, err := initialGradient(f, chains)
				if err != nil {
					return Asymmetry{}, err
				}
				if spread := Spread(gradient); spread.Sign() > 0 {
					return Asymmetry{f, chains, gradient, spread, examined}, nil
				}
			}
		}
	}
	return Asymmetry{}, errors.New("stage 2: no prior of two tokens with denominators up to 12 leaves A2 = beta I")
}

// initialGradient is that of stage 2 at A1 = 0, A2 = 0 and eps = 0.
func initialGradient(f graph.Forest, chains [][][]*big.Rat) ([][]*big.Rat, error) {
	s := Stage2{Forest: f, Chains: chains, Base: big.NewRat(1, 1), Eps: new(big.Rat)}
	s.Attention, s.Denominator = UniformAttention(f.SequenceLength())
	for _, rows := range chains {
		mu, err := firststep.RationalStationary(rows)
		if err != nil {
			return nil, err
		}
		s.Roots = append(s.Roots, mu)
	}
	return s.Gradient()
}

// Relabelled lists a chain under all permutations of its tokens: the smallest prior
// with A3 that holds it.
func Relabelled(rows [][]*big.Rat) (all [][][]*big.Rat) {
	var extend func(order []int)
	extend = func(order []int) {
		if len(order) < len(rows) {
			for v := range rows {
				if !slices.Contains(order, v) {
					extend(append(order[:len(order):len(order)], v))
				}
			}
			return
		}
		chain := make([][]*big.Rat, len(rows))
		for a := range rows {
			for b := range rows {
				chain[a] = append(chain[a], rows[order[a]][order[b]])
			}
		}
		all = append(all, chain)
	}
	extend(nil)
	return all
}
