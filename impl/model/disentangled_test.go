package model

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"causalgrad/theory/close"
)

func TestDisentangledHasTheOfficialValues(t *testing.T) {
	for _, name := range []string{"vec_a.json", "vec_b.json", "vec_c.json", "vec_d.json"} {
		t.Run(name, func(t *testing.T) {
			v := readVectors(t, name)
			m, err := NewDisentangled(v.Tokens, v.Length, v.Heads)
			require.NoError(t, err)
			requireOfficialValues(t, m, v)
		})
	}
}

// requireSame compares a structured model with its oracle: both are float64
// evaluations of one formula, so officialTolerance applies; block by block, or
// over the whole gradient where saturation leaves a block only cancellation.
func requireSame(t *testing.T, m, oracle Model, scale float64, seed uint64) {
	t.Helper()
	params, b := randomParams(m, scale, seed), randomBatch(5, m.SequenceLength(), m.Tokens(), seed)
	type result struct{ f, gradient []float64 }
	evaluate := func(m Model) (result, float64) {
		pass := m.NewPass()
		pass.Bind(params)
		w := pass.NewWorker()
		r := result{make([]float64, b.N*b.S), make([]float64, len(params))}
		w.Predict(b, r.f)
		return r, w.LossGradient(b, r.gradient)
	}
	got, loss := evaluate(m)
	want, wantLoss := evaluate(oracle)
	what := fmt.Sprintf("%s, S = %d, T = %d, parameters of size %v", m.Name(), m.Tokens(), m.SequenceLength(), scale)
	require.NoError(t, close.Within(loss, wantLoss, officialTolerance, 0), "loss of %s", what)
	require.NoError(t, close.AllWithin(got.f, want.f, officialTolerance, 1e-300), "predictions of %s", what)
	require.LessOrEqual(t, close.RelativeError(got.gradient, want.gradient), officialTolerance, "relative error of the gradient of %s", what)
	if scale > saturating {
		return
	}
	for _, block := range m.Layout() {
		e := close.RelativeError(block.Of(got.gradient), block.Of(want.gradient))
		require.LessOrEqual(t, e, officialTolerance, "relative error of the gradient of %s, %s", block.Name, what)
	}
}

// saturating is a scale of normal parameters from which attention is one-hot.
const saturating = 10

func TestDisentangledAgainstDense(t *testing.T) {
	for i, heads := range [][]int{{1}, {3}, {1, 1}, {2, 1}, {1, 3}, {2, 2}, {1, 1, 1}, {2, 1, 2}, {1, 1, 1, 1}} {
		for _, scale := range []float64{0, 0.3, 2} {
			t.Run(fmt.Sprint(heads, scale), func(t *testing.T) {
				m, err := NewDisentangled(3, 6, heads)
				require.NoError(t, err)
				oracle, err := NewDenseDisentangled(3, 6, heads)
				require.NoError(t, err)
				requireSame(t, m, oracle, scale, uint64(i))
			})
		}
	}
}

func TestStructuredFiniteDifferences(t *testing.T) {
	for _, heads := range [][]int{{2}, {2, 1}, {1, 2}, {1, 1, 1}} {
		m, err := NewDisentangled(2, 3, heads)
		require.NoError(t, err)
		requireFiniteDifferences(t, m, randomParams(m, 0.5, 1), randomBatch(2, 3, 2, 2))
	}
	reduced, err := NewReduced(2, 4, 0.05)
	require.NoError(t, err)
	requireFiniteDifferences(t, reduced, randomParams(reduced, 0.5, 1), randomBatch(2, 4, 2, 2))
}

