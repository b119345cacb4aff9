package fault

import (
	"bytes"
	"slices"

	"causalgrad/props/theorylaws"
	"causalgrad/theory/ndarray"
)

// arrayFaults are mistakes in reading arrays of other programs.
func arrayFaults() []Fault {
	reading := func(id, description string, read func(own theorylaws.Arrays, data []byte) (ndarray.Array, error), expect ...string) Fault {
		return patch(id, description, func(v *variant) {
			v.arrays = func(own theorylaws.Arrays) theorylaws.Arrays {
				broken := own
				broken.ReadNPY = func(data []byte) (ndarray.Array, error) { return read(own, data) }
				return broken
			}
		}, expect...)
	}
	return []Fault{
		reading("array-fortran-ignored", ".npy files in Fortran order are read as if they were in C order", func(own theorylaws.Arrays, data []byte) (ndarray.Array, error) {
			return own.ReadNPY(bytes.Replace(data, []byte("'fortran_order': True, "), []byte("'fortran_order': False,"), 1))
		}, "array-round-trip"),
		reading("array-big-endian", ".npy files of big-endian numbers are read as little-endian ones", func(own theorylaws.Arrays, data []byte) (ndarray.Array, error) {
			return own.ReadNPY(bytes.Replace(data, []byte("'descr': '>"), []byte("'descr': '<"), 1))
		}, "array-round-trip"),
		reading("array-flat-shape", "an array of three dimensions is given the shape of its last two", func(own theorylaws.Arrays, data []byte) (ndarray.Array, error) {
			a, err := own.ReadNPY(data)
			if len(a.Shape) == 3 {
				a.Shape = []int{a.Shape[0] * a.Shape[1], a.Shape[2]}
			}
			return a, err
		}, "array-round-trip"),
		reading("array-padded", "a .npy file that ends too early is filled up with zeros", func(own theorylaws.Arrays, data []byte) (ndarray.Array, error) {
			a, err := own.ReadNPY(data)
			for missing := 1; err != nil && missing <= 8; missing++ {
				a, err = own.ReadNPY(append(slices.Clip(data), make([]byte, missing)...))
			}
			return a, err
		}, "array-length"),
		reading("array-integers", "a .npy file of integers is read as the numbers that have the same bits", func(own theorylaws.Arrays, data []byte) (ndarray.Array, error) {
			for _, kind := range []string{"i8", "u4", "i2", "b1"} {
				data = bytes.Replace(data, []byte("'<"+kind+"'"), []byte("'<f8'"), 1)
			}
			a, err := own.ReadNPY(data)
			if err != nil {
				return ndarray.Array{Shape: []int{2}, Data: make([]float64, 2)}, nil
			}
			return a, err
		}, "array-header"),
		reading("array-trusting", "the shape of a .npy file's header is believed, whatever numbers follow", func(own theorylaws.Arrays, data []byte) (ndarray.Array, error) {
			a, err := own.ReadNPY(data)
			if len(a.Data) > 1 {
				a.Data = a.Data[:len(a.Data)-1]
			}
			return a, err
		}, "array-round-trip", "array-damaged"),
		patch("array-overflow", "the sizes of a shape are multiplied in 64 bits and the product checked at the end", func(v *variant) {
			v.arrays = func(own theorylaws.Arrays) theorylaws.Arrays {
				own.Elements = func(shape []int) (int, bool) {
					n := 1
					for _, size := range shape {
						n *= size
					}
					return n, n >= 0 && n <= ndarray.MaxElements
				}
				return own
			}
		}, "array-elements"),
	}
}
