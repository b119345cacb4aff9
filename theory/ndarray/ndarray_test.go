package ndarray

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"strings"
	"testing"

	"codeberg.org/sbinet/npyio/npy"
	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"
)

// raw writes a .npy file of version 1 by hand: the writer library's files are
// only ever C-ordered and little endian.
func raw(descr string, fortran bool, shape string, order binary.ByteOrder, numbers any) []byte {
	return versioned(1, descr, fortran, shape, order, numbers)
}

// versioned writes version 1, whose header's length has 16 bits, or 2, with 32.
func versioned(version byte, descr string, fortran bool, shape string, order binary.ByteOrder, numbers any) []byte {
	python := map[bool]string{true: "True", false: "False"}
	header := fmt.Sprintf("{'descr': '%s', 'fortran_order': %s, 'shape': %s, }", descr, python[fortran], shape)
	header += strings.Repeat(" ", 63-(12+len(header))%64) + "\n"
	file := append([]byte("\x93NUMPY"), version, 0)
	if version == 1 {
		file = binary.LittleEndian.AppendUint16(file, uint16(len(header)))
	} else {
		file = binary.LittleEndian.AppendUint32(file, uint32(len(header)))
	}
	b := bytes.NewBuffer(append(file, header...))
	_ = binary.Write(b, order, numbers) // a buffer never fails
	return b.Bytes()
}

// drawFile draws an array of up to three dimensions of float32 numbers, a size
// of 0 and no dimension at all included, and one of the ways to write it.
func drawFile(t *rapid.T) (want Array, file []byte) {
	shape := append([]int{}, rapid.SliceOfN(rapid.IntRange(0, 4), 0, 3).Draw(t, "shape")...)
	text, n := "", 1
	for _, size := range shape {
		text, n = text+fmt.Sprintf("%d, ", size), n*size
	}
	want = Array{Shape: shape, Data: make([]float64, n)}
	fortran := rapid.Bool().Draw(t, "fortran")
	written := make([]float64, n)
	for at := range want.Data {
		want.Data[at] = float64(rapid.Float32().Draw(t, "number"))
		// at counts the last index fastest, place the first one.
		place, stride, rest := at, n, at
		if fortran {
			place = 0
			for axis := len(shape) - 1; axis >= 0; axis-- {
				stride /= shape[axis]
				place += rest % shape[axis] * stride
				rest /= shape[axis]
			}
		}
		written[place] = want.Data[at]
	}
	var numbers any = written
	kind := "f8"
	if rapid.Bool().Draw(t, "single") {
		single := make([]float32, n)
		for i, v := range written {
			single[i] = float32(v)
		}
		kind, numbers = "f4", single
	}
	var order binary.ByteOrder = binary.LittleEndian
	sign := "<"
	if rapid.Bool().Draw(t, "big endian") {
		order, sign = binary.BigEndian, ">"
	}
	want.Kind = Kind(kind)
	return want, versioned(byte(rapid.IntRange(1, 2).Draw(t, "version")), sign+kind, fortran, "("+text+")", order, numbers)
}

// An array is read with its shape and bits however it was written; a file that
// is too short or too long is refused, and a damaged one refused in one line or
// an array with as many numbers as its shape says.
func TestReadNPYReadsEveryLayout(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want, file := drawFile(t)
		a, err := ReadNPY(file)
		require.NoError(t, err)
		require.Equal(t, want, a)
		_, err = ReadNPY(append(bytes.Clone(file), make([]byte, rapid.IntRange(1, 9).Draw(t, "left over"))...))
		require.ErrorContains(t, err, "truncated or damaged")
		_, err = ReadNPY(file[:len(file)-rapid.IntRange(1, len(file)).Draw(t, "missing")])
		require.Error(t, err)
		require.NotContains(t, err.Error(), "\n")
		file[rapid.IntRange(0, len(file)-1).Draw(t, "at")] = rapid.SampledFrom([]byte("0,.:[]-e x'\"\x00\xff\n")).Draw(t, "byte")
		requireWhole(t, file)
	})
}

// requireWhole demands an array whose shape fits its data, or an error of one line.
func requireWhole(t require.TestingT, file []byte) {
	a, err := ReadNPY(file)
	if err != nil {
		require.NotContains(t, err.Error(), "\n")
		return
	}
	n, ok := Elements(a.Shape)
	require.Equal(t, true, ok, "shape %v is within the bounds", a.Shape)
	require.Len(t, a.Data, n, "shape %v", a.Shape)
}

func TestReadNPYReadsWhatTheLibraryWrote(t *testing.T) {
	var b bytes.Buffer
	require.NoError(t, npy.Write(&b, mat.NewDense(2, 3, []float64{1, 2, 3, 4, 5, math.Pi})))
	a, err := ReadNPY(b.Bytes())
	require.NoError(t, err)
	require.Equal(t, Array{[]int{2, 3}, []float64{1, 2, 3, 4, 5, math.Pi}, "f8"}, a)
}

func TestReadNPYOrdersAndTypes(t *testing.T) {
	numbers := []float64{1, 2, 3, 4, 5, 6}
	// Fortran order: the first index runs fastest, so [i][j] is numbers[i+2j].
	a, err := ReadNPY(raw("<f8", true, "(2, 3)", binary.LittleEndian, numbers))
	require.NoError(t, err)
	require.Equal(t, []float64{1, 3, 5, 2, 4, 6}, a.Data)
	a, err = ReadNPY(raw(">f8", false, "(6,)", binary.BigEndian, numbers))
	require.NoError(t, err)
	require.Equal(t, Array{[]int{6}, numbers, "f8"}, a)
	a, err = ReadNPY(raw("<f4", false, "(1, 2, 1)", binary.LittleEndian, []float32{0.5, 0.1}))
	require.NoError(t, err)
	require.Equal(t, Array{[]int{1, 2, 1}, []float64{0.5, float64(float32(0.1))}, "f4"}, a)
	a, err = ReadNPY(raw("<f8", false, "(0, 3)", binary.LittleEndian, []float64{}))
	require.NoError(t, err)
	require.Equal(t, Array{[]int{0, 3}, []float64{}, "f8"}, a)
}

