package fault

import (
	"math"
	"math/bits"

	"causalgrad/props/theorylaws"
	"causalgrad/theory/stream"
)

// streamFaults are mistakes in the random numbers themselves.
func streamFaults() []Fault {
	drawing := func(id, description string, edit func(own theorylaws.Streams) theorylaws.Streams, expect ...string) Fault {
		return patch(id, description, func(v *variant) { v.streams = edit }, expect...)
	}
	return []Fault{
		drawing("stream-added-indices", "step and shard are added up before they enter the key", func(own theorylaws.Streams) theorylaws.Streams {
			words := own.Words
			own.Words = func(k stream.Key, n int) []uint64 {
				k.Step, k.Shard = k.Step+k.Shard, 0
				return words(k, n)
			}
			return own
		}, "stream-key"),
		drawing("stream-one-purpose", "the purpose does not enter the key", func(own theorylaws.Streams) theorylaws.Streams {
			words := own.Words
			own.Words = func(k stream.Key, n int) []uint64 {
				k.Purpose = stream.Law
				return words(k, n)
			}
			return own
		}, "stream-key"),
		drawing("stream-closed", "numbers from the open interval are ordinary uniform ones, 0 included", func(own theorylaws.Streams) theorylaws.Streams {
			own.Opens = own.Uniforms
			return own
		}, "stream-uniforms"),
		drawing("stream-decimals", "uniform numbers are rounded to three decimals", func(own theorylaws.Streams) theorylaws.Streams {
			uniforms := own.Uniforms
			own.Uniforms = func(k stream.Key, n int) []float64 {
				values := uniforms(k, n)
				for i, v := range values {
					values[i] = math.Round(v*1000) / 1000
				}
				return values
			}
			return own
		}, "stream-uniforms"),
		drawing("stream-without-rejection", "integers are the high word of a product, without rejection", func(own theorylaws.Streams) theorylaws.Streams {
			own.Integers = func(k stream.Key, bound, n int) []int {
				values := make([]int, n)
				for i, w := range own.Words(k, n) {
					high, _ := bits.Mul64(w, uint64(bound))
					values[i] = int(high)
				}
				return values
			}
			return own
		}, "stream-integers"),
		drawing("stream-sattolo", "a shuffle never leaves a number in its place", func(own theorylaws.Streams) theorylaws.Streams {
			own.Shuffled = func(k stream.Key, n int) []int {
				order := make([]int, n)
				for i := range order {
					order[i] = i
				}
				for i := n - 1; i > 0; i-- {
					j := own.Integers(stream.Key{Seed: k.Seed, Purpose: k.Purpose, Step: k.Step, Shard: uint64(i)}, i, 1)[0]
					order[i], order[j] = order[j], order[i]
				}
				return order
			}
			return own
		}, "stream-shuffle"),
		drawing("stream-sum-of-uniforms", "a normal variate is the sum of three uniform ones", func(own theorylaws.Streams) theorylaws.Streams {
			own.Normals = func(k stream.Key, n int) []float64 {
				values, uniforms := make([]float64, n), own.Uniforms(k, 3*n)
				for i := range values {
					values[i] = uniforms[3*i] + uniforms[3*i+1] + uniforms[3*i+2] - 1.5
				}
				return values
			}
			return own
		}, "stream-variates"),
		drawing("stream-gamma-unboosted", "below shape 1 the gamma variate is that of shape + 1, without its correction", func(own theorylaws.Streams) theorylaws.Streams {
			gammas := own.LogGammas
			own.LogGammas = func(k stream.Key, shape float64, n int) []float64 {
				if shape < 1 {
					shape++
				}
				return gammas(k, shape, n)
			}
			return own
		}, "stream-gammas"),
		drawing("stream-dirichlet-stick", "a Dirichlet row breaks a stick at uniform places", func(own theorylaws.Streams) theorylaws.Streams {
			own.Dirichlets = func(k stream.Key, _ float64, size, n int) [][]float64 {
				rows, uniforms := make([][]float64, n), own.Opens(k, size*n)
				for i := range rows {
					left := 1.0
					for v := range size - 1 {
						rows[i] = append(rows[i], left*uniforms[size*i+v])
						left -= rows[i][v]
					}
					rows[i] = append(rows[i], math.Max(left, stream.MinProbability))
				}
				return rows
			}
			return own
		}, "stream-dirichlet"),
		drawing("stream-dirichlet-zeros", "Dirichlet entries underflow to 0", func(own theorylaws.Streams) theorylaws.Streams {
			dirichlets := own.Dirichlets
			own.Dirichlets = func(k stream.Key, alpha float64, size, n int) [][]float64 {
				rows := dirichlets(k, alpha, size, n)
				for _, row := range rows {
					for v, p := range row {
						if p < 1e-250 {
							row[v] = 0
						}
					}
				}
				return rows
			}
			return own
		}, "stream-dirichlet"),
	}
}
