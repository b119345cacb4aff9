package condition

import (
	"fmt"
	"math"

	"causalgrad/theory/markov"
	"causalgrad/theory/verdict"
)

// generators are two relabellings from which all others follow: the exchange
// of tokens 0 and 1, and the cycle.
func generators(s int) [][]int {
	exchange, cycle := make([]int, s), make([]int, s)
	for a := range s {
		exchange[a], cycle[a] = a, (a+1)%s
	}
	exchange[0], exchange[1] = 1, 0
	if s == 2 {
		return [][]int{exchange}
	}
	return [][]int{exchange, cycle}
}

// symmetry is A3.
func (e *evidence) symmetry() (Finding, error) {
	f := finding(Symmetry)
	f.Unit = "largest distance of a relabelled chain from the prior's nearest one"
	finite, isFinite := e.prior.(markov.Finite)
	_, isOrbit := e.prior.(*markov.Orbit)
	switch {
	case isOrbit:
		f.Verdict, f.Certainty = verdict.Holds, exactly("the orbit holds every relabelled copy of each of its chains")
	case isFinite:
		var chain int
		var order []int
		f.Number, chain, order = asymmetry(finite.Support())
		f.Verdict, f.Certainty = decided(f.Number <= fileRounding), exactly("every chain relabelled and looked up")
		if f.Verdict == verdict.Fails {
			f.Witness = fmt.Sprintf("relabelling %v of %s", order, Text(finite.Support()[chain]))
		}
	case e.known:
		f.Unit = "" // by construction; nothing is measured
		f.Verdict, f.Certainty = decided(e.family.symmetric), exactly(e.family.symmetricWhy)
	default:
		return e.testSymmetry(f)
	}
	return f, nil
}

// asymmetry relabels every chain of a support with each generator, pairs the
// result with the nearest chain that is not yet taken, and returns the largest
// distance (over entries) with the chain and the relabelling that show it. 0,
// up to rounding, exactly for a symmetric prior.
func asymmetry(support []*markov.Chain) (worst float64, chain int, order []int) {
	for _, g := range generators(support[0].Tokens()) {
		taken := make([]bool, len(support))
		for n, c := range support {
			image := c.Relabelled(g)
			nearest, distance := -1, math.Inf(1)
			for m, other := range support {
				if d := apart(image, other); !taken[m] && d < distance {
					nearest, distance = m, d
				}
			}
			taken[nearest] = true
			if distance > worst {
				worst, chain, order = distance, n, g
			}
		}
	}
	return worst, chain, order
}

// apart is the largest difference between two chains' entries.
func apart(a, b *markov.Chain) float64 {
	largest := 0.0
	for i, v := range a.Flat() {
		largest = math.Max(largest, math.Abs(v-b.Flat()[i]))
	}
	return largest
}
