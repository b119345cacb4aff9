package theorylaws

import "causalgrad/theory/stream"

var _ Drawer = builtin{}

func (builtin) Streams() Streams {
	return Streams{
		Words:        times((*stream.Stream).Uint64),
		Uniforms:     times((*stream.Stream).Float64),
		Opens:        times((*stream.Stream).Open),
		Normals:      times((*stream.Stream).Normal),
		Exponentials: times((*stream.Stream).Exponential),
		Integers: func(k stream.Key, bound, n int) []int {
			return times(func(s *stream.Stream) int { return s.IntN(bound) })(k, n)
		},
		LogGammas: func(k stream.Key, shape float64, n int) []float64 {
			return times(func(s *stream.Stream) float64 { return s.LogGamma(shape) })(k, n)
		},
		Dirichlets: func(k stream.Key, alpha float64, size, n int) [][]float64 {
			return times(func(s *stream.Stream) []float64 {
				row := make([]float64, size)
				s.Dirichlet(alpha, row)
				return row
			})(k, n)
		},
		Shuffled: func(k stream.Key, n int) []int {
			order := make([]int, n)
			for i := range order {
				order[i] = i
			}
			stream.New(k).Shuffle(order)
			return order
		},
	}
}

// times draws n times from the stream of a key.
func times[V any](draw func(*stream.Stream) V) func(k stream.Key, n int) []V {
	return func(k stream.Key, n int) []V {
		s, values := stream.New(k), make([]V, n)
		for i := range values {
			values[i] = draw(s)
		}
		return values
	}
}
