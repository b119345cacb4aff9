package ndarray

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"testing"

	"codeberg.org/sbinet/npyio/npy"
	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/mat"
)

// raw writes a .npy file of version 1 by hand: the writer library's files are
// only ever C-ordered and little endian.
func raw(descr string, fortran bool, shape string, order binary.ByteOrder, numbers any) []byte {
	var b bytes.Buffer
	order16 := map[bool]string{true: "True", false: "False"}
	header := fmt.Sprintf("{'descr': '%s', 'fortran_order': %s, 'shape': %s, }", descr, order16[fortran], shape)
	for (10+len(header)+1)%16 != 0 {
		header += " "
	}
	header += "\n"
	b.WriteString("\x93NUMPY\x01\x00")
	_ = binary.Write(&b, binary.LittleEndian, uint16(len(header))) // a buffer never fails
	b.WriteString(header)
	_ = binary.Write(&b, order, numbers)
	return b.Bytes()
}

func TestReadNPYReadsWhatTheLibraryWrote(t *testing.T) {
	var b bytes.Buffer
	require.NoError(t, npy.Write(&b, mat.NewDense(2, 3, []float64{1, 2, 3, 4, 5, math.Pi})))
	a, err := ReadNPY(b.Bytes())
	require.NoError(t, err)
	require.Equal(t, Array{[]int{2, 3}, []float64{1, 2, 3, 4, 5, math.Pi}}, a)
}

func TestReadNPYOrdersAndTypes(t *testing.T) {
	numbers := []float64{1, 2, 3, 4, 5, 6}
	// Fortran order: the first index runs fastest, so [i][j] is numbers[i+2j].
	a, err := ReadNPY(raw("<f8", true, "(2, 3)", binary.LittleEndian, numbers))
	require.NoError(t, err)
	require.Equal(t, []float64{1, 3, 5, 2, 4, 6}, a.Data)
	a, err = ReadNPY(raw(">f8", false, "(6,)", binary.BigEndian, numbers))
	require.NoError(t, err)
	require.Equal(t, Array{[]int{6}, numbers}, a)
	a, err = ReadNPY(raw("<f4", false, "(1, 2, 1)", binary.LittleEndian, []float32{0.5, 0.1}))
	require.NoError(t, err)
	require.Equal(t, Array{[]int{1, 2, 1}, []float64{0.5, float64(float32(0.1))}}, a)
	a, err = ReadNPY(raw("<f8", false, "(0, 3)", binary.LittleEndian, []float64{}))
	require.NoError(t, err)
	require.Equal(t, Array{[]int{0, 3}, []float64{}}, a)
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
		"no header":      {[]byte("\x93NUMPY\x02\x00\x01\x00\x00\x00"), "its header is truncated"},
		"left over":      {append(append([]byte{}, good...), 0), "33 bytes of data, want 32"},
		"integers":       {raw("<i8", false, "(1,)", binary.LittleEndian, []int64{1}), "want float64 (f8) or float32 (f4)"},
		"half":           {raw("<f2", false, "(1,)", binary.LittleEndian, []uint16{1}), "want float64 (f8) or float32 (f4)"},
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
	} {
		n, ok := Elements(c.shape)
		require.Equal(t, c.ok, ok, "%v", c.shape)
		require.Equal(t, c.n, n, "%v", c.shape)
	}
}

// Any bytes are an array whose shape fits its data, or an error.
func FuzzReadNPY(f *testing.F) {
	good := raw("<f8", true, "(2, 2)", binary.LittleEndian, []float64{1, 2, 3, 4})
	f.Add(good)
	f.Add(good[:len(good)-3])
	f.Add(raw("<f4", false, "(3,)", binary.LittleEndian, []float32{1, 2, 3}))
	f.Add([]byte("\x93NUMPY\x02\x00\xff\xff\xff\xff"))
	f.Fuzz(func(t *testing.T, data []byte) {
		a, err := ReadNPY(data)
		if err != nil {
			return
		}
		n, ok := Elements(a.Shape)
		require.True(t, ok)
		require.Len(t, a.Data, n)
	})
}
