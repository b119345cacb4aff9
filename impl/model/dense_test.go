package model

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"causalgrad/theory/close"
)

func TestDenseDisentangledHasTheOfficialValues(t *testing.T) {
	for _, name := range []string{"vec_a.json", "vec_b.json", "vec_c.json", "vec_d.json"} {
		t.Run(name, func(t *testing.T) {
			v := readVectors(t, name)
			m, err := NewDenseDisentangled(v.Tokens, v.Length, v.Heads)
			require.NoError(t, err)
			requireOfficialValues(t, m, v)
		})
	}
}

func TestDenseDisentangledFiniteDifferences(t *testing.T) {
	for _, heads := range [][]int{{1}, {2, 1}} {
		m, err := NewDenseDisentangled(2, 3, heads)
		require.NoError(t, err)
		requireFiniteDifferences(t, m, randomParams(m, 0.5, 1), randomBatch(2, 3, 2, 2))
	}
}

// TestDenseSharesTheLayout: parameters can be handed from a model to its oracle.
func TestDenseSharesTheLayout(t *testing.T) {
	dense, err := NewDenseDisentangled(3, 5, []int{2, 1})
	require.NoError(t, err)
	m, err := NewDisentangled(3, 5, []int{2, 1})
	require.NoError(t, err)
	require.Equal(t, m.Layout(), dense.Layout())
	require.Equal(t, m.Name(), dense.Name())

	denseReduced, err := NewDenseReduced(3, 5, 0.1)
	require.NoError(t, err)
	reduced, err := NewReduced(3, 5, 0.1)
	require.NoError(t, err)
	require.Equal(t, reduced.Layout(), denseReduced.Layout())
	require.Equal(t, reduced.Name(), denseReduced.Name())
}

// TestDenseAttention compares with x_i^T A x_j read off A: each x is the sum
// of two unit vectors, so a score is four entries.
func TestDenseAttention(t *testing.T) {
	const s, length = 3, 5
	m, err := NewDenseDisentangled(s, length, []int{2})
	require.NoError(t, err)
	params, b := randomParams(m, 1, 3), randomBatch(2, length, s, 4)
	pass := m.NewPass()
	pass.Bind(params)
	got := dirty(b.N * 2 * length * length)
	pass.NewWorker().Attention(b, got)

	var want []float64
	for n := range b.N {
		x := b.Sequence(n)
		for _, block := range m.Layout()[:2] {
			a := block.Of(params)
			for i := range length {
				row, sum := make([]float64, length), 0.0
				for j := range i + 1 {
					for _, p := range []int{int(x[i]), s + i} {
						row[j] += a[p*block.Cols+int(x[j])] + a[p*block.Cols+s+j]
					}
					row[j] = math.Exp(row[j])
					sum += row[j]
				}
				for _, e := range row {
					want = append(want, e/sum)
				}
			}
		}
	}
	// Scores below 16 with a few roundings each: relative error below
	// 16*10*2^-53 < 2e-14 after exp, with room.
	require.NoError(t, close.AllWithin(got, want, 1e-13, 0), "attention of S = %d, T = %d, 2 heads, [sequence][head][query][key]", s, length)
}

func TestDenseReducedFiniteDifferences(t *testing.T) {
	for _, eps := range []float64{0, 0.01} {
		m, err := NewDenseReduced(3, 6, eps)
		require.NoError(t, err)
		b := randomBatch(3, 6, 3, 9)
		if eps == 0 { // every token must occur for a finite loss
			for n := range b.N {
				copy(b.Sequence(n), []uint16{0, 1, 2})
			}
		}
		requireFiniteDifferences(t, m, randomParams(m, 0.7, 5), b)
	}
}

