package condition

import (
	"math"

	"causalgrad/theory/chisq"
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
)

// measurement is what the conditions ask of one chain on one forest.
type measurement struct {
	gamma     float64 // S times the smallest entry
	norm      float64 // ||B||_F, the root of the chi-square information; 0 exactly for equal rows
	gap       float64 // 1 - |lambda_2|
	rho       float64 // second singular value
	dobrushin float64
	trace     float64
	effective float64 // T_eff
	period    int
	contracts bool // rho < 1, decided on the positive entries alone
	law       marginLaw
}

// measure measures one chain, given its signal and information
// (chisq.Compute) and the forest's distances.
func measure(f graph.Forest, d Distances, c *markov.Chain, m chisq.Matrices) (measurement, error) {
	gap, err := c.SpectralGap()
	if err != nil {
		return measurement{}, err
	}
	rho, err := c.SecondSingularValue()
	if err != nil {
		return measurement{}, err
	}
	smallest, _, _ := c.Smallest()
	n := measurement{
		gamma: float64(c.Tokens()) * smallest, norm: norm(c), gap: gap, rho: rho,
		dobrushin: Dobrushin(c), trace: c.Trace(), effective: d.EffectiveLength(rho),
		period: c.Period(), contracts: contracts(c),
	}
	n.law = measureMargin(f, m, math.Min(n.gamma, 1), n.norm)
	return n, nil
}

// norm is ||B||_F. Equal rows, which rounding alone would leave with a norm of
// 1e-17, have exactly 0.
func norm(c *markov.Chain) float64 {
	sum, equal := 0.0, true
	for a := 1; a < c.Tokens() && equal; a++ {
		for b, v := range c.Row(a) {
			equal = equal && v == c.P(0, b)
		}
	}
	if equal {
		return 0
	}
	for _, v := range c.CentredKernel() {
		sum += float64(v * v)
	}
	return math.Sqrt(sum)
}

// Dobrushin is the largest total variation distance between two rows.
func Dobrushin(c *markov.Chain) float64 {
	largest := 0.0
	for a := range c.Tokens() {
		for b := range a {
			sum := 0.0
			for x, v := range c.Row(a) {
				sum += math.Abs(v - c.P(b, x))
			}
			largest = math.Max(largest, sum/2)
		}
	}
	return largest
}

// contracts tells whether rho < 1. It is 1 exactly when some function of the
// parent equals some function of the child, that is, when the graph between
// rows and columns along the positive entries falls apart.
func contracts(c *markov.Chain) bool {
	s := c.Tokens()
	seen := make([]bool, 2*s) // rows, then columns
	queue := []int{0}
	seen[0] = true
	for at := 0; at < len(queue); at++ {
		v := queue[at]
		for w := range s {
			other, p := s+w, 0.0
			if v < s {
				p = c.P(v, w)
			} else {
				other, p = w, c.P(w, v-s)
			}
			if p > 0 && !seen[other] {
				seen[other] = true
				queue = append(queue, other)
			}
		}
	}
	return len(queue) == 2*s
}

// Distances counts the ordered pairs of positions of a whole sequence, the
// last token included, by their distance in the forest; pairs in different
// trees are not counted.
type Distances struct {
	length int
	pairs  []float64 // by distance
}

// CountDistances counts them for a forest.
func CountDistances(f graph.Forest) Distances {
	d := Distances{length: f.SequenceLength(), pairs: make([]float64, f.SequenceLength())}
	d.pairs[0] = float64(f.SequenceLength())
	for i := range f.Positions() {
		for k := range i {
			if n, ok := f.Distance(i, k); ok {
				d.pairs[n] += 2
			}
		}
	}
	return d
}

// EffectiveLength is T_eff = T^2 / sum_{i,j} rho^d(i,j), for maximal
// correlation rho: T for independent positions, 1 when all are copies of one.
// It may stay bounded as T grows: on a star it tends to 1/rho^2.
func (d Distances) EffectiveLength(rho float64) float64 {
	sum, power := 0.0, 1.0
	for _, n := range d.pairs {
		sum += float64(n * power)
		power *= rho
	}
	t := float64(d.length)
	return float64(t*t) / sum
}
