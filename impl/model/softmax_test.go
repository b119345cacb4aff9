package model

import (
	"math"
	"math/big"
	"testing"

	"github.com/stretchr/testify/require"

	"causalgrad/theory/close"
	"causalgrad/theory/stream"
)

// The weights of a softmax are in [0, 1], sum to 1 and have the ratios
// e^(z_i - z_j), and a number added to all scores changes nothing but roundings.
func TestSoftmaxIsNormalised(t *testing.T) {
	random := stream.New(stream.Key{Seed: 81, Purpose: stream.Law})
	for n := 1; n <= 20; n++ {
		for _, size := range []float64{0, 1, 30} {
			scores := make([]float64, n)
			for i := range scores {
				scores[i] = float64(size * random.Normal())
			}
			weights, moved := append([]float64(nil), scores...), make([]float64, n)
			for i, z := range scores {
				moved[i] = z + 1024
			}
			softmax(weights)
			softmax(moved)
			sum := 0.0
			for i, w := range weights {
				require.GreaterOrEqual(t, w, 0.0, "weight %d of the softmax of %v", i, scores)
				sum += w
				// A difference of scores below 200 is rounded to 2^-53 of it, then exp,
				// sum, quotient and product round once each and the sum n times.
				ratio := math.Exp(scores[i] - scores[0])
				require.NoError(t, close.Within(w/weights[0], ratio, 4*(200+float64(n))*0x1p-53, 0), "weight %d by weight 0 of the softmax of %v", i, scores)
				// Moved by 1024, a score keeps 2^-43 of 1.
				require.NoError(t, close.Within(moved[i], w, 4*0x1p-43, 1e-300), "weight %d of the softmax of %v, moved by 1024", i, scores)
			}
			require.NoError(t, close.Within(sum, 1, 2*float64(n+4)*0x1p-53, 0), "sum of the softmax of %v", scores)
		}
	}
}

// crossEntropy is -sum y log softmax and softmax, whatever the targets sum to,
// and finite where the softmax underflows.
func TestCrossEntropyByHand(t *testing.T) {
	f := make([]float64, 3)
	logits := []float64{math.Log(1), math.Log(2), math.Log(5)}
	loss := crossEntropy(logits, []float64{0.5, 0.25, 0}, f)
	require.NoError(t, close.AllWithin(f, []float64{0.125, 0.25, 0.625}, 16*0x1p-53, 0), "softmax of log 1, log 2, log 5")
	require.NoError(t, close.Within(loss, 0.5*math.Log(8)+0.25*math.Log(4), 16*0x1p-53, 0), "cross entropy of log 1, log 2, log 5")
	require.Equal(t, 1000.0, crossEntropy([]float64{0, -1000, -2000}, []float64{0, 1, 0}, f))
	require.Equal(t, []float64{1, 0, 0}, f)
}

// softmaxBackward is the Jacobian of the softmax, p_i (g_i - sum_j p_j g_j), in
// rational arithmetic.
func TestSoftmaxBackwardIsTheJacobian(t *testing.T) {
	p, g := []float64{0.125, 0.25, 0.625}, []float64{3, -1, 0.3}
	exact := func(v float64) *big.Rat { return new(big.Rat).SetFloat64(v) }
	mean := new(big.Rat)
	for i := range p {
		mean.Add(mean, new(big.Rat).Mul(exact(p[i]), exact(g[i])))
	}
	var want []float64
	for i := range p {
		v, _ := new(big.Rat).Mul(exact(p[i]), new(big.Rat).Sub(exact(g[i]), mean)).Float64()
		want = append(want, v)
	}
	softmaxBackward(p, g)
	require.NoError(t, close.AllWithin(g, want, 0, 8*3*0x1p-53), "derivative by the scores")
}

// InitTransformer draws N(0, 1/d). Of the 800000 entries at d = 400 the mean of
// x sqrt(d) has standard error 0.0011, the mean square 0.0016, the mean fourth
// power sqrt(96/n) = 0.011 around 3, and the share below each quantile at most
// 0.0006; 6 of them fail once in 1e8 seeds. A scale that is off by 1% moves the
// mean square by 0.02.
func TestInitTransformersDistribution(t *testing.T) {
	m := newTransformer(t, 100, 300, 2)
	params := make([]float64, m.Layout().Size())
	InitTransformer(m, stream.New(stream.Key{Seed: 72, Purpose: stream.Init}), params)
	var n, mean, square, fourth float64
	quantiles := map[float64]float64{-2: 0.022750131948179, -1: 0.158655253931457, 0: 0.5, 0.5: 0.691462461274013, 1.5: 0.933192798731142}
	below := map[float64]float64{}
	for _, name := range []string{"wte", "wpe", "V0", "mlp0.W0", "V1", "mlp1.W0"} {
		block, err := m.Layout().Block(name)
		require.NoError(t, err)
		for _, v := range block.Of(params) {
			z := v * 20 // sqrt(400)
			n++
			mean += z
			square += z * z
			fourth += z * z * z * z
			for q := range quantiles {
				if z < q {
					below[q]++
				}
			}
		}
	}
	require.Equal(t, 800000.0, n)
	require.NoError(t, close.Within(mean/n, 0, 0, 6/math.Sqrt(n)), "mean of the initial entries, times sqrt(d)")
	require.NoError(t, close.Within(square/n, 1, 0, 6*math.Sqrt(2/n)), "mean square of the initial entries, times d: the variance is 1/d")
	require.NoError(t, close.Within(fourth/n, 3, 0, 6*math.Sqrt(96/n)), "mean fourth power of the initial entries, times d^2: a normal distribution has 3")
	for q, p := range quantiles {
		require.NoError(t, close.Within(below[q]/n, p, 0, 6*math.Sqrt(p*(1-p)/n)), "share of initial entries below %v standard deviations", q)
	}
}
