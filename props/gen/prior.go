package gen

import (
	"causalgrad/theory/markov"
	"pgregory.net/rapid"
)

// Alphas draws a Dirichlet concentration, the experiments' 0.1 among them.
func Alphas() *rapid.Generator[float64] { return rapid.SampledFrom([]float64{1, 0.1, 0.3, 3}) }

// Orbits draws the orbit prior of a drawn chain without zeros, over least to
// most tokens: permutation-symmetric with a constant mean (theory/README.md, section 1).
func Orbits(least, most int) *rapid.Generator[*markov.Orbit] {
	return rapid.Custom(func(t *rapid.T) *markov.Orbit {
		base := Chains(least, most).Filter(func(c Chain) bool {
			v, _, _ := c.Smallest()
			return v > 0
		}).Draw(t, "base chain")
		o, err := markov.NewOrbit(base.Chain, "base")
		if err != nil {
			panic(err) // a positive matrix keeps its irreducibility
		}
		return o
	})
}
