// Package ndarray reads NumPy's .npy arrays from memory, for graphs, chains,
// priors, sequences and weights that other programs wrote.
//
// The reader library trusts the header, reads a truncated file as zeros and
// panics on some corrupt ones; this package checks sizes first, so that a
// user's file can only be right or an error. It opens no files, writes none and
// knows no meaning of the numbers.
package ndarray

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"codeberg.org/sbinet/npyio/npy"
)

// Array is a dense array, row-major (the last index runs fastest).
type Array struct {
	Shape []int
	Data  []float64
	Kind  Kind // as which the file keeps the numbers
}

// MaxElements bounds an array: 2 GiB of float64.
const MaxElements = 1 << 28

// Elements is the product of a shape's sizes, 1 for a scalar; ok is false when
// a size is negative or above MaxElements, or the product is. The order of the
// sizes does not matter: one of 0 makes an empty array of any others.
func Elements(shape []int) (n int, ok bool) {
	empty := false
	for _, size := range shape {
		if size < 0 || size > MaxElements {
			return 0, false
		}
		empty = empty || size == 0
	}
	if empty {
		return 0, true
	}
	n = 1
	for _, size := range shape {
		if n *= size; n > MaxElements {
			return 0, false
		}
	}
	return n, true
}

// ReadNPY reads a whole .npy file of real numbers (see Kind) in C or Fortran
// order, little or big endian. Bytes missing or left over, and an integer that
// float64 does not hold, are an error.
func ReadNPY(data []byte) (a Array, err error) {
	defer func() {
		if p := recover(); p != nil {
			a, err = Array{}, unreadable(p)
		}
	}()
	if err := checkHeaderLength(data); err != nil {
		return Array{}, err
	}
	source := bytes.NewReader(data)
	r, err := npy.NewReader(source)
	if err != nil {
		return Array{}, unreadable(err)
	}
	shape := append([]int{}, r.Header.Descr.Shape...)
	n, ok := Elements(shape)
	if !ok {
		return Array{}, fmt.Errorf("array of shape %v, want at most %d numbers", shape, MaxElements)
	}
	descr := r.Header.Descr.Type
	kind := Kind(strings.Trim(descr, "'<>|="))
	if !kind.known() {
		return Array{}, fmt.Errorf("array of type %q, %s", strings.Trim(descr, "'"), advice(descr))
	}
	if have := source.Len(); have != n*kind.Width() {
		return Array{}, fmt.Errorf("%d bytes of data, want %d for shape %v: the file is truncated or damaged", have, n*kind.Width(), shape)
	}
	flat, err := kind.Decode(data[len(data)-source.Len():], strings.Contains(descr, ">"))
	if err != nil {
		return Array{}, err
	}
	if r.Header.Descr.Fortran {
		flat = rowMajor(flat, shape)
	}
	return Array{Shape: shape, Data: flat, Kind: kind}, nil
}

// advice says how an array that is not read becomes one that is.
func advice(descr string) string {
	switch kind := strings.Trim(descr, "'<>|="); {
	case strings.HasPrefix(kind, "O"):
		return "Python objects, which only Python can load: save numbers, np.save(FILE, np.array(VALUES, dtype=float))"
	case kind == "V2":
		return "two bytes without a meaning, which is how NumPy keeps bfloat16: save .astype(np.float32)"
	}
	return "want real numbers: float64 (f8), float32 (f4), float16 (f2), integers (i1 to u8) or bool (b1)"
}

// unreadable is the error that the reader library gave. It may quote the file's
// own bytes, which are escaped: an error is one line.
func unreadable(cause any) error {
	text := strconv.Quote(fmt.Sprint(cause))
	return fmt.Errorf("not a readable .npy file: %s", strings.ReplaceAll(text[1:len(text)-1], `\"`, `"`))
}

// checkHeaderLength keeps the reader from allocating what a damaged header
// asks for.
func checkHeaderLength(data []byte) error {
	if len(data) < 12 || !bytes.HasPrefix(data, npy.Magic[:]) {
		return errors.New("not a readable .npy file: it does not begin like one")
	}
	header, begin := int64(binary.LittleEndian.Uint16(data[8:])), 10
	if data[6] == 2 {
		header, begin = int64(binary.LittleEndian.Uint32(data[8:])), 12
	}
	if header > int64(len(data)-begin) {
		return errors.New("not a readable .npy file: its header is truncated")
	}
	return nil
}

// rowMajor reorders numbers whose first index runs fastest.
func rowMajor(flat []float64, shape []int) []float64 {
	out := make([]float64, len(flat))
	index := make([]int, len(shape))
	for _, v := range flat {
		at := 0
		for axis, i := range index {
			at = at*shape[axis] + i
		}
		out[at] = v
		for axis := range index {
			if index[axis]++; index[axis] < shape[axis] {
				break
			}
			index[axis] = 0
		}
	}
	return out
}
