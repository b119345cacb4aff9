package fault

import (
	"math"

	"causalgrad/theory/graph"
)

var (
	informationWithoutOne = mistake(inInformation, "information-without-minus-one",
		"the chi-square information lacks its -1", "information-definition")
	informationKullback = mistake(inInformation, "information-kullback",
		"the information is Kullback and Leibler's instead of chi-square", "information-definition")
	informationByDistance = mistake(inInformation, "information-by-distance",
		"siblings are treated as ancestor and descendant at the same distance", "information-definition")
	informationStepLost = mistake(inInformation, "information-step-lost",
		"the joint distribution uses one step too few towards the later position", "information-definition")
	informationHalved = mistake(inInformation, "information-divided-by-one-marginal",
		"the squared joint distribution is divided by one marginal only", "information-definition")
	informationMirrored = mistake(inInformation, "information-mirrored",
		"signal and information are filled in above the diagonal", "lower-triangular")
	signalDividedByParent = mistake(inInformation, "signal-divided-by-parent",
		"the signal divides by the parent's marginal instead of the child's", "signal-definition")
	signalTransposed = mistake(inInformation, "signal-transposed",
		"the signal uses the transposed transition matrix", "signal-definition")
	signalNotCentred = mistake(inInformation, "signal-not-centred",
		"the product of the marginals is not subtracted in the signal", "signal-definition")
	signalSelfTrace = mistake(inInformation, "signal-self-trace",
		"the signal of a position on itself is tr(pi), without the -1", "self-signal")
	signalAcrossTrees = mistake(inInformation, "signal-across-trees",
		"positions in different trees are related as if all roots had one parent", "signal-definition")
	signalParentShifted = mistake(inInformation, "signal-parent-off-by-one",
		"the parent index is off by one: row i holds the values of position i-1", "signal-definition")
)

// theory is one chain prepared for the chi-square quantities.
type theory struct {
	makes   *Mistake
	chain   [][]float64
	mu      []float64
	centred [][]float64 // pi[a][b] - mu[b]
}

func newTheory(chain [][]float64, makes *Mistake) *theory {
	t := &theory{makes: makes, chain: chain, mu: stationary(chain), centred: newSquare(len(chain))}
	for a, row := range chain {
		for b, v := range row {
			t.centred[a][b] = v - t.mu[b]
		}
	}
	return t
}

// joint is P(s_k=a, s_i=b) - mu[a] mu[b] for k at distance up and i at distance
// down below their nearest common ancestor: (C^up)^T diag(mu) C^down, where C^0
// is the identity minus the projection on the constants.
func (t *theory) joint(up, down int) [][]float64 {
	left, right := t.power(up), t.power(down)
	j := newSquare(len(t.mu))
	for r, m := range t.mu {
		for a, v := range left[r] {
			accumulate(j[a], m*v, right[r])
		}
	}
	return j
}

func (t *theory) power(n int) [][]float64 {
	p := newSquare(len(t.mu))
	for a := range p {
		for b := range p {
			p[a][b] = -t.mu[b]
		}
		p[a][a]++
	}
	for range n {
		next := newSquare(len(t.mu))
		for a := range p {
			for r, v := range p[a] {
				accumulate(next[a], v, t.centred[r])
			}
		}
		p = next
	}
	return p
}

// information is sum P(a,b)^2/(P(a)P(b)) - 1, the sum of squares of the
// centred joint distribution.
func (t *theory) information(j [][]float64) float64 {
	sum := 0.0
	for a, row := range j {
		for b, v := range row {
			independent := t.mu[a] * t.mu[b]
			switch t.makes {
			case informationKullback:
				if p := v + independent; p > 0 {
					sum += p * math.Log(p/independent)
				}
			case informationHalved:
				sum += v * v / t.mu[b]
			default:
				sum += v * v / independent
			}
		}
	}
	if t.makes == informationWithoutOne {
		sum++
	}
	return sum
}

// signal is sum pi[a][b]/mu[b] (P(s_k=a, s_i=b) - mu[a] mu[b]); centring pi too
// changes nothing and saves digits.
func (t *theory) signal(j [][]float64) float64 {
	sum := 0.0
	for a, row := range j {
		for b, v := range row {
			switch t.makes {
			case signalDividedByParent:
				sum += t.centred[a][b] / t.mu[a] * v
			case signalTransposed:
				sum += t.centred[b][a] / t.mu[a] * v
			case signalNotCentred:
				sum += t.chain[a][b] / t.mu[b] * (v + t.mu[a]*t.mu[b])
			default:
				sum += t.centred[a][b] / t.mu[b] * v
			}
		}
	}
	return sum
}

func (p *plain) Information(f graph.Forest, chain [][]float64) (signal, information [][]float64, err error) {
	t := newTheory(chain, p.makes)
	n := f.Positions()
	signal, information = newSquare(n), newSquare(n)
	for i := range n {
		for k := range i + 1 {
			up, down, related := p.distances(f, i, k)
			if !related {
				continue
			}
			j := t.joint(up, down)
			signal[i][k], information[i][k] = t.signal(j), t.information(j)
			if p.makes == signalSelfTrace && i == k {
				signal[i][k]++
			}
			if p.makes == informationMirrored {
				signal[k][i], information[k][i] = signal[i][k], information[i][k]
			}
		}
	}
	return signal, information, nil
}

// distances is how far k and i lie below their nearest common ancestor.
func (p *plain) distances(f graph.Forest, i, k int) (up, down int, related bool) {
	node := i
	if p.makes == signalParentShifted && k < i {
		node = i - 1
	}
	_, down, up, related = f.CommonAncestor(node, k)
	switch p.makes {
	case informationByDistance:
		up, down = 0, up+down
	case informationStepLost:
		down = max(down-1, 0)
	case signalAcrossTrees:
		if !related { // roots taken for children of one hidden node
			return f.Depth(k) + 1, f.Depth(i) + 1, true
		}
	}
	return up, down, related
}
