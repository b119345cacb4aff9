package stream

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

// What acceptRight decides without an exponential is what the exponential decides,
// at the bounds too.
func TestAcceptRightIsTheExponentials(t *testing.T) {
	s := New(Key{Seed: 42, Purpose: Law})
	accepted, without := 0, 0
	for i := range 20000 {
		g := s.Float64()
		if i%2 == 0 {
			g = exp(-30 * s.Float64())
		}
		e := exp(-g)
		u := s.Float64()
		switch i % 5 {
		case 0:
			u = e
		case 1:
			u = math.Nextafter(e, 2)
		case 2:
			u = 1 - g + g*g/2 + 0x1p-48*(s.Float64()-0.5)
		case 3:
			u = 1 - g + g*g/2 - g*g*g/6 + 0x1p-48*(s.Float64()-0.5)
		}
		require.Equal(t, u <= e, acceptRight(u, g), "u = %v, g = %v, exp(-g) = %v", u, g, e)
		if u <= e {
			accepted++
		}
		if math.Abs(u-e) > 0.01 {
			without++
		}
	}
	require.Greater(t, min(accepted, 20000-accepted, without), 1000)
}
