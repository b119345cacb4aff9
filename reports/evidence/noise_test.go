package evidence

import (
	"math"
	"testing"

	"causalgrad/impl/model"
	"causalgrad/impl/task"
	"causalgrad/impl/train"
	"causalgrad/theory/close"
	"causalgrad/theory/dynamics"
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
	"causalgrad/theory/stream"

	"github.com/stretchr/testify/require"
)

// TestMomentsAreThoseOfTheModel: the sums of the gradient are the reduced model's
// own, its outer squares those of single sequences, and the second derivative the
// central difference of its gradient.
func TestMomentsAreThoseOfTheModel(t *testing.T) {
	const length, tokens, sequences, eps, beta = 7, 3, 6, 0.001, 1.5
	f, err := graph.Chain(length)
	require.NoError(t, err)
	problem, err := task.New(f, markov.Dirichlet{Size: tokens, Alpha: 1})
	require.NoError(t, err)
	m, err := model.NewReduced(tokens, length, eps)
	require.NoError(t, err)
	params := make([]float64, m.Layout().Size())
	logits := dynamics.Zero(length)
	for i := range length {
		for k := range i + 1 {
			logits[i][k] = math.Sin(float64(3*i + k))
			m.Layout()[0].Of(params)[i*length+k] = logits[i][k]
		}
	}
	attention, err := dynamics.Attention(logits)
	require.NoError(t, err)
	a2 := m.Layout()[1].Of(params)
	for q := range tokens {
		a2[q*tokens+q] = beta
	}
	b := task.NewBatch(sequences, length, tokens)
	problem.NewSampler().Sample(stream.New(stream.Key{Seed: 5, Purpose: stream.Test}), b)
	pass := m.NewPass()
	gradient := func(b *task.Batch) []float64 {
		pass.Bind(params)
		all := make([]float64, len(params))
		pass.NewWorker().LossGradient(b, all)
		return m.Layout()[1].Of(all)
	}
	got := attend(b, attention).moments(beta, eps)
	require.Equal(t, float64(sequences), got.count)
	// Sums of 6 sequences of 7 positions, numbers of size 1; h is up to 1/eps of them.
	const rounding = 1e-11
	for i, v := range gradient(b) {
		require.NoError(t, close.Within(got.gradient[i], -v, 0, rounding), "gradient %d", i)
	}
	square := matrix(tokens * tokens)
	for n := range sequences {
		one := task.NewBatch(1, length, tokens)
		copy(one.Sequence(0), b.Sequence(n))
		copy(one.Target(0), b.Target(n))
		g := gradient(one)
		for i := range g {
			for j := range g {
				square[i][j] += g[i] * g[j]
			}
		}
	}
	for i := range square {
		require.NoError(t, close.AllWithin(got.square[i], square[i], 0, rounding), "square %d", i)
	}
	const h = 1e-5 // the difference errs by h^2 times a third derivative, and by 1e-16/h
	for j := range a2 {
		kept := a2[j]
		a2[j] = kept + h
		up := gradient(b)
		a2[j] = kept - h
		down := gradient(b)
		a2[j] = kept
		for i := range up {
			require.NoError(t, close.Within(got.hessian[i][j], (down[i]-up[i])/(2*h), 1e-5, 1e-6), "second derivative %d, %d", i, j)
		}
	}
}

// TestSymmetricMoments are the same after any relabelling, and keep the means of
// the diagonal and of the rest.
func TestSymmetricMoments(t *testing.T) {
	m := newMoments2(3)
	m.count = 2
	for i := range m.gradient {
		m.gradient[i] = float64(i * i % 7)
		for j := range m.gradient {
			m.square[i][j], m.hessian[i][j] = float64((i+2*j)%5), float64((3*i+j)%4)
		}
	}
	s := m.symmetric()
	again := s.symmetric()
	require.NoError(t, close.AllWithin(again.gradient, s.gradient, 0, 1e-14))
	for i := range s.square {
		require.NoError(t, close.AllWithin(again.square[i], s.square[i], 0, 1e-14))
		require.NoError(t, close.AllWithin(again.hessian[i], s.hessian[i], 0, 1e-14))
	}
	// 0, 2, 1 on the diagonal; 1, 4, 2, 4, 1, 0 beside it (i^2 mod 7).
	require.NoError(t, close.Within(s.slope, (1.0-2)/2, 0, 1e-14))
	require.NoError(t, close.Within(again.slope, s.slope, 0, 1e-14))
}

// TestRestByHand: noise of variance 1 in every entry and steps that halve what is
// there, with the directions of the identity and the constant left out.
func TestRestByHand(t *testing.T) {
	m := newMoments2(3)
	for i := range m.square {
		m.square[i][i], m.hessian[i][i] = 1, -0.25
	}
	config := train.Algorithm1{Rate2: 2, Batch: 16}
	r := newRest(3)
	r.step(m, config)
	require.NoError(t, close.Within(r.norm(), math.Sqrt(7*0.25), 1e-14, 0)) // 2^2/16 in each of 9 - 2 directions
	r.step(m, config)
	require.NoError(t, close.Within(r.norm(), math.Sqrt(7*0.25*1.25), 1e-14, 0))
	require.Len(t, permutations(3), 6)
}

// TestNoiseAgrees within two errors of the prediction.
func TestNoiseAgrees(t *testing.T) {
	p := NoisePoint{Length: 16, Predicted: 1, StdErr: 0.1, Low: 1.2, High: 1.3}
	require.True(t, p.Agrees())
	p.Low = 1.21
	require.False(t, p.Agrees())
	p.Low, p.High = 0.7, 0.79
	require.False(t, p.Agrees())
	require.Equal(t, "no", NoiseTable([]NoisePoint{p}).Rows[0][4].String())
	points, err := PredictNoise(t.Context(), []Ladder{{}}, 1)
	require.NoError(t, err)
	require.Empty(t, points, "one seed has no spread")
}
