package plain

import (
	"math"

	"causalgrad/props"
)

// The slips of the disentangled transformer's forward pass.
const (
	HeadsReversed        Slip = "heads-reversed"
	SkipMissing          Slip = "skip-missing"
	ReadsPenultimate     Slip = "reads-penultimate"
	PositionOffByOne     Slip = "position-off-by-one"
	PositionEncodingLost Slip = "position-encoding-lost"
	QueryTokenLost       Slip = "query-token-lost"
	LogOfUnderflow       Slip = "log-of-underflow"
	LogWithFloor         Slip = "log-with-floor"
	OutputWithoutShift   Slip = "output-without-shift"
	StaleHeadOutput      Slip = "stale-head-output"
	SecondLayerUniform   Slip = "second-layer-uniform"
	OneHeadForAll        Slip = "one-head-for-all"
)

// disentangled is theory.md section 2, line by line: feature vectors are
// materialised, every layer evaluates every query.
type disentangled struct {
	slip           Slip
	tokens, length int
	a              [][]matrix // [layer][head]
	w              matrix
	used           int
	stale          [][]float64 // a buffer that a slip does not clear
}

func newDisentangled(m props.ModelSpec, params []float64, slip Slip) *disentangled {
	d := &disentangled{slip: slip, tokens: m.Tokens, length: m.Length}
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
	d.stale = make([][]float64, m.Length)
	return d
}

func (d *disentangled) size() int { return d.used }

// kernel is the matrix of the scores as the slip has it.
func (d *disentangled) kernel(l, h int) matrix {
	if d.slip == OneHeadForAll {
		h = 0
	}
	a := d.a[l][h]
	switch d.slip {
	case ScoresTransposed:
		a = a.transposed()
	case ScoresScaled:
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
		x.row(i)[v] = 1
		at := i
		switch d.slip {
		case PositionOffByOne:
			at = (i + 1) % d.length
		case PositionEncodingLost:
			continue
		}
		x.row(i)[d.tokens+at] = 1
	}
	return x
}

func (d *disentangled) forward(tokens []uint16) *trace {
	t := &trace{x: []matrix{d.embed(tokens)}, last: d.length - 1}
	for l := range d.a {
		d.layer(t, l)
	}
	if d.slip == ReadsPenultimate {
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
			copy(q.row(i), d.kernel(l, h).transposeTimes(d.queryFeature(x.row(i))))
		}
		made = append(made, attend(d.slip, d.length, func(i, j int) float64 {
			if d.slip == SecondLayerUniform && l > 0 {
				return 0
			}
			return inner(q.row(i), x.row(j))
		}))
		queries = append(queries, q)
		for i := range d.length {
			out := d.part(next.row(i), x.cols, h, heads)
			for j, a := range made[h].weights.row(i) {
				if a != 0 {
					accumulate(out, a, x.row(j))
				}
			}
			d.leaveStale(i, out)
		}
	}
	if d.slip != SkipMissing {
		for i := range d.length {
			copy(next.row(i), x.row(i))
		}
	}
	t.x, t.queries, t.heads = append(t.x, next), append(t.queries, queries), append(t.heads, made)
}

// queryFeature is x_i as the query sees it.
func (d *disentangled) queryFeature(x []float64) []float64 {
	if d.slip != QueryTokenLost {
		return x
	}
	x = append([]float64(nil), x...)
	clear(x[:d.tokens])
	return x
}

// part is where head h writes its output.
func (d *disentangled) part(row []float64, width, h, heads int) []float64 {
	if d.slip == HeadsReversed {
		h = heads - 1 - h
	}
	return row[width*(1+h) : width*(2+h)]
}

// leaveStale adds half of what the buffer held after the last sequence, when the
// slip is not to clear it.
func (d *disentangled) leaveStale(i int, out []float64) {
	if d.slip != StaleHeadOutput {
		return
	}
	if old := d.stale[i]; len(old) == len(out) {
		accumulate(out, 0.5, old)
	}
	d.stale[i] = append([]float64(nil), out...)
}

// loss is the cross-entropy of softmax(logits), finite where a probability
// underflows, and the prediction.
func (d *disentangled) loss(logits, y []float64) (loss float64, f []float64) {
	shift := largest(logits)
	if d.slip == OutputWithoutShift {
		shift = 0
	}
	sum := 0.0
	for _, v := range logits {
		sum += math.Exp(v - shift)
	}
	f = shiftedSoftmax(logits, shift)
	for s, v := range y {
		switch {
		case v == 0:
		case d.slip == LogOfUnderflow:
			loss -= v * math.Log(f[s])
		case d.slip == LogWithFloor:
			loss -= v * math.Log(f[s]+1e-6)
		default:
			loss += v * (math.Log(sum) - (logits[s] - shift))
		}
	}
	return loss, f
}

func (d *disentangled) attention(tokens []uint16) []float64 {
	t := d.forward(tokens)
	var weights []float64
	for _, h := range t.heads[0] {
		weights = append(weights, h.weights.v...)
	}
	return weights
}
