package condition

import (
	"encoding/json"
	"fmt"

	"causalgrad/theory/markov"
	"causalgrad/theory/stream"
)

// chains are the equally weighted chains over which a report averages: the
// support of a finite prior, or draws.
type chains struct {
	at    func(n int) (*markov.Chain, error)
	count int
	exact bool // the whole of a finite prior
}

// chainsOf lists the chains of a prior. Draw number d is that of
// firststep.Average with the same seed.
func chainsOf(prior markov.Prior, o Options, length int) (chains, error) {
	if finite, ok := prior.(markov.Finite); ok {
		support, err := representatives(finite)
		if err != nil {
			return chains{}, err
		}
		return chains{func(n int) (*markov.Chain, error) { return support[n], nil }, len(support), true}, nil
	}
	draws := o.Draws
	if draws == 0 {
		draws = DefaultDraws(length, prior.Tokens())
	}
	at := func(n int) (*markov.Chain, error) {
		c, err := markov.DrawChain(prior, stream.Key{Seed: o.Seed, Purpose: stream.Prior, Step: uint64(n)})
		if err != nil {
			return nil, fmt.Errorf("check: draw %d: %w", n, err)
		}
		return c, nil
	}
	return chains{at, draws, false}, nil
}

// representatives is a list of chains, equally weighted, whose gradients,
// signals, spectra and entries have the same distribution as those of the prior. For an
// orbit, whose (S!)^2 chains fall into classes of S! relabelled copies, it is
// each base chain with its columns in every order: one of each class.
func representatives(prior markov.Finite) ([]*markov.Chain, error) {
	orbit, ok := prior.(*markov.Orbit)
	if !ok {
		return prior.Support(), nil
	}
	var list []*markov.Chain
	for _, base := range orbit.Bases() {
		copies, err := columnOrders(base)
		if err != nil {
			return nil, err
		}
		list = append(list, copies...)
	}
	return list, nil
}

// columnOrders is a chain with its columns in every order.
func columnOrders(base *markov.Chain) ([]*markov.Chain, error) {
	s := base.Tokens()
	var list []*markov.Chain
	for _, order := range Orders(s) {
		rows := make([][]float64, s)
		for a := range rows {
			rows[a] = make([]float64, s)
			for b := range s {
				rows[a][order[b]] = base.P(a, b)
			}
		}
		c, err := markov.NewChain(rows)
		if err != nil {
			return nil, fmt.Errorf("check: a column order of the orbit's chain: %w", err)
		}
		list = append(list, c)
	}
	return list, nil
}

// Orders lists the n! orders of 0..n-1, lexicographically.
func Orders(n int) [][]int {
	var all [][]int
	order := make([]int, 0, n)
	var extend func(used uint)
	extend = func(used uint) {
		if len(order) == n {
			all = append(all, append([]int(nil), order...))
			return
		}
		for v := range n {
			if used&(1<<v) == 0 {
				order = append(order, v)
				extend(used | 1<<v)
				order = order[:len(order)-1]
			}
		}
	}
	extend(0)
	return all
}

// Text is a chain as the JSON nested list that the command reads from a file,
// every bit kept.
func Text(c *markov.Chain) string {
	text, err := json.Marshal(c.Rows())
	if err != nil {
		return err.Error() // finite numbers always marshal
	}
	return string(text)
}
