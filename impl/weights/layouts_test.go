package weights

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/vmihailenco/msgpack/v5"

	"causalgrad/impl/model"
	"causalgrad/theory/ndarray"
)

// npz zips tensors as numpy.savez does.
func npz(t *testing.T, tensors ...Tensor) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, tensor := range tensors {
		f, err := w.Create(tensor.Name + ".npy")
		require.NoError(t, err)
		_, err = f.Write(ndarray.WriteNPY(tensor.Shape, tensor.Data))
		require.NoError(t, err)
	}
	require.NoError(t, w.Close())
	return b.Bytes()
}

func saved(t *testing.T, name string, data []byte) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(file, data, 0o600))
	return file
}

// flax is what flax.serialization.to_bytes makes of a tree: maps, lists as maps
// from "0", "1", ... and arrays as extension 1.
func flax(t *testing.T, tree any) []byte {
	t.Helper()
	data, err := msgpack.Marshal(tree)
	require.NoError(t, err)
	return data
}

type flaxLeaf struct {
	shape []int
	dtype string
	data  []byte
}

func (l flaxLeaf) EncodeMsgpack(e *msgpack.Encoder) error {
	inner, err := msgpack.Marshal([]any{l.shape, l.dtype, l.data})
	if err != nil {
		return err
	}
	if err := e.EncodeExtHeader(flaxArray, len(inner)); err != nil {
		return err
	}
	_, err = e.Writer().Write(inner)
	return err
}

func leaf(t Tensor) flaxLeaf {
	l := flaxLeaf{shape: t.Shape, dtype: "float64"}
	for _, v := range t.Data {
		l.data = binary.LittleEndian.AppendUint64(l.data, math.Float64bits(v))
	}
	return l
}

// blocks are the tensors of a model in the order of its layout.
func blocks(m model.Model, params []float64) []Tensor {
	var list []Tensor
	for _, b := range m.Layout() {
		list = append(list, Tensor{b.Name, []int{b.Rows, b.Cols}, b.Of(params)})
	}
	return list
}

// Official layouts go out and come back, bit for bit, in every format.
func TestTheOfficialLayoutBothWays(t *testing.T) {
	for _, m := range models(t) {
		for _, ending := range []string{".npz", ".safetensors"} {
			file := filepath.Join(t.TempDir(), "w"+ending)
			require.NoError(t, Write(file, m, numbered(m), Official))
			again, params, err := load(file, 0.5)
			require.NoError(t, err, m.Name())
			require.Equal(t, m.Layout(), again.Layout(), m.Name())
			require.Equal(t, numbered(m), params, m.Name())
		}
	}
	m := models(t)[0] // heads 2, 1 of S = 2, T = 3: d = 5, 15, 30
	file := filepath.Join(t.TempDir(), "w.npz")
	require.NoError(t, Write(file, m, numbered(m), Official))
	data, err := os.ReadFile(file)
	require.NoError(t, err)
	arrays, err := ndarray.ReadNPZ(data)
	require.NoError(t, err)
	shapes := map[string][]int{}
	for _, a := range arrays {
		shapes[a.Name] = a.Shape
	}
	require.Equal(t, map[string][]int{"A0": {2, 5, 5}, "A1": {1, 15, 15}, "W": {30, 2}}, shapes)
	require.ErrorContains(t, Write(file, m, numbered(m), "other"), `layout "other", want named or official`)
}

