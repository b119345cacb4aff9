package reference

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"
)

// check compares stationary distributions with the exact ones, vocabulary by
// vocabulary, and reports how far the official ones are.
func (s *Stationary) check(Options) ([]Row, error) {
	var sizes []int
	for _, m := range s.Matrices {
		if !slices.Contains(sizes, m.Chain.Tokens()) {
			sizes = append(sizes, m.Chain.Tokens())
		}
	}
	slices.Sort(sizes)
	var rows []Row
	for _, size := range sizes {
		rows = append(rows, s.law(size))
	}
	return append(rows, s.singular(), s.recorded(), s.official64(), s.official32()), nil
}

// law compares the laws of one vocabulary size, component by component.
//
// The algorithm never subtracts. Eliminating state n of those left computes
// each rate of the remaining chain within n+2 roundings (n-1 additions, a
// quotient, a product, a sum). By the Markov chain tree theorem a law of n
// states is a quotient of sums of products of n-1 rates, so relative errors e
// of the rates change it by at most 2(n-1)e; the back substitution adds at most 2n
// for each state. Over n = 1..S-1 that is at most (2/3) S^3 + S^2 units; the
// rows' sums (2S), the normalisation (S) and the reference's own rounding (1)
// keep it below 2 S^3 for every S >= 2.
func (s *Stationary) law(size int) Row {
	var c comparison
	for i, m := range s.Matrices {
		if m.Chain.Tokens() != size {
			continue
		}
		for a, want := range m.Exact {
			// One component at a time: errors are relative to each.
			c.add(fmt.Sprintf("matrices[%d].mu_exact[%d]", i, a), m.Chain.Stationary()[a:a+1], []float64{want})
		}
	}
	tolerance := 2 * float64(size*size*size) * unit
	return c.rounding(fmt.Sprintf("stationary distribution against exact arithmetic, S = %d", size), tolerance,
		"2 S^3 units of rounding, relative in every component: elimination without subtraction")
}

// singular compares the second-smallest singular values of pi^T - I. Singular
// values are within about S units of the matrix's norm (at most 1 + sqrt(S)),
// on either side: 2 x 10 S (1 + sqrt(S)) leaves a factor of 10.
func (s *Stationary) singular() Row {
	var c comparison
	largest := 0.0
	for i, m := range s.Matrices {
		size := m.Chain.Tokens()
		a := mat.NewDense(size, size, nil)
		for from := range size {
			for to := range size {
				a.Set(to, from, m.Chain.P(from, to))
			}
			a.Set(from, from, m.Chain.P(from, from)-1)
		}
		var svd mat.SVD
		got := math.NaN()
		if svd.Factorize(a, mat.SVDNone) {
			got = svd.Values(nil)[size-2] // in descending order
		}
		bound := 20 * float64(size) * (1 + math.Sqrt(float64(size))) * unit
		largest = math.Max(largest, bound/m.Singular)
		c.add(fmt.Sprintf("matrices[%d].second_smallest_singular_value", i), []float64{got}, []float64{m.Singular})
	}
	return c.rounding("second-smallest singular value of pi^T - I", largest,
		"20 S (1 + sqrt S) units of rounding over the smallest value of the file")
}

// recorded checks the file's own summary of the official errors.
func (s *Stationary) recorded() Row {
	var c comparison
	for i, m := range s.Matrices {
		for _, side := range []struct {
			law  []float64
			want float64
		}{{m.Official64, m.Error64}, {m.Official32, m.Error32}} {
			var e comparison
			e.add("", side.law, m.Exact)
			c.add(fmt.Sprintf("matrices[%d]", i), []float64{e.maxAbs}, []float64{side.want})
		}
	}
	return c.exact("recorded errors of the official distributions", "the same subtraction of the same numbers")
}

func (s *Stationary) official64() Row {
	return s.official("official float64 distribution against exact arithmetic",
		func(m StationaryCase) []float64 { return m.Official64 })
}

func (s *Stationary) official32() Row {
	return s.official("official float32 distribution against exact arithmetic",
		func(m StationaryCase) []float64 { return m.Official32 })
}

// official reports an official law's errors: of the sizes of singular-value
// decompositions, absolute, and large in small components.
func (s *Stationary) official(quantity string, law func(StationaryCase) []float64) Row {
	var c, componentwise comparison
	for i, m := range s.Matrices {
		name := fmt.Sprintf("matrices[%d]", i)
		c.add(name, law(m), m.Exact)
		for a, want := range m.Exact {
			componentwise.add(name, law(m)[a:a+1], []float64{want})
		}
	}
	return c.information(quantity, fmt.Sprintf("largest relative error of a component %.2g (%s)", componentwise.maxRel, componentwise.worst))
}
