package figure

import (
	"image/color"
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

// linear is a colour's channels in linear light.
func linear(c color.Color) [3]float64 {
	r, g, b, _ := c.RGBA()
	var out [3]float64
	for i, v := range []uint32{r, g, b} {
		x := float64(v) / 0xffff
		if x <= 0.04045 {
			out[i] = x / 12.92
		} else {
			out[i] = math.Pow((x+0.055)/1.055, 2.4)
		}
	}
	return out
}

// lab is the CIE L*a*b* value of linear light (white D65).
func lab(l [3]float64) [3]float64 {
	f := func(t float64) float64 {
		if t > 216.0/24389 {
			return math.Cbrt(t)
		}
		return (24389.0/27*t + 16) / 116
	}
	x := f((0.4124*l[0] + 0.3576*l[1] + 0.1805*l[2]) / 0.9505)
	y := f(0.2126*l[0] + 0.7152*l[1] + 0.0722*l[2])
	z := f((0.0193*l[0] + 0.1192*l[1] + 0.9505*l[2]) / 1.089)
	return [3]float64{116*y - 16, 500 * (x - y), 200 * (y - z)}
}

// dichromats are how the red blind and the green blind see linear light, after F.
// Vienot, H. Brettel and J. D. Mollon, Color Res. Appl. 24 (1999) 243-252; and everyone
// else.
var dichromats = map[string][3][3]float64{
	"red blind":   {{0.11238, 0.88762, 0}, {0.11238, 0.88762, 0}, {0.00401, -0.00401, 1}},
	"green blind": {{0.29275, 0.70725, 0}, {0.29275, 0.70725, 0}, {-0.02234, 0.02234, 1}},
	"trichromat":  {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}},
}

func seen(m [3][3]float64, c color.Color) [3]float64 {
	l := linear(c)
	var out [3]float64
	for i := range out {
		out[i] = math.Max(0, m[i][0]*l[0]+m[i][1]*l[1]+m[i][2]*l[2])
	}
	return lab(out)
}

// requireFalling allows no rise at all in lightness from one colour to the next.
func requireFalling(t *testing.T, m [3][3]float64, colours []color.Color) {
	t.Helper()
	for i := 1; i < len(colours); i++ {
		require.Less(t, seen(m, colours[i])[0], seen(m, colours[i-1])[0], "lightness at %d of %d", i, len(colours))
	}
}

// Falling lightness is what grey print keeps; a colour-blind reader, to whom
// reds are darker, must see it fall as well.
func TestSequentialMapHasMonotoneLightness(t *testing.T) {
	colours := Sequential()
	require.Len(t, colours, sequentialLevels)
	requireFalling(t, dichromats["trichromat"], colours)
	light, dark := seen(dichromats["trichromat"], colours[0])[0], seen(dichromats["trichromat"], colours[sequentialLevels-1])[0]
	require.Greater(t, light-dark, 80.0, "the range of lightness, of 100")
}

func TestDivergingMapFallsOnBothSidesOfZero(t *testing.T) {
	colours := Diverging()
	require.Len(t, colours, divergingLevels)
	middle := divergingLevels / 2
	zero := lab(linear(colours[middle]))
	require.Less(t, math.Hypot(zero[1], zero[2]), 2.0, "zero is grey")
	below := make([]color.Color, middle+1)
	for i := range below {
		below[i] = colours[middle-i]
	}
	for name, m := range dichromats {
		if name == "trichromat" {
			requireFalling(t, m, colours[middle:])
			requireFalling(t, m, below)
		}
		// 25 is ten just noticeable differences of 2.5 (a common estimate): opposite
		// signs of one size stay apart from a third of the range on.
		for i := middle / 3; i <= middle; i++ {
			a, b := seen(m, colours[middle-i]), seen(m, colours[middle+i])
			require.Greater(t, math.Sqrt(sq(a[0]-b[0])+sq(a[1]-b[1])+sq(a[2]-b[2])), 25.0, "%s: signs at %d of %d", name, i, middle)
		}
	}
}

func sq(x float64) float64 { return x * x }

func TestScaleEnds(t *testing.T) {
	s := divergingScale([][]float64{{-3, 1, nan}, {2, 0, nan}})
	require.Equal(t, []float64{-3, 3}, []float64{s.low, s.high})
	require.Equal(t, divergingLevels/2, s.level(0))
	require.Equal(t, []int{0, divergingLevels - 1, divergingLevels - 1}, []int{s.level(-3), s.level(3), s.level(99)})
	zeros := sequentialScale([][]float64{{0, 0}})
	require.Equal(t, 0, zeros.level(0))
	require.Greater(t, zeros.high, 0.0)
}

// Lines must differ by more than colour: no two of the first twelve share colour and dash, and
// neighbours have different markers.
func TestLinesDifferWithoutColour(t *testing.T) {
	for n := range 12 {
		require.NotEqual(t, glyphStyle(n).Shape, glyphStyle(n+1).Shape)
		for k := range n {
			a, b := lineStyle(n), lineStyle(k)
			require.False(t, a.Color == b.Color && len(a.Dashes) == len(b.Dashes) && n/2 == k/2)
		}
	}
}
