package fault

import (
	"math"
	"slices"

	"causalgrad/impl/model"
)

// The mistakes of the disentangled transformer's forward pass.
var (
	headsReversed = mistake(inModel, "heads-reversed",
		"head outputs are concatenated in reverse order", "evaluation-exact-disentangled")
	readsPenultimate = mistake(inModel, "reads-penultimate",
		"the read-out takes the last position but one", "evaluation-exact-disentangled")
	positionOffByOne = mistake(inModel, "position-off-by-one",
		"position one-hots are off by one and wrap", "attention-exact-disentangled")
	oneHeadForAll = mistake(inModel, "one-head-for-all",
		"all heads of a layer share the first head's matrix", "evaluation-exact-disentangled")
	logOfPrediction = mistake(inModel, "log-of-prediction",
		"the loss is -y log f of a softmax f: infinite, or NaN where y is 0 too, and a NaN gradient, once a probability underflows",
		"loss-finite")
	logWithFloor = mistake(inModel, "log-with-floor",
		"1e-6 is added inside the logarithm", "loss-cross-entropy")
	outputWithoutShift = mistake(inModel, "output-without-shift",
		"the output softmax does not subtract the largest logit", "loss-finite", "prediction-distribution")
)

// disentangled is theory/README.md, section 2, line by line: feature vectors are
// materialised, every layer evaluates every query.
type disentangled struct {
	makes          *Mistake
	tokens, length int
	a              [][]matrix // [layer][head]
	w              matrix
	used           int
	stale          []float64 // a buffer that a mistake does not clear
}

func newDisentangled(m model.Spec, params []float64, makes *Mistake) *disentangled {
	d := &disentangled{makes: makes, tokens: m.Tokens, length: m.Length}
	width := m.Tokens + m.Length
	take := func(rows, cols int) matrix {
		v := matrix{rows, cols, nil}
		if d.used+rows*cols <= len(params) {
			v.v = params[d.used : d.used+rows*cols]
		}
		d.used += rows * cols
		return v
	}
	for _, heads := range m.Heads {
		var layer []matrix
		for range heads {
			layer = append(layer, take(width, width))
		}
		d.a = append(d.a, layer)
		width *= 1 + heads
	}
	d.w = take(width, m.Tokens)
	return d
}

func (d *disentangled) size() int { return d.used }

// kernel is the matrix of the scores as it is used.
func (d *disentangled) kernel(l, h int) matrix {
	if d.makes == oneHeadForAll {
		h = 0
	}
	a := d.a[l][h]
	switch d.makes {
	case scoresTransposed:
		a = a.transposed()
	case scoresScaled:
		scaled := newMatrix(a.rows, a.cols)
		accumulate(scaled.v, 1/math.Sqrt(float64(a.rows)), a.v)
		a = scaled
	}
	return a
}

// trace is what the forward pass of one sequence leaves for the backward pass.
type trace struct {
	x       []matrix // [layer] T x d_l; the last enters the read-out
	queries [][]matrix
	heads   [][]*head
	last    int // the position that is read out
	logits  []float64
}

func (d *disentangled) embed(tokens []uint16) matrix {
	x := newMatrix(d.length, d.tokens+d.length)
	for i, v := range tokens {
		at := i
		if d.makes == positionOffByOne {
			at = (i + 1) % d.length
		}
		x.row(i)[v], x.row(i)[d.tokens+at] = 1, 1
	}
	return x
}

func (d *disentangled) forward(tokens []uint16) *trace {
	t := &trace{x: []matrix{d.embed(tokens)}, last: d.length - 1}
	for l := range d.a {
		d.layer(t, l)
	}
	if d.makes == readsPenultimate {
		t.last--
	}
	t.logits = d.w.transposeTimes(t.x[len(d.a)].row(t.last))
	return t
}

// layer appends each head's output to every feature vector.
func (d *disentangled) layer(t *trace, l int) {
	x, heads := t.x[l], len(d.a[l])
	next := newMatrix(d.length, x.cols*(1+heads))
	var queries []matrix
	var made []*head
	for h := range heads {
		q := newMatrix(d.length, x.cols)
		for i := range d.length {
			copy(next.row(i), x.row(i))
			copy(q.row(i), d.kernel(l, h).transposeTimes(x.row(i)))
		}
		made = append(made, attend(d.makes, d.length, func(i, j int) float64 { return inner(q.row(i), x.row(j)) }))
		queries = append(queries, q)
		for i := range d.length {
			out := d.part(next.row(i), x.cols, h, heads)
			for j, a := range made[h].weights.row(i) {
				if a != 0 {
					accumulate(out, a, x.row(j))
				}
			}
		}
	}
	t.x, t.queries, t.heads = append(t.x, next), append(t.queries, queries), append(t.heads, made)
}

// part is where head h writes its output.
func (d *disentangled) part(row []float64, width, h, heads int) []float64 {
	if d.makes == headsReversed {
		h = heads - 1 - h
	}
	return row[width*(1+h) : width*(2+h)]
}

// loss is the cross-entropy of softmax(logits), finite where a probability
// underflows, and the prediction.
func (d *disentangled) loss(logits, y []float64) (loss float64, f []float64) {
	shift := largest(logits)
	if d.makes == outputWithoutShift {
		shift = 0
	}
	sum := 0.0
	for _, v := range logits {
		sum += math.Exp(v - shift)
	}
	f = shiftedSoftmax(logits, shift)
	for s, v := range y {
		switch {
		case d.makes == logOfPrediction:
			loss -= v * math.Log(f[s])
		case v == 0:
		case d.makes == logWithFloor:
			loss -= v * math.Log(f[s]+1e-6)
		default:
			loss += v * (math.Log(sum) - (logits[s] - shift))
		}
	}
	return loss, f
}

func (d *disentangled) attention(tokens []uint16) []float64 {
	var weights []float64
	for _, h := range d.forward(tokens).heads[0] {
		weights = slices.Concat(weights, h.weights.v)
	}
	return weights
}
