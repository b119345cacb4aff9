package model

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"causalgrad/impl/task"
	"causalgrad/theory/close"
	"causalgrad/theory/stream"
)

func newTransformer(t testing.TB, tokens, length, layers int) *Transformer {
	t.Helper()
	m, err := NewTransformer(tokens, length, layers)
	require.NoError(t, err)
	return m
}

func TestTransformerHasTheOfficialValues(t *testing.T) {
	v := readVectors(t, "vec_e.json")
	requireOfficialValues(t, newTransformer(t, v.Tokens, v.Length, len(v.Heads)), v)
}

// TestTransformerFiniteDifferences covers what the official file does not: a
// first layer that is also the last, and a layer between.
func TestTransformerFiniteDifferences(t *testing.T) {
	for layers := 1; layers <= 3; layers++ {
		m := newTransformer(t, 2, 3, layers)
		requireFiniteDifferences(t, m, randomParams(m, 0.4, 11), randomBatch(2, 3, 2, 12))
	}
}

// plainTransformer is the formula of golden/reference/SCHEMA.md for one
// sequence, position by position and without a table. It returns f and the
// first layer's attention.
func plainTransformer(m *Transformer, params []float64, tokens []uint16) (f, attention []float64) {
	p := map[string][]float64{}
	for _, b := range m.Layout() {
		p[b.Name] = b.Of(params)
	}
	d := m.tokens + m.length
	x := make([][]float64, len(tokens))
	for i, v := range tokens {
		x[i] = plainSum(p["wte"][int(v)*d:][:d], p["wpe"][i*d:][:d])
	}
	for l := range m.layers {
		next := make([][]float64, len(x))
		for i := range x {
			weights, mixed := make([]float64, len(x)), make([]float64, d)
			for j := range i + 1 {
				weights[j] = rowTimes(rowTimes(x[i], p[fmt.Sprintf("A%d", l)]), x[j])[0]
			}
			plainSoftmax(weights[:i+1])
			for j, a := range weights {
				mixed = plainSum(mixed, rowTimes([]float64{a}, x[j]))
			}
			if l == 0 {
				attention = append(attention, weights...)
			}
			row := rowTimes(mixed, p[fmt.Sprintf("V%d", l)])
			row = plainLinear(row, p[fmt.Sprintf("mlp%d.W0", l)], p[fmt.Sprintf("mlp%d.b0", l)])
			for k := range row {
				row[k] = math.Max(row[k], 0)
			}
			row = plainLinear(row, p[fmt.Sprintf("mlp%d.W1", l)], p[fmt.Sprintf("mlp%d.b1", l)])
			next[i] = plainSum(x[i], row)
		}
		x = next
	}
	f = rowTimes(x[len(x)-1], p["W"])
	plainSoftmax(f)
	return f, attention
}

// rowTimes is row @ matrix.
func rowTimes(row, matrix []float64) []float64 {
	out := make([]float64, len(matrix)/len(row))
	for k, v := range row {
		for c := range out {
			out[c] += v * matrix[k*len(out)+c]
		}
	}
	return out
}

// plainLinear is the official linear map, scale included.
func plainLinear(row, matrix, bias []float64) []float64 {
	out := rowTimes(row, matrix)
	for c := range out {
		out[c] = out[c]*math.Sqrt(float64(len(out))/float64(len(row))) + bias[c]*math.Sqrt(float64(len(bias)))
	}
	return out
}

func plainSum(x, y []float64) []float64 {
	out := make([]float64, len(x))
	for k := range x {
		out[k] = x[k] + y[k]
	}
	return out
}

func plainSoftmax(z []float64) {
	sum := 0.0
	for i := range z {
		z[i] = math.Exp(z[i])
		sum += z[i]
	}
	for i := range z {
		z[i] /= sum
	}
}

