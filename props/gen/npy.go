package gen

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"strings"

	"pgregory.net/rapid"
)

// NPY is an array together with a way to write it as a .npy file.
type NPY struct {
	Shape   []int
	Data    []float64 // row-major; float32 numbers where Single
	Single  bool      // as float32
	Big     bool      // big endian
	Fortran bool      // the first index runs fastest
	Version byte      // of the format: 1 or 2
}

// Layouts draws a way to write the array of that shape and those numbers, which
// must be float32 numbers if single can come up.
func Layouts(shape []int, data []float64, single bool) *rapid.Generator[NPY] {
	return rapid.Custom(func(t *rapid.T) NPY {
		return NPY{
			Shape: shape, Data: data, Single: single && rapid.Bool().Draw(t, "single"), Big: rapid.Bool().Draw(t, "big endian"),
			Fortran: rapid.Bool().Draw(t, "fortran"), Version: byte(rapid.IntRange(1, 2).Draw(t, "version")),
		}
	})
}

// Arrays draws an array of up to three dimensions of float32 numbers, a size of
// 0 and no dimension at all included, and a way to write it.
func Arrays() *rapid.Generator[NPY] {
	return rapid.Custom(func(t *rapid.T) NPY {
		shape := rapid.SliceOfN(rapid.IntRange(0, 4), 0, 3).Draw(t, "shape")
		n := 1
		for _, size := range shape {
			n *= size
		}
		data := make([]float64, n)
		for i := range data {
			data[i] = float64(rapid.Float32().Draw(t, "number"))
		}
		return Layouts(shape, data, true).Draw(t, "layout")
	})
}

// Descr is the type in the header, "<f8".
func (a NPY) Descr() string {
	order, kind := "<", "f8"
	if a.Big {
		order = ">"
	}
	if a.Single {
		kind = "f4"
	}
	return order + kind
}

// Bytes is the file, written from the description of the format alone.
func (a NPY) Bytes() []byte { return a.WithHeader(a.Descr(), fmt.Sprint(a.shapeText())) }

// shapeText is the shape as a Python tuple.
func (a NPY) shapeText() string {
	text := "("
	for i, size := range a.Shape {
		if i > 0 {
			text += " "
		}
		text += fmt.Sprintf("%d,", size)
	}
	return text + ")"
}

// WithHeader is the file with another type or shape in its header.
func (a NPY) WithHeader(descr, shape string) []byte {
	fortran := "False"
	if a.Fortran {
		fortran = "True"
	}
	header := fmt.Sprintf("{'descr': '%s', 'fortran_order': %s, 'shape': %s, }", descr, fortran, shape)
	prefix := 8 + 2*int(a.Version) // magic, version and the header's length
	header += strings.Repeat(" ", 63-(prefix+len(header))%64) + "\n"
	file := append([]byte("\x93NUMPY"), a.Version, 0)
	if a.Version == 1 {
		file = binary.LittleEndian.AppendUint16(file, uint16(len(header)))
	} else {
		file = binary.LittleEndian.AppendUint32(file, uint32(len(header)))
	}
	return append(append(file, header...), a.numbers()...)
}

// numbers are the bytes behind the header.
func (a NPY) numbers() []byte {
	var order binary.ByteOrder = binary.LittleEndian
	if a.Big {
		order = binary.BigEndian
	}
	var b bytes.Buffer
	for _, v := range a.ordered() {
		word := make([]byte, 8)
		if order.PutUint64(word, math.Float64bits(v)); a.Single {
			word = word[:4]
			order.PutUint32(word, math.Float32bits(float32(v)))
		}
		b.Write(word)
	}
	return b.Bytes()
}

// ordered are the numbers in the file's order.
func (a NPY) ordered() []float64 {
	if !a.Fortran {
		return a.Data
	}
	out := make([]float64, len(a.Data))
	for at, v := range a.Data {
		// at counts the last index fastest; place counts the first one fastest.
		place, stride, rest := 0, len(a.Data), at
		for axis := len(a.Shape) - 1; axis >= 0; axis-- {
			stride /= a.Shape[axis]
			place += rest % a.Shape[axis] * stride
			rest /= a.Shape[axis]
		}
		out[place] = v
	}
	return out
}

// Damaged draws a copy of data with up to three bytes changed, left out or put in.
func Damaged(data []byte) *rapid.Generator[[]byte] {
	return rapid.Custom(func(t *rapid.T) []byte {
		out := bytes.Clone(data)
		for range rapid.IntRange(1, 3).Draw(t, "edits") {
			at := rapid.IntRange(0, len(out)).Draw(t, "at")
			letter := rapid.SampledFrom([]byte("0,.:[]-e x'\"\x00\xff\n")).Draw(t, "byte")
			switch edit := rapid.IntRange(0, 2).Draw(t, "edit"); {
			case edit == 0 && at < len(out):
				out[at] = letter
			case edit == 1 && at < len(out):
				out = append(out[:at], out[at+1:]...)
			default:
				out = append(out[:at], append([]byte{letter}, out[at:]...)...)
			}
		}
		return out
	})
}
