package condition

import (
	"math"

	"causalgrad/theory/chisq"
	"causalgrad/theory/graph"
)

// marginLaw is statement L2 on one chain: over all children i and all third,
// earlier positions k, the smallest of two numbers.
type marginLaw struct {
	ratio    float64 // margin over (gamma/2) I; +Inf when gamma, I or the set of k is zero
	slack    float64 // margin/I - (1-sqrt(1-gamma)): negative would break the law
	child, k int     // where ratio is smallest; graph.Root when nowhere
}

// measureMargin evaluates L2 given the signal, the information, gamma <= 1 and
// the norm of the chain's centred kernel.
func measureMargin(f graph.Forest, m chisq.Matrices, gamma, norm float64) marginLaw {
	law := marginLaw{ratio: math.Inf(1), slack: math.Inf(1), child: graph.Root, k: graph.Root}
	if norm == 0 {
		return law
	}
	share := gamma / (1 + math.Sqrt(1-gamma)) // 1 - sqrt(1-gamma) without the difference
	for _, e := range f.Edges() {
		information := m.Information[e.Child][e.Parent]
		for k := range e.Child {
			if k == e.Parent {
				continue
			}
			margin := (m.Signal[e.Child][e.Parent] - m.Signal[e.Child][k]) / information
			law.slack = math.Min(law.slack, margin-share)
			if ratio := margin / (gamma / 2); gamma > 0 && ratio < law.ratio {
				law.ratio, law.child, law.k = ratio, e.Child, k
			}
		}
	}
	return law
}

// roundingOfMargin bounds the rounding in margin/I: the signal and the
// information are sums of products of entries of the centred kernel, whose own
// relative error is that of the difference pi - mu, a few units of 1 in the
// norm's size. Each power of the kernel adds S roundings to the share that is
// left; T <= 4096 of them stay below the first term.
func roundingOfMargin(norm float64) float64 { return 1e-11 + 1e-14/norm }
