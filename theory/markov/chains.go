package markov

import (
	"fmt"

	"causalgrad/theory/stream"
)

// Chains are the chains that an expectation over a prior is a mean of: all of
// a Finite prior's support, and then exact, else draws chains, number d from the
// stream {Seed, Prior, Step: d}. chain fails where a draw is numerically
// reducible, and names the draw.
func Chains(prior Prior, draws int, seed uint64) (chain func(d int) (*Chain, error), n int, exact bool) {
	if finite, ok := prior.(Finite); ok {
		support := finite.Support()
		return func(d int) (*Chain, error) { return support[d], nil }, len(support), true
	}
	return func(d int) (*Chain, error) {
		c, err := DrawChain(prior, stream.Key{Seed: seed, Purpose: stream.Prior, Step: uint64(d)})
		if err != nil {
			return nil, fmt.Errorf("draw %d: %w", d, err)
		}
		return c, nil
	}, draws, false
}
