package weights

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"math"
	"os"
	"path/filepath"
	"testing"

	"codeberg.org/sbinet/npyio/npy"
	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/mat"

	"causalgrad/impl/model"
)

// models are small ones of every kind.
func models(t *testing.T) []model.Model {
	t.Helper()
	d, err := model.NewDisentangled(2, 3, []int{2, 1})
	require.NoError(t, err)
	r, err := model.NewReduced(3, 4, 0.5)
	require.NoError(t, err)
	f, err := model.NewTransformer(2, 3, 2)
	require.NoError(t, err)
	return []model.Model{d, r, f}
}

// numbered parameters are all different, with digits that decimals would lose.
func numbered(m model.Model) []float64 {
	params := make([]float64, m.Layout().Size())
	for i := range params {
		params[i] = float64(i+1) / 7
	}
	return params
}

func TestWeightsComeBackBitForBit(t *testing.T) {
	for _, m := range models(t) {
		for _, ending := range []string{".npz", ".safetensors"} {
			file := filepath.Join(t.TempDir(), m.Name()+ending)
			require.NoError(t, write(file, m, numbered(m)))
			again, params, err := load(file, 0.5)
			require.NoError(t, err, file)
			require.Equal(t, m.Layout(), again.Layout(), file)
			require.Equal(t, m.Name(), again.Name())
			require.Equal(t, []int{m.Tokens(), m.SequenceLength()}, []int{again.Tokens(), again.SequenceLength()})
			require.Equal(t, numbered(m), params, file)
			first, err := os.ReadFile(file)
			require.NoError(t, err)
			require.NoError(t, write(file, m, params))
			second, err := os.ReadFile(file)
			require.NoError(t, err)
			require.Equal(t, first, second, "equal parameters give equal bytes")
		}
	}
}

func TestFlattenReadsAVectorWhereABlockHasOneRow(t *testing.T) {
	m := models(t)[2]
	var tensors []Tensor
	for _, b := range m.Layout() {
		shape := []int{b.Rows, b.Cols}
		if b.Rows == 1 {
			shape = shape[1:]
		}
		tensors = append(tensors, Tensor{b.Name, shape, b.Of(numbered(m))})
	}
	params, err := Flatten(m, tensors)
	require.NoError(t, err)
	require.Equal(t, numbered(m), params)
}

// archive zips members in order, so that names may repeat.
func archive(t *testing.T, members ...any) string {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := 0; i < len(members); i += 2 {
		f, err := w.Create(members[i].(string))
		require.NoError(t, err)
		if raw, ok := members[i+1].(string); ok {
			_, err = f.Write([]byte(raw))
		} else {
			err = npy.Write(f, members[i+1])
		}
		require.NoError(t, err)
	}
	require.NoError(t, w.Close())
	return b.String()
}

// tensorsFile joins a JSON header and data.
func tensorsFile(header string, numbers ...float64) string {
	data := binary.LittleEndian.AppendUint64(nil, uint64(len(header)))
	data = append(data, header...)
	for _, v := range numbers {
		data = binary.LittleEndian.AppendUint64(data, math.Float64bits(v))
	}
	return string(data)
}

func ones(n int) []float64 {
	v := make([]float64, n)
	for i := range v {
		v[i] = 1
	}
	return v
}

