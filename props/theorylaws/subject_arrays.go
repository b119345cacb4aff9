package theorylaws

import (
	"causalgrad/props"
	"causalgrad/theory/ndarray"
)

// CanReadArrays is the capability of an ArrayReader. It is in-process only: the
// protocol has no operation for it, so a subject behind a command never has it.
const CanReadArrays props.Capability = "arrays"

// Arrays are a subject's functions on arrays of other programs.
type Arrays struct {
	// ReadNPY reads the bytes of a whole .npy file of float32 or float64 numbers.
	ReadNPY func(data []byte) (ndarray.Array, error)
	// Elements is the product of a shape's sizes; ok is false where it is no size
	// or above ndarray.MaxElements.
	Elements func(shape []int) (n int, ok bool)
}

// ArrayReader reads arrays. Like the other in-process capabilities it is a table
// of functions, so that a planted fault replaces one of them.
type ArrayReader interface {
	Arrays() Arrays
}
