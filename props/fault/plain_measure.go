package fault

import (
	"math"

	"causalgrad/impl/task"
	"causalgrad/props"
)

var (
	measureLargestOfBatch = mistake(inMeasure, "measure-largest-of-batch",
		"the sup error is the batch's largest instead of the mean over sequences", "measure-definition")
	measureVariation = mistake(inMeasure, "measure-total-variation",
		"the sup error is the total variation", "measure-definition")
	measureSigned = mistake(inMeasure, "measure-signed",
		"the sup error lacks abs() and ignores predictions that are too small", "measure-definition")
	measureZeroLogZero = mistake(inMeasure, "measure-zero-log-zero",
		"0 log 0 is not taken to be 0 in the metrics", "measure-perfect")
	measureDivergence = mistake(inMeasure, "measure-divergence",
		"the loss is the divergence, with the entropy subtracted", "measure-definition")
	measureReversed = mistake(inMeasure, "measure-arguments-swapped",
		"prediction and target are exchanged in the metrics", "measure-definition")
)

func (p *plain) Measure(b *task.Batch, f []float64) (props.Measurement, error) {
	var m props.Measurement
	for i := range b.N {
		y, row := b.Target(i), f[i*b.S:(i+1)*b.S]
		if p.makes == measureReversed {
			y, row = row, y
		}
		m.Loss += p.crossEntropy(y, row)
		m.Irreducible += p.crossEntropy(y, y)
		d := p.distance(y, row)
		if p.makes == measureLargestOfBatch {
			m.SupError = math.Max(m.SupError, d*float64(b.N))
		} else {
			m.SupError += d
		}
	}
	if p.makes == measureDivergence {
		m.Loss -= m.Irreducible
	}
	scale := 1 / float64(b.N)
	return props.Measurement{Loss: m.Loss * scale, Irreducible: m.Irreducible * scale, SupError: m.SupError * scale}, nil
}

// crossEntropy is -sum y log f; a term with y = 0 is 0.
func (p *plain) crossEntropy(y, f []float64) float64 {
	h := 0.0
	for v, w := range y {
		if w != 0 || p.makes == measureZeroLogZero {
			h -= w * math.Log(f[v])
		}
	}
	return h
}

// distance is the largest error of one row.
func (p *plain) distance(y, f []float64) float64 {
	d := 0.0
	for v := range y {
		e := math.Abs(f[v] - y[v])
		switch p.makes {
		case measureVariation:
			d += e / 2
		case measureSigned:
			d = math.Max(d, f[v]-y[v])
		default:
			d = math.Max(d, e)
		}
	}
	return d
}
