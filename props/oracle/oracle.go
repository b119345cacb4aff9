// Package oracle computes what laws compare answers with: the definitions of
// theory/README.md, section 3, term by term, in floating point and, where a name says
// Exact, without rounding. It is slow, and never used outside the laws.
package oracle

import (
	"math"
	"math/big"

	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
	"gonum.org/v1/gonum/mat"
)

// MatrixPower is p^n as nested lists.
func MatrixPower(p [][]float64, n int) [][]float64 {
	power := make([][]float64, len(p))
	for a := range power {
		power[a] = make([]float64, len(p))
		power[a][a] = 1
	}
	for range n {
		next := make([][]float64, len(p))
		for a := range next {
			next[a] = make([]float64, len(p))
			for m, v := range power[a] {
				for b, w := range p[m] {
					next[a][b] += v * w
				}
			}
		}
		power = next
	}
	return power
}

// Joint is J[a][b] = P(s_k = a, s_i = b): from the nearest common ancestor,
// which has the stationary distribution, down both lines.
func Joint(f graph.Forest, c *markov.Chain, k, i int) [][]float64 {
	mu, s := c.Stationary(), c.Tokens()
	joint := make([][]float64, s)
	for a := range joint {
		joint[a] = make([]float64, s)
		for b := range joint[a] {
			joint[a][b] = mu[a] * mu[b]
		}
	}
	_, fromK, fromI, ok := f.CommonAncestor(k, i)
	if !ok {
		return joint // different trees are independent
	}
	toK, toI := MatrixPower(c.Rows(), fromK), MatrixPower(c.Rows(), fromI)
	for a := range joint {
		for b := range joint[a] {
			joint[a][b] = 0
			for m := range mu {
				joint[a][b] += mu[m] * toK[m][a] * toI[m][b]
			}
		}
	}
	return joint
}

// ChiSquare is sum P(x,y)^2/(P(x)P(y)) - 1.
func ChiSquare(joint [][]float64, mu []float64) float64 {
	sum := -1.0
	for a, row := range joint {
		for b, p := range row {
			sum += p * p / (mu[a] * mu[b])
		}
	}
	return sum
}

// Signal is sum pi[a][b]/mu[b] (J[a][b] - mu[a] mu[b]).
func Signal(joint [][]float64, c *markov.Chain) float64 {
	mu, sum := c.Stationary(), 0.0
	for a, row := range joint {
		for b, p := range row {
			sum += c.P(a, b) / mu[b] * (p - mu[a]*mu[b])
		}
	}
	return sum
}

// MaximalCorrelation is the largest singular value of the joint distribution's centred
// normalised matrix (P(x,y) - P(x)P(y)) / sqrt(P(x)P(y)).
func MaximalCorrelation(joint [][]float64, mu []float64) float64 {
	m := mat.NewDense(len(mu), len(mu), nil)
	for a, row := range joint {
		for b, p := range row {
			m.Set(a, b, (p-mu[a]*mu[b])/math.Sqrt(mu[a]*mu[b]))
		}
	}
	var svd mat.SVD
	if !svd.Factorize(m, mat.SVDNone) {
		return 1 // no bound
	}
	return math.Min(svd.Values(nil)[0], 1)
}

// ConditionNumber bounds how much the stationary distribution moves, in the 1-norm, when the
// chain does: the row-sum norm of (I - pi + 1 mu^T)^-1.
func ConditionNumber(c *markov.Chain) float64 {
	s, mu := c.Tokens(), c.Stationary()
	m := mat.NewDense(s, s, nil)
	for a := range s {
		for b := range s {
			m.Set(a, b, mu[b]-c.P(a, b))
		}
		m.Set(a, a, m.At(a, a)+1)
	}
	var inverse mat.Dense
	_ = inverse.Inverse(m) // never singular for an irreducible chain; a warning still inverts
	return math.Max(mat.Norm(&inverse, math.Inf(1)), 1)
}

// ExactStationary is the stationary distribution of the chain whose off-diagonal
// entries are those of rows, exactly; the holding probabilities are what they
// leave. It solves mu (P - I) = 0 by elimination over the rationals.
func ExactStationary(rows [][]float64) []*big.Rat {
	s := len(rows)
	// Column b of the generator is one equation; the unknown mu[0] is set to 1.
	equations := make([][]*big.Rat, s)
	for b := range equations {
		equations[b] = make([]*big.Rat, s)
		for a := range rows {
			equations[b][a] = new(big.Rat)
			if a != b {
				equations[b][a].SetFloat64(rows[a][b])
			}
		}
	}
	for a := range rows {
		for b := range rows {
			if b != a {
				equations[a][a].Sub(equations[a][a], new(big.Rat).SetFloat64(rows[a][b]))
			}
		}
	}
	mu := solveNull(equations)
	total := new(big.Rat)
	for _, m := range mu {
		total.Add(total, m)
	}
	for _, m := range mu {
		m.Quo(m, total)
	}
	return mu
}

// solveNull is the solution with first component 1 of a singular system of
// rank one less than its size, from its equations 1, 2, ....
func solveNull(equations [][]*big.Rat) []*big.Rat {
	n := len(equations)
	for column := 1; column < n; column++ {
		pivot := column
		for equations[pivot][column].Sign() == 0 {
			pivot++
		}
		equations[column], equations[pivot] = equations[pivot], equations[column]
		for row := 1; row < n; row++ {
			if row == column || equations[row][column].Sign() == 0 {
				continue
			}
			factor := new(big.Rat).Quo(equations[row][column], equations[column][column])
			for k := range n {
				equations[row][k].Sub(equations[row][k], new(big.Rat).Mul(factor, equations[column][k]))
			}
		}
	}
	x := []*big.Rat{big.NewRat(1, 1)}
	for row := 1; row < n; row++ {
		v := new(big.Rat).Quo(equations[row][0], equations[row][row])
		x = append(x, v.Neg(v))
	}
	return x
}

// EdgeJoint is the joint distribution of a parent and its child.
func EdgeJoint(c *markov.Chain, mu []float64) [][]float64 {
	joint := c.Rows()
	for a := range joint {
		for b := range joint[a] {
			joint[a][b] *= mu[a]
		}
	}
	return joint
}

// Indicator is 1 where yes, else 0.
func Indicator(yes bool) float64 {
	if yes {
		return 1
	}
	return 0
}