// TestDenseReducedClosedForms checks f where it is known without the model:
// A2 = 0 makes the second layer uniform, so f is the token frequencies; a first
// layer that attends to its own position makes z_i = A2[s_T][s_i], so f is
// counts times exp A2[s_T], normalised.
func TestDenseReducedClosedForms(t *testing.T) {
	const s, length = 3, 7
	m, err := NewDenseReduced(s, length, 0)
	require.NoError(t, err)
	b := randomBatch(4, length, s, 6)
	pass := m.NewPass()
	predict := func(params []float64) []float64 {
		f := dirty(b.N * s)
		pass.Bind(params)
		pass.NewWorker().Predict(b, f)
		return f
	}
	params := randomParams(m, 1, 7)
	a1, a2 := m.Layout()[0].Of(params), m.Layout()[1].Of(params)
	for i := range length {
		a1[i*length+i] = 1e3 // e^-990 beside it
	}
	tilted, plain := make([]float64, b.N*s), make([]float64, b.N*s)
	for n := range b.N {
		x, sum := b.Sequence(n), 0.0
		query := a2[int(x[length-1])*s:][:s]
		for _, v := range x {
			plain[n*s+int(v)] += 1.0 / length
			tilted[n*s+int(v)] += math.Exp(query[v])
			sum += math.Exp(query[v])
		}
		for v := range s {
			tilted[n*s+v] /= sum
		}
	}
	// Sums of 7 terms and exponents below 8: under 100 roundings.
	require.NoError(t, close.AllWithin(predict(params), tilted, 1e-13, 0), "f where the first layer attends to its own position")
	clear(a2)
	require.NoError(t, close.AllWithin(predict(params), plain, 1e-13, 0), "f where A2 = 0")
}

// TestDenseReducedMaskAndAbsentTokens: entries of A1 above the diagonal have
// no effect and no gradient, and a token that no position carries makes the
// loss infinite at eps = 0 but leaves the gradient finite.
func TestDenseReducedMaskAndAbsentTokens(t *testing.T) {
	const s, length = 3, 5
	m, err := NewDenseReduced(s, length, 0)
	require.NoError(t, err)
	b := randomBatch(2, length, s, 8)
	for n := range b.N {
		copy(b.Sequence(n), []uint16{0, 1, 0, 1, 1})
	}
	params := randomParams(m, 1, 9)
	pass := m.NewPass()
	pass.Bind(params)
	gradient, attention := make([]float64, len(params)), dirty(b.N*length*length)
	worker := pass.NewWorker()
	require.Equal(t, math.Inf(1), worker.LossGradient(b, gradient))
	worker.Attention(b, attention)
	for i := range length {
		sum := 0.0
		for j := range length {
			g, a := gradient[i*length+j], attention[i*length+j]
			require.False(t, math.IsNaN(g) || math.IsInf(g, 0))
			if j > i {
				require.Zero(t, g)
				require.Zero(t, a)
			} else {
				require.Positive(t, a)
			}
			sum += a
		}
		require.NoError(t, close.Within(sum, 1, 1e-14, 0)) // 5 terms
	}
	require.NotZero(t, gradient[length])

	for n := range b.N { // a target without the absent token has a finite loss
		copy(b.Target(n), []float64{0.5, 0.5, 0})
	}
	loss := worker.LossGradient(b, nil)
	require.False(t, math.IsNaN(loss) || math.IsInf(loss, 0), "loss %v", loss)
}

func TestDenseRejectsBadShapes(t *testing.T) {
	for _, c := range []struct {
		tokens, length int
		heads          []int
		says           string
	}{
		{1, 5, []int{1}, "tokens = 1"},
		{3, 2, []int{1}, "length = 2"},
		{3, 5, nil, "heads"},
		{3, 5, []int{1, 0}, "heads[1] = 0"},
		{100, 100, []int{60, 60, 60}, "parameters"},
	} {
		_, err := NewDenseDisentangled(c.tokens, c.length, c.heads)
		require.ErrorContains(t, err, c.says)
	}
	for _, eps := range []float64{-1, 1, math.NaN(), math.Inf(1)} {
		_, err := NewDenseReduced(3, 5, eps)
		require.ErrorContains(t, err, "eps")
	}
	_, err := NewDenseReduced(0, 5, 0.1)
	require.ErrorContains(t, err, "tokens = 0")
}

// BenchmarkDenseDisentangled is one shard of the single-chain experiment.
func BenchmarkDenseDisentangled(b *testing.B) {
	m, err := NewDenseDisentangled(10, 20, []int{1, 1})
	require.NoError(b, err)
	pass := m.NewPass()
	pass.Bind(randomParams(m, 0.2, 1))
	worker, gradient, batch := pass.NewWorker(), make([]float64, m.Layout().Size()), randomBatch(64, 20, 10, 2)
	for b.Loop() {
		worker.LossGradient(batch, gradient)
	}
}
