package chisq

import (
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
)

// computeRooted is Compute for roots that do not have the stationary distribution
// (theory/README.md, section 11). Positions then have different distributions, the
// closed forms of Kernel no longer hold, and the weight in the signal's
// denominator is the mean m of the prefix's distributions:
//
//	g_ik = sum_{a,b} pi[a][b]/m[b] P(s_k=a, s_i=b) - 1.
//
// Time T^2 S^3, memory T^2 S^2.
func computeRooted(f graph.Forest, c *markov.Chain) Matrices {
	n, s := f.Positions(), c.Tokens()
	single, joint := distributions(f, c)
	weight := make([]float64, s) // m
	for _, p := range single {
		for b, v := range p {
			weight[b] += v / float64(n)
		}
	}
	m := Matrices{Signal: square(n), Information: square(n)}
	for i := range n {
		for k := range i + 1 {
			signal, information := 0.0, 0.0
			for a := range s {
				for b := range s {
					p := joint[i][k][a*s+b]
					if p == 0 {
						continue
					}
					signal += float64(c.P(a, b)*p) / weight[b]
					information += float64(p*p) / float64(single[k][a]*single[i][b])
				}
			}
			m.Signal[i][k], m.Information[i][k] = signal-1, information-1
		}
	}
	return m
}

// distributions are those of the token at every position, and of the pairs
// (s_k, s_i), row-major, for k <= i, [i][k].
func distributions(f graph.Forest, c *markov.Chain) (single [][]float64, joint [][][]float64) {
	n, s := f.Positions(), c.Tokens()
	single, joint = make([][]float64, n), make([][][]float64, n)
	for i := range n {
		parent := f.Parent(i)
		if parent == graph.Root {
			single[i] = c.Roots()
		} else {
			single[i] = make([]float64, s)
			for a, p := range single[parent] {
				for b, v := range c.Row(a) {
					single[i][b] += float64(p * v)
				}
			}
		}
		joint[i] = make([][]float64, i+1)
		for k := range i {
			switch {
			case parent == graph.Root:
				joint[i][k] = make([]float64, s*s)
				for a, p := range single[k] {
					for b, q := range single[i] {
						joint[i][k][a*s+b] = float64(p * q)
					}
				}
			case k <= parent:
				joint[i][k] = product(joint[parent][k], c.Flat(), s)
			default: // between the parent and i
				joint[i][k] = transposedProduct(joint[k][parent], c.Flat(), s)
			}
		}
		joint[i][i] = make([]float64, s*s)
		for a, p := range single[i] {
			joint[i][i][a*s+a] = p
		}
	}
	return single, joint
}
