package kernel

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"causalgrad/theory/markov"
	"causalgrad/theory/stream"

	"github.com/stretchr/testify/require"
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
func TestStationarySideBySide(t *testing.T) {
	for _, s := range []int{1, 2, 3, 5, 10} {
		for _, alpha := range []float64{0.003, 0.1, 1} {
			r := stream.New(stream.Key{Seed: 5, Purpose: stream.Law})
			chains, want := make([]float64, Streams*s*s), make([]float64, Streams*s)
			chain, mu, work := make([]float64, s*s), make([]float64, s), make([]float64, Streams*s*s)
			for range 5 {
				for lane := range Streams {
					markov.Dirichlet{Size: s, Alpha: alpha}.Draw(r, chain)
					markov.Stationary(chain, s, mu, work)
					for i, v := range chain {
						chains[i*Streams+lane] = v
					}
					for i, v := range mu {
						want[i*Streams+lane] = v
					}
				}
				eachVariant(t, func() []float64 {
					got := make([]float64, Streams*s)
					Stationary(chains, s, got, work)
					requireBits(t, want, got, Name())
					return got
				})
			}
		}
	}
}

// Tokens are found by their definition, also where a uniform is on a sum, or above all.
func TestInvert(t *testing.T) {
	r := rand.New(rand.NewPCG(32, 1))
	for _, s := range []int{1, 2, 3, 10, 17} {
		parents := []int{5, 0, 1, 5, 2} // 5: none
		n := len(parents)
		rows, uniforms := make([]float64, Streams*(s+1)*s), make([]float64, Streams*n)
		for i := range rows {
			rows[i] = r.Float64() * 1.5 / float64(s)
		}
		for i := range uniforms {
			uniforms[i] = r.Float64()
		}
		copy(uniforms, rows[Streams*s*s:][:min(Streams/2, Streams*s)]) // on the first sum of the row without a parent
		want := make([]int, Streams*(n+1))
		for lane := range Streams {
			want[Streams*n+lane] = s
			for i, p := range parents {
				sum, row := 0.0, Streams*s*want[Streams*p+lane]+lane
				at := Streams*i + lane
				for want[at] < s-1 {
					if sum += rows[row+Streams*want[at]]; sum > uniforms[at] {
						break
					}
					want[at]++
				}
			}
		}
		eachVariant(t, func() []float64 {
			got, sums := make([]int, len(want)), slices.Clone(rows)
			Invert(got, parents, uniforms, sums, s)
			require.Equal(t, want, got, Name())
			return sums
		})
		for _, wrong := range []int{-1, 1, n + 1} {
			require.Panics(t, func() { Invert(make([]int, len(want)), []int{n, wrong, 0, 0, 0}, uniforms, slices.Clone(rows), s) })
		}
	}
}

// Streams side by side draw what each draws alone, and use the same words.
func TestStreamsAbreast(t *testing.T) {
	for _, alpha := range []float64{1e-4, 0.005, 0.1, 0.49, 0.5, 1, 3} {
		for _, width := range []int{1, 3, 10, 16, 37} {
			eachVariant(t, func() []float64 {
				var side stream.Abreast
				var alone [stream.Width]*stream.Stream
				for lane := range alone {
					key := stream.Key{Seed: 11, Purpose: stream.Law, Step: uint64(width), Shard: uint64(lane)}
					alone[lane] = stream.New(key)
					side.Reset(lane, key)
				}
				const rows = 3
				got, want := make([]float64, rows*width*stream.Width), make([]float64, len(alone)*rows*width)
				for range 40 {
					side.DirichletRows(alpha, width, got)
					for lane, s := range alone {
						chain := make([]float64, rows*width)
						s.DirichletRows(alpha, width, chain)
						for i, v := range chain {
							want[i*stream.Width+lane] = v
						}
					}
					requireBits(t, want, got, Name())
					side.Float64s(got)
					for i := range got {
						want[i] = alone[i%stream.Width].Float64()
					}
					requireBits(t, want, got, Name())
					for lane, v := range side.IntN(3) {
						require.Equal(t, alone[lane].IntN(3), v)
					}
				}
				return got
			})
		}
	}
}
