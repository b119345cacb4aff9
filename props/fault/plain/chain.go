package plain

import (
	"math"

	"causalgrad/theory/graph"
)

// The slips of the stationary law and of the chi-square quantities.
const (
	StationaryUniform     Slip = "stationary-uniform"
	StationaryTransposed  Slip = "stationary-transposed"
	StationaryUnconverged Slip = "stationary-unconverged"
	StationaryFloat32     Slip = "stationary-float32"
	StationaryUnscaled    Slip = "stationary-unnormalised"
	StationaryShifted     Slip = "stationary-shifted"

	InformationWithoutOne  Slip = "information-without-minus-one"
	InformationKullback    Slip = "information-kullback"
	InformationByDistance  Slip = "information-by-distance"
	InformationStepLost    Slip = "information-step-lost"
	InformationReversed    Slip = "information-reversed-chain"
	InformationUniformMean Slip = "information-uniform-marginal"
	InformationHalved      Slip = "information-divided-by-one-marginal"
	SignalDividedByParent  Slip = "signal-divided-by-parent"
	SignalTransposed       Slip = "signal-transposed"
	SignalNotCentred       Slip = "signal-not-centred"
	SignalSelfTrace        Slip = "signal-self-trace"
	SignalAcrossTrees      Slip = "signal-across-trees"
	SignalParentShifted    Slip = "signal-parent-off-by-one"
	SignalFloat32          Slip = "signal-float32"
)

// Stationary implements props.Stationary.
func (s *Subject) Stationary(chain [][]float64) ([]float64, error) {
	n := len(chain)
	switch s.Slip {
	case StationaryUniform:
		return s.shape(ones(n)), nil
	case StationaryTransposed: // the left and the right eigenvector confused
		turned := newSquare(n)
		for a, row := range chain {
			for b, v := range row {
				turned[b][a] = v
			}
		}
		for _, row := range turned {
			sum := total(row)
			for b := range row {
				row[b] /= sum
			}
		}
		return s.shape(stationary(turned)), nil
	case StationaryUnconverged: // a power iteration that stops early
		mu := normalised(ones(n))
		for range 20 {
			mu = step(mu, chain)
		}
		return mu, nil
	}
	return s.shape(stationary(chain)), nil
}

// shape is the last touch on a law.
func (s *Subject) shape(mu []float64) []float64 {
	switch s.Slip {
	case StationaryUnscaled: // the first entry is left at 1
		for a := len(mu) - 1; a >= 0; a-- {
			mu[a] /= mu[0]
		}
		return mu
	case StationaryFloat32:
		single(mu)
	case StationaryShifted:
		mu = append(mu[1:], mu[0])
	}
	if s.Slip == StationaryFloat32 {
		return mu
	}
	return normalised(mu)
}

func ones(n int) []float64 {
	v := make([]float64, n)
	for i := range v {
		v[i] = 1
	}
	return v
}

func normalised(v []float64) []float64 {
	sum := total(v)
	for i := range v {
		v[i] /= sum
	}
	return v
}

func step(mu []float64, chain [][]float64) []float64 {
	next := make([]float64, len(mu))
	for a, row := range chain {
		accumulate(next, mu[a], row)
	}
	return next
}

func newSquare(n int) [][]float64 {
	rows := make([][]float64, n)
	for i := range rows {
		rows[i] = make([]float64, n)
	}
	return rows
}

// stationary removes one token after the other: the chain watched on fewer
// tokens has the same odds. It never subtracts.
func stationary(chain [][]float64) []float64 {
	n := len(chain)
	if n == 1 {
		return []float64{1}
	}
	last := n - 1
	leave := total(chain[last][:last])
	watched := newSquare(last)
	for a := range watched {
		for b := range watched {
			watched[a][b] = chain[a][b] + chain[a][last]*chain[last][b]/leave
		}
	}
	mu := stationary(watched)
	into := 0.0
	for a := range mu {
		into += mu[a] * chain[a][last]
	}
	return normalised(append(mu, into/leave))
}

// theory is one chain prepared for the chi-square quantities.
type theory struct {
	slip    Slip
	chain   [][]float64
	mu      []float64
	centred [][]float64 // pi[a][b] - mu[b], the sum of both rows' rounding aside
}

func newTheory(chain [][]float64, slip Slip) *theory {
	t := &theory{slip: slip, chain: chain, mu: stationary(chain)}
	if slip == InformationReversed {
		t.chain = newSquare(len(chain))
		for a, row := range chain {
			for b, v := range row {
				t.chain[b][a] = t.mu[a] * v / t.mu[b]
			}
		}
	}
	if slip == InformationUniformMean {
		t.mu = normalised(ones(len(chain)))
	}
	t.centred = newSquare(len(chain))
	for a, row := range t.chain {
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
// centred joint law.
func (t *theory) information(j [][]float64) float64 {
	sum := 0.0
	for a, row := range j {
		for b, v := range row {
			independent := t.mu[a] * t.mu[b]
			switch t.slip {
			case InformationKullback:
				if p := v + independent; p > 0 {
					sum += p * math.Log(p/independent)
				}
			case InformationHalved:
				sum += v * v / t.mu[b]
			default:
				sum += v * v / independent
			}
		}
	}
	if t.slip == InformationWithoutOne {
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
			switch t.slip {
			case SignalDividedByParent:
				sum += t.centred[a][b] / t.mu[a] * v
			case SignalTransposed:
				sum += t.centred[b][a] / t.mu[a] * v
			case SignalNotCentred:
				sum += t.chain[a][b] / t.mu[b] * (v + t.mu[a]*t.mu[b])
			default:
				sum += t.centred[a][b] / t.mu[b] * v
			}
		}
	}
	return sum
}

// Information implements props.Informant.
func (s *Subject) Information(f graph.Forest, chain [][]float64) (signal, information [][]float64, err error) {
	t := newTheory(chain, s.Slip)
	n := f.Positions()
	signal, information = newSquare(n), newSquare(n)
	for i := range n {
		for k := range i + 1 {
			up, down, related := s.distances(f, i, k)
			if !related {
				continue
			}
			j := t.joint(up, down)
			signal[i][k], information[i][k] = t.signal(j), t.information(j)
			if s.Slip == SignalSelfTrace && i == k {
				signal[i][k]++
			}
		}
		if s.Slip == SignalFloat32 {
			single(signal[i])
		}
	}
	return signal, information, nil
}

// distances is how far k and i lie below their nearest common ancestor.
func (s *Subject) distances(f graph.Forest, i, k int) (up, down int, related bool) {
	node := i
	if s.Slip == SignalParentShifted && i > 0 && k < i {
		node = i - 1 // the column of the position before
	}
	_, down, up, related = f.CommonAncestor(node, k)
	switch s.Slip {
	case InformationByDistance: // siblings as if one were the other's ancestor
		up, down = 0, up+down
	case InformationStepLost:
		down = max(down-1, 0)
	case SignalAcrossTrees:
		if !related { // roots taken for children of one hidden node
			return f.Depth(k) + 1, f.Depth(i) + 1, true
		}
	}
	return up, down, related
}