func TestLoadRefusesForeignFilesInOneLine(t *testing.T) {
	square := func(n int) any { return mat.NewDense(n, n, ones(n*n)) }
	goodNPZ := archive(t, "A1.npy", square(3), "A2.npy", square(2))
	goodST := tensorsFile(`{"A1":{"dtype":"F64","shape":[3,3],"data_offsets":[0,72]},"A2":{"dtype":"F64","shape":[2,2],"data_offsets":[72,104]}}`, ones(13)...)
	for name, c := range map[string]struct{ file, text, want string }{
		"ending":            {"w.pt", "x", "want a file name that ends in .npz, .safetensors or, to read, .msgpack"},
		"npz, empty":        {"w.npz", "", "not a readable .npz file"},
		"npz, truncated":    {"w.npz", goodNPZ[:len(goodNPZ)-9], "not a readable .npz file"},
		"npz, duplicate":    {"w.npz", archive(t, "A1.npy", square(3), "A1.npy", square(3)), `tensor "A1": the file has two of that name`},
		"npz, two endings":  {"w.npz", archive(t, "A1.npy", square(3), "A1", square(3)), `tensor "A1": the file has two of that name`},
		"npz, integers":     {"w.npz", archive(t, "A1.npy", []complex64{1}), "want real numbers"},
		"npz, not an array": {"w.npz", archive(t, "A1.npy", "hello, I am not an array"), `tensor "A1": not a readable .npy file`},
		"npz, NaN":          {"w.npz", archive(t, "A1.npy", []float64{1, math.NaN()}), `tensor "A1": entry 1 is NaN`},
		"npz, shape": {"w.npz", archive(t, "A1.npy", mat.NewDense(3, 4, ones(12)), "A2.npy", square(2)),
			`tensor "A1": shape [3 4], want [3 3]`},
		"npz, vector":  {"w.npz", archive(t, "A1.npy", ones(9), "A2.npy", square(2)), `tensor "A1": shape [9], want a matrix`},
		"npz, missing": {"w.npz", archive(t, "A1.npy", square(3)), "tensors A1: want those of"},
		"npz, left over": {"w.npz", archive(t, "A1.npy", square(3), "A2.npy", square(2), "bias.npy", square(2)),
			`tensor "bias": model "reduced" of 2 tokens and length 3 has no such block`},
		"npz, no W":       {"w.npz", archive(t, "A0.0.npy", square(5)), `tensor "W": missing`},
		"npz, no members": {"w.npz", archive(t), "want those of"},
		"st, empty":       {"w.safetensors", "", "not a readable .safetensors file"},
		"st, truncated":   {"w.safetensors", goodST[:len(goodST)-1], "not a readable .safetensors file"},
		"st, header":      {"w.safetensors", goodST[:50], "but 42 follow: the file is truncated"},
		"st, huge header": {"w.safetensors", "\xff\xff\xff\xff\xff\xff\xff\xff{}", "the file is truncated"},
		"st, no JSON":     {"w.safetensors", tensorsFile("{A1}"), "not a readable .safetensors file"},
		"st, duplicate":   {"w.safetensors", tensorsFile(`{"A1":{"dtype":"F64","shape":[1],"data_offsets":[0,8]},"A1":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}}`, 1), `tensor "A1": the file has two of that name`},
		"st, half": {"w.safetensors", tensorsFile(`{"A1":{"dtype":"F8_E4M3","shape":[8],"data_offsets":[0,8]}}`, 1),
			"invalid DType string value"},
		"st, NaN": {"w.safetensors", tensorsFile(`{"A1":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}}`, math.Inf(1)),
			`tensor "A1": entry 0 is +Inf`},
		"st, offsets": {"w.safetensors", tensorsFile(`{"A1":{"dtype":"F64","shape":[2],"data_offsets":[0,8]}}`, 1),
			"not a readable .safetensors file"},
		"st, overflow": {"w.safetensors", tensorsFile(`{"A1":{"dtype":"F64","shape":[4294967296,4294967296,0],"data_offsets":[0,0]}}`),
			"multiplication overflow"},
	} {
		file := filepath.Join(t.TempDir(), c.file)
		require.NoError(t, os.WriteFile(file, []byte(c.text), 0o600))
		_, _, err := load(file, 0)
		require.ErrorContains(t, err, c.want, name)
		require.ErrorContains(t, err, file, name)
		require.NotContains(t, err.Error(), "\n", name)
	}
	_, _, err := load(filepath.Join(t.TempDir(), "absent.npz"), 0)
	require.ErrorContains(t, err, "no such file")
	require.ErrorContains(t, write("w.bin", models(t)[1], numbered(models(t)[1])), "want a file name that ends in")
	require.ErrorContains(t, write("w.npz", models(t)[1], nil), "0 parameters, want 25")
	require.ErrorContains(t, write("w.npz", models(t)[1], append(ones(24), math.NaN())), `tensor "A2": entry 8 is NaN`)
	require.ErrorContains(t, CheckName("w.bin", Named), "want a file name that ends in")
}

// A damaged .npz is seen by its checksum: any changed byte of the numbers is
// an error.
func TestLoadSeesAChangedByte(t *testing.T) {
	m := models(t)[1]
	file := filepath.Join(t.TempDir(), "w.npz")
	require.NoError(t, write(file, m, numbered(m)))
	data, err := os.ReadFile(file)
	require.NoError(t, err)
	data[len(data)/3] ^= 0x10
	require.NoError(t, os.WriteFile(file, data, 0o600))
	_, _, err = load(file, 0)
	require.Error(t, err)
}

// Any bytes are finite tensors whose shapes fit, or an error; never a panic.
func fuzz(f *testing.F, decode func([]byte) ([]Tensor, error)) {
	f.Fuzz(func(t *testing.T, data []byte) {
		tensors, err := decode(data)
		if err != nil {
			return
		}
		for _, tensor := range tensors {
			n := 1
			for _, size := range tensor.Shape {
				n *= size
			}
			require.Len(t, tensor.Data, n)
		}
		if m, err := Infer(tensors, 0); err == nil {
			_, _ = Flatten(m, tensors) // either answer will do
		}
	})
}

func FuzzSafetensors(f *testing.F) {
	f.Add([]byte(tensorsFile(`{"A1":{"dtype":"F64","shape":[1,1],"data_offsets":[0,8]}}`, 1)))
	f.Add([]byte(tensorsFile(`{"__metadata__":{"a":"b"},"W":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}`, 1)))
	fuzz(f, decodeSafetensors)
}

func FuzzNPZ(f *testing.F) {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	member, err := w.Create("A1.npy")
	require.NoError(f, err)
	require.NoError(f, npy.Write(member, []float64{1, 2}))
	require.NoError(f, w.Close())
	f.Add(b.Bytes())
	fuzz(f, decodeNPZ)
}

// load and write are what a user has who sets no option.
func load(name string, eps float64) (model.Model, []float64, error) {
	m, params, _, err := Load(name, eps, ReadOptions{})
	return m, params, err
}

func write(name string, m model.Model, params []float64) error { return Write(name, m, params, Named) }
