package condition

import (
	"math"

	"causalgrad/theory/markov"
	"causalgrad/theory/verdict"
)

// rootDraws is how many chains of a sampled prior are looked at where roots have
// a distribution of their own: one that is not stationary settles it.
const rootDraws = 16

// stationaryRoots examines A0. Chains without roots of their own have stationary
// ones by definition; with them some chain's distance from its stationary
// distribution, beyond rounding, is a failure.
func (e *evidence) stationaryRoots() (Finding, error) {
	f := finding(StationaryRoots)
	f.Unit = "largest |P(root = a) - mu[a]| over the chains"
	if _, finite := e.rooted.(markov.Finite); !finite && markov.RootDistribution(e.rooted) == nil {
		f.Verdict, f.Certainty = verdict.Holds, exactly("roots are drawn from each chain's stationary distribution")
		return f, nil
	}
	chain, n, exact := markov.Chains(e.rooted, rootDraws, e.Seed)
	for d := range n {
		c, err := chain(d)
		if err != nil {
			return Finding{}, err
		}
		if c.StationaryRoots() {
			continue
		}
		for a, mu := range c.Stationary() {
			if distance := math.Abs(c.Roots()[a] - mu); distance > f.Number {
				f.Number, f.Witness = distance, Text(c)
			}
		}
	}
	// A stationary distribution is right to a few roundings for each token.
	rounding := float64(8*e.rooted.Tokens()) * 0x1p-53
	f.Verdict, f.Certainty = verdict.Fails, exactly("the witness is a chain of the prior")
	if f.Number <= rounding {
		f.Verdict, f.Certainty = verdict.Undecided, "no chain that was drawn differs"
		if exact {
			f.Verdict, f.Certainty = verdict.Holds, exactly("all chains of the prior, up to rounding")
		}
	}
	return f, nil
}
