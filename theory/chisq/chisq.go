// Package chisq computes, in closed form, the chi-square information between
// any two positions of a causal forest and the signal g that the first
// gradient encodes (theory/README.md, section 3, facts 1 to 8).
//
// Everything is expressed through the centred kernel
// B[a][b] = sqrt(mu[a]/mu[b]) (pi[a][b] - mu[b]), so no sum cancels: for
// positions at distances p and q below their nearest common ancestor the
// normalised centred joint distribution is (B^p)^T B^q; its squared Frobenius norm is
// the chi-square information, its inner product with B the signal.
//
// It never samples: what it returns is exact up to rounding.
package chisq

import (
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
)

// Kernel holds the powers of one chain's centred kernel. It is safe for
// concurrent use only after all powers it will need exist; use one a goroutine.
type Kernel struct {
	tokens int
	powers [][]float64 // powers[n] = B^n for n >= 1; powers[0] = I - sqrt(mu) sqrt(mu)^T
}

// NewKernel prepares the centred kernel of a chain.
func NewKernel(c *markov.Chain) *Kernel {
	return &Kernel{tokens: c.Tokens(), powers: [][]float64{c.CentredIdentity(), c.CentredKernel()}}
}

// power returns B^n, row-major. B^0 is the projection on the complement of
// sqrt(mu), the identity of the algebra that B lives in.
func (k *Kernel) power(n int) []float64 {
	for len(k.powers) <= n {
		k.powers = append(k.powers, product(k.powers[len(k.powers)-1], k.powers[1], k.tokens))
	}
	return k.powers[n]
}

// Information is the chi-square information I(X;Y) = sum P(x,y)^2/(P(x)P(y)) - 1
// of two positions at distances p and q below their nearest common ancestor
// (facts 1 and 6). At p = q = 0 it is S - 1, a token's information on itself.
func (k *Kernel) Information(p, q int) float64 {
	if p == 0 {
		return squaredNorm(k.power(q))
	}
	if q == 0 {
		return squaredNorm(k.power(p))
	}
	return squaredNorm(transposedProduct(k.power(p), k.power(q), k.tokens))
}

// Signal is g for a position i at distance q and an earlier (or equal)
// position k at distance p below their nearest common ancestor: sum over a, b
// of pi[a][b]/mu[b] (P(s_k=a, s_i=b) - mu[a] mu[b]).
func (k *Kernel) Signal(p, q int) float64 {
	joint := k.power(q)
	if p > 0 {
		joint = transposedProduct(k.power(p), k.power(q), k.tokens)
	}
	return inner(k.power(1), joint)
}

// Matrices is the signal and the information for every pair k <= i of prefix
// positions: (T-1) x (T-1), indexed [i][k], zero above the diagonal.
type Matrices struct {
	Signal      [][]float64
	Information [][]float64
}

// Compute evaluates both matrices for one chain.
func Compute(f graph.Forest, c *markov.Chain) Matrices {
	if !c.StationaryRoots() {
		return computeRooted(f, c)
	}
	kernel := NewKernel(c)
	n := f.Positions()
	m := Matrices{Signal: square(n), Information: square(n)}
	type values struct{ signal, information float64 }
	known := map[distances]values{} // only looked up, never iterated
	for i, row := range allDistances(f) {
		for k, d := range row {
			if !d.related {
				continue // different trees are independent: both are 0 (fact 3)
			}
			v, seen := known[d]
			if !seen {
				v = values{kernel.Signal(d.p, d.q), kernel.Information(d.p, d.q)}
				known[d] = v
			}
			m.Signal[i][k], m.Information[i][k] = v.signal, v.information
		}
	}
	return m
}

// distances are those of an earlier position (p) and a later one (q) below their
// nearest common ancestor, where they are related.
type distances struct {
	p, q    int
	related bool
}

// allDistances lists them for every pair k <= i, [i][k]: position i stands one
// step below its parent's.
func allDistances(f graph.Forest) [][]distances {
	all := make([][]distances, f.Positions())
	for i := range all {
		all[i] = make([]distances, i+1)
		all[i][i].related = true
		parent := f.Parent(i)
		if parent == graph.Root {
			continue
		}
		for k := range i {
			var d distances
			if k <= parent {
				d = all[parent][k]
			} else {
				d = all[k][parent]
				d.p, d.q = d.q, d.p
			}
			if d.related {
				d.q++
				all[i][k] = d
			}
		}
	}
	return all
}

func square(n int) [][]float64 {
	rows, flat := make([][]float64, n), make([]float64, n*n)
	for i := range rows {
		rows[i] = flat[i*n : (i+1)*n]
	}
	return rows
}
