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
	offset := 0.0
	for {
		word := s.pcg.Uint64()
		i := word & (layers - 1)
		u := (float64(word>>12) + 0.5) * 0x1p-52
		x := float64(u * ziggurat[i].x)
		if u < ziggurat[i].inside {
			return offset + x
		}
		if i == 0 {
			offset += tail // the tail has the same distribution again
			continue
		}
		low, high := ziggurat[i].density, ziggurat[i+1].density
		if low+float64(s.Open()*(high-low)) < exp(-x) {
			return offset + x
		}
	}
}
