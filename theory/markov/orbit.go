package markov

import (
	"fmt"

	"causalgrad/theory/stream"
)

// MaxOrbitTokens bounds S of an orbit, whose support has (S!)^2 chains.
const MaxOrbitTokens = 5

// Orbit is uniform over all P_sigma^T pi0 P_tau, sigma and tau permutations:
// rows and columns of one base chain permuted independently. It is symmetric
// under relabelling and its mean is constant, E[pi] = 1/S, exactly.
type Orbit struct {
	support []*Chain
	bases   []*Chain
	name    string
}

// maxOrbit bounds the support of the orbits of several chains.
const maxOrbit = 1 << 18

// NewOrbit lists the orbit of base; name is its text in the grammar after
// "orbit:". A member that is reducible is an error (a base chain with zeros).
func NewOrbit(base *Chain, name string) (*Orbit, error) { return NewOrbits([]*Chain{base}, name) }

// NewOrbits is uniform over bases, at least one and all of one size, and within
// each over its orbit.
func NewOrbits(bases []*Chain, name string) (*Orbit, error) {
	s := bases[0].Tokens()
	if s > MaxOrbitTokens {
		return nil, fmt.Errorf("orbit: %d tokens, want at most %d (the support has (S!)^2 chains)", s, MaxOrbitTokens)
	}
	orders := permutations(s)
	if n := len(orders) * len(orders); len(bases)*n > maxOrbit {
		return nil, fmt.Errorf("orbit: %d chains of %d each, want at most %d in all", len(bases), n, maxOrbit)
	}
	o := &Orbit{bases: bases, name: name}
	for _, base := range bases {
		if err := o.add(base, orders); err != nil {
			return nil, err
		}
	}
	return o, nil
}

// add lists the orbit of one chain.
func (o *Orbit) add(base *Chain, orders [][]int) error {
	s := base.Tokens()
	for _, sigma := range orders {
		for _, tau := range orders {
			rows := make([][]float64, s)
			for a := range rows {
				rows[sigma[a]] = make([]float64, s)
				for b := range s {
					rows[sigma[a]][tau[b]] = base.P(a, b)
				}
			}
			c, err := NewChain(rows)
			if err != nil {
				return fmt.Errorf("orbit: a permuted copy of the base chain: %w", err)
			}
			o.support = append(o.support, c)
		}
	}
	return nil
}

// Bases are the chains whose orbits these are; they must not be changed.
func (o *Orbit) Bases() []*Chain { return o.bases }

// permutations lists the permutations of 0..n-1 in lexicographic order.
func permutations(n int) [][]int {
	var all [][]int
	var extend func(prefix []int, used uint)
	extend = func(prefix []int, used uint) {
		if len(prefix) == n {
			all = append(all, append([]int(nil), prefix...))
			return
		}
		for v := range n {
			if used&(1<<v) == 0 {
				extend(append(prefix, v), used|1<<v)
			}
		}
	}
	extend(make([]int, 0, n), 0)
	return all
}

// Tokens implements Prior.
func (o *Orbit) Tokens() int { return o.support[0].Tokens() }

// Draw implements Prior.
func (o *Orbit) Draw(s *stream.Stream, p []float64) {
	copy(p, o.support[s.IntN(len(o.support))].Flat())
}

// Support implements Finite.
func (o *Orbit) Support() []*Chain { return o.support }

// String is the prior in the grammar of ParsePrior.
func (o *Orbit) String() string { return "orbit:" + o.name }
