package model

import "math"

// transformerPass holds the bound parameters and what follows from them alone.
type transformerPass struct {
	model    *Transformer
	params   transformerBlocks
	products [][]float64 // [layer] M = V W0
	bias0    [][]float64 // [layer] sqrt(d) b0
	bias1    [][]float64 // [layer] sqrt(d) b1
	keys     []float64   // E A of the first layer
	scores   []float64   // E A E^T of the first layer
	values   []float64   // E M of the first layer
	scale    float64     // sqrt(d)
}

// NewPass implements Model.
func (m *Transformer) NewPass() Pass {
	d := m.width()
	p := &transformerPass{model: m, scale: math.Sqrt(float64(d)),
		keys: make([]float64, d*d), scores: make([]float64, d*d), values: make([]float64, d*d)}
	for range m.layers {
		p.products = append(p.products, make([]float64, d*d))
		p.bias0 = append(p.bias0, make([]float64, d))
		p.bias1 = append(p.bias1, make([]float64, d))
	}
	return p
}

func (p *transformerPass) Bind(params []float64) {
	d := p.model.width()
	p.params.view(p.model, params)
	for l, layer := range p.params.layers {
		clear(p.products[l])
		addProduct(p.products[l], layer.v, layer.w0, d)
		for k := range d {
			p.bias0[l][k] = p.scale * layer.b0[k]
			p.bias1[l][k] = p.scale * layer.b1[k]
		}
	}
	e := p.params.embedding
	clear(p.keys)
	addProduct(p.keys, e, p.params.layers[0].a, d)
	clear(p.scores)
	addProductTransposed(p.scores, p.keys, e, d)
	clear(p.values)
	addProduct(p.values, e, p.products[0], d)
}

// firstWeights writes the first layer's attention of query i over keys 0..i.
func (p *transformerPass) firstWeights(i int, tokens []uint16, row []float64) {
	d, s := p.model.width(), p.model.tokens
	byToken, byPosition := p.scores[int(tokens[i])*d:][:d], p.scores[(s+i)*d:][:d]
	for j := range row {
		b := tokens[j]
		row[j] = (byToken[s+j] + byPosition[s+j]) + (byToken[b] + byPosition[b])
	}
	softmax(row)
}

func (p *transformerPass) NewWorker() Worker {
	m := p.model
	s, t, d := m.tokens, m.length, m.width()
	vector := func() []float64 { return make([]float64, d) }
	rows := func() []float64 { return make([]float64, t*d) }
	matrix := func() []float64 { return make([]float64, d*d) }
	w := &transformerWorker{pass: p, s: s, t: t, d: d, x: [][]float64{rows()},
		values: rows(), dx: rows(), dValues: rows(), ds: make([]float64, t),
		dh: vector(), dMixed: vector(), dq: vector(), logits: make([]float64, s), f: make([]float64, s),
		dScoreTable: matrix(), dValueTable: matrix(), work: matrix()}
	for l := range m.layers {
		w.x = append(w.x, rows())
		tape := transformerTape{weights: newTriangle(m.firstQuery(l), t), hidden: rows()}
		if l > 0 {
			tape.query, tape.mixed = rows(), rows()
		}
		w.tapes = append(w.tapes, tape)
		w.dProducts = append(w.dProducts, matrix())
	}
	w.gradient.layers = make([]transformerLayer, 0, m.layers)
	return w
}
