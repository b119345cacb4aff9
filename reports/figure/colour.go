package figure

import (
	"image/color"
	"math"

	"gonum.org/v1/plot/palette/moreland"
	"gonum.org/v1/plot/plotutil"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Numbers of colours in a map. That of a diverging one is odd, so that zero has
// a colour of its own in the middle.
const (
	sequentialLevels = 64
	divergingLevels  = 65
)

// Sequential is the map of non-negative numbers: from near white at 0 over
// yellow, red and purple to near black, of falling lightness throughout (the extended
// black body of K. Moreland, without its ends, which are white and black as
// paper and ink are).
func Sequential() []color.Color {
	const dark, light = 5, 1 // colours left out at either end
	colours := moreland.ExtendedBlackBody().Palette(sequentialLevels + dark + light).Colors()
	colours = colours[dark : dark+sequentialLevels]
	reversed := make([]color.Color, len(colours))
	for i, c := range colours {
		reversed[len(colours)-1-i] = opaque(c)
	}
	return reversed
}

// Diverging is the map of signed numbers: blue below 0, light grey at 0, brown red
// above, of falling lightness away from 0 on either side. Red and blue stay apart for
// the colour blind; in grey print the sign is told by a stroke through negative cells.
func Diverging() []color.Color {
	blue, red := color.NRGBA{R: 33, G: 76, B: 168, A: 255}, color.NRGBA{R: 160, G: 38, B: 8, A: 255}
	m := moreland.NewSmoothDiverging(blue, red, 88)
	m.SetMin(-1)
	m.SetMax(1)
	m.SetConvergePoint(0)
	colours := m.Palette(divergingLevels).Colors()
	for i, c := range colours {
		colours[i] = opaque(c)
	}
	return colours
}

// opaque is c in eight bits a channel, as both formats store it.
func opaque(c color.Color) color.Color {
	r, g, b, _ := c.RGBA()
	return color.NRGBA{R: uint8(r >> 8), G: uint8(g >> 8), B: uint8(b >> 8), A: 255}
}

// scale gives numbers from low to high their colours.
type scale struct {
	low, high float64
	colours   []color.Color
}

// sequentialScale covers 0 to the largest of the values, at least the given one.
func sequentialScale(matrices ...[][]float64) scale {
	return scale{0, positive(largest(matrices...)), Sequential()}
}

// divergingScale covers the values with 0 in the middle.
func divergingScale(matrices ...[][]float64) scale {
	high := positive(largest(matrices...))
	return scale{-high, high, Diverging()}
}

// largest is the largest magnitude among the numbers that are there.
func largest(matrices ...[][]float64) float64 {
	high := 0.0
	for _, m := range matrices {
		for _, row := range m {
			for _, v := range row {
				if !math.IsNaN(v) {
					high = math.Max(high, math.Abs(v))
				}
			}
		}
	}
	return high
}

// positive is v, or 1 for a matrix of zeros, which needs some range.
func positive(v float64) float64 {
	if v == 0 {
		return 1
	}
	return v
}

func (s scale) signed() bool { return s.low < 0 }

// level is the index of v's colour.
func (s scale) level(v float64) int {
	last := float64(len(s.colours) - 1)
	return int(math.Round(math.Min(math.Max((v-s.low)/(s.high-s.low), 0), 1) * last))
}

// lineColours are dark enough on white and apart for the colour blind (M. Okabe
// and K. Ito, without their yellow), in an order of alternating lightness.
var lineColours = []color.Color{
	color.NRGBA{R: 0, G: 114, B: 178, A: 255}, color.NRGBA{R: 230, G: 159, B: 0, A: 255}, color.NRGBA{R: 0, G: 0, B: 0, A: 255},
	color.NRGBA{R: 86, G: 180, B: 233, A: 255}, color.NRGBA{R: 213, G: 94, B: 0, A: 255}, color.NRGBA{R: 0, G: 158, B: 115, A: 255},
	color.NRGBA{R: 204, G: 121, B: 167, A: 255},
}

var glyphs = []draw.GlyphDrawer{draw.CircleGlyph{}, draw.BoxGlyph{}, draw.TriangleGlyph{}, draw.RingGlyph{}, draw.CrossGlyph{}, draw.PlusGlyph{}}

// lineStyle is the n-th line's colour and dash; the first dash is solid.
func lineStyle(n int) draw.LineStyle {
	return draw.LineStyle{Color: lineColours[n%len(lineColours)], Width: vg.Points(1.5), Dashes: plotutil.Dashes(n / 2)}
}

// glyphStyle is the n-th marker, in the n-th line's colour.
func glyphStyle(n int) draw.GlyphStyle {
	return draw.GlyphStyle{Color: lineColours[n%len(lineColours)], Radius: vg.Points(2.4), Shape: glyphs[n%len(glyphs)]}
}

// faint is c at the given opacity, for bands.
func faint(c color.Color, opacity float64) color.Color {
	r, g, b, _ := c.RGBA()
	return color.NRGBA{R: uint8(r >> 8), G: uint8(g >> 8), B: uint8(b >> 8), A: uint8(math.Round(255 * opacity))}
}