func TestReadNPYRefusesDamagedFiles(t *testing.T) {
	good := raw("<f8", false, "(2, 2)", binary.LittleEndian, []float64{1, 2, 3, 4})
	empty := raw("<f8", false, "(0,)", binary.LittleEndian, []float64{}) // ends with its header
	for name, c := range map[string]struct {
		data []byte
		want string
	}{
		"empty":          {nil, "not a readable .npy file"},
		"foreign":        {[]byte("PK\x03\x04 something else entirely"), "not a readable .npy file"},
		"truncated":      {good[:len(good)-1], "31 bytes of data, want 32"},
		"header only":    {good[:20], "truncated"},
		"one byte short": {empty[:len(empty)-1], "its header is truncated"},
		"garbled":        {[]byte("\x93NUMPY\x01\x00\x08\x00{'\x00\" \n}\n"), "not a readable .npy file: npy"},
		"shape 3":        {raw("<f8", false, "3", binary.LittleEndian, []float64{1, 2, 3}), "not a readable .npy file: runtime error"}, // the library panics
		"no header":      {[]byte("\x93NUMPY\x02\x00\x01\x00\x00\x00"), "its header is truncated"},
		"left over":      {append(append([]byte{}, good...), 0), "33 bytes of data, want 32"},
		"complex":        {raw("<c16", false, "(1,)", binary.LittleEndian, []float64{1, 1}), "want real numbers"},
		"text":           {raw("<U1", false, "(1,)", binary.LittleEndian, []uint32{65}), "want real numbers"},
		"objects":        {raw("|O", false, "(1,)", binary.LittleEndian, []uint64{1}), "np.array(VALUES, dtype=float)"},
		"bfloat16":       {raw("|V2", false, "(1,)", binary.LittleEndian, []uint16{1}), ".astype(np.float32)"},
		"beyond 2^53":    {raw("<i8", false, "(2,)", binary.LittleEndian, []int64{1, -1<<53 - 1}), "entry 1 is -9007199254740992"},
		"no truth value": {raw("|b1", false, "(1,)", binary.LittleEndian, []uint8{2}), "entry 0 is 2"},
		"huge":           {raw("<f8", false, "(99999999, 99999999)", binary.LittleEndian, []float64{1}), "want at most"},
		"negative":       {raw("<f8", false, "(-1, -1)", binary.LittleEndian, []float64{1}), "want at most"},
	} {
		_, err := ReadNPY(c.data)
		require.ErrorContains(t, err, c.want, name)
		require.NotContains(t, err.Error(), "\n", name)
	}
}

func TestElementsUpToTheBound(t *testing.T) {
	for _, c := range []struct {
		shape []int
		n     int
		ok    bool
	}{
		{nil, 1, true},
		{[]int{MaxElements}, MaxElements, true},
		{[]int{1 << 14, 1 << 14}, MaxElements, true},
		{[]int{1 << 14, 1<<14 + 1}, 0, false},
		{[]int{MaxElements + 1}, 0, false},
		{[]int{0, MaxElements}, 0, true},
		{[]int{0, MaxElements + 1}, 0, false},
		{[]int{2, 0, -1}, 0, false},
		{[]int{MaxElements, MaxElements, 0}, 0, true},
		// Products that wrap around to 1 and to 0.
		{[]int{math.MaxInt, math.MaxInt}, 0, false},
		{[]int{1 << 16, 1 << 16, 1 << 16, 1 << 16}, 0, false},
	} {
		n, ok := Elements(c.shape)
		require.Equal(t, c.ok, ok, "%v", c.shape)
		require.Equal(t, c.n, n, "%v", c.shape)
	}
}

// Any bytes are a list of arrays whose shapes fit their data, or an error.
func FuzzReadNPZ(f *testing.F) {
	npy := raw("<f8", true, "(2,)", binary.LittleEndian, []float64{1, 2})
	for _, names := range [][]string{{"a"}, {"a", "a"}, {}} {
		var b bytes.Buffer
		w := zip.NewWriter(&b)
		for _, name := range names {
			m, err := w.Create(name + ".npy")
			require.NoError(f, err)
			_, err = m.Write(npy)
			require.NoError(f, err)
		}
		require.NoError(f, w.Close())
		f.Add(b.Bytes())
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		list, err := ReadNPZ(data)
		if err != nil {
			return
		}
		for _, a := range list {
			n, ok := Elements(a.Array.Shape)
			require.True(t, ok)
			require.Len(t, a.Array.Data, n)
		}
		_, err = Read(data)
		require.Equal(t, len(list) == 1, err == nil)
	})
}

// Any bytes are an array whose shape fits its data, or an error.
func FuzzReadNPY(f *testing.F) {
	good := raw("<f8", true, "(2, 2)", binary.LittleEndian, []float64{1, 2, 3, 4})
	f.Add(good)
	f.Add(good[:len(good)-3])
	f.Add(raw("<f4", false, "(3,)", binary.LittleEndian, []float32{1, 2, 3}))
	f.Add([]byte("\x93NUMPY\x02\x00\xff\xff\xff\xff"))
	f.Fuzz(func(t *testing.T, data []byte) {
		requireWhole(t, data)
	})
}
