package ndarray

import (
	"encoding/binary"
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestReadNPYOfEveryKind(t *testing.T) {
	for _, c := range []struct {
		descr   string
		numbers any
		want    []float64
	}{
		{"i8", []int64{-1, 1<<53 - 1}, []float64{-1, 1<<53 - 1}},
		{"i4", []int32{-1, math.MaxInt32}, []float64{-1, math.MaxInt32}},
		{"i2", []int16{-1, math.MaxInt16}, []float64{-1, math.MaxInt16}},
		{"i1", []int8{-1, math.MaxInt8}, []float64{-1, math.MaxInt8}},
		{"u8", []uint64{0, 1<<53 - 1}, []float64{0, 1<<53 - 1}},
		{"u4", []uint32{0, math.MaxUint32}, []float64{0, math.MaxUint32}},
		{"u2", []uint16{0, math.MaxUint16}, []float64{0, math.MaxUint16}},
		{"u1", []uint8{0, math.MaxUint8}, []float64{0, math.MaxUint8}},
		{"b1", []uint8{0, 1}, []float64{0, 1}},
		{"f2", []uint16{0x3555, 0xc000}, []float64{0.333251953125, -2}}, // from IEEE 754's own tables
		{"f4", []float32{0.1, -2}, []float64{float64(float32(0.1)), -2}},
		{"f8", []float64{0.1, -2}, []float64{0.1, -2}},
	} {
		for prefix, order := range map[string]binary.ByteOrder{"<": binary.LittleEndian, ">": binary.BigEndian} {
			a, err := ReadNPY(raw(prefix+c.descr, false, "(2,)", order, c.numbers))
			require.NoError(t, err, c.descr)
			require.Equal(t, Array{[]int{2}, c.want, Kind(c.descr)}, a, prefix)
		}
	}
}

// The values at the edges of binary16, from the standard.
func TestHalfIsExact(t *testing.T) {
	for bits, want := range map[uint16]float64{0: 0, 1: 0x1p-24, 0x03ff: 1023 * 0x1p-24, 0x0400: 0x1p-14, 0x3bff: 1 - 0x1p-11, 0x3c00: 1,
		0x7bff: 65504, 0x7c00: math.Inf(1), 0xfc00: math.Inf(-1), 0xbc01: -1 - 0x1p-10} {
		require.Equal(t, want, half(bits), "%#x", bits)
	}
	require.True(t, math.Signbit(half(0x8000)))
	require.True(t, math.IsNaN(half(0x7e00)))
	for bits := uint16(1); bits < 0x7c00; bits++ {
		require.Less(t, half(bits-1), half(bits), "%#x", bits)
	}
}

// A bfloat16 is a float32 whose lower half is 0.
func TestBFloat16IsTheUpperHalf(t *testing.T) {
	flat, err := BFloat16.Decode([]byte{0x80, 0x3f, 0x01, 0xc0}, false)
	require.NoError(t, err)
	require.Equal(t, []float64{1, -2 - 0x1p-6}, flat)
}

// What is written is what the library and this package read.
func TestWriteNPYReadsBack(t *testing.T) {
	for tuple, shape := range map[string][]int{"()": {}, "(0,)": {0}, "(3,)": {3}, "(2, 3)": {2, 3}, "(2, 1, 3)": {2, 1, 3}} {
		n, ok := Elements(shape)
		require.True(t, ok, "shape %v", shape)
		data := make([]float64, n)
		for i := range data {
			data[i] = float64(i+1) / 7
		}
		file := WriteNPY(shape, data)
		require.Zero(t, (len(file)-8*n)%64)
		require.Contains(t, string(file), "'shape': "+tuple+", }", "a tuple of Python")
		a, err := ReadNPY(file)
		require.NoError(t, err)
		require.Equal(t, Array{shape, data, "f8"}, a)
	}
}
