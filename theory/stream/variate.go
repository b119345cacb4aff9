package stream

import (
	"math"
	"slices"

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
		var logG, g [1]float64
		s.smallGamma(shape).fill(s, logG[:], g[:])
		return logG[0]
	case shape < 1:
		return s.logGammaLarge(shape+1) + detmath.Log(s.Open())/shape
	}
	return s.logGammaLarge(shape)
}

// smallShape bounds the shapes of smallGamma.
const smallShape = 0.5

// smallGamma is the rejection sampler of Liu, Martin and Syring (2017) for
// small shapes: it proposes z = -shape*log(G) from a two-sided exponential.
type smallGamma struct {
	shape   float64
	inverse float64 // 1/shape
	lambda  float64 // rate of the left side
	left    float64 // its probability
	stretch float64 // 1/(1-left)
}

func newSmallGamma(shape float64) smallGamma {
	lambda := 1/shape - 1
	weight := shape / (math.E * (1 - shape))
	return smallGamma{shape: shape, inverse: 1 / shape, lambda: lambda, left: weight / (1 + weight), stretch: 1 + weight}
}

// smallGamma is the sampler of a shape, computed where the last one was another's.
func (s *Stream) smallGamma(shape float64) *smallGamma {
	if s.small.shape != shape {
		s.small = newSmallGamma(shape)
	}
	return &s.small
}

// lot is how many variates are drawn side by side.
const lot = 16

// proposals are what fill works on.
type proposals struct{ z, u, logs, g [lot]float64 }

// fill writes len(g) <= lot variates and their logarithms; the variates may
// underflow. It proposes all, then accepts each or draws it anew: no proposal
// waits for the exponential of the one before.
func (c *smallGamma) fill(s *Stream, logs, g []float64) {
	p := &s.proposals
	hi, lo := s.hi, s.lo // in registers
	for i := range g {
		hi, lo = step(hi, lo)
		w := word(hi, lo)
		x, inside := fromStrip(w)
		if !inside {
			s.hi, s.lo = hi, lo
			x = s.outside(w, x)
			hi, lo = s.hi, s.lo
		}
		hi, lo = step(hi, lo)
		p.z[i], p.u[i], p.logs[i] = x, c.uniform(open(word(hi, lo))), -float64(x*c.inverse)
	}
	s.hi, s.lo = hi, lo
	padded := (len(g) + 3) &^ 3
	exps(p.g[:padded], p.logs[:padded])
	for i := range g {
		// The target over the proposal is exp(-g) >= 1-g on the right side.
		if u := p.u[i]; !(u >= 0 && u <= 1-p.g[i]) {
			c.decide(s, p.z[i], u, &p.logs[i], &p.g[i])
		}
	}
	copy(logs, p.logs[:len(g)])
	copy(g, p.g[:])
}

// uniform makes a uniform one again on the right side, and one below 0 on the left.
func (c *smallGamma) uniform(u float64) float64 { return float64((float64(u) - c.left) * c.stretch) }

// decide accepts a proposal or draws it anew until one is accepted.
func (c *smallGamma) decide(s *Stream, z, u float64, logG, g *float64) {
	for {
		if u < 0 {
			if c.acceptLeft(s, z, logG, g) {
				return
			}
		} else if acceptRight(u, *g) {
			return
		}
		z = s.Exponential()
		u = c.uniform(s.Open())
		*logG = -float64(z * c.inverse)
		*g = exp(*logG)
	}
}

// acceptRight is u <= exp(-g), 0 <= g <= 1. The exponential lies between
// 1-g+g^2/2-g^3/6 and 1-g+g^2/2; u beyond either by more than the roundings of the
// bounds and of exp, below 2^-50 together, needs none.
func acceptRight(u, g float64) bool {
	square := float64(0.5 * float64(g*g))
	upper := 1 - g + square
	switch {
	case u > upper+0x1p-49:
		return false
	case u < upper-float64(float64(square*g)*(1.0/3))-0x1p-49:
		return true
	}
	return u <= exp(-g)
}

// acceptLeft turns the exponential variate z into a proposal of the left side
// and accepts it or not.
func (c *smallGamma) acceptLeft(s *Stream, z float64, logG, g *float64) bool {
	z = -z / c.lambda
	*logG = -float64(z * c.inverse)
	*g = exp(*logG)
	logRatio := 1 - z - *g - float64(c.lambda*z) // weight*lambda is 1/e
	return s.Open() <= exp(logRatio)
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

// safeSum is the sum of gamma variates above which their ratios to it are as
// good as those of exact ones: a variate that is not a normal number is then
// below MinProbability of it.
const safeSum = 0x1p-24

// Dirichlet fills row with one draw of the symmetric Dirichlet(alpha)
// distribution.
// Entries are at least MinProbability and sum to 1 up to rounding.
func (s *Stream) Dirichlet(alpha float64, row []float64) {
	hi, lo := s.hi, s.lo
	sum := s.gammas(alpha, row)
	if !(sum >= safeSum) {
		s.hi, s.lo = hi, lo // the same draws again, as logarithms
		sum = s.ratios(alpha, row)
	}
	scale := 1 / sum
	for i, g := range row {
		p := float64(g * scale)
		if p < MinProbability {
			p = MinProbability
		}
		row[i] = p
	}
}

// gammas fills row with Gamma(alpha) variates and returns their sum.
func (s *Stream) gammas(alpha float64, row []float64) float64 {
	switch {
	case alpha < smallShape:
		c := s.smallGamma(alpha)
		var logs [lot]float64
		for part := range slices.Chunk(row, lot) {
			c.fill(s, logs[:], part)
		}
	case alpha == 1:
		for i := range row {
			row[i] = s.Exponential()
		}
	default:
		return s.ratios(alpha, row)
	}
	sum := 0.0
	for _, g := range row {
		sum += g
	}
	return sum
}

// ratios fills row with Gamma(alpha) variates over their largest and returns
// the ratios' sum: nothing underflows that counts.
func (s *Stream) ratios(alpha float64, row []float64) float64 {
	s.logGammas(alpha, row)
	largest := math.Inf(-1)
	for _, logG := range row {
		largest = max(largest, logG)
	}
	sum := 0.0
	for i, logG := range row {
		row[i] = exp(logG - largest)
		sum += row[i]
	}
	return sum
}

// logGammas fills row with the logarithms of the variates that gammas draws.
func (s *Stream) logGammas(alpha float64, row []float64) {
	if alpha >= smallShape {
		for i := range row {
			row[i] = s.LogGamma(alpha)
		}
		return
	}
	c := s.smallGamma(alpha)
	var g [lot]float64
	for part := range slices.Chunk(row, lot) {
		c.fill(s, part, g[:len(part)])
	}
}
