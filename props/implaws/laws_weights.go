package implaws

import (
	"bytes"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"causalgrad/impl/model"
	"causalgrad/props"
	"causalgrad/props/gen"
	"pgregory.net/rapid"
)

// weightsLaws are about files of parameters: every bit comes back, and a file
// that is wrong is refused in one line.
func weightsLaws() []props.Law {
	stores := []props.Capability{CanStoreWeights}
	const source = "architecture, weights"
	return []props.Law{
		{ID: "weights-round-trip", Source: source, Needs: stores, Draws: 30, Check: weightsRoundTrip,
			Sentence: "What was written is read back: the same model and every bit of its parameters, negative zeros and subnormal numbers included; equal parameters give equal bytes."},
		{ID: "weights-names", Source: source, Needs: stores, Draws: 20, Check: weightsNames,
			Sentence: "A written file holds one float64 tensor for each block, with its name, shape and numbers, as the format's specification lays them out."},
		{ID: "weights-foreign", Source: source, Needs: stores, Draws: 20, Check: weightsForeign,
			Sentence: "Files of other programs are read exactly: single or double precision, packed or not, tensors in any order, vectors for blocks of one row."},
		{ID: "weights-truncated", Source: source, Needs: stores, Draws: 20, Check: weightsTruncated,
			Sentence: "A file that ends early is refused in one line that names it."},
		{ID: "weights-damaged", Source: source, Needs: stores, Draws: 20, Check: weightsDamaged,
			Sentence: "A file with one changed bit is refused in one line or read as finite parameters; the checksums of an .npz file let no number change."},
		{ID: "weights-mistakes", Source: source, Needs: stores, Draws: 10, Check: weightsMistakes,
			Sentence: "A tensor that is missing, left over, named twice, of another shape or type, or not finite is refused in one line that names it."},
		{ID: "weights-not-written", Source: source, Needs: stores, Draws: 10, Check: weightsNotWritten,
			Sentence: "Parameters of the wrong number or not finite, and unknown endings, are refused and leave the old file as it was."},
	}
}

// stored is a drawn model with parameters, a format and a fresh folder.
type stored struct {
	t      *rapid.T
	s      WeightStore
	c      props.Case
	spec   props.ModelSpec
	layout model.Layout
	params []float64
	ending string
	folder string
}

// drawStored draws what to store; clean removes the folder.
func drawStored(t *rapid.T, s props.Subject) (x stored, clean func()) {
	m := props.DrawModel(t, props.Disentangled, props.Reduced, props.Transformer)
	layout := props.LayoutOf(t, m)
	params := gen.Parameters(layout.Size()).Draw(t, "params").Values
	for _, special := range []float64{math.Copysign(0, -1), 5e-324, -0x1p-1040, math.MaxFloat64, math.Pi} {
		params[rapid.IntRange(0, len(params)-1).Draw(t, "special index")] = special
	}
	ending := rapid.SampledFrom([]string{".npz", ".safetensors"}).Draw(t, "format")
	folder, err := os.MkdirTemp("", "law")
	if err != nil {
		t.Fatalf("a folder for the law's files: %v", err)
	}
	x = stored{t, s.(WeightStore), props.Case{}.With("--model %s --tokens %d --length %d", m.Kind, m.Tokens, m.Length).
		Where("heads %v, %d layers, as %s", m.Heads, m.Layers, ending), m, layout, params, ending, folder}
	return x, func() { _ = os.RemoveAll(folder) } // a leftover in the system's temporary folder harms nobody
}

func (x stored) file(name string) string { return filepath.Join(x.folder, name+x.ending) }

// write asks the subject to write parameters.
func (x stored) write(name string, params []float64) []byte {
	props.Ask(x.t, x.c, "writing", func() (bool, error) { return true, x.s.WriteWeights(x.file(name), x.spec, params) })
	b, err := os.ReadFile(x.file(name))
	props.Demand(x.t, x.c, err == nil, "written file", "a file", fmt.Sprint(err))
	return b
}

// weightsRead is a subject's answer about a file.
type weightsRead struct {
	spec   props.ModelSpec
	params []float64
}

func (x stored) read(name string) (weightsRead, error) {
	return props.Guarded(func() (weightsRead, error) {
		m, params, err := x.s.ReadWeights(x.file(name), x.spec.Eps)
		return weightsRead{m, params}, err
	})
}

// readable demands that the file holds the drawn model with these parameters.
func (x stored) readable(name string, want []float64) {
	got := props.Ask(x.t, x.c, "reading", func() (weightsRead, error) { return x.read(name) })
	props.Demand(x.t, x.c, sameModel(got.spec, x.spec), "model read", fmt.Sprintf("%+v", x.spec), fmt.Sprintf("%+v", got.spec))
	props.Equal(x.t, x.c, "bits of the parameters read", props.BitsOf(got.params), props.BitsOf(want))
}

