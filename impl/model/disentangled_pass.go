package model

import (
	"math"

	"causalgrad/theory/detmath"
)

// disentangledPass holds the bound parameters and the first layer's tables.
type disentangledPass struct {
	model     *Disentangled
	attention [][][]float64 // [layer][head], views into the parameters
	readout   []float64     // W
	first     []firstTable  // one a head
}

// firstTable tabulates one head of the first layer. Its score for query i with
// token a and key j with token b splits as
//
//	(A[a][S+j] + A[S+i][S+j]) + (A[a][b] + A[S+i][b]),
//
// one part that sees the key's position and one that sees its token, so
// exp(score) is a product of two entries: T S T/2 + T S S exponentials a pass
// instead of T T/2 a sequence.
type firstTable struct {
	position []float64 // [i][a][j], j <= i
	token    []float64 // [i][a][b]
	safe     bool      // no product can underflow to 0 for all keys
}

// maxScoreRange bounds the spread of the scores of one row for which products
// of shifted exponentials keep full precision: exp(-600) is far above the
// smallest normal number even when multiplied by T.
const maxScoreRange = 600

func (p *disentangledPass) Bind(params []float64) {
	at := 0
	for l, heads := range p.model.heads {
		p.attention[l] = p.attention[l][:0]
		for range heads {
			p.attention[l] = append(p.attention[l], p.model.layout[at].Of(params))
			at++
		}
	}
	p.readout = p.model.layout[at].Of(params)
	for h := range p.first {
		p.first[h].fill(p.attention[0][h], p.model.tokens, p.model.length, p.model.firstQuery(0))
	}
}

func (t *firstTable) fill(a []float64, s, length, from int) {
	d := s + length
	t.safe = true
	for i := from; i < length; i++ {
		byPosition := a[(s+i)*d : (s+i+1)*d]
		for token := range s {
			byToken := a[token*d : (token+1)*d]
			row := t.position[(i*s+token)*length : (i*s+token)*length+i+1]
			spread := shiftedExp(row, byToken[s:], byPosition[s:])
			spread += shiftedExp(t.token[(i*s+token)*s:(i*s+token+1)*s], byToken, byPosition)
			t.safe = t.safe && spread <= maxScoreRange
		}
	}
}

// shiftedExp writes exp(x+y - max(x+y)) to dst and returns the range of x+y.
func shiftedExp(dst, x, y []float64) float64 {
	largest, smallest := math.Inf(-1), math.Inf(1)
	for j := range dst {
		v := x[j] + y[j]
		dst[j] = v
		largest, smallest = math.Max(largest, v), math.Min(smallest, v)
	}
	for j, v := range dst {
		dst[j] = detmath.Exp(v - largest)
	}
	return largest - smallest
}

// weights writes the first layer's attention of query i over keys 0..i.
func (p *disentangledPass) weights(head, i int, tokens []uint16, row []float64) {
	t, s := &p.first[head], p.model.tokens
	a := int(tokens[i])
	if !t.safe {
		p.scores(head, i, tokens, row)
		softmax(row)
		return
	}
	position := t.position[(i*s+a)*p.model.length:]
	token := t.token[(i*s+a)*s : (i*s+a+1)*s]
	sum := 0.0
	for j := range row {
		e := float64(position[j] * token[tokens[j]])
		row[j] = e
		sum += e
	}
	scale := 1 / sum
	for j := range row {
		row[j] *= scale
	}
}

// scores writes the first layer's scores of query i.
func (p *disentangledPass) scores(head, i int, tokens []uint16, row []float64) {
	firstScores(p.attention[0][head], p.model.tokens, i, tokens, row)
}

// firstScores writes a first-layer head's scores of query i by four look-ups a
// key.
func firstScores(a []float64, s, i int, tokens []uint16, row []float64) {
	d := s + len(tokens)
	byToken, byPosition := a[int(tokens[i])*d:], a[(s+i)*d:]
	for j := range row {
		b := tokens[j]
		row[j] = (byToken[s+j] + byPosition[s+j]) + (byToken[b] + byPosition[b])
	}
}

func (p *disentangledPass) NewWorker() Worker {
	m := p.model
	d0, last := m.tokens+m.length, len(m.heads)-1
	w := &disentangledWorker{pass: p, s: m.tokens, t: m.length, d0: d0}
	for l, heads := range m.heads {
		from := m.firstQuery(l)
		if l == 0 {
			w.rows, w.gradients = append(w.rows, triangle{}), append(w.gradients, triangle{}) // block 0, implicit
		}
		for range heads * m.inputs[l] {
			w.rows = append(w.rows, newTriangle(from, m.length))
			w.gradients = append(w.gradients, newTriangle(from, m.length))
		}
		w.weights = append(w.weights, nil)
		for h := range heads {
			// The block that a head makes from the input is its weights.
			w.weights[l] = append(w.weights[l], w.rows[m.inputs[l]+h*m.inputs[l]])
		}
	}
	widest := m.inputs[last] * d0
	w.query, w.feature = make([]float64, widest), make([]float64, widest)
	w.lookup = make([]float64, m.inputs[last]*m.length)
	w.readGradient = make([]float64, m.inputs[last+1]*d0)
	w.logits, w.f, w.histogram = make([]float64, m.tokens), make([]float64, m.tokens), make([]float64, m.tokens)
	w.scores = make([]float64, m.length)
	return w
}

// triangle holds rows from..T-1 of a T x T lower-triangular matrix.
type triangle struct {
	from, t int
	data    []float64
}

func newTriangle(from, t int) triangle {
	return triangle{from, t, make([]float64, (t-from)*t)}
}

// row is entries 0..i of row i.
func (m *triangle) row(i int) []float64 {
	at := (i - m.from) * m.t
	return m.data[at : at+i+1]
}
