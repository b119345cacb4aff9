package reference

import "causalgrad/theory/markov"

// Stationary is a list of chains with their stationary distributions.
type Stationary struct {
	origin
	Matrices []StationaryCase
}

// StationaryCase is one chain drawn with Dirichlet(Alpha) rows.
type StationaryCase struct {
	Chain      *markov.Chain
	Alpha      float64
	Exact      []float64 // in rational arithmetic from renormalised rows, rounded once
	Official64 []float64 // by the official code's singular value decomposition in float64
	Official32 []float64 // the same code in float32, as it runs by default
	// Singular is the second-smallest singular value of pi^T - I.
	Singular float64
	// Error64 and Error32 are the recorded largest absolute errors of the official distributions.
	Error64, Error32 float64
}

func loadStationary(n node, o origin) File {
	n.object("set", "seed", "matrices")
	s := &Stationary{origin: o}
	for _, e := range n.field("matrices").some() {
		s.Matrices = append(s.Matrices, e.stationary())
	}
	s.ignored = n.ignored
	return s
}

func (n node) stationary() StationaryCase {
	n.object("S", "alpha", "pi", "mu_official", "mu_official_float32", "mu_exact",
		"second_smallest_singular_value", "max_abs_err_official64", "max_abs_err_official32")
	size := n.field("S").integer(markov.MinTokens, maxTokens)
	c := StationaryCase{
		Chain:      n.field("pi").chain(size),
		Alpha:      n.field("alpha").alpha(),
		Exact:      n.field("mu_exact").law(size),
		Official64: n.field("mu_official").vector(size),
		Official32: n.field("mu_official_float32").vector(size),
		Singular:   n.field("second_smallest_singular_value").within(1e-9, float64(1+size)),
		Error64:    n.field("max_abs_err_official64").within(0, 1),
		Error32:    n.field("max_abs_err_official32").within(0, 1),
	}
	for i, v := range c.Exact {
		if v == 0 {
			n.field("mu_exact").at(i).fail("a positive number: the chain is irreducible")
		}
	}
	return c
}

// chain reads an irreducible transition matrix.
func (n node) chain(size int) *markov.Chain {
	rows := n.matrix(size, size)
	if n.err != nil {
		return nil
	}
	c, err := markov.NewChain(rows)
	if err != nil {
		n.failed(": " + err.Error())
	}
	return c
}
