package figure

import (
	"image/color"
	"math"
	"strconv"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Sizes of letters in points: at the page's full width they are as large as its own.
const (
	titleSize = 12
	labelSize = 10.5
	tickSize  = 9.5
)

var ink = color.Gray{Y: 0x22}

// textStyle is the drawing's font, which comes with the drawing library, at a
// size in points.
func textStyle(size float64, x draw.XAlignment, y draw.YAlignment) text.Style {
	f := font.From(font.Font{Typeface: "Liberation", Variant: "Sans"}, vg.Points(size))
	return text.Style{Color: ink, Font: f, XAlign: x, YAlign: y, Handler: text.Plain{Fonts: font.DefaultCache}}
}

// newPlot is an empty plot with the package's fonts and lines. Axes have no
// padding: a mark at the edge of the range sits on the axis.
func newPlot(title, x, y string) *plot.Plot {
	p := plot.New()
	p.Title.Text, p.Title.Padding = title, vg.Points(5)
	p.Title.TextStyle = textStyle(labelSize, draw.XCenter, draw.YTop)
	for _, axis := range []*plot.Axis{&p.X, &p.Y} {
		axis.Padding = 0
		axis.LineStyle = draw.LineStyle{Color: ink, Width: vg.Points(0.7)}
		axis.Tick.LineStyle = axis.LineStyle
		axis.Tick.Length = vg.Points(4)
		axis.Label.Padding = vg.Points(4)
	}
	p.X.Label.Text, p.Y.Label.Text = x, y
	p.X.Label.TextStyle = textStyle(labelSize, draw.XCenter, draw.YBottom)
	p.Y.Label.TextStyle = textStyle(labelSize, draw.XCenter, draw.YBottom)
	p.X.Tick.Label = textStyle(tickSize, draw.XCenter, draw.YTop)
	p.Y.Tick.Label = textStyle(tickSize, draw.XRight, draw.YCenter)
	return p
}

// grid draws faint horizontal lines at the labelled ticks, behind what is added
// to the plot later.
type grid struct{}

func (grid) Plot(c draw.Canvas, p *plot.Plot) {
	_, y := p.Transforms(&c)
	for _, tick := range p.Y.Tick.Marker.Ticks(p.Y.Min, p.Y.Max) {
		if !tick.IsMinor() && tick.Value >= p.Y.Min && tick.Value <= p.Y.Max {
			c.StrokeLine2(draw.LineStyle{Color: color.Gray{Y: 0xe2}, Width: vg.Points(0.6)}, c.Min.X, y(tick.Value), c.Max.X, y(tick.Value))
		}
	}
}

// zeroStep is where step 0 stands on a logarithmic axis of steps.
const zeroStep = 0.5

// logTicks labels the powers of ten, marks their multiples, and calls zeroStep
// by its name where the axis has it. A range of less than two decades has labels at
// 2 and 5 times as well.
type logTicks struct{ powersOfTwo bool }

func (l logTicks) Ticks(low, high float64) []plot.Tick {
	if l.powersOfTwo {
		var ticks []plot.Tick
		for v := math.Exp2(math.Ceil(math.Log2(low))); v <= high; v *= 2 {
			ticks = append(ticks, plot.Tick{Value: v, Label: plain(v)})
		}
		return ticks
	}
	var ticks []plot.Tick
	if low == zeroStep {
		ticks = append(ticks, plot.Tick{Value: zeroStep, Label: "0"})
		low = 1
	}
	narrow := math.Log10(high/low) < 2
	first := int(math.Floor(math.Log10(low)))
	for e := first; math.Pow10(e) <= high; e++ {
		for m := 1; m < 10; m++ {
			value, label := float64(m)*math.Pow10(e), ""
			if m == 1 || narrow && (m == 2 || m == 5) {
				label = plain(value)
			}
			if value >= low*(1-1e-9) && value <= high*(1+1e-9) {
				ticks = append(ticks, plot.Tick{Value: value, Label: label})
			}
		}
	}
	return ticks
}

// plain is a tick label: at most six digits, no trailing zeros.
func plain(v float64) string { return strconv.FormatFloat(v, 'g', 6, 64) }

// niceTicks are at most about count ticks at round steps, labelled alike, and never fewer
// than two, without which a scale says nothing.
type niceTicks struct{ count int }

func (n niceTicks) Ticks(low, high float64) []plot.Tick {
	rough := (high - low) / float64(n.count)
	power := math.Pow10(int(math.Floor(math.Log10(rough))))
	round := []float64{0.1, 0.2, 0.5, 1, 2, 5, 10}
	at := len(round) - 1
	for at > 0 && round[at-1]*power >= rough {
		at--
	}
	ticks := everyStep(round[at]*power, low, high)
	for len(ticks) < 2 && at > 0 {
		at--
		ticks = everyStep(round[at]*power, low, high)
	}
	return ticks
}

// everyStep labels the multiples of a round step.
func everyStep(step, low, high float64) []plot.Tick {
	decimals := max(0, int(math.Ceil(-math.Log10(step)-1e-9)))
	var ticks []plot.Tick
	for k := math.Ceil(low/step - 1e-9); k*step <= high+1e-9*step; k++ {
		label := strconv.FormatFloat(k*step+0, 'f', decimals, 64) // +0 turns -0 into 0
		if step < 1e-4 || step >= 1e5 {
			label = strconv.FormatFloat(k*step, 'g', 3, 64)
		}
		ticks = append(ticks, plot.Tick{Value: k * step, Label: label})
	}
	return ticks
}
