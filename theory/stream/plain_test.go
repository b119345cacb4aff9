package stream

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// plainGammas is the rejection sampler in its own words, the oracle of smallGamma.logs:
// every proposal's exponentials are taken, by itself, and decide.
func plainGammas(s *Stream, c *smallGamma, logG, g []float64) {
	z, u := make([]float64, len(g)), make([]float64, len(g))
	for i := range g {
		z[i] = s.Exponential()
		u[i] = c.uniform(s.Open())
	}
	for i := range g {
		for !plainAccepts(s, c, z[i], u[i], &logG[i], &g[i]) {
			z[i] = s.Exponential()
			u[i] = c.uniform(s.Open())
		}
	}
}

func plainAccepts(s *Stream, c *smallGamma, z, u float64, logG, g *float64) bool {
	if u < 0 {
		z = -z / c.lambda
	}
	*logG = -float64(z * c.inverse)
	*g = exp(*logG)
	if u < 0 {
		return s.Open() <= exp(1-z-*g-float64(c.lambda*z))
	}
	return u <= 1-*g || u <= exp(-*g)
}

// plainRow is Dirichlet's row of the plain variates.
func plainRow(s *Stream, alpha float64, row []float64) {
	c, logs := newSmallGamma(alpha), make([]float64, len(row))
	for from := 0; from < len(row); from += lot {
		to := min(from+lot, len(row))
		plainGammas(s, &c, logs[from:to], row[from:to])
	}
	sum := 0.0
	for _, g := range row {
		sum += g
	}
	if !(sum >= safeSum) {
		largest := slices.Max(logs)
		sum = 0
		for i := range row {
			row[i] = exp(logs[i] - largest)
			sum += row[i]
		}
	}
	scale := 1 / sum
	for i, g := range row {
		row[i] = max(float64(g*scale), MinProbability)
	}
}

// Rows side by side have the bits of each by itself in plain variates, also where a
// sum underflows, and use the same words.
func TestDirichletRowsArePlainOnes(t *testing.T) {
	for _, alpha := range []float64{1e-4, 0.005, 0.03, 0.1, 0.3, math.Nextafter(smallShape, 0)} {
		for _, width := range []int{1, 2, 3, 10, lot, 2*lot + 3} {
			t.Run(fmt.Sprintf("alpha=%v,width=%d", alpha, width), func(t *testing.T) {
				key := Key{Seed: 11, Purpose: Law, Step: uint64(width)}
				a, b := New(key), New(key)
				rows, want := make([]float64, 4*width), make([]float64, 4*width)
				for range 40000 / len(rows) {
					a.DirichletRows(alpha, width, rows)
					for row := range slices.Chunk(want, width) {
						plainRow(b, alpha, row)
					}
					require.Equal(t, want, rows)
					require.Equal(t, b.Uint64(), a.Uint64(), "the streams part")
				}
			})
		}
	}
}

// TestRowsUnderflow: the test above meets sums on both sides of safeSum.
func TestRowsUnderflow(t *testing.T) {
	for alpha, some := range map[float64]bool{0.005: true, 0.05: true, 0.3: false} {
		s, small := New(Key{Seed: 13, Purpose: Law}), 0
		for range 500 {
			_, g := s.gammas(alpha, 3, 3)
			if g[0]+g[1]+g[2] < safeSum {
				small++
			}
		}
		t.Logf("alpha %v: %d of 500 rows from logarithms", alpha, small)
		require.Equal(t, some, small > 0)
	}
}

// What the tables decide is what the exponentials decide: on both sides, on the
// very bounds of the tables and of the bins, and at random.
func TestTablesDecideAsExponentials(t *testing.T) {
	s, count := New(Key{Seed: 42, Purpose: Law}), map[bool]int{}
	try := func(x, u float64) {
		right := u <= 1-exp(-x) || u <= exp(-exp(-x))
		require.Equal(t, right, acceptRight(u, -x), "u = %v, log G = %v", u, -x)
		count[right]++
		for _, shape := range []float64{1e-4, 0.1, 0.49} {
			c := newSmallGamma(shape)
			z := -float64(x * shape)
			logG := -float64(z * c.inverse)
			left := u <= exp(1-z-exp(logG)-float64(c.lambda*z))
			require.Equal(t, left, c.acceptLeft(u, z, logG), "u = %v, log G = %v, shape = %v", u, logG, shape)
			count[left]++
		}
	}
	for i := range bins {
		for _, x := range []float64{binStart(i), math.Nextafter(binStart(i), 100), math.Nextafter(binStart(i), 0)} {
			for _, k := range []known{rightSide[bin(x)], leftSide[bin(x)]} {
				for _, u := range []float64{k.accept, k.reject, math.Nextafter(k.accept, 2), math.Nextafter(k.reject, 2), (k.accept + k.reject) / 2} {
					if u > 0 && u < 1 {
						try(x, u)
					}
				}
			}
			if r := exp(-exp(-x)); r < 1 {
				try(x, r)
				try(x, math.Nextafter(r, 2))
			}
		}
	}
	for range 20000 {
		x := math.Ldexp(1+s.Float64(), s.IntN(14)-8)
		try(x, s.Open())
		try(x, exp(-exp(-x))*(1+0x1p-48*(s.Float64()-0.5)))
	}
	require.Greater(t, min(count[true], count[false]), 1000)
}

// Bins follow each other, and hold what starts in them.
func TestBins(t *testing.T) {
	for i := range bins {
		require.Equal(t, i, bin(binStart(i)))
		if i > 0 {
			require.Equal(t, i-1, bin(math.Nextafter(binStart(i), 0)))
		}
	}
	require.Equal(t, bins-1, bin(math.Inf(1)))
}