func sameModel(m, o props.ModelSpec) bool {
	return m.Kind == o.Kind && m.Tokens == o.Tokens && m.Length == o.Length && m.Layers == o.Layers && slices.Equal(m.Heads, o.Heads) && m.Eps == o.Eps
}

// put writes bytes of the law's own making.
func (x stored) put(name string, b []byte) {
	if err := os.WriteFile(x.file(name), b, 0o600); err != nil {
		x.t.Fatalf("a file of the law: %v", err)
	}
}

// tensors are the model's blocks, as this project writes them.
func (x stored) tensors() []tensor {
	var all []tensor
	for _, b := range x.layout {
		all = append(all, tensor{b.Name, []int{b.Rows, b.Cols}, slices.Clone(b.Of(x.params)), "f8"})
	}
	return all
}

func (x stored) encode(tensors []tensor, packed bool) []byte {
	if x.ending == ".npz" {
		return npzFile(tensors, packed)
	}
	return safetensorsFile(tensors)
}

func weightsRoundTrip(t *rapid.T, s props.Subject) {
	x, clean := drawStored(t, s)
	defer clean()
	first := x.write("a", x.params)
	x.readable("a", x.params)
	props.Demand(t, x.c, bytes.Equal(first, x.write("b", x.params)), "bytes of a second file of the same parameters", "the first's", "others")
	x.write("b", slices.Repeat([]float64{0.5}, len(x.params)))
	x.readable("b", slices.Repeat([]float64{0.5}, len(x.params)))
}

func weightsNames(t *rapid.T, s props.Subject) {
	x, clean := drawStored(t, s)
	defer clean()
	parse := parseSafetensors
	if x.ending == ".npz" {
		parse = parseNPZ
	}
	found, err := parse(x.write("a", x.params))
	props.Demand(t, x.c, err == nil, "written file", "of the format's specification", fmt.Sprint(err))
	props.Demand(t, x.c, len(found) == len(x.layout), "tensors", strconv.Itoa(len(x.layout)), strconv.Itoa(len(found)))
	for _, b := range x.layout {
		got, ok := found[b.Name]
		props.Demand(t, x.c, ok, "tensor "+b.Name, "in the file", "missing")
		props.Equal(t, x.c, "shape of "+b.Name, got.shape, []int{b.Rows, b.Cols})
		props.Equal(t, x.c, "bits of "+b.Name, props.BitsOf(got.data), props.BitsOf(b.Of(x.params)))
	}
}

func weightsForeign(t *rapid.T, s props.Subject) {
	x, clean := drawStored(t, s)
	defer clean()
	want := slices.Clone(x.params)
	all := x.tensors()
	for i, b := range x.layout {
		if rapid.Bool().Draw(t, "single precision") {
			all[i].kind = "f4"
			for k, v := range b.Of(want) {
				b.Of(want)[k] = float64(float32(math.Max(math.Min(v, 1e30), -1e30))) // finite in single precision
			}
			copy(all[i].data, b.Of(want))
		}
		if b.Rows == 1 && rapid.Bool().Draw(t, "a vector") {
			all[i].shape = []int{b.Cols}
		}
	}
	order := rapid.Permutation(props.Identity(len(all))).Draw(t, "order")
	shuffled := make([]tensor, len(all))
	for i, from := range order {
		shuffled[i] = all[from]
	}
	x.put("a", x.encode(shuffled, rapid.Bool().Draw(t, "packed")))
	x.readable("a", want)
}

func weightsTruncated(t *rapid.T, s props.Subject) {
	x, clean := drawStored(t, s)
	defer clean()
	whole := x.write("a", x.params)
	n := rapid.SampledFrom([]int{0, 7, 8, len(whole) / 2, len(whole) - 1, rapid.IntRange(0, len(whole)-1).Draw(t, "bytes")}).Draw(t, "length of the file")
	x.put("b", whole[:n])
	_, err := x.read("b")
	props.Refused(t, x.c.Where("the first %d of %d bytes", n, len(whole)), "answer", err, x.file("b"))
}

func weightsDamaged(t *rapid.T, s props.Subject) {
	x, clean := drawStored(t, s)
	defer clean()
	whole := x.write("a", x.params)
	n, bit := rapid.IntRange(0, len(whole)-1).Draw(t, "byte"), rapid.IntRange(0, 7).Draw(t, "bit")
	damaged := slices.Clone(whole)
	damaged[n] ^= 1 << bit
	x.put("b", damaged)
	c := x.c.Where("bit %d of byte %d of %d changed", bit, n, len(whole))
	got, err := x.read("b")
	if err != nil {
		props.Refused(t, c, "answer", err, x.file("b"))
		return
	}
	props.Finite(t, c, "parameters read", got.params, len(got.params))
	if x.ending == ".npz" {
		props.Equal(t, c, "bits of the parameters read", props.BitsOf(got.params), props.BitsOf(x.params))
	}
}

