package condition

import (
	"errors"
	"fmt"
	"math"
	"math/big"
	"testing"

	"causalgrad/theory/chisq"
	"causalgrad/theory/close"
	"causalgrad/theory/firststep"
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
	"causalgrad/theory/stream"

	"github.com/stretchr/testify/require"
)

// Known facts about the statements, as numbers to reproduce.

// TestTwoTokens: the formula against the signal of the chain itself, and its
// finite-T consequence in rational arithmetic.
func TestTwoTokens(t *testing.T) {
	f := forest(t, "chain", 9)
	for _, a := range []*big.Rat{big.NewRat(1, 8), big.NewRat(1, 4), big.NewRat(3, 4)} {
		self, parent := twoTokenSignal(a)
		value, _ := a.Float64() // dyadic: exact
		c, err := twoTokenChain(value)
		require.NoError(t, err)
		g := chisq.Compute(f, c).Signal
		want, _ := self.Float64()
		// A handful of roundings, the square roots of the kernel among them.
		require.NoError(t, close.Within(g[4][4], want, 1e-14, 0))
		want, _ = parent.Float64()
		require.NoError(t, close.Within(g[4][3], want, 1e-14, 0))

		exact, err := firststep.Rational(f, rationalRows(c), nil)
		require.NoError(t, err)
		least := new(big.Rat).SetInt64(1)
		for _, e := range f.Edges() {
			if lead := new(big.Rat).Sub(exact[e.Child][e.Parent], exact[e.Child][e.Child]); lead.Cmp(least) < 0 {
				least = lead
			}
		}
		want, _ = least.Float64()
		margin, err := selfMargin(f, value)
		require.NoError(t, err)
		require.NoError(t, close.Within(margin, want, 1e-11, 0))
		require.Equal(t, self.Cmp(parent) > 0, least.Sign() < 0)
	}
}

// TestSelfMarginCrossesNearOneHalf: the a at which the parent catches up with
// the child itself tends to 1/2 as T grows.
func TestSelfMarginCrossesNearOneHalf(t *testing.T) {
	crossing := func(length int) float64 {
		low, high := 0.05, 0.5
		for range 30 {
			middle := (low + high) / 2
			margin, err := selfMargin(forest(t, "chain", length), middle)
			require.NoError(t, err)
			if margin < 0 {
				low = middle
			} else {
				high = middle
			}
		}
		return high
	}
	last := 0.0
	for _, c := range []struct {
		length int
		want   float64
	}{{6, 0.394}, {12, 0.450}, {24, 0.478}, {48, 0.4895}} {
		got := crossing(c.length)
		require.NoError(t, close.Within(got, c.want, 0, 2e-3), "T = %d", c.length)
		require.Greater(t, got, last)
		last = got
	}
}

// TestSmallestMarginRatio: for two tokens the ratio to (gamma/2) I is
// (a+b)/min(a,b) where 1-a-b > 0, so its infimum is 2.
func TestSmallestMarginRatio(t *testing.T) {
	f := forest(t, "chain", 6)
	c := chain(t, []float64{0.75, 0.25}, []float64{0.125, 0.875})
	ratio, sharp, err := marginRatio(f, c)
	require.NoError(t, err)
	require.NoError(t, close.Within(ratio, 3, 1e-13, 0))
	require.GreaterOrEqual(t, sharp, 1.0)
	two, at, err := leastMarginRatio(f, 2, 4000, 1)
	require.NoError(t, err)
	require.Less(t, two, 2.001)
	require.GreaterOrEqual(t, two, 2-1e-9)
	again, _, err := marginRatio(f, at)
	require.NoError(t, err)
	require.Equal(t, two, again)
	for _, text := range []string{"parents:-1,0", "parents:-1,-1"} {
		_, _, err = marginRatio(forest(t, text, 0), c)
		require.ErrorContains(t, err, "nothing to compare")
	}
}

