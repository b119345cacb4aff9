package condition

import (
	"errors"
	"fmt"
	"math"
	"math/big"

	"causalgrad/theory/chisq"
	"causalgrad/theory/firststep"
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
	"causalgrad/theory/stream"
)

// Known facts about the statements, as numbers to reproduce.

// TwoTokenSignal is the signal of the chain [[1-a, a], [a, 1-a]] at a child:
// 1-2a on the child itself (tr(pi) - 1) and (1-2a)^2 on its parent, exactly. For 0 < a < 1/2
// the self entry is larger: the smallest counterexample without A4.
func TwoTokenSignal(a *big.Rat) (self, parent *big.Rat) {
	self = new(big.Rat).Sub(big.NewRat(1, 1), new(big.Rat).Add(a, a))
	return self, new(big.Rat).Mul(self, self)
}

// TwoTokenChain is the chain [[1-a, a], [a, 1-a]].
func TwoTokenChain(a float64) (*markov.Chain, error) {
	return markov.NewChain([][]float64{{1 - a, a}, {a, 1 - a}})
}

// SelfMargin is, for the point prior on the chain [[1-a, a], [a, 1-a]], the
// smallest lead of a parent's entry over the child's own in the exact gradient
// (eps = 0) of a forest: where it is negative the first step of some row favours
// the child itself. For large T its sign is that of a - 1/2.
func SelfMargin(f graph.Forest, a float64) (float64, error) {
	c, err := TwoTokenChain(a)
	if err != nil {
		return 0, err
	}
	g, err := firststep.Gradient(f, c, 0)
	if err != nil {
		return 0, err
	}
	least := math.Inf(1)
	for _, e := range f.Edges() {
		least = math.Min(least, g[e.Child][e.Parent]-g[e.Child][e.Child])
	}
	return least, nil
}

// Inequalities are the three numbers of the chain of inequalities
// rho^2 <= delta <= 1 - gamma.
type Inequalities struct {
	SquaredCorrelation float64 // rho^2
	Dobrushin          float64 // delta
	Complement         float64 // 1 - gamma, gamma = S min pi[a][b]
}

// InequalitiesOf evaluates them for one chain.
func InequalitiesOf(c *markov.Chain) (Inequalities, error) {
	rho, err := c.SecondSingularValue()
	if err != nil {
		return Inequalities{}, err
	}
	entry, _, _ := c.Smallest()
	return Inequalities{float64(rho * rho), Dobrushin(c), 1 - float64(float64(c.Tokens())*entry)}, nil
}

// MarginRatio is, for one chain, the smallest ratio of a margin of the signal
// to (gamma/2) I over all children and third, earlier positions (statement L2
// says: at least 1), with the ratio of the same margin to the sharper
// (1 - sqrt(1-gamma)) I. It fails where L2 compares nothing: a chain without
// signal or with gamma = 0, a forest without a third position.
func MarginRatio(f graph.Forest, c *markov.Chain) (ratio, sharp float64, err error) {
	entry, _, _ := c.Smallest()
	gamma := math.Min(float64(float64(c.Tokens())*entry), 1)
	law := measureMargin(f, chisq.Compute(f, c), gamma, norm(c))
	if law.child == graph.Root {
		return 0, 0, errors.New("margin ratio: nothing to compare: want gamma > 0, a chain with a signal, and a child with a third, earlier position")
	}
	return law.ratio, law.sharp, nil
}

// LeastMarginRatio searches chains of S tokens for the smallest MarginRatio:
// half of the evaluations are independent draws, the rest move the best one
// found by mixing it with new draws, less and less. It is a function of its
// arguments. No search proves a minimum.
func LeastMarginRatio(f graph.Forest, tokens, evaluations int, seed uint64) (ratio float64, at *markov.Chain, err error) {
	s := stream.New(stream.Key{Seed: seed, Purpose: stream.Search})
	ratio = math.Inf(1)
	row := make([]float64, tokens)
	for n := range evaluations {
		step := 1.0
		if at != nil && n >= evaluations/2 {
			step = math.Ldexp(0.5, -s.IntN(14))
		}
		rows := make([][]float64, tokens)
		for a := range rows {
			s.Dirichlet([]float64{0.3, 1, 5}[s.IntN(3)], row)
			rows[a] = make([]float64, tokens)
			for b := range row {
				rows[a][b] = float64(step * row[b])
				if step < 1 {
					rows[a][b] += float64((1 - step) * at.P(a, b))
				}
			}
		}
		c, err := markov.NewChain(rows)
		if err != nil {
			continue // numerically reducible: not a chain to compare
		}
		if r, _, err := MarginRatio(f, c); err == nil && r < ratio {
			ratio, at = r, c
		}
	}
	if at == nil {
		return 0, nil, fmt.Errorf("margin ratio: no chain with %d tokens to compare in %d evaluations on %s", tokens, evaluations, f)
	}
	return ratio, at, nil
}

// Slope is that of the exact gradient (eps = 0) against its leading order over
// random forests of one length, for one prior.
type Slope struct {
	Prior  string
	Length int
	// Mean over the forests of firststep.Comparison's Slope, Deviation their
	// standard deviation.
	Mean, Deviation float64
}

// Slopes measures how far finite T is from the leading order: for each prior
// and length, over forests drawn as the graph "random" with each of the seeds.
// Priors must be finite, so that no number but the choice of forests is
// sampled.
func Slopes(priors []markov.Prior, lengths []int, seeds []uint64) ([]Slope, error) {
	if len(seeds) < 2 {
		return nil, fmt.Errorf("slopes: %d forests, want at least 2", len(seeds))
	}
	var list []Slope
	for _, prior := range priors {
		finite, ok := prior.(markov.Finite)
		if !ok {
			return nil, fmt.Errorf("slopes: prior %s: want a finite one (orbit or point)", prior)
		}
		chains, err := representatives(finite)
		if err != nil {
			return nil, err
		}
		reduced := uniform{finite, chains}
		moments := make([]moment, len(lengths))
		for _, seed := range seeds {
			ladder, err := firststep.Ladder(func(length int) (graph.Forest, error) {
				return graph.Random(length, graph.DefaultRootProbability, stream.New(stream.Key{Seed: seed, Purpose: stream.Graph}))
			}, reduced, lengths, firststep.Options{})
			if err != nil {
				return nil, fmt.Errorf("slopes: prior %s: %w", prior, err)
			}
			for n, c := range ladder {
				moments[n].add(c.Slope)
			}
		}
		for n, m := range moments {
			list = append(list, Slope{prior.String(), lengths[n], m.mean, math.Sqrt(m.squares / float64(m.n-1))})
		}
	}
	return list, nil
}

// uniform is a finite prior with another list of chains.
type uniform struct {
	markov.Finite
	chains []*markov.Chain
}

func (u uniform) Support() []*markov.Chain { return u.chains }
