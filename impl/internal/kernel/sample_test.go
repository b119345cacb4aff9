package kernel

import (
	"math"
	"math/rand/v2"
	"testing"

	"causalgrad/theory/markov"
	"causalgrad/theory/stream"
)

// The exponentials of variates have the bits of package stream's, inside and outside
// the range that the vector variant does by itself, for every length.
func TestVariateExponentials(t *testing.T) {
	r := rand.New(rand.NewPCG(31, 1))
	x := []float64{0, math.Copysign(0, -1), math.Inf(1), math.Inf(-1), math.NaN(), 699.9999999999999, -699.9999999999999, 700, -700, 709, -745, 5e-324}
	for i := range 128 {
		tie := (float64(i) + 0.5) * math.Ln2 / 128 // between two entries of the table
		x = append(x, tie, -tie, math.Nextafter(tie, 0), math.Nextafter(tie, 1))
	}
	for range 300 {
		x = append(x, 1400*r.Float64()-700, -r.ExpFloat64(), -10*r.ExpFloat64(), math.Float64frombits(r.Uint64()))
	}
	for length := 1; length <= 16; length++ {
		want := make([]float64, len(x))
		stream.Exps(want, x)
		eachVariant(t, func() []float64 {
			got := make([]float64, len(x)/length*length)
			for from := 0; from < len(got); from += length {
				variateExps(got[from:][:length], x[from:][:length])
			}
			requireBits(t, want[:len(got)], got, Name())
			return got
		})
	}
}

// Chains side by side have the bits of each by itself, also where one of them is
// rescaled on the way.
func TestStationaryOfFour(t *testing.T) {
	for _, s := range []int{2, 3, 5, 10} {
		for _, alpha := range []float64{0.003, 0.1, 1} {
			r := stream.New(stream.Key{Seed: 5, Purpose: stream.Law})
			chains, work := make([]float64, Lanes*s*s), make([]float64, (Lanes+1)*s*s)
			want := make([]float64, Lanes*s)
			for range 5 {
				for lane := range Lanes {
					chain := chains[lane*s*s:][:s*s]
					markov.Dirichlet{Size: s, Alpha: alpha}.Draw(r, chain)
					markov.Stationary(chain, s, want[lane*s:][:s], work)
				}
				eachVariant(t, func() []float64 {
					mu := make([]float64, Lanes*s)
					Stationary(chains, s, mu, work)
					requireBits(t, want, mu, Name())
					return mu
				})
			}
		}
	}
}
