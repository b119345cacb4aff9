package stat

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestLocalExponentsOfExactPoints(t *testing.T) {
	all, err := LocalExponents([]float64{2, 4, 16}, []float64{8, 4, 0.25}, nil, 0.95)
	require.NoError(t, err)
	require.Len(t, all, 2)
	near(t, -1, all[0].Exponent)
	near(t, -2, all[1].Exponent)
	for _, e := range all {
		require.Nil(t, e.Interval, "exact points have no interval")
		require.Zero(t, e.StdErr)
	}
	require.Equal(t, []float64{4, 16}, []float64{all[1].From, all[1].To})
}

func TestLocalExponentsWithErrors(t *testing.T) {
	all, err := LocalExponents([]float64{2, 4, 16}, []float64{8, 4, 0.25}, []float64{0.8, 0.1, 0.01}, 0.95)
	require.NoError(t, err)
	near(t, math.Hypot(0.1, 0.025)/math.Ln2, all[0].StdErr)
	near(t, math.Hypot(0.025, 0.04)/math.Log(4), all[1].StdErr)
	// Joint over two: the normal quantile at 0.0125 is 2.241402727604947 (R: qnorm(0.9875)).
	nearInterval(t, -1-2.241402727604947*all[0].StdErr, -1+2.241402727604947*all[0].StdErr, 0.95, *all[0].Interval)
}

// Over ladders: by hand, exponents -1 and -3 have mean -2 and standard error 1; the t
// quantile at 0.025/2 with one degree of freedom is 1/tan(pi 0.0125).
func TestLocalExponentsOverLadders(t *testing.T) {
	T := []float64{2, 4, 8}
	all, err := LocalExponentsOver(T, [][]float64{{8, 4, 1}, {8, 1, 1. / 8}}, 0.95)
	require.NoError(t, err)
	near(t, -2, all[0].Exponent)
	near(t, 1, all[0].StdErr)
	half := 1 / math.Tan(math.Pi*0.0125)
	nearInterval(t, -2-half, -2+half, 0.95, *all[0].Interval)
	near(t, -2.5, all[1].Exponent)
}

// A single power is rejected where the exponent changes by three standard errors
// of sixteen ladders, and as rarely as it should where there is one: 400
// trials at level 0.05 give 50 or more with probability below 1e-7.
func TestSinglePower(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	T := []float64{16, 32, 64, 128}
	ladders := func(bend float64) [][]float64 {
		var all [][]float64
		for range 16 {
			var gap []float64
			for i := range T {
				gap = append(gap, math.Exp(-float64(i)*math.Ln2-bend*float64(i*i)+0.05*r.NormFloat64()))
			}
			all = append(all, gap)
		}
		return all
	}
	rejected := 0
	for range 400 {
		p, err := SinglePower(T, ladders(0))
		require.NoError(t, err)
		if p <= 0.05 {
			rejected++
		}
	}
	require.Less(t, rejected, 50)
	p, err := SinglePower(T, ladders(0.1))
	require.NoError(t, err)
	require.Less(t, p, 1e-4)
}

func TestLocalExponentsRefuse(t *testing.T) {
	for _, c := range []struct {
		T, gap []float64
		says   string
	}{
		{[]float64{1}, []float64{1}, "at least 2"}, {[]float64{1, 2}, []float64{1}, "expected as many"},
		{[]float64{2, 1}, []float64{1, 1}, "ascending"}, {[]float64{1, 2}, []float64{1, -1}, "gap[1] is -1"},
	} {
		_, err := LocalExponents(c.T, c.gap, nil, 0.95)
		require.ErrorContains(t, err, c.says)
	}
	_, err := LocalExponents([]float64{1, 2}, []float64{1, 1}, []float64{1, 0}, 0.95)
	require.ErrorContains(t, err, "stdErr[1]")
	_, err = LocalExponentsOver([]float64{1, 2}, [][]float64{{1, 1}}, 0.95)
	require.ErrorContains(t, err, "at least 2")
	_, err = SinglePower([]float64{1, 2}, [][]float64{{1, 1}, {1, 2}})
	require.ErrorContains(t, err, "2 of 3")
}
