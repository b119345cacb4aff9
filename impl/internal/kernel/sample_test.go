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

// Chains side by side have the bits of each by itself, however many of the lanes hold one.
func TestStationarySideBySide(t *testing.T) {
	for _, s := range []int{1, 2, 3, 5, 10} {
		for _, alpha := range []float64{0.003, 0.1, 1} {
			r := stream.New(stream.Key{Seed: 5, Purpose: stream.Law})
			chain := make([]float64, s*s)
			for lanes := 1; lanes <= stream.Width; lanes++ {
				requireStationary(t, s, lanes, func() []float64 {
					markov.Dirichlet{Size: s, Alpha: alpha}.Draw(r, chain)
					return chain
				})
			}
		}
	}
}

// A walk that goes up almost surely and down with probability 1e-200 is rescaled on the
// way: without that its distribution would be no number.
func TestStationaryOfAWalkUp(t *testing.T) {
	const s = 5
	walk := make([]float64, s*s)
	for i := range s {
		walk[i*s+min(i+1, s-1)] = 1
		walk[i*s+max(i-1, 0)] += 1e-200
	}
	mu, work := make([]float64, s), make([]float64, s*s)
	markov.Stationary(walk, s, mu, work)
	require.Equal(t, []float64{0, 0, 0, 1e-200, 1}, mu)
	requireStationary(t, s, stream.Width, func() []float64 { return walk })
}

func requireStationary(t *testing.T, s, lanes int, draw func() []float64) {
	chains, want := make([]float64, stream.Width*s*s), make([]float64, stream.Width*s)
	mu, work := make([]float64, s), make([]float64, stream.Width*s*s)
	for lane := range lanes {
		chain := draw()
		markov.Stationary(chain, s, mu, work)
		for i, v := range chain {
			chains[i*stream.Width+lane] = v
		}
		for i, v := range mu {
			want[i*stream.Width+lane] = v
		}
	}
	eachVariant(t, func() []float64 {
		got := make([]float64, stream.Width*s)
		Stationary(chains, s, lanes, got, work)
		for i := range got {
			if i%stream.Width >= lanes {
				got[i] = 0
			}
		}
		requireBits(t, want, got, Name())
		return got
	})
	for _, short := range []func(){
		func() { Stationary(chains[1:], s, lanes, want, work) },
		func() { Stationary(chains, s, lanes, want[1:], work) },
		func() { Stationary(chains, s, lanes, want, slices.Clip(work[1:])) },
	} {
		require.Panics(t, short)
	}
}

// Tokens are found by their definition, also where a uniform is on a sum, or above all,
// or a sum is no number.
func TestInvert(t *testing.T) {
	r := rand.New(rand.NewPCG(32, 1))
	for _, s := range []int{1, 2, 3, 10, 17} {
		parents := []int{5, 0, 1, 5, 2} // 5: none
		n := len(parents)
		rows, uniforms := make([]float64, stream.Width*(s+1)*s), make([]float64, stream.Width*n)
		for i := range rows {
			rows[i] = r.Float64() * 1.5 / float64(s)
			if i%stream.Width == 7 { // the last lane
				rows[i] = []float64{math.Inf(1), math.Inf(-1), 0.5}[r.IntN(3)]
			}
		}
		for i := range uniforms {
			uniforms[i] = r.Float64()
		}
		copy(uniforms, rows[stream.Width*s*s:][:stream.Width/2]) // on the first sum of the row without a parent
		want := make([]int, stream.Width*(n+1))
		for lane := range stream.Width {
			want[stream.Width*n+lane] = s
			for i, p := range parents {
				sum, at := 0.0, stream.Width*i+lane
				for v := range s - 1 {
					if sum += rows[stream.Width*(s*want[stream.Width*p+lane]+v)+lane]; sum <= uniforms[at] {
						want[at]++
					}
				}
			}
		}
		eachVariant(t, func() []float64 {
			got, sums := make([]int, len(want)), slices.Clone(rows)
			Invert(got, parents, uniforms, sums, s)
			require.Equal(t, want, got, Name())
			return nil
		})
		tokens := make([]int, len(want))
		for _, wrong := range []int{-1, 1, n + 1} {
			require.Panics(t, func() { Invert(tokens, []int{n, wrong, 0, 0, 0}, uniforms, slices.Clone(rows), s) })
		}
		for _, short := range []func(){
			func() { Invert(slices.Clip(tokens[1:]), parents, uniforms, slices.Clone(rows), s) },
			func() { Invert(tokens, parents, slices.Clip(uniforms[1:]), slices.Clone(rows), s) },
			func() { Invert(tokens, parents, uniforms, slices.Clip(rows[1:]), s) },
		} {
			require.Panics(t, short)
		}
	}
}

// What the assembly would write behind a slice is refused before.
func TestShortSlicesAreRefused(t *testing.T) {
	eight := make([]float64, stream.Width)
	for _, variant := range Available()[1:] {
		require.NoError(t, With(variant, func() error {
			require.Panics(t, func() { shares(eight[:7], eight) })
			require.Panics(t, func() { variateExps(eight[:3:3], eight[:4]) })
			require.PanicsWithError(t, "runtime error: index out of range [16] with length 16", func() { propose(new(stream.Proposals), 17) })
			return nil
		}))
	}
}

// Streams side by side draw what each draws alone, and use the same words, whatever they
// drew before.
func TestStreamsAbreast(t *testing.T) {
	for _, alpha := range []float64{1e-4, 0.005, 0.1, 0.49, 0.5, 1, 3} {
		eachVariant(t, func() []float64 {
			var side stream.Abreast
			var alone [stream.Width]*stream.Stream
			for lane := range alone {
				key := stream.Key{Seed: 11, Purpose: stream.Law, Shard: uint64(lane)}
				alone[lane] = stream.New(key)
				side.Reset(lane, key)
			}
			var all []float64
			for _, width := range []int{37, 1, 3, 10, 16, 40, 17} {
				const rows = 3
				got, want := make([]float64, rows*width*stream.Width), make([]float64, rows*width*stream.Width)
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
					side.Float64s(nil)
					side.DirichletRows(alpha, width, nil)
				}
				all = append(all, got...)
			}
			return all
		})
	}
}