// weightsMistakes: each mistake is made in one drawn tensor, and the refusal
// names it.
func weightsMistakes(t *rapid.T, s props.Subject) {
	x, clean := drawStored(t, s)
	defer clean()
	x.put("good", x.encode(x.tensors(), false))
	x.readable("good", x.params)
	at := rapid.IntRange(0, len(x.layout)-1).Draw(t, "tensor")
	name := x.layout[at].Name
	entry := rapid.IntRange(0, x.layout[at].Size()-1).Draw(t, "entry")
	for _, mistake := range []struct {
		what string
		make func(all []tensor) []tensor
		text string
	}{
		{"left over", func(all []tensor) []tensor { return append(all, tensor{"bias", []int{1}, []float64{0}, "f8"}) }, `"bias"`},
		{"named twice", func(all []tensor) []tensor { return append(all, all[at]) }, name},
		{"a row too many", func(all []tensor) []tensor {
			all[at].shape = []int{x.layout[at].Rows + 1, x.layout[at].Cols}
			all[at].data = append(all[at].data, make([]float64, x.layout[at].Cols)...)
			return all
		}, "shape"},
		{"whole numbers", func(all []tensor) []tensor {
			all[at].kind, all[at].data = "i8", make([]float64, len(all[at].data))
			return all
		}, name},
		{"NaN", func(all []tensor) []tensor { all[at].data[entry] = math.NaN(); return all }, fmt.Sprintf("tensor %q: entry %d is NaN", name, entry)},
		{"infinite", func(all []tensor) []tensor { all[at].data[entry] = math.Inf(-1); return all }, fmt.Sprintf("tensor %q: entry %d is -Inf", name, entry)},
		{"three axes", func(all []tensor) []tensor { all[at].shape = append(all[at].shape, 1); return all }, "shape"},
		{"no tensors", func([]tensor) []tensor { return nil }, "want those of"},
	} {
		x.put("bad", x.encode(mistake.make(x.tensors()), false))
		_, err := x.read("bad")
		c := x.c.Where("%s: %s", name, mistake.what)
		props.Refused(t, c, "answer", err, mistake.text)
		props.Refused(t, c, "answer", err, x.file("bad"))
	}
	x.missing(at)
}

// missing: without the tensor a file is refused, unless what is left is a whole
// model of fewer heads or layers.
func (x stored) missing(at int) {
	x.put("bad", x.encode(slices.Delete(x.tensors(), at, at+1), false))
	c := x.c.Where("%s missing", x.layout[at].Name)
	got, err := x.read("bad")
	if err != nil {
		props.Refused(x.t, c, "answer", err, x.file("bad"))
		return
	}
	left := len(x.params) - x.layout[at].Size()
	props.Demand(x.t, c, len(got.params) == left && !sameModel(got.spec, x.spec), "parameters read", fmt.Sprintf("%d of another model", left), strconv.Itoa(len(got.params)))
}

func weightsNotWritten(t *rapid.T, s props.Subject) {
	x, clean := drawStored(t, s)
	defer clean()
	before := x.write("a", x.params)
	at := rapid.IntRange(0, len(x.params)-1).Draw(t, "entry")
	broken := slices.Clone(x.params)
	broken[at] = rapid.SampledFrom([]float64{math.NaN(), math.Inf(1)}).Draw(t, "value")
	for _, params := range [][]float64{broken, x.params[:at], append(slices.Clone(x.params), 0)} {
		_, err := props.Guarded(func() (bool, error) { return true, x.s.WriteWeights(x.file("a"), x.spec, params) })
		props.Refused(t, x.c.Where("%d parameters", len(params)), "answer", err, x.file("a"))
		after, err := os.ReadFile(x.file("a"))
		props.Demand(t, x.c, err == nil && bytes.Equal(before, after), "the old file after a refusal", "as it was", fmt.Sprintf("changed (%v)", err))
	}
	for _, ending := range []string{"", ".pt", ".npy", ".npz.gz"} {
		other := strings.TrimSuffix(x.file("b"), x.ending) + ending
		_, err := props.Guarded(func() (bool, error) { return true, x.s.WriteWeights(other, x.spec, x.params) })
		props.Refused(t, x.c, "answer", err, other)
		props.Refused(t, x.c, "answer", x.s.CheckWeightsName(other), other)
		_, err = props.Guarded(func() (weightsRead, error) { _, _, err := x.s.ReadWeights(other, 0); return weightsRead{}, err })
		props.Refused(t, x.c, "answer", err, other)
	}
	props.Demand(t, x.c, x.s.CheckWeightsName(strings.ToUpper(x.file("b"))) == nil, "a name with the ending in capitals", "fine", "refused")
	_, err := x.read("absent")
	props.Refused(t, x.c, "answer", err, "no such file")
}
