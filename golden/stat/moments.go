package stat

import (
	"fmt"
	"math"
)

// moments summarises a sample. variance has divisor n-1.
type moments struct {
	n              int
	mean, variance float64
	spread         bool    // not all values are equal
	scale          float64 // largest absolute value
}

// describe checks a sample and takes its moments, in a fixed order of
// additions and without fused multiplication, so with the same bits everywhere.
//
// The first value is subtracted beforehand. Runs that agree to many digits
// differ by exactly representable amounts (Sterbenz), so their variance loses nothing.
func describe(name string, x []float64, least int) (moments, error) {
	if err := checkSample(name, x, least); err != nil {
		return moments{}, err
	}
	m := moments{n: len(x)}
	n := float64(len(x))
	var shift, square float64
	for _, v := range x {
		shift += v - x[0]
		m.spread = m.spread || v != x[0]
		m.scale = max(m.scale, math.Abs(v))
	}
	shift /= n
	for _, v := range x {
		d := (v - x[0]) - shift
		square += float64(d * d)
	}
	m.mean = x[0] + shift
	m.variance = square / (n - 1)
	if err := checkRange("mean or variance of "+name, m.mean, m.variance); err != nil {
		return moments{}, err
	}
	if m.spread && m.variance <= 0 {
		return moments{}, fmt.Errorf("stat: variance of %s underflows: rescale the values", name)
	}
	return m, nil
}

// describeNoise is describe for methods that estimate noise from x alone.
func describeNoise(name string, x []float64) (moments, error) {
	m, err := describe(name, x, 2)
	if err == nil && !m.spread {
		err = fmt.Errorf("stat: %s is %v in all %d values: %w", name, x[0], len(x), ErrNoSpread)
	}
	return m, err
}

// warnings says when the t distribution has little to stand on.
func (m moments) warnings(name string, confidence float64) []string {
	var w []string
	if need := rangeSamples(confidence); m.n < need {
		w = append(w, fmt.Sprintf("need >= %d samples in %s for an interval at level %g that does not lean on normality", need, name, confidence))
	}
	// A value carries a rounding error of half a unit in the last place,
	// 2^-53 of its size; a spread under 16 of these is as much rounding as noise.
	if m.spread && math.Sqrt(m.variance) < 0x1p-49*m.scale {
		w = append(w, fmt.Sprintf("the spread of %s is of the size of rounding errors", name))
	}
	if !m.spread {
		w = append(w, fmt.Sprintf("all %d values of %s are equal", m.n, name))
	}
	return w
}

// rangeSamples is the least n at which the whole range [min, max] of a sample
// covers the median with the given confidence: 1 - 2^(1-n) >= confidence. With
// fewer samples no interval can be had without assuming a distribution.
func rangeSamples(confidence float64) int {
	n := 2
	for 1-confidence < math.Ldexp(1, 1-n) {
		n++
	}
	return n
}