// TestTablesAndScoresAgree compares the two ways to the first layer's weights
// where both are valid, and checks that huge scores take the safe one.
func TestTablesAndScoresAgree(t *testing.T) {
	m, err := NewDisentangled(4, 9, []int{2, 1})
	require.NoError(t, err)
	for _, scale := range []float64{1, 20, 400} {
		pass := m.newAnyPass()
		pass.Bind(randomParams(m, scale, 7))
		require.Equal(t, scale < 400, pass.first[0].safe, "scale %v", scale)
		b := randomBatch(20, 9, 4, 8)
		for n := range b.N {
			for i := range 9 {
				got, want := make([]float64, i+1), make([]float64, i+1)
				pass.weights(1, i, b.Sequence(n), got)
				pass.scores(1, i, b.Sequence(n), want)
				softmax(want)
				// Each weight is a product of two exponentials whose arguments
				// carry 2 rounding errors of their size (4 terms of scale*3),
				// so it is off by a few times 12*scale*2^-53, relatively.
				require.NoError(t, close.AllWithin(got, want, 100*(1+scale)*0x1p-53, 1e-250))
			}
		}
	}
}

func TestDisentangledSaturated(t *testing.T) {
	// Scores beyond maxScoreRange: attention is one-hot up to underflow, and
	// the loss stays finite. The oracle agrees where its softmax is not 0/1.
	m, err := NewDisentangled(3, 6, []int{1, 1})
	require.NoError(t, err)
	oracle, err := NewDenseDisentangled(3, 6, []int{1, 1})
	require.NoError(t, err)
	requireSame(t, m, oracle, 150, 3)
}

func TestWorkersDoNotAllocate(t *testing.T) {
	disentangled, err := NewDisentangled(3, 8, []int{2, 1})
	require.NoError(t, err)
	reduced, err := NewReduced(3, 8, 0.01)
	require.NoError(t, err)
	for _, m := range []Model{disentangled, reduced} {
		params, b := randomParams(m, 0.5, 1), randomBatch(4, 8, 3, 2)
		pass := m.NewPass()
		pass.Bind(params)
		w := pass.NewWorker()
		f, gradient, weights := make([]float64, b.N*b.S), make([]float64, len(params)), make([]float64, b.N*2*64)
		require.Zero(t, testing.AllocsPerRun(10, func() {
			pass.Bind(params)
			w.Predict(b, f)
			w.LossGradient(b, gradient)
			w.Attention(b, weights)
		}), m.Name())
	}
}

func TestAttentionIsTheForwardPasss(t *testing.T) {
	for _, heads := range [][]int{{2}, {2, 1}} {
		m, err := NewDisentangled(3, 6, heads)
		require.NoError(t, err)
		oracle, err := NewDenseDisentangled(3, 6, heads)
		require.NoError(t, err)
		params, b := randomParams(m, 1, 5), randomBatch(3, 6, 3, 6)
		attention := func(m Model) []float64 {
			pass := m.NewPass()
			pass.Bind(params)
			out := dirty(b.N * 2 * 36)
			pass.NewWorker().Attention(b, out)
			return out
		}
		require.NoError(t, close.AllWithin(attention(m), attention(oracle), officialTolerance, 0), "first-layer attention, heads %v", heads)
	}
}

// TestAttentionHasTheForwardPasssBits, also of the one query that a single
// layer evaluates.
func TestAttentionHasTheForwardPasssBits(t *testing.T) {
	for _, heads := range [][]int{{2}, {2, 1}} {
		m, err := NewDisentangled(3, 6, heads)
		require.NoError(t, err)
		b, pass := randomBatch(20, 6, 3, 6), m.newAnyPass()
		pass.Bind(randomParams(m, 1, 5))
		out := dirty(b.N * 2 * 36)
		pass.NewWorker().Attention(b, out)
		w := pass.NewWorker().(*disentangledWorker)
		for n := range b.N {
			w.forward(b.Sequence(n))
			for h := range 2 {
				for i := m.firstQuery(0); i < 6; i++ {
					require.Equal(t, w.weights[0][h].row(i), out[((n*2+h)*6+i)*6:][:i+1])
				}
			}
		}
	}
}