// What JAX, flax, PyTorch and NumPy make of the models' trees.
func TestLoadReadsWhatProgramsWrite(t *testing.T) {
	all := models(t)
	d, f := all[0], all[2]
	dOfficial, fOfficial := official(d, blocks(d, numbered(d))), official(f, blocks(f, numbered(f)))
	named := map[string]Tensor{}
	for _, tensor := range append(append([]Tensor{}, dOfficial...), fOfficial...) {
		named[tensor.Name] = tensor
	}
	rename := func(list []Tensor, names ...string) []Tensor {
		out := make([]Tensor, len(list))
		for i, tensor := range list {
			out[i] = Tensor{names[i], tensor.Shape, tensor.Data}
		}
		return out
	}
	byName := func(list []Tensor, name string) Tensor {
		for _, tensor := range list {
			if tensor.Name == name {
				return tensor
			}
		}
		t.Fatalf("no %s", name)
		return Tensor{}
	}
	var leaves []Tensor // of the transformer in the order of JAX
	for _, name := range []string{"A0", "A1", "V0", "V1", "W", "mlp0.W0", "mlp0.b0", "mlp0.W1", "mlp0.b1",
		"mlp1.W0", "mlp1.b0", "mlp1.W1", "mlp1.b1", "wpe", "wte"} {
		leaves = append(leaves, byName(fOfficial, name))
	}
	var numbers []string
	for i := range leaves {
		numbers = append(numbers, fmt.Sprintf("arr_%d", i))
	}
	spelled := []string{".A[0]", ".A[1]", ".V[0]", ".V[1]", ".W",
		".mlps[0].layers[0].W", ".mlps[0].layers[0].b", ".mlps[0].layers[1].W", ".mlps[0].layers[1].b",
		".mlps[1].layers[0].W", ".mlps[1].layers[0].b", ".mlps[1].layers[1].W", ".mlps[1].layers[1].b", ".wpe", ".wte"}
	for name, c := range map[string]struct {
		model model.Model
		file  string
		o     ReadOptions
		note  string
	}{
		"positional": {d, saved(t, "w.npz", npz(t, rename(dOfficial, "arr_0", "arr_1", "arr_2")...)),
			ReadOptions{}, "in the order of the official model: A0, A1, W"},
		"transformer's": {f, saved(t, "w.npz", npz(t, rename(leaves, numbers...)...)), ReadOptions{}, "in the order of the official model"},
		"key paths":     {f, saved(t, "w.npz", npz(t, rename(leaves, spelled...)...)), ReadOptions{}, ""},
		"slashes":       {d, saved(t, "w.npz", npz(t, rename(dOfficial, "A/0", "A/1", "W")...)), ReadOptions{}, ""},
		"underscores":   {d, saved(t, "w.npz", npz(t, rename(dOfficial, "A_0", "A_1", "W")...)), ReadOptions{}, ""},
		"a prefix": {d, saved(t, "w.npz", npz(t, rename(dOfficial, "model.A.0", "model.A.1", "model.W")...)),
			ReadOptions{Prefix: "model."}, ""},
		"a prefix of all": {d, saved(t, "w.npz", npz(t, rename(dOfficial, "params/A0", "params/A1", "params/W")...)),
			ReadOptions{}, `the prefix "params/" is taken off all names`},
		"beside an optimizer": {d, saved(t, "w.npz", npz(t,
			append(rename(dOfficial, "model.A0", "model.A1", "model.W"), Tensor{"step", []int{}, []float64{7}})...)),
			ReadOptions{Prefix: "model."}, "left out, without the prefix model.: step"},
		"ignored": {d, saved(t, "w.npz", npz(t,
			append(rename(dOfficial, "A0", "A1", "W"), Tensor{"x", []int{1}, []float64{math.NaN()}})...)),
			ReadOptions{Ignore: []string{"x"}}, ""},
		"flax": {d, saved(t, "w.msgpack", flax(t, map[string]any{"params": map[string]any{
			"A": map[string]any{"0": leaf(dOfficial[0]), "1": leaf(dOfficial[1])}, "W": leaf(dOfficial[2])}})),
			ReadOptions{}, `the prefix "params."`},
		"flax, a state": {d, saved(t, "w.msgpack", flax(t, map[string]any{"step": 4096, "opt_state": nil, "params": map[string]any{
			"A": []any{leaf(dOfficial[0]), leaf(dOfficial[1])}, "W": leaf(dOfficial[2])}})),
			ReadOptions{Prefix: "params."}, "left out, without the prefix params.: step"},
	} {
		m, params, notes, err := Load(c.file, 0, c.o)
		require.NoError(t, err, name)
		require.Equal(t, c.model.Layout(), m.Layout(), name)
		require.Equal(t, numbered(c.model), params, name)
		if c.note == "" {
			require.Empty(t, notes, name)
			continue
		}
		require.Contains(t, strings.Join(notes, "\n"), "file "+c.file, name)
		require.Contains(t, strings.Join(notes, "\n"), c.note, name)
	}
	// One head a layer without its axis.
	one, err := model.NewDisentangled(2, 3, []int{1, 1})
	require.NoError(t, err)
	_, params, err := load(saved(t, "w.npz", npz(t, rename(blocks(one, numbered(one)), "A0", "A1", "W")...)), 0)
	require.NoError(t, err)
	require.Equal(t, numbered(one), params)
}

func TestLoadReadsTheCases(t *testing.T) {
	m, _, notes, err := Load("testdata/11b_stacked.npz", 0, ReadOptions{})
	require.NoError(t, err)
	require.Empty(t, notes)
	require.Equal(t, []int{3, 4}, []int{m.Tokens(), m.SequenceLength()})
	m, params, err := load("testdata/03_bf16.safetensors", 0)
	require.NoError(t, err)
	require.Equal(t, []int{3, 4}, []int{m.Tokens(), m.SequenceLength()})
	for _, v := range params { // 8 bits of precision, and the range of float32
		require.Equal(t, v, float64(math.Float32frombits(math.Float32bits(float32(v))&0xffff0000)))
	}
	require.Equal(t, -0.00555419921875, params[0], "0xbbb6 in the file: -(1 + 54/128) 2^-8")
	_, _, err = load("testdata/13_WT.npz", 0)
	require.EqualError(t, err, `file testdata/13_WT.npz: tensor "W": shape [3 28] is transposed, (S, d): want (d, S)`)
	_, _, err = load("testdata/10_extra.npz", 0)
	require.ErrorContains(t, err, `tensor "данные"`)
	require.ErrorContains(t, err, "--ignore данные")
	_, _, _, err = Load("testdata/10_extra.npz", 0, ReadOptions{Ignore: []string{"данные"}})
	require.NoError(t, err)
}

