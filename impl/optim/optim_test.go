package optim

import (
	"math"
	"math/big"
	"testing"

	"causalgrad/theory/close"

	"github.com/stretchr/testify/require"
)

func TestCosineEndPoints(t *testing.T) {
	c, err := NewCosine(2, 10)
	require.NoError(t, err)
	require.Equal(t, 2.0, c.Rate(0))
	require.Equal(t, 1.0, c.Rate(5))
	require.Equal(t, 0.0, c.Rate(10))
	require.Equal(t, 0.0, c.Rate(11))
	for step := 1; step <= 10; step++ {
		require.Less(t, c.Rate(step), c.Rate(step-1))
		// math.Cos is within 1 ulp; three more roundings on a value below 2.
		want := 1 + math.Cos(math.Pi*float64(step)/10)
		require.NoError(t, close.Within(c.Rate(step), want, 0, 8*0x1p-53))
	}
}

func TestSGDByHand(t *testing.T) {
	o, err := NewSGD(Constant{0.5}, 0.25)
	require.NoError(t, err)
	p := []float64{4, -2}
	o.Step(p, []float64{1, 0})
	require.Equal(t, []float64{4 - 0.5*(1+1), -2 - 0.5*(-0.5)}, p)
	require.Equal(t, 1, o.Steps())
}

// bigAdamW is the recurrence in 200-bit floats: the rounding of the optimiser
// is all that can differ.
func bigAdamW(p float64, gradients []float64, rate, decay float64) float64 {
	f := func(x float64) *big.Float { return new(big.Float).SetPrec(200).SetFloat64(x) }
	n := func() *big.Float { return new(big.Float).SetPrec(200) }
	mul := func(a, b *big.Float) *big.Float { return n().Mul(a, b) }
	m, v, x, p1, p2 := f(0), f(0), f(p), f(1), f(1)
	for _, g := range gradients {
		m = n().Add(mul(f(beta1), m), mul(n().Sub(f(1), f(beta1)), f(g)))
		v = n().Add(mul(f(beta2), v), mul(n().Sub(f(1), f(beta2)), mul(f(g), f(g))))
		p1, p2 = mul(p1, f(beta1)), mul(p2, f(beta2))
		mHat := n().Quo(m, n().Sub(f(1), p1))
		vHat := n().Quo(v, n().Sub(f(1), p2))
		update := n().Quo(mHat, n().Add(n().Sqrt(vHat), f(epsilon)))
		update.Add(update, mul(f(decay), x))
		x.Sub(x, mul(f(rate), update))
	}
	out, _ := x.Float64()
	return out
}

func TestAdamWAgainstBigFloats(t *testing.T) {
	gradients := make([]float64, 50)
	for i := range gradients {
		gradients[i] = math.Sin(float64(3*i)) * math.Exp(-float64(i)/10)
	}
	const rate, decay = 0.01, 0.125
	o, err := NewAdamW(Constant{rate}, decay, 1)
	require.NoError(t, err)
	p := []float64{0.75}
	for _, g := range gradients {
		o.Step(p, []float64{g})
	}
	// Each step adds about 10 roundings to an update of size rate*2, and one to
	// p; the bias correction 1-b^t loses up to 3 digits at t = 1 (1-0.999).
	tolerance := 50 * (2*rate*10*1000 + 1) * 0x1p-53
	require.NoError(t, close.Within(p[0], bigAdamW(0.75, gradients, rate, decay), 0, tolerance))
}

func TestRestoreContinues(t *testing.T) {
	run := func(o Optimizer, p []float64, steps int) {
		for range steps {
			o.Step(p, []float64{p[0] - 1, p[1] + 2})
		}
	}
	schedule, err := NewCosine(0.1, 10)
	require.NoError(t, err)
	whole, _ := NewAdamW(schedule, 1e-3, 2)
	want := []float64{3, 4}
	run(whole, want, 7)

	first, _ := NewAdamW(schedule, 1e-3, 2)
	got := []float64{3, 4}
	run(first, got, 3)
	second, _ := NewAdamW(schedule, 1e-3, 2)
	for i, s := range first.State() {
		copy(second.State()[i], s)
	}
	second.Restore(first.Steps())
	run(second, got, 4)
	require.Equal(t, want, got)
}

func TestBadArguments(t *testing.T) {
	for _, rate := range []float64{0, -1, math.NaN(), math.Inf(1)} {
		_, err := NewConstant(rate)
		require.ErrorContains(t, err, "learning rate")
	}
	_, err := NewCosine(1, 0)
	require.ErrorContains(t, err, "0 steps")
	_, err = NewSGD(Constant{1}, math.NaN())
	require.ErrorContains(t, err, "weight decay = NaN")
	_, err = NewAdamW(Constant{1}, -1, 3)
	require.ErrorContains(t, err, "weight decay = -1")
}

// The first two steps with the published constants 0.9, 0.999 and 1e-8: from zero
// moments a gradient g moves by rate g/(|g| + 1e-8), and a second one of -g leaves
// the first moment at 0.9*0.1 g - 0.1 g = -0.01 g, corrected by 1 - 0.81.
func TestAdamWHasThePublishedConstants(t *testing.T) {
	o, err := NewAdamW(Constant{1}, 0, 1)
	require.NoError(t, err)
	p := []float64{0}
	o.Step(p, []float64{1e-8})
	// Bias correction cancels 0.1 and 0.001 up to a few units of their last bits.
	require.NoError(t, close.Within(p[0], -0.5, 1e-12, 0), "after a gradient of 1e-8")
	o, err = NewAdamW(Constant{1}, 0, 1)
	require.NoError(t, err)
	p[0] = 0
	o.Step(p, []float64{1})
	p[0] = 0
	o.Step(p, []float64{-1})
	require.NoError(t, close.Within(p[0], 0.01/0.19/(1+1e-8), 1e-12, 0), "after gradients of 1 and -1")
}

// Every bound is allowed, the next number is not.
func TestBounds(t *testing.T) {
	for _, rate := range []float64{math.SmallestNonzeroFloat64, 1e12} {
		_, err := NewConstant(rate)
		require.NoError(t, err)
	}
	_, err := NewConstant(math.Nextafter(1e12, 2e12))
	require.ErrorContains(t, err, "learning rate = 1.0000000000000001e+12")
	_, err = NewCosine(1, 1)
	require.NoError(t, err)
	for _, decay := range []float64{0, 1} {
		_, err = NewSGD(Constant{1}, decay)
		require.NoError(t, err)
		_, err = NewAdamW(Constant{1}, decay, 1)
		require.NoError(t, err)
	}
	_, err = NewSGD(Constant{1}, math.Nextafter(1, 2))
	require.ErrorContains(t, err, "weight decay = 1.0000000000000002")
}

func TestSGDRestoresItsStepCount(t *testing.T) {
	schedule, err := NewCosine(1, 2)
	require.NoError(t, err)
	o, err := NewSGD(schedule, 0)
	require.NoError(t, err)
	o.Restore(1)
	require.Equal(t, 1, o.Steps())
	require.Empty(t, o.State())
	p := []float64{1}
	o.Step(p, []float64{1})
	require.NoError(t, close.Within(p[0], 0.5, 4*0x1p-53, 0), "a step at half the rate")
}
