package model

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"causalgrad/impl/task"
	"causalgrad/theory/close"
	"causalgrad/theory/stream"
)

// vectors is one file of the official implementation's values
// (golden/reference/SCHEMA.md).
type vectors struct {
	Tokens int         `json:"vocab_size"`
	Length int         `json:"seq_len"`
	Heads  []int       `json:"heads"`
	X      [][]uint16  `json:"x"`
	Y      [][]float64 `json:"y"`
	Points []struct {
		Name   string         `json:"name"`
		Params officialParams `json:"params"`
		F      [][]float64    `json:"f"`
		Loss   float64        `json:"loss"` // mean over the batch
		Grad   officialParams `json:"grad"`
	} `json:"points"`
}

// officialParams are the parameters of either official model; those that a
// model does not have are empty.
type officialParams struct {
	Wte  [][]float64     `json:"wte"`
	Wpe  [][]float64     `json:"wpe"`
	A    [][][][]float64 `json:"A"` // [layer][head]
	V    [][][]float64   `json:"V"`
	MLPs [][]struct {
		W [][]float64 `json:"W"`
		B []float64   `json:"b"`
	} `json:"mlps"`
	W [][]float64 `json:"W"`
}

func readVectors(t *testing.T, name string) vectors {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "golden", "reference", name))
	require.NoError(t, err)
	var v vectors
	require.NoError(t, json.Unmarshal(data, &v))
	require.NotEmpty(t, v.Points)
	return v
}

// flat lists p in the order of a layout.
func (p officialParams) flat() []float64 {
	var out []float64
	matrix := func(rows [][]float64) {
		for _, row := range rows {
			out = append(out, row...)
		}
	}
	matrix(p.Wte)
	matrix(p.Wpe)
	for l, heads := range p.A {
		for _, a := range heads {
			matrix(a)
		}
		if len(p.V) > 0 {
			matrix(p.V[l])
			for _, linear := range p.MLPs[l] {
				matrix(linear.W)
				out = append(out, linear.B...)
			}
		}
	}
	matrix(p.W)
	return out
}

func (v vectors) batch() *task.Batch {
	b := task.NewBatch(len(v.X), v.Length, v.Tokens)
	for n := range v.X {
		copy(b.Sequence(n), v.X[n])
		copy(b.Target(n), v.Y[n])
	}
	return b
}

// officialTolerance bounds the distance of two correct float64 evaluations,
// relative to the largest entry of a block. An entry is a sum of n < 1e5
// rounded products behind at most 7 nested ones (layers of scores, outputs,
// read-out), so its error is about sqrt(n) * 7 * 1.1e-16 < 3e-13 times the
// exponents' condition number, the size of the scores: below 300 in all files.
const officialTolerance = 1e-10

// requireOfficialValues compares f, loss and gradient at every point of a file.
func requireOfficialValues(t *testing.T, m Model, v vectors) {
	t.Helper()
	b, pass := v.batch(), m.NewPass()
	worker := pass.NewWorker()
	for _, point := range v.Points {
		params, want := point.Params.flat(), point.Grad.flat()
		require.Len(t, params, m.Layout().Size(), point.Name)
		pass.Bind(params)

		f := dirty(b.N * b.S)
		worker.Predict(b, f)
		for n, row := range point.F {
			require.NoError(t, close.AllWithin(f[n*b.S:(n+1)*b.S], row, officialTolerance, 0), "%s: f of sequence %d", point.Name, n)
		}
		gradient := make([]float64, len(params))
		loss := worker.LossGradient(b, gradient) / float64(b.N)
		require.NoError(t, close.Within(loss, point.Loss, officialTolerance, 0), "%s: loss", point.Name)
		for i := range gradient {
			gradient[i] /= float64(b.N)
		}
		for _, block := range m.Layout() {
			e := close.RelativeError(block.Of(gradient), block.Of(want))
			require.LessOrEqual(t, e, officialTolerance, "%s: gradient of %s", point.Name, block.Name)
		}
	}
}

// dirty is a buffer of NaN, for results that must overwrite what is there.
func dirty(n int) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = math.NaN()
	}
	return out
}

// randomBatch has uniform tokens; its targets are 1.25 times a Dirichlet(1)
// row, so that no gradient can count on a sum of 1.
func randomBatch(n, length, tokens int, seed uint64) *task.Batch {
	s := stream.New(stream.Key{Seed: seed, Purpose: stream.Law})
	b := task.NewBatch(n, length, tokens)
	for i := range b.Tokens {
		b.Tokens[i] = uint16(s.IntN(tokens))
	}
	for i := range n {
		s.Dirichlet(1, b.Target(i))
		for v := range b.Target(i) {
			b.Target(i)[v] *= 1.25
		}
	}
	return b
}

// randomParams are independent N(0, scale^2).
func randomParams(m Model, scale float64, seed uint64) []float64 {
	s := stream.New(stream.Key{Seed: seed, Purpose: stream.Init})
	params := make([]float64, m.Layout().Size())
	for i := range params {
		params[i] = scale * s.Normal()
	}
	return params
}

// requireFiniteDifferences compares every entry of the gradient with central
// differences D(h) = (L(p+h) - L(p-h))/2h, extrapolated once: R(h) = (4 D(h) -
// D(2h))/3 is off by c h^4 + O(h^6), so |R(2h) - R(h)| is 15 times R(h)'s
// truncation error and bounds it, also where c varies. A loss of about 1e3
// roundings in sequence is good to 1e3*2^-53 |L|, which R(h) magnifies by
// (4/3 + 1/6)/h. A kink of relu within 4h shows as a tolerance that is no
// longer small, which is refused.
func requireFiniteDifferences(t *testing.T, m Model, params []float64, b *task.Batch) {
	t.Helper()
	const h = 0x1p-12
	pass := m.NewPass()
	worker := pass.NewWorker()
	pass.Bind(params)
	gradient := make([]float64, len(params))
	rounding := 1.5 / h * 1e3 * 0x1p-53 * math.Abs(worker.LossGradient(b, gradient))

	moved := append([]float64(nil), params...)
	at := func(i int, by float64) float64 {
		moved[i] = params[i] + by
		defer func() { moved[i] = params[i] }()
		pass.Bind(moved)
		return worker.LossGradient(b, nil)
	}
	for _, block := range m.Layout() {
		for i := block.Offset; i < block.Offset+block.Size(); i++ {
			var d [3]float64 // at h, 2h, 4h
			for k := range d {
				step := math.Ldexp(h, k)
				d[k] = (at(i, step) - at(i, -step)) / (2 * step)
			}
			r, coarse := (4*d[0]-d[1])/3, (4*d[1]-d[2])/3
			tolerance := math.Abs(coarse-r) + rounding
			require.Less(t, tolerance, 1e-6, "%s entry %d: not smooth enough here to judge", block.Name, i-block.Offset)
			require.NoError(t, close.Within(gradient[i], r, 0, tolerance), "gradient of %s entry %d", block.Name, i-block.Offset)
		}
	}
}
