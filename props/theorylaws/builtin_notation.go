package theorylaws

import (
	"causalgrad/theory/condition"
	"causalgrad/theory/markov"
)

var _ ChainReader = builtin{}

func (builtin) Notation() Notation {
	return Notation{NewChain: markov.NewChain, ReadChain: markov.ReadChain, PrintChain: condition.Text,
		ParsePrior: markov.ParsePrior, DrawChain: markov.DrawChain, NewOrbit: markov.NewOrbit}
}
