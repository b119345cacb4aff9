package markov

import (
	"math"

	"causalgrad/theory/stream"
)

// The priors of this file are outside the paper's training prior: they are the
// chains on which out-of-distribution behaviour is measured. Each row is a
// structured row with weight Weight and a Dirichlet(Alpha) row with the rest.

// Sticky holds its token with weight Weight.
type Sticky struct {
	Size          int
	Weight, Alpha float64
}

// Tokens implements Prior.
func (k Sticky) Tokens() int { return k.Size }

// Draw implements Prior.
func (k Sticky) Draw(s *stream.Stream, p []float64) {
	blend(s, p, k.Size, k.Weight, k.Alpha, func(a int) int { return a })
}

// String is the prior in the grammar of ParsePrior.
func (k Sticky) String() string { return "sticky:" + decimal(k.Weight) + "," + decimal(k.Alpha) }

// Cyclic moves to the next token with weight Weight: nearly periodic.
type Cyclic struct {
	Size          int
	Weight, Alpha float64
}

// Tokens implements Prior.
func (k Cyclic) Tokens() int { return k.Size }

// Draw implements Prior.
func (k Cyclic) Draw(s *stream.Stream, p []float64) {
	blend(s, p, k.Size, k.Weight, k.Alpha, func(a int) int { return (a + 1) % k.Size })
}

// String is the prior in the grammar of ParsePrior.
func (k Cyclic) String() string { return "cyclic:" + decimal(k.Weight) + "," + decimal(k.Alpha) }

// NearDeterministic follows a uniformly random map of the tokens with weight
// Weight.
type NearDeterministic struct {
	Size          int
	Weight, Alpha float64
}

// Tokens implements Prior.
func (k NearDeterministic) Tokens() int { return k.Size }

// Draw implements Prior.
func (k NearDeterministic) Draw(s *stream.Stream, p []float64) {
	blend(s, p, k.Size, k.Weight, k.Alpha, func(int) int { return s.IntN(k.Size) })
}

// String is the prior in the grammar of ParsePrior.
func (k NearDeterministic) String() string {
	return "near-deterministic:" + decimal(k.Weight) + "," + decimal(k.Alpha)
}

func blend(s *stream.Stream, p []float64, size int, weight, alpha float64, target func(a int) int) {
	for a := range size {
		row := p[a*size : (a+1)*size]
		s.Dirichlet(alpha, row)
		for b := range row {
			row[b] *= 1 - weight
		}
		row[target(a)] += weight
	}
}

// RankOne repeats one Dirichlet(Alpha) row: tokens are independent and there
// is no causal signal.
type RankOne struct {
	Size  int
	Alpha float64
}

// Tokens implements Prior.
func (k RankOne) Tokens() int { return k.Size }

// Draw implements Prior.
func (k RankOne) Draw(s *stream.Stream, p []float64) {
	s.Dirichlet(k.Alpha, p[:k.Size])
	for a := 1; a < k.Size; a++ {
		copy(p[a*k.Size:], p[:k.Size])
	}
}

// String is the prior in the grammar of ParsePrior.
func (k RankOne) String() string { return "rank-one:" + decimal(k.Alpha) }

// Reversible normalises the rows of a symmetric matrix of Gamma(Alpha)
// weights: a random walk on a weighted complete graph with loops.
type Reversible struct {
	Size  int
	Alpha float64
}

// Tokens implements Prior.
func (k Reversible) Tokens() int { return k.Size }

// Draw implements Prior.
func (k Reversible) Draw(s *stream.Stream, p []float64) {
	n := k.Size
	// One Dirichlet draw over the n(n+1)/2 pairs, laid out at the front of p.
	weights := p[:n*(n+1)/2]
	s.Dirichlet(k.Alpha, weights)
	at := len(weights)
	for a := n - 1; a >= 0; a-- {
		for b := a; b >= 0; b-- { // highest index first: never overwrites an unread weight
			at--
			p[a*n+b] = weights[at]
		}
	}
	for a := range n {
		for b := range a {
			p[b*n+a] = p[a*n+b]
		}
	}
	for a := range n {
		row := p[a*n : (a+1)*n]
		sum := 0.0
		for _, v := range row {
			sum += v
		}
		for b := range row {
			row[b] = math.Max(row[b]/sum, stream.MinProbability)
		}
	}
}

// String is the prior in the grammar of ParsePrior.
func (k Reversible) String() string { return "reversible:" + decimal(k.Alpha) }