// TestMarginRatioBelowTwo: with three tokens the ratio goes below 2, which
// random chains do not show; proved in rational arithmetic on one chain.
func TestMarginRatioBelowTwo(t *testing.T) {
	const s, denominator = 3, 20
	numerators := [s][s]int64{{12, 4, 4}, {4, 5, 11}, {4, 4, 12}}
	var pi [s][s]*big.Rat
	rows := make([][]float64, s)
	for a := range s {
		for b := range s {
			pi[a][b] = big.NewRat(numerators[a][b], denominator)
			v, _ := pi[a][b].Float64()
			rows[a] = append(rows[a], v)
		}
	}
	mu := [s]*big.Rat{big.NewRat(1, 3), big.NewRat(4, 19), big.NewRat(26, 57)}
	times := func(v ...*big.Rat) *big.Rat {
		product := big.NewRat(1, 1)
		for _, x := range v {
			product.Mul(product, x)
		}
		return product
	}
	total := big.NewRat(-1, 1)
	information, grandparent := big.NewRat(-1, 1), big.NewRat(-1, 1)
	for b := range s {
		in := new(big.Rat)
		for a := range s {
			in.Add(in, times(mu[a], pi[a][b]))
			two := new(big.Rat) // pi squared
			for c := range s {
				two.Add(two, times(pi[a][c], pi[c][b]))
			}
			weight := new(big.Rat).Quo(times(pi[a][b], mu[a]), mu[b])
			information.Add(information, times(weight, pi[a][b]))
			grandparent.Add(grandparent, times(weight, two))
		}
		require.Zero(t, in.Cmp(mu[b]), "stationary")
		total.Add(total, mu[b])
	}
	require.Zero(t, total.Sign())
	half := big.NewRat(3*4, 2*denominator) // gamma/2
	exact := new(big.Rat).Sub(information, grandparent)
	exact.Quo(exact, times(half, information))
	require.Negative(t, exact.Cmp(big.NewRat(2, 1)))
	want, _ := exact.Float64()
	got, _, err := marginRatio(forest(t, "parents:-1,0,1", 0), chain(t, rows...))
	require.NoError(t, err)
	require.NoError(t, close.Within(got, want, 1e-12, 0))
	require.NoError(t, close.Within(got, 1.99876, 0, 5e-6))
}

// TestSlopesDependOnThePrior: 1.45, 1.19, 1.03 at T = 20, 40, 80 is one
// prior's ladder, no constant of the theory: others start on either side of 1,
// and nearly equal rows far above.
func TestSlopesDependOnThePrior(t *testing.T) {
	var priors []markov.Prior
	for _, base := range []*markov.Chain{
		chain(t, []float64{0.98, 0.01, 0.01}, []float64{0.01, 0.98, 0.01}, []float64{0.3, 0.5, 0.2}),
		chain(t, []float64{0.5, 0.3, 0.2}, []float64{0.1, 0.2, 0.7}, []float64{0.3, 0.3, 0.4}),
		chain(t, []float64{0.2, 0.3, 0.5}, []float64{0.2, 0.35, 0.45}, []float64{0.25, 0.25, 0.5}),
	} {
		orbit, err := markov.NewOrbit(base, "base")
		require.NoError(t, err)
		priors = append(priors, orbit)
	}
	list, err := slopesOf(priors, []int{20, 80}, []uint64{1, 2, 3})
	require.NoError(t, err)
	for n, want := range []float64{0.963, 0.970, 1.336, 1.072, 8.028, 2.470} {
		// The digits quoted in reports: half of the last one.
		require.NoError(t, close.Within(list[n].Mean, want, 0, 5e-4), "%+v", list[n])
		require.Positive(t, list[n].Deviation)
	}
	// The mean is that of firststep's own ladder over the whole orbit.
	var of moment
	for seed := range uint64(3) {
		ladder, err := firststep.Ladder(func(int) (graph.Forest, error) {
			g, err := graph.Parse("random", 20, seed)
			return g.(graph.Forest), err
		}, priors[1], []int{20}, firststep.Options{})
		require.NoError(t, err)
		of.add(ladder[0].Slope)
	}
	three, err := slopesOf(priors[1:2], []int{20}, []uint64{0, 1, 2})
	require.NoError(t, err)
	require.NoError(t, close.Within(three[0].Mean, of.mean, 1e-9, 0)) // 6 chains for 36: another order of sums
	// A deviation is its standard error times sqrt(3); the slopes' 1e-9 are less
	// than 1e-6 of what they differ by.
	require.NoError(t, close.Within(three[0].Deviation, of.standardError()*math.Sqrt(3), 1e-6, 0))
	require.Greater(t, three[0].Deviation, 1e-3*of.mean)
	_, err = slopesOf([]markov.Prior{markov.Dirichlet{Size: 3, Alpha: 1}}, []int{20}, []uint64{1, 2})
	require.ErrorContains(t, err, "want a finite one")
}

