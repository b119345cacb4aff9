package model

import (
	"math"

	"causalgrad/theory/stream"
)

// InitTransformer fills params, laid out as m.Layout(), with the official
// initialisation: wte, wpe, every V and every mlp.W0 are independent
// N(0, 1/d), d = S + T; all else (A, mlp.W1, the biases and W) is 0. So the
// first prediction is uniform and the first step moves W alone.
//
// Numbers are drawn from s in the order of the layout.
func InitTransformer(m *Transformer, s *stream.Stream, params []float64) {
	scale := 1 / math.Sqrt(float64(m.width()))
	clear(params[:m.layout.Size()])
	var b transformerBlocks
	b.view(m, params)
	draw := func(block []float64) {
		for i := range block {
			block[i] = scale * s.Normal()
		}
	}
	draw(b.embedding)
	for _, layer := range b.layers {
		draw(layer.v)
		draw(layer.w0)
	}
}
