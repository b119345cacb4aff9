package train

import (
	"causalgrad/impl/optim"
	"causalgrad/theory/embedding"
)

// embedded trains the weights W behind the scores A = Eᵀ W E by gradient descent
// from W = 0, in terms of A alone: the gradient of W is E G Eᵀ, G that of A, so that A
// moves by (EᵀE) G (EᵀE). What it says of a state that is kept, it leaves to the
// optimiser inside, which must be plain gradient descent.
type embedded struct {
	optim.Optimizer
	vectors embedding.Embedding
}

// Step implements optim.Optimizer for the T x T block A1.
func (e embedded) Step(params, gradient []float64) {
	t := e.vectors.Positions()
	rows := make([][]float64, t)
	for i := range rows {
		rows[i] = gradient[i*t:][:t]
	}
	moved, err := e.vectors.Step(rows)
	if err != nil {
		panic(err) // Algorithm1.Run has compared the lengths
	}
	flat := make([]float64, 0, t*t)
	for _, row := range moved {
		flat = append(flat, row...)
	}
	e.Optimizer.Step(params, flat)
}