// twoTokenSignal is the signal of the chain [[1-a, a], [a, 1-a]] at a child:
// 1-2a on the child itself (tr(pi) - 1) and (1-2a)^2 on its parent, exactly. For 0 < a < 1/2
// the self entry is larger: the smallest counterexample without A4.
func twoTokenSignal(a *big.Rat) (self, parent *big.Rat) {
	self = new(big.Rat).Sub(big.NewRat(1, 1), new(big.Rat).Add(a, a))
	return self, new(big.Rat).Mul(self, self)
}

// twoTokenChain is the chain [[1-a, a], [a, 1-a]].
func twoTokenChain(a float64) (*markov.Chain, error) {
	return markov.NewChain([][]float64{{1 - a, a}, {a, 1 - a}})
}

// selfMargin is, for the point prior on the chain [[1-a, a], [a, 1-a]], the
// smallest lead of a parent's entry over the child's own in the exact gradient
// (eps = 0) of a forest: where it is negative the first step of some row favours
// the child itself. For large T its sign is that of a - 1/2.
func selfMargin(f graph.Forest, a float64) (float64, error) {
	c, err := twoTokenChain(a)
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

// inequalities are the three numbers of the chain of inequalities
// rho^2 <= delta <= 1 - gamma.
type inequalities struct {
	SquaredCorrelation float64 // rho^2
	Dobrushin          float64 // delta
	Complement         float64 // 1 - gamma, gamma = S min pi[a][b]
}

// inequalitiesOf evaluates them for one chain.
func inequalitiesOf(c *markov.Chain) (inequalities, error) {
	rho, err := c.SecondSingularValue()
	if err != nil {
		return inequalities{}, err
	}
	entry, _, _ := c.Smallest()
	return inequalities{float64(rho * rho), Dobrushin(c), 1 - float64(float64(c.Tokens())*entry)}, nil
}

// marginRatio is, for one chain, the smallest ratio of a margin of the signal
// to (gamma/2) I over all children and third, earlier positions (statement L2
// says: at least 1), with the ratio of the same margin to the sharper
// (1 - sqrt(1-gamma)) I. It fails where L2 compares nothing: a chain without
// signal or with gamma = 0, a forest without a third position.
func marginRatio(f graph.Forest, c *markov.Chain) (ratio, sharp float64, err error) {
	entry, _, _ := c.Smallest()
	gamma := math.Min(float64(float64(c.Tokens())*entry), 1)
	law := measureMargin(f, chisq.Compute(f, c), gamma, norm(c))
	if law.child == graph.Root {
		return 0, 0, errors.New("margin ratio: nothing to compare: want gamma > 0, a chain with a signal, and a child with a third, earlier position")
	}
	return law.ratio, law.ratio * (gamma / 2) * (1 + math.Sqrt(1-gamma)) / gamma, nil
}

// leastMarginRatio searches chains of S tokens for the smallest marginRatio:
// half of the evaluations are independent draws, the rest move the best one
// found by mixing it with new draws, less and less. It is a function of its
// arguments. No search proves a minimum.
func leastMarginRatio(f graph.Forest, tokens, evaluations int, seed uint64) (ratio float64, at *markov.Chain, err error) {
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
		if r, _, err := marginRatio(f, c); err == nil && r < ratio {
			ratio, at = r, c
		}
	}
	if at == nil {
		return 0, nil, fmt.Errorf("margin ratio: no chain with %d tokens to compare in %d evaluations on %s", tokens, evaluations, f)
	}
	return ratio, at, nil
}

// slope is that of the exact gradient (eps = 0) against its leading order over
// random forests of one length, for one prior.
type slope struct {
	Prior  string
	Length int
	// Mean over the forests of firststep.Comparison's Slope, Deviation their
	// standard deviation.
	Mean, Deviation float64
}

// slopesOf measures how far finite T is from the leading order: for each prior
// and length, over forests drawn as the graph "random" with each of the seeds.
// Priors must be finite, so that no number but the choice of forests is
// sampled.
func slopesOf(priors []markov.Prior, lengths []int, seeds []uint64) ([]slope, error) {
	var list []slope
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
			list = append(list, slope{prior.String(), lengths[n], m.mean, math.Sqrt(m.squares / float64(m.n-1))})
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
