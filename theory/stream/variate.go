package stream

import (
	"math"

	"causalgrad/theory/detmath"
)

// Normal returns a standard normal variate (Marsaglia's polar method; the
// second of the pair is discarded so that a stream has no hidden state).
func (s *Stream) Normal() float64 {
	for {
		u := float64(2*s.Open()) - 1
		v := float64(2*s.Open()) - 1
		q := float64(u*u) + float64(v*v) // never 0: Open is an odd multiple of 2^-53, so not 1/2
		if q < 1 {
			return u * math.Sqrt(-2*detmath.Log(q)/q)
		}
	}
}

// LogGamma returns the logarithm of a Gamma(shape, 1) variate, shape > 0. The
// logarithm, because at small shapes the variate itself underflows.
func (s *Stream) LogGamma(shape float64) float64 {
	switch {
	case shape == 1:
		return detmath.Log(s.Exponential())
	case shape < smallShape:
		var logG [1]float64
		s.smallGamma(shape).logs(s, logG[:])
		return logG[0]
	case shape < 1:
		return s.logGammaLarge(shape+1) + detmath.Log(s.Open())/shape
	}
	return s.logGammaLarge(shape)
}

// logGammaLarge is the method of Marsaglia and Tsang (2000), shape >= 1.
func (s *Stream) logGammaLarge(shape float64) float64 {
	d := shape - 1.0/3
	c := 1 / math.Sqrt(9*d)
	for {
		x := s.Normal()
		t := 1 + float64(c*x)
		if t <= 0 {
			continue
		}
		v := float64(t * t * t)
		x2 := float64(x * x)
		u := s.Open()
		if u < 1-float64(0.0331*float64(x2*x2)) {
			return detmath.Log(float64(d * v))
		}
		logV := detmath.Log(v)
		if detmath.Log(u) < float64(0.5*x2)+float64(d*(1-v+logV)) {
			return detmath.Log(d) + logV
		}
	}
}
