package stream

import "causalgrad/theory/detmath"

// layers is the number of horizontal strips of equal area under exp(-x) that
// the ziggurat of Marsaglia and Tsang (2000) draws from.
const layers = 256

// tail is where the lowest strip's rectangle ends: the solution of Marsaglia and
// Tsang for 256 layers.
const tail = 7.69711747013104972

// ziggurat[i] is the strip i: its right end x, the density there, and the share
// of its width under which all of it lies below the density.
var ziggurat = func() (z [layers + 1]struct{ x, density, inside float64 }) {
	area := float64(detmath.Exp(-tail) * (tail + 1))
	z[0].x = area / detmath.Exp(-tail) // the rectangle and the tail behind it
	z[1].x = tail
	for i := range layers - 2 {
		below := z[i+1].x
		z[i+2].x = -detmath.Log(area/below + detmath.Exp(-below))
	}
	z[layers].x = 0
	for i := range layers {
		z[i].density = detmath.Exp(-z[i].x)
		z[i].inside = z[i+1].x / z[i].x
	}
	z[layers].density = 1
	return z
}()

// Exponential returns a standard exponential variate, a continuous one up to
// the 53 bits of its uniform. The strip is chosen by other bits of the same word.
func (s *Stream) Exponential() float64 {
	word := s.Uint64()
	x, inside := fromStrip(word)
	if inside {
		return x
	}
	return s.outside(word, x)
}

// fromStrip is the point of its strip that a word chooses; almost always it is inside.
func fromStrip(word uint64) (x float64, inside bool) {
	strip, u := &ziggurat[word&(layers-1)], open(word)
	return float64(u * strip.x), u < strip.inside
}

// outside finishes Exponential for a first word whose point x is not inside.
func (s *Stream) outside(word uint64, x float64) float64 {
	offset := 0.0
	for {
		if i := word & (layers - 1); i == 0 {
			offset += tail // the tail has the same distribution again
		} else {
			low, high := ziggurat[i].density, ziggurat[i+1].density
			if low+float64(s.Open()*(high-low)) < exp(-x) {
				return offset + x
			}
		}
		word = s.Uint64()
		var inside bool
		if x, inside = fromStrip(word); inside {
			return offset + x
		}
	}
}