func TestTransformerFollowsThePlainFormula(t *testing.T) {
	for layers := 1; layers <= 3; layers++ {
		m := newTransformer(t, 3, 6, layers)
		params, b := randomParams(m, 0.3, 21), randomBatch(4, 6, 3, 22)
		pass := m.NewPass()
		pass.Bind(params)
		worker := pass.NewWorker()
		f, attention := dirty(b.N*b.S), dirty(b.N*b.T*b.T)
		worker.Predict(b, f)
		worker.Attention(b, attention)
		loss := 0.0
		var wantF, wantAttention []float64
		for n := range b.N {
			row, weights := plainTransformer(m, params, b.Sequence(n))
			wantF, wantAttention = append(wantF, row...), append(wantAttention, weights...)
			loss += task.CrossEntropy(b.Target(n), row)
		}
		// As officialTolerance: seven nested sums a layer of at most 9 terms
		// and scores below 30, 7*3*9*30*2^-53 < 1e-12.
		require.NoError(t, close.AllWithin(attention, wantAttention, 1e-12, 0), "%d layers", layers)
		require.NoError(t, close.AllWithin(f, wantF, 1e-12, 0), "%d layers", layers)
		require.NoError(t, close.Within(worker.LossGradient(b, nil), loss, 1e-12, 0), "%d layers", layers)
	}
}

// TestReluIsFlatAtZero: where V = 0 and b0 = 0 every inner unit is exactly 0,
// and the official relu has slope 0 there, so nothing behind it has a gradient.
func TestReluIsFlatAtZero(t *testing.T) {
	m := newTransformer(t, 3, 5, 2)
	params := randomParams(m, 0.3, 23)
	for _, name := range []string{"V0", "mlp0.b0", "V1", "mlp1.b0"} {
		block, err := m.Layout().Block(name)
		require.NoError(t, err)
		clear(block.Of(params))
	}
	pass := m.NewPass()
	pass.Bind(params)
	gradient := make([]float64, len(params))
	pass.NewWorker().LossGradient(randomBatch(3, 5, 3, 24), gradient)
	flat := map[string]bool{"A0": true, "V0": true, "mlp0.W0": true, "mlp0.b0": true, "mlp0.W1": true,
		"A1": true, "V1": true, "mlp1.W0": true, "mlp1.b0": true, "mlp1.W1": true}
	for _, block := range m.Layout() {
		size := close.RelativeError(block.Of(gradient), make([]float64, block.Size()))
		require.Equal(t, flat[block.Name], size == 0, block.Name)
	}
}

// TestTransformerWorkerKeepsNoState: a call adds to gradient what a fresh
// worker adds, bit for bit, and the loss is the same without a gradient.
func TestTransformerWorkerKeepsNoState(t *testing.T) {
	m := newTransformer(t, 3, 6, 2)
	pass := m.NewPass()
	pass.Bind(randomParams(m, 0.3, 31))
	first, second := randomBatch(3, 6, 3, 32), randomBatch(2, 6, 3, 33)
	want, got := make([]float64, m.Layout().Size()), make([]float64, m.Layout().Size())
	loss := pass.NewWorker().LossGradient(second, want)

	used := pass.NewWorker()
	used.LossGradient(first, got)
	clear(got)
	require.Equal(t, loss, used.LossGradient(second, got))
	require.Equal(t, want, got)
	require.Equal(t, loss, used.LossGradient(second, nil))

	used.LossGradient(second, got)
	for i := range want {
		want[i] *= 2
	}
	// The second call adds term by term to what is there: as many roundings of
	// the sum as terms, below 1e3.
	require.LessOrEqual(t, close.RelativeError(got, want), 1e3*0x1p-53, "relative error of a gradient added twice")
}

func TestTransformerDoesNotAllocate(t *testing.T) {
	m := newTransformer(t, 3, 6, 3)
	params, b := randomParams(m, 0.3, 41), randomBatch(2, 6, 3, 42)
	pass := m.NewPass()
	pass.Bind(params)
	worker := pass.NewWorker()
	gradient, f, attention := make([]float64, len(params)), make([]float64, b.N*b.S), make([]float64, b.N*b.T*b.T)
	require.Zero(t, testing.AllocsPerRun(5, func() {
		pass.Bind(params)
		worker.LossGradient(b, gradient)
		worker.LossGradient(b, nil)
		worker.Predict(b, f)
		worker.Attention(b, attention)
	}))
}

// TestAddCombinationIsAxpyByRow: the blocked kernel changes no bit.
func TestAddCombinationIsAxpyByRow(t *testing.T) {
	s := stream.New(stream.Key{Seed: 51, Purpose: stream.Law})
	for n := range 10 {
		const d = 7
		weights, rows := make([]float64, n), make([]float64, n*d)
		for i := range weights {
			weights[i] = s.Normal()
		}
		for i := range rows {
			rows[i] = s.Normal()
		}
		got, want := make([]float64, d), make([]float64, d)
		addCombination(got, weights, rows)
		for j, v := range weights {
			axpy(want, v, rows[j*d:(j+1)*d])
		}
		require.Equal(t, want, got)
	}
}

