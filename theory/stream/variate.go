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
		q := float64(u*u) + float64(v*v)
		if q < 1 && q > 0 {
			return u * math.Sqrt(-2*detmath.Log(q)/q)
		}
	}
}

// LogGamma returns the logarithm of a Gamma(shape, 1) variate, shape > 0. The
// logarithm, because at small shapes the variate itself underflows.
func (s *Stream) LogGamma(shape float64) float64 {
	switch {
	case shape == 1:
		return detmath.Log(-detmath.Log(s.Open()))
	case shape < 0.5:
		return s.logGammaSmall(shape)
	case shape < 1:
		return s.logGammaLarge(shape+1) + detmath.Log(s.Open())/shape
	}
	return s.logGammaLarge(shape)
}

// logGammaSmall is the rejection sampler of Liu, Martin and Syring (2017) for
// small shapes: it proposes z = -shape*log(G) from a two-sided exponential.
func (s *Stream) logGammaSmall(shape float64) float64 {
	lambda := 1/shape - 1
	weight := shape / (math.E * (1 - shape))
	right := 1 / (1 + weight)
	for {
		var z, logRatio float64 // target over proposal at z
		if u := s.Open(); u <= right {
			z = -detmath.Log(u / right)
			logRatio = -detmath.Exp(-z / shape)
		} else {
			z = detmath.Log(s.Open()) / lambda
			logRatio = -z - detmath.Exp(-z/shape) - detmath.Log(float64(weight*lambda)) - float64(lambda*z)
		}
		v := s.Open()
		// 1+x <= exp(x) accepts most proposals without an exponential.
		if v <= 1+logRatio || v <= detmath.Exp(logRatio) {
			return -z / shape
		}
	}
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

// MinProbability is the smallest entry that Dirichlet returns: an exact 0
// would make a chain reducible, and no sum can tell 1e-300 from 0.
const MinProbability = 1e-300

// Dirichlet fills row with one draw of the symmetric Dirichlet(alpha) law.
// Entries are at least MinProbability and sum to 1 up to rounding.
func (s *Stream) Dirichlet(alpha float64, row []float64) {
	largest := math.Inf(-1)
	for i := range row {
		row[i] = s.LogGamma(alpha)
		largest = math.Max(largest, row[i])
	}
	sum := 0.0
	for i, logG := range row {
		row[i] = detmath.Exp(logG - largest)
		sum += row[i]
	}
	for i := range row {
		row[i] = math.Max(row[i]/sum, MinProbability)
	}
}
