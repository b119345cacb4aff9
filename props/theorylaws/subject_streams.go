package theorylaws

import (
	"causalgrad/props"
	"causalgrad/theory/stream"
)

// CanDraw is the in-process capability of a Drawer.
const CanDraw props.Capability = "streams"

// Streams are a subject's random numbers: each function starts the stream of a
// key and draws n times.
type Streams struct {
	Words        func(k stream.Key, n int) []uint64
	Uniforms     func(k stream.Key, n int) []float64 // on [0, 1)
	Opens        func(k stream.Key, n int) []float64 // on (0, 1)
	Integers     func(k stream.Key, bound, n int) []int
	Shuffled     func(k stream.Key, n int) []int // 0..n-1 shuffled once
	Normals      func(k stream.Key, n int) []float64
	Exponentials func(k stream.Key, n int) []float64
	LogGammas    func(k stream.Key, shape float64, n int) []float64
	Dirichlets   func(k stream.Key, alpha float64, size, n int) [][]float64
}

// Drawer draws random numbers from keyed streams.
type Drawer interface {
	Streams() Streams
}
