package stream

import (
	"math"

	"causalgrad/theory/detmath"
)

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

// logs writes the logarithms of len(logG) <= lot variates. It proposes all, then
// accepts each or draws it anew, as a rule without the variate itself.
func (c *smallGamma) logs(s *Stream, logG []float64) {
	zs, us := s.proposals.z[:len(logG)], s.proposals.u[:len(logG)]
	c.propose(s, zs, us, logG)
	for i, x := range logG {
		if !acceptAtOnce(us[i], x) {
			logG[i] = c.decide(s, zs[i], us[i])
		}
	}
}

// propose draws first proposals.
func (c *smallGamma) propose(s *Stream, zs, us, logG []float64) {
	hi, lo := s.hi, s.lo // in registers
	zs, us = zs[:len(logG)], us[:len(logG)]
	for i := range logG {
		hi, lo = step(hi, lo)
		w := word(hi, lo)
		z, inside := fromStrip(w)
		if !inside {
			s.hi, s.lo = hi, lo
			z = s.outside(w, z)
			hi, lo = s.hi, s.lo
		}
		hi, lo = step(hi, lo)
		zs[i], us[i], logG[i] = z, c.uniform(open(word(hi, lo))), -float64(z*c.inverse)
	}
	s.hi, s.lo = hi, lo
}

// acceptAtOnce is what the table says of most proposals.
func acceptAtOnce(u, logG float64) bool { return u >= 0 && u <= rightSide[bin(-logG)].accept }

// uniform makes a uniform one again on the right side, and one below 0 on the left.
func (c *smallGamma) uniform(u float64) float64 { return float64((float64(u) - c.left) * c.stretch) }

// decide accepts a proposal or draws it anew until one is accepted.
func (c *smallGamma) decide(s *Stream, z, u float64) (logG float64) {
	hi, lo := s.hi, s.lo // in registers
	for {
		accepted := false
		if u < 0 {
			z = -z / c.lambda
			logG = -float64(z * c.inverse)
			hi, lo = step(hi, lo)
			accepted = c.acceptLeft(open(word(hi, lo)), z, logG)
		} else {
			logG = -float64(z * c.inverse)
			accepted = acceptRight(u, logG)
		}
		if accepted {
			s.hi, s.lo = hi, lo
			return logG
		}
		hi, lo = step(hi, lo)
		w := word(hi, lo)
		inside := false
		if z, inside = fromStrip(w); !inside {
			s.hi, s.lo = hi, lo
			z = s.outside(w, z)
			hi, lo = s.hi, s.lo
		}
		hi, lo = step(hi, lo)
		u = c.uniform(open(word(hi, lo)))
	}
}

// acceptRight is u <= exp(-g), the target over the proposal of the right side; or
// u <= 1-g, which is never more but for roundings.
func acceptRight(u, logG float64) bool {
	switch known := &rightSide[bin(-logG)]; {
	case u <= known.accept:
		return true
	case u > known.reject:
		return false
	}
	g := exp(logG)
	return u <= 1-g || u <= exp(-g)
}

// acceptLeft is the same of the left side.
func (c *smallGamma) acceptLeft(u, z, logG float64) bool {
	switch known := &leftSide[bin(logG)]; {
	case u <= known.accept:
		return true
	case u > known.reject:
		return false
	}
	logRatio := 1 - z - exp(logG) - float64(c.lambda*z) // newSmallGamma's weight*lambda is 1/e
	return u <= exp(logRatio)
}

// bins is how many intervals the tables of the two sides distinguish: sixteen to
// each power of two from firstOctave on, the first one from 0, the last one to infinity.
const (
	bins        = 16 * 12
	firstOctave = -6
)

// bin is the interval of |log G|: the sign is never set, so the bits are in order.
func bin(x float64) int {
	const from = (1023+firstOctave)<<4 - 1
	return min(max(int(math.Float64bits(x)>>48)-from, 0), bins-1)
}

// binStart is the lower end of a bin.
func binStart(i int) float64 {
	if i == 0 {
		return 0
	}
	return math.Ldexp(float64(16+(i-1)%16), (i-1)/16+firstOctave-4)
}

// known says of a bin below which uniform every proposal of it is accepted and above
// which none is. Between them the exponentials decide, once in 300 proposals at shape
// 0.1, and also within slack of the true bounds, which is far above all roundings: no
// bit of a variate depends on the tables.
type known struct{ accept, reject float64 }

const slack = 0x1p-30

// rightSide and leftSide are by bin of |log G|. On both sides the target over the
// proposal is a function of log G alone: exp(-G) on the right, where the variate
// is below 1, and exp(1 + log G - G) on the left, where it is above 1.
var (
	rightSide = tabulate(func(x float64) float64 { return detmath.Exp(-detmath.Exp(-x)) })
	leftSide  = tabulate(func(x float64) float64 { return detmath.Exp(1 + x - detmath.Exp(x)) })
)

// tabulate is the table of a monotone ratio of |log G|.
func tabulate(ratio func(x float64) float64) (table [bins]known) {
	for i := range table {
		from, to := ratio(binStart(i)), ratio(600) // beyond any proposal: 0 or 1
		if i < bins-1 {
			to = ratio(binStart(i + 1))
		}
		table[i] = known{accept: min(from, to) - slack, reject: max(from, to) + slack}
	}
	return table
}
