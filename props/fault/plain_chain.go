package fault

import (
	"math"
)

var (
	stationaryUniform = mistake(inStationary, "stationary-uniform",
		"the stationary distribution is uniform, as iterating with pi instead of pi^T makes it, or the other singular vector of pi^T - I",
		"stationary-balance")
	stationaryTransposed = mistake(inStationary, "stationary-transposed",
		"the stationary distribution is that of the transposed chain, its rows normalised", "stationary-balance")
	stationaryUnconverged = mistake(inStationary, "stationary-unconverged",
		"the power iteration for the stationary distribution stops after 20 steps", "stationary-exact")
	stationaryEuclidean = mistake(inStationary, "stationary-euclidean",
		"the null vector is scaled to Euclidean length 1 instead of to sum 1", "stationary-balance")
	stationarySign = mistake(inStationary, "stationary-sign",
		"the null vector is divided by the sum of abs() of it and keeps the sign that the solver gave it", "stationary-balance")
)

func (p *plain) Stationary(chain [][]float64) ([]float64, error) {
	n := len(chain)
	mu := stationary(chain)
	switch p.makes {
	case stationaryUniform:
		return normalised(ones(n)), nil
	case stationaryTransposed:
		turned := newSquare(n)
		for a, row := range chain {
			for b, v := range row {
				turned[b][a] = v
			}
		}
		for _, row := range turned {
			normalised(row)
		}
		return stationary(turned), nil
	case stationaryUnconverged:
		mu = normalised(ones(n))
		for range 20 {
			mu = step(mu, chain)
		}
	case stationaryEuclidean:
		length := math.Sqrt(inner(mu, mu))
		for a := range mu {
			mu[a] /= length
		}
	case stationarySign: // a solver's sign is anything
		if chain[0][0] < chain[n-1][n-1] {
			for a := range mu {
				mu[a] = -mu[a]
			}
		}
	}
	return mu, nil
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