func TestLoadRefusesWhatItWouldMisread(t *testing.T) {
	d := models(t)[0]
	o := official(d, blocks(d, numbered(d)))
	for name, c := range map[string]struct {
		file string
		data []byte
		o    ReadOptions
		want string
	}{
		"torch": {"w.pt", []byte("PK\x03\x04....archive/data.pkl"),
			ReadOptions{}, `is a Python pickle, which runs code when it is loaded: convert it in Python: ` +
				`import torch, safetensors.torch as s; s.save_file(torch.load("w.pt", weights_only=True), "w.safetensors")`},
		"torch as npz": {"w.npz", []byte("PK\x03\x04....archive/data.pkl"), ReadOptions{}, "is a Python pickle"},
		"pickle": {"w.pkl", []byte("\x80\x04\x95"),
			ReadOptions{}, `import jax, numpy, pickle; numpy.savez("w.npz", *jax.tree_util.tree_leaves(pickle.load(open("w.pkl", "rb"))))`},
		"HDF5": {"w.h5", []byte("\x89HDF\r\n"), ReadOptions{}, "is an HDF5 file; want a file name that ends in .npz"},
		"ignore a stranger": {"w.npz", npz(t, o...),
			ReadOptions{Ignore: []string{"x"}}, "--ignore x: the file has no such tensor, but A0, A1, W"},
		"no such prefix": {"w.npz", npz(t, o...), ReadOptions{Prefix: "x."}, "--prefix x.: no tensor begins so: A0, A1, W"},
		"one name twice": {"w.npz", npz(t, append([]Tensor{{"A[0]", o[0].Shape, o[0].Data}}, o...)...),
			ReadOptions{}, `tensor "A0.0": the file has two of that name`},
		"positional, bare": {"w.npz", npz(t, Tensor{"arr_0", []int{2}, ones(2)}),
			ReadOptions{}, "1 tensors without names, 0 of them (heads, d, d)"},
		"flax, cut": {"w.msgpack", flax(t, map[string]any{"A": leaf(o[0])})[:60],
			ReadOptions{}, "not a readable msgpack file of flax: the file is truncated"},
		"flax, left over": {"w.msgpack", append(flax(t, map[string]any{"A": leaf(o[0])}), 1), ReadOptions{}, "bytes are left over"},
		"flax, text":      {"w.msgpack", flax(t, map[string]any{"A": "x"}), ReadOptions{}, `tensor "A": want an array`},
		"flax, complex": {"w.msgpack", flax(t, map[string]any{"A": flaxLeaf{[]int{1}, "complex64", make([]byte, 8)}}),
			ReadOptions{}, `type "complex64", want a real one`},
		"flax, short": {"w.msgpack", flax(t, map[string]any{"A": flaxLeaf{[]int{2}, "float32", make([]byte, 4)}}),
			ReadOptions{}, "4 bytes of float32 for shape [2]"},
		"flax, empty": {"w.msgpack", nil, ReadOptions{}, "truncated"},
	} {
		file := saved(t, c.file, c.data)
		_, _, _, err := Load(file, 0, c.o)
		require.ErrorContains(t, err, c.want, name)
		require.ErrorContains(t, err, file, name)
		require.NotContains(t, err.Error(), "\n", name)
	}
}

// Embeddings of positions and of tokens that have no names are told apart by their
// shapes alone.
func TestEmbeddingsWithoutNames(t *testing.T) {
	transformer := func(positions, tokens int) []Tensor {
		var list []Tensor
		for _, shape := range [][]int{{1, 2, 2}, {2, 2}, {2, 2}, {4, 2}, {4}, {2, 4}, {2}, {positions, 2}, {tokens, 2}} {
			list = append(list, Tensor{Shape: shape})
		}
		return list
	}
	_, err := byPosition(transformer(3, 3))
	require.ErrorContains(t, err, "two tensors without names of shape [3 2]")
	named, err := byPosition(transformer(4, 3))
	require.NoError(t, err)
	require.Equal(t, Tensor{Name: "wte", Shape: []int{3, 2}}, named[8])
}

// Maps and lists may stand in one another sixteen deep.
func TestMsgpackBoundsItsDepth(t *testing.T) {
	for _, level := range []string{"\x81\xa1A", "\x91"} {
		_, err := decodeMsgpack([]byte(strings.Repeat(level, maxDepth) + "\xc0"))
		require.NoError(t, err)
		_, err = decodeMsgpack([]byte(strings.Repeat(level, maxDepth+1) + "\xc0"))
		require.ErrorContains(t, err, "nested more than 16 deep")
	}
}

func FuzzMsgpack(f *testing.F) {
	f.Add([]byte("\x81\xa1A\xc7\x0c\x01\x93\x91\x01\xa5int32\xc4\x04\x00\x00\x00\x00"))
	f.Add([]byte("\x82\xa1A\x80\xa1B\xc0"))
	fuzz(f, decodeMsgpack)
}
