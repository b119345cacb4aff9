package theorylaws

import "causalgrad/theory/markov"

var _ ChainSolver = builtin{}

func (builtin) Chains() Chains {
	return Chains{
		OfficialLaw:      func(tokens int) func(p, mu []float64) { return markov.NewStationarySVD32(tokens).Law },
		RequireAperiodic: markov.RequireAperiodic,
	}
}
