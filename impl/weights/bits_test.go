package weights

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"testing"

	"causalgrad/impl/model"

	"github.com/stretchr/testify/require"
)

// special are finite numbers that a careless format changes: negative zero, the
// smallest and a larger subnormal number, the largest one.
var special = []float64{math.Copysign(0, -1), 5e-324, -0x1p-1040, math.MaxFloat64}

func bitsOf(values []float64) []uint64 {
	bits := make([]uint64, len(values))
	for i, v := range values {
		bits[i] = math.Float64bits(v)
	}
	return bits
}

// What was written is read back: the same model, its constant inside the
// logarithm included, and every bit of its parameters; equal parameters give
// equal bytes.
func TestEveryBitComesBack(t *testing.T) {
	for _, m := range models(t) {
		params := numbered(m)
		for _, b := range m.Layout() { // at either end of every block
			copy(b.Of(params), special[:2])
			copy(b.Of(params)[b.Size()-2:], special[2:])
		}
		for _, ending := range []string{".npz", ".safetensors"} {
			file := filepath.Join(t.TempDir(), "w"+ending)
			require.NoError(t, write(file, m, params))
			again, got, err := load(file, 0.5)
			require.NoError(t, err)
			require.Equal(t, fmt.Sprintf("%+v", m), fmt.Sprintf("%+v", again), "model read from %s", ending)
			require.Equal(t, bitsOf(params), bitsOf(got), "bits read from %s", ending)
			first, err := os.ReadFile(file)
			require.NoError(t, err)
			require.NoError(t, write(file, m, params))
			second, err := os.ReadFile(file)
			require.NoError(t, err)
			require.True(t, bytes.Equal(first, second), "equal parameters gave other bytes in %s", ending)
		}
	}
}

// parse is Load of a file that would hold data.
func parse(name string, data []byte) ([]float64, error) {
	tensors, err := decoder(name)(data)
	if err == nil {
		err = checkFinite(tensors)
	}
	if err != nil {
		return nil, err
	}
	m, err := Infer(tensors, 0.5)
	if err != nil {
		return nil, err
	}
	return Flatten(m, tensors)
}

// A file that ends early is refused in one line, wherever it ends.
// One changed bit is refused too or leaves finite parameters; the checksums of an
// .npz file let no number change.
func TestEveryCutAndEveryChangedBit(t *testing.T) {
	m, err := model.NewReduced(2, 3, 0.5)
	require.NoError(t, err)
	params := numbered(m)
	for _, ending := range []string{".npz", ".safetensors"} {
		file := filepath.Join(t.TempDir(), "w"+ending)
		require.NoError(t, write(file, m, params))
		whole, err := os.ReadFile(file)
		require.NoError(t, err)
		read := func(data []byte, what string, at int) []float64 {
			got, err := parse(file, data)
			if err != nil {
				require.NotContains(t, err.Error(), "\n", "%s %d of %s", what, at, ending)
			}
			return got
		}
		for n := range whole {
			cut := make([]byte, n) // without room behind it
			copy(cut, whole)
			require.Nil(t, read(cut, "cut at byte", n), "cut at byte %d of %s", n, ending)
		}
		for n := range 8 * len(whole) {
			changed := bytes.Clone(whole)
			changed[n/8] ^= 1 << (n % 8)
			got := read(changed, "changed bit", n)
			for _, v := range got {
				require.False(t, math.IsNaN(v) || math.IsInf(v, 0), "bit %d of %s: %v read", n, ending, v)
			}
			if ending == ".npz" && got != nil {
				require.Equal(t, bitsOf(params), bitsOf(got), "bit %d of %s changed a number", n, ending)
			}
		}
	}
}

// Parameters of the wrong number or not finite, and unknown endings, are refused
// and leave the old file as it was.
func TestARefusedWriteLeavesTheOldFile(t *testing.T) {
	m, err := model.NewReduced(2, 3, 0.5)
	require.NoError(t, err)
	for _, ending := range []string{".npz", ".safetensors", ".NPZ"} {
		file := filepath.Join(t.TempDir(), "w"+ending)
		require.NoError(t, CheckName(file, Named))
		require.NoError(t, write(file, m, numbered(m)))
		before, err := os.ReadFile(file)
		require.NoError(t, err)
		for _, bad := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
			for _, i := range []int{0, 6, 12} {
				params := numbered(m)
				params[i] = bad
				require.ErrorContains(t, write(file, m, params), fmt.Sprintf("is %v, want finite numbers", bad))
			}
		}
		require.ErrorContains(t, write(file, m, numbered(m)[1:]), "12 parameters, want 13")
		after, err := os.ReadFile(file)
		require.NoError(t, err)
		require.True(t, bytes.Equal(before, after), "a refused write changed %s", file)
	}
	for _, name := range []string{"w", "w.pt", "w.npy", "w.npz.gz"} {
		name = filepath.Join(t.TempDir(), name)
		require.ErrorContains(t, write(name, m, numbered(m)), "file "+name)
		require.NoFileExists(t, name)
		require.ErrorContains(t, CheckName(name, Named), "file "+name)
	}
}

// Files of other programs are read exactly: single precision, tensors in another
// order than the model's blocks.
func TestSinglePrecisionIsReadExactly(t *testing.T) {
	header := `{"A2":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]},"A1":{"dtype":"F64","shape":[3,3],"data_offsets":[16,88]}}`
	data := binary.LittleEndian.AppendUint64(nil, uint64(len(header)))
	data = append(data, header...)
	want := make([]float64, 13)
	for i := range 4 {
		single := float32(i+1) / 7
		want[9+i] = float64(single)
		data = binary.LittleEndian.AppendUint32(data, math.Float32bits(single))
	}
	for i := range 9 {
		want[i] = float64(i+1) / 7
		data = binary.LittleEndian.AppendUint64(data, math.Float64bits(want[i]))
	}
	got, err := parse("w.safetensors", data)
	require.NoError(t, err)
	require.Equal(t, want, got)
}