// TestInitTransformer: the same blocks as in the official file are zero, the
// others have variance 1/d, and the first step moves W alone.
func TestInitTransformer(t *testing.T) {
	m := newTransformer(t, 3, 5, 2)
	var official []float64
	for _, point := range readVectors(t, "vec_e.json").Points {
		if point.Name == "official_init" {
			official = point.Params.flat()
		}
	}
	params := randomParams(m, 1, 60) // to be overwritten
	InitTransformer(m, stream.New(stream.Key{Seed: 61, Purpose: stream.Init}), params)
	seen := map[float64]bool{}
	for _, block := range m.Layout() {
		for i, v := range block.Of(params) {
			require.Equal(t, block.Of(official)[i] == 0, v == 0, "%s entry %d", block.Name, i)
			require.False(t, v != 0 && seen[v], "%s entry %d occurs twice", block.Name, i)
			seen[v] = true
		}
	}
	pass := m.NewPass()
	pass.Bind(params)
	gradient := make([]float64, len(params))
	b := randomBatch(3, 5, 3, 62)
	loss := pass.NewWorker().LossGradient(b, gradient)
	require.NoError(t, close.Within(loss, 3*1.25*math.Log(3), 1e-14, 0)) // 3 targets of sum 1.25; under 50 roundings
	for _, block := range m.Layout() {
		_, moves := map[string]bool{"W": true}[block.Name]
		require.Equal(t, moves, close.RelativeError(block.Of(gradient), make([]float64, block.Size())) > 0, block.Name)
	}
}

// TestInitTransformerVariance: the mean square of n entries N(0, 1/d) is 1/d
// with standard error sqrt(2/n)/d; 6 standard errors fail once in 1e8 seeds.
// Blocks apart, since each is drawn in a call of its own.
func TestInitTransformerVariance(t *testing.T) {
	m := newTransformer(t, 10, 20, 2)
	params := make([]float64, m.Layout().Size())
	InitTransformer(m, stream.New(stream.Key{Seed: 71, Purpose: stream.Init}), params)
	for _, name := range []string{"wte", "wpe", "V0", "mlp0.W0", "V1", "mlp1.W0"} {
		block, err := m.Layout().Block(name)
		require.NoError(t, err)
		sum, n := 0.0, float64(block.Size())
		for _, v := range block.Of(params) {
			sum += float64(v * v)
		}
		require.NoError(t, close.Within(sum/n*30, 1, 6*math.Sqrt(2/n), 0), name)
	}
}

func TestTransformerLayout(t *testing.T) {
	var names []string
	at := 0
	for _, b := range newTransformer(t, 2, 3, 2).Layout() {
		names = append(names, fmt.Sprintf("%s %dx%d", b.Name, b.Rows, b.Cols))
		require.Equal(t, at, b.Offset)
		at += b.Size()
	}
	require.Equal(t, []string{"wte 2x5", "wpe 3x5",
		"A0 5x5", "V0 5x5", "mlp0.W0 5x5", "mlp0.b0 1x5", "mlp0.W1 5x5", "mlp0.b1 1x5",
		"A1 5x5", "V1 5x5", "mlp1.W0 5x5", "mlp1.b0 1x5", "mlp1.W1 5x5", "mlp1.b1 1x5",
		"W 5x2"}, names)
}

func TestTransformerRejectsBadShapes(t *testing.T) {
	for _, c := range []struct {
		tokens, length, layers int
		says                   string
	}{
		{1, 5, 1, "tokens = 1"},
		{3, 2, 1, "length = 2"},
		{3, 5, 0, "layers = 0"},
		{3, 5, maxLayers + 1, "layers = 7"},
		{512, 4096, 1, "parameters"},
	} {
		_, err := NewTransformer(c.tokens, c.length, c.layers)
		require.ErrorContains(t, err, c.says)
	}
}

// BenchmarkTransformer is one shard of the mlp-chain experiment.
func BenchmarkTransformer(b *testing.B) {
	m := newTransformer(b, 10, 20, 2)
	pass := m.NewPass()
	pass.Bind(randomParams(m, 0.2, 1))
	worker, gradient, batch := pass.NewWorker(), make([]float64, m.Layout().Size()), randomBatch(64, 20, 10, 2)
	for b.Loop() {
		worker.LossGradient(batch, gradient)
	}
}