// TestScoresCountUpToAConstant: a number added to every entry of the first
// layer's matrices moves all scores alike, however far, and its weights stay.
func TestScoresCountUpToAConstant(t *testing.T) {
	m, err := NewDisentangled(3, 6, []int{2, 1})
	require.NoError(t, err)
	b, params := randomBatch(5, 6, 3, 6), randomParams(m, 1, 5)
	for _, pass := range []Pass{m.NewPass(), m.newAnyPass()} {
		attention := func(by float64) []float64 {
			moved := append([]float64(nil), params...)
			for i := range moved[:m.Layout()[2].Offset] {
				moved[i] += by
			}
			pass.Bind(moved)
			out := dirty(b.N * 2 * 36)
			pass.NewWorker().Attention(b, out)
			return out
		}
		want := attention(0)
		for _, by := range []float64{1000, -1000} {
			// Four entries and three sums up to 4000, rounded to 2^-53 of it each:
			// exponents off by 7*4000*2^-53, in a weight and in its row's sum.
			require.NoError(t, close.AllWithin(attention(by), want, 2*7*4000*0x1p-53, 0))
		}
	}
}

// TestTablesAreSafeUpToTheRange: one entry of A is all the spread there is, on
// the bound and a rounding above it.
func TestTablesAreSafeUpToTheRange(t *testing.T) {
	m, err := NewDisentangled(3, 6, []int{1, 1})
	require.NoError(t, err)
	for _, c := range []struct {
		spread float64
		safe   bool
	}{{maxScoreRange, true}, {-maxScoreRange, true}, {math.Nextafter(maxScoreRange, 1e3), false}, {math.Nextafter(-maxScoreRange, -1e3), false}} {
		for _, column := range []int{1, 3 + 2} { // by a key's token, by its position
			params := make([]float64, m.Layout().Size())
			params[column] = c.spread
			anyPass, twoPass := m.newAnyPass(), newTwoPass(m)
			anyPass.Bind(params)
			twoPass.Bind(params)
			require.Equal(t, c.safe, anyPass.first[0].safe, "any depth, %+v, column %d", c, column)
			require.Equal(t, c.safe, twoPass.heads[0].safe, "two layers, %+v, column %d", c, column)
		}
	}
}

func TestDisentangledRejectsBadShapes(t *testing.T) {
	for want, try := range map[string]func() (*Disentangled, error){
		"tokens = 1":          func() (*Disentangled, error) { return NewDisentangled(1, 5, []int{1}) },
		"length = 2":          func() (*Disentangled, error) { return NewDisentangled(3, 2, []int{1}) },
		"0 layers":            func() (*Disentangled, error) { return NewDisentangled(3, 5, nil) },
		"heads[1] = 0":        func() (*Disentangled, error) { return NewDisentangled(3, 5, []int{1, 0}) },
		"parameters, want at": func() (*Disentangled, error) { return NewDisentangled(3, 4000, []int{64, 64}) },
	} {
		_, err := try()
		require.ErrorContains(t, err, want)
	}
}

func BenchmarkDisentangled(b *testing.B) {
	for _, size := range []struct {
		s, t  int
		heads []int
	}{{3, 20, []int{1, 1}}, {10, 20, []int{1, 1}}, {5, 32, []int{2, 1}}} {
		b.Run(fmt.Sprintf("S=%d,T=%d,heads=%v", size.s, size.t, size.heads), func(b *testing.B) {
			m, err := NewDisentangled(size.s, size.t, size.heads)
			require.NoError(b, err)
			batch := randomBatch(64, size.t, size.s, 1)
			params := randomParams(m, 0.1, 1)
			gradient := make([]float64, len(params))
			pass := m.NewPass()
			pass.Bind(params)
			w := pass.NewWorker()
			for b.Loop() {
				w.LossGradient(batch, gradient)
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/64, "µs/sequence")
		})
	}
}
