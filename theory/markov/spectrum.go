package markov

import (
	"errors"
	"math"
	"math/cmplx"
	"sort"

	"gonum.org/v1/gonum/mat"
)

// CentredKernel is B, row-major: B[a][b] = sqrt(mu[a]/mu[b]) (pi[a][b]-mu[b]),
// the normalised transition matrix with its trivial singular pair removed. Its
// squared Frobenius norm is the chi-square information of parent and child,
// and its largest singular value their maximal correlation.
func (c *Chain) CentredKernel() []float64 {
	s := c.tokens
	root := make([]float64, s)
	for a, m := range c.stationary {
		root[a] = math.Sqrt(m)
	}
	b := make([]float64, s*s)
	for i := range s {
		for j := range s {
			b[i*s+j] = root[i] / root[j] * (c.P(i, j) - c.stationary[j])
		}
	}
	return b
}

// SecondSingularValue is rho, the second singular value of the normalised
// kernel D^(1/2) pi D^(-1/2): the maximal correlation of parent and child. It
// comes from gonum's singular value decomposition, so its last bits may differ
// between machines; nothing on the training path uses it.
func (c *Chain) SecondSingularValue() (float64, error) {
	var svd mat.SVD
	if !svd.Factorize(mat.NewDense(c.tokens, c.tokens, c.CentredKernel()), mat.SVDNone) {
		return 0, errors.New("chain: the singular value decomposition did not converge")
	}
	return math.Min(svd.Values(nil)[0], 1), nil
}

// Spectrum lists the eigenvalues by decreasing modulus, of a conjugate pair
// the one above the real line first; the first of all is 1. It comes from
// gonum, like SecondSingularValue.
func (c *Chain) Spectrum() ([]complex128, error) {
	var eigen mat.Eigen
	if !eigen.Factorize(mat.NewDense(c.tokens, c.tokens, append([]float64(nil), c.p...)), mat.EigenNone) {
		return nil, errors.New("chain: the eigenvalue decomposition did not converge")
	}
	values := eigen.Values(nil)
	sort.SliceStable(values, func(i, j int) bool { return cmplx.Abs(values[i]) > cmplx.Abs(values[j]) })
	return values, nil
}

// SpectralGap is 1 - |lambda_2|: 0 for a periodic chain.
func (c *Chain) SpectralGap() (float64, error) {
	values, err := c.Spectrum()
	if err != nil {
		return 0, err
	}
	return 1 - cmplx.Abs(values[1]), nil
}

// CentredIdentity is I - sqrt(mu) sqrt(mu)^T, row-major: the zeroth power of
// the centred kernel.
func (c *Chain) CentredIdentity() []float64 {
	s := c.tokens
	b := make([]float64, s*s)
	for i := range s {
		for j := range s {
			b[i*s+j] = -(math.Sqrt(c.stationary[i]) * math.Sqrt(c.stationary[j]))
		}
		b[i*s+i] = c.complement(i)
	}
	return b
}

// complement is 1 - mu[i], summed from the other tokens so that it keeps its
// relative accuracy where mu[i] is near 1.
func (c *Chain) complement(i int) float64 {
	sum := 0.0
	for j, m := range c.stationary {
		if j != i {
			sum += m
		}
	}
	return sum
}
