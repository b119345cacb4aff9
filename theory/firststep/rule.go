package firststep

import (
	"math"
	"math/bits"
)

// rule is a quadrature on (0, 1) for the weight z^beta: for 1 <= n <= T,
//
//	sum_j weight[j] node[j]^(n-1) = integral of z^(n-1+beta) = 1/(n+beta).
//
// All weights are positive, so it turns the reciprocal of a token's frequency
// into a positive combination of powers z^n: the tree transform.
type rule struct{ node, weight []float64 }

// quadratureBits is the accuracy asked of a rule that is not exact: its
// relative error is below 2^-quadratureBits, an eighth of a rounding.
const quadratureBits = 56

// rulePoints is the number of points for sequence length T. T/2 Gauss points
// integrate the powers up to T-1 exactly. Fewer do to rounding: on [0, 1] the
// Chebyshev coefficients of z^n are binomial probabilities, so its best
// approximation of degree d errs by at most P(|Bin(2n,1/2)-n| > d) <=
// 2 exp(-(d+1)^2/n) (Hoeffding); m points with d = 2m-1 then err by at most
// 4 exp(-4m^2/n)/(1+beta), which is to be 2^-56 of 1/(n+1+beta).
func rulePoints(length int) int {
	n := length - 1
	const ln2 = 0.6931471805599454 // rounded up
	needed := ln2 * float64(quadratureBits+2+bits.Len(uint(n+1)))
	return min((length+1)/2, int(math.Ceil(math.Sqrt(needed*float64(n)/4))))
}

// newRule computes the Gauss rule of the weight z^beta, beta >= 0, in the
// coordinate y = 1-z: powers z^n are large near z = 1, so that is where nodes
// need relative accuracy.
func newRule(length int, beta float64) rule {
	m := rulePoints(length)
	q, e := factors(m, beta)
	r := rule{make([]float64, m), make([]float64, m)}
	y := 0.0
	for j := range m {
		y = eigenvalue(q, e, j, y)
		r.node[j] = 1 - y
		r.weight[j] = 1 / float64((1+beta)*christoffel(q, e, y))
	}
	return r
}

// factors are the squares of the entries of the bidiagonal Cholesky factor of
// the Jacobi matrix of the weight (1-y)^beta, whose eigenvalues are the nodes:
// diagonal entries q[k]+e[k-1], squared off-diagonal entries q[k]*e[k]. They
// fix every eigenvalue, however small, to a few roundings.
func factors(m int, beta float64) (q, e []float64) {
	q, e = make([]float64, m), make([]float64, m)
	for k := range m {
		n := float64(2*k) + beta
		q[k] = float64(k+1) / (n + 1) * ((float64(k+1) + beta) / (n + 2))
		e[k] = float64(k+1) / (n + 2) * ((float64(k+1) + beta) / (n + 3))
	}
	return q, e
}

// eigenvalue is the eigenvalue number j (ascending, from 0), which is at least
// low and at most 1, bisected until no floating-point number lies between.
func eigenvalue(q, e []float64, j int, low float64) float64 {
	high := 1.0
	for {
		middle := low + float64((high-low)/2)
		if middle <= low || middle >= high {
			return middle
		}
		if below(q, e, middle) > j {
			high = middle
		} else {
			low = middle
		}
	}
}

// below counts the eigenvalues below x: Sturm's theorem, with the pivots of
// the matrix minus x from the differential form of the quotient-difference
// algorithm, which forms no difference of nearly equal entries.
func below(q, e []float64, x float64) int {
	count := 0
	s := -x
	for k, v := range q {
		pivot := v + s
		if pivot < 0 {
			count++
		} else if pivot == 0 {
			pivot = 0x1p-1000 // an eigenvalue of a leading block: any sign will do
		}
		s = float64(s*(e[k]/pivot)) - x
	}
	return count
}

// christoffel is the sum over k of p_k(y)^2, p_k the orthonormal polynomials
// of the weight scaled to mass 1: the reciprocal of a node's weight.
func christoffel(q, e []float64, y float64) float64 {
	previous, current, sum := 0.0, 1.0, 1.0
	diagonal, off := q[0], 0.0
	for k := 1; k < len(q); k++ {
		next := float64((y-diagonal)*current) - float64(off*previous)
		off = math.Sqrt(float64(q[k-1] * e[k-1]))
		previous, current = current, next/off
		sum += float64(current * current)
		diagonal = q[k] + e[k-1]
	}
	return sum
}
