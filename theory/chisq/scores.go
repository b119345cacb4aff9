package chisq

import (
	"errors"
	"math"

	"causalgrad/theory/detmath"
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
)

// Scores are the margins of a parent over an earlier position under three scores
// of a pair of positions (theory/README.md, section 11). None is ever negative, for
// any chain with stationary roots.
type Scores struct {
	ChiSquare float64 // the signal: the first step of the logarithmic loss
	Squared   float64 // the same with weight 1 in the denominator: the squared loss
	// LogLikelihood is E log pi(s_i|s_p) - E log pi(s_i|s_k), +Inf where some pi is 0
	// that the pair meets.
	LogLikelihood float64
}

// CompareScores is the margin of child i's parent over an earlier position k under
// each score. Errors are those of Decompose.
func CompareScores(f graph.Forest, c *markov.Chain, i, k int) (Scores, error) {
	pairs, err := Decompose(f, c, i, k)
	if err != nil {
		return Scores{}, err
	}
	margins := Scores{ChiSquare: Total(pairs)}
	s := c.Tokens()
	for _, p := range pairs {
		distance := 0.0
		for b := range s {
			difference := c.P(p.A, b) - c.P(p.C, b)
			distance += float64(difference * difference)
		}
		margins.Squared += float64(p.Weight * distance)
	}
	margins.LogLikelihood = logMargin(f, c, i, k)
	return margins, nil
}

// logMargin sums, over the competitor's and the parent's token, the divergence of
// the parent's row from the competitor's: E log pi(s_i|s_p) - E log pi(s_i|s_k) =
// sum_{a,c} R(a,c) sum_b pi[c][b] log(pi[c][b]/pi[a][b]), a sum of non-negative
// terms, which is the two terms of section 11 together.
func logMargin(f graph.Forest, c *markov.Chain, i, k int) float64 {
	s := c.Tokens()
	joint := jointDistribution(f, c, k, f.Parent(i))
	sum := 0.0
	for a := range s {
		for p := range s {
			if a == p || joint[a*s+p] == 0 {
				continue
			}
			divergence := 0.0
			for b := range s {
				switch v, w := c.P(p, b), c.P(a, b); {
				case v == 0:
				case w == 0:
					return math.Inf(1)
				default:
					divergence += float64(v * (detmath.Log(v) - detmath.Log(w)))
				}
			}
			sum += float64(joint[a*s+p] * divergence)
		}
	}
	return sum
}

// MarginMean is a margin averaged over a prior, with what each pair of rows gives.
type MarginMean struct {
	Child, Parent, Competitor int
	Pairs                     []RowPair // Weight is the pair's mean part of the margin, Distance 1
	Scores                    Scores    // means over the chains
}

// AverageMargins averages, for every child with an earlier position besides its
// parent, the margin over the competitor that Average's signal has ahead of the
// others, over the chains of a prior: a finite sum, or draws chains of that seed.
func AverageMargins(f graph.Forest, prior markov.Prior, draws int, seed uint64) ([]MarginMean, error) {
	if markov.RootDistribution(prior) != nil {
		return nil, errors.New("margins: roots do not have the stationary distribution, for which alone they are sums over pairs of rows")
	}
	means, err := Average(f, prior, draws, seed)
	if err != nil {
		return nil, err
	}
	var all []MarginMean
	for _, m := range Margins(f, means.Signal, false) {
		if m.Competitor != graph.Root {
			all = append(all, MarginMean{Child: m.Child, Parent: m.Parent, Competitor: m.Competitor})
		}
	}
	chain, n, _ := markov.Chains(prior, draws, seed)
	for d := range n {
		c, err := chain(d)
		if err != nil {
			return nil, err
		}
		for r := range all {
			if err := all[r].add(f, c, 1/float64(n)); err != nil {
				return nil, err
			}
		}
	}
	return all, nil
}

// add adds one chain with its weight.
func (m *MarginMean) add(f graph.Forest, c *markov.Chain, weight float64) error {
	pairs, err := Decompose(f, c, m.Child, m.Competitor)
	if err != nil {
		return err
	}
	scores, err := CompareScores(f, c, m.Child, m.Competitor)
	if err != nil {
		return err
	}
	if m.Pairs == nil {
		for _, p := range pairs {
			m.Pairs = append(m.Pairs, RowPair{A: p.A, C: p.C, Distance: 1})
		}
	}
	for i, p := range pairs {
		m.Pairs[i].Weight += float64(weight * p.Value())
	}
	m.Scores.ChiSquare += float64(weight * scores.ChiSquare)
	m.Scores.Squared += float64(weight * scores.Squared)
	m.Scores.LogLikelihood += float64(weight * scores.LogLikelihood)
	return nil
}
