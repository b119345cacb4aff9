package markov

import (
	"fmt"

	"causalgrad/theory/stream"
)

// DrawChain draws one chain of a prior from the stream of a key.
func DrawChain(prior Prior, key stream.Key) (*Chain, error) {
	s := prior.Tokens()
	flat := make([]float64, s*s)
	prior.Draw(stream.New(key), flat)
	rows := make([][]float64, s)
	for a := range rows {
		rows[a] = flat[a*s : (a+1)*s]
	}
	c, err := NewChain(rows)
	if err != nil {
		return nil, fmt.Errorf("prior %q: drawing a chain: %w", prior, err)
	}
	if distribution := RootDistribution(prior); distribution != nil {
		c = c.withRoots(distribution)
	}
	return c, nil
}
