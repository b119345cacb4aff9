package reference

import "causalgrad/impl/task"

// Vectors is one batch and the official outputs, loss and gradient of a model
// at several points of parameters.
type Vectors struct {
	origin
	Architecture
	Problem Problem
	Batch   *task.Batch
	Points  []Point
}

// Point is one point of parameters with what the official code makes of it.
type Point struct {
	Name     string
	Params   Params
	F        []float64 // outputs, N x S
	Loss     float64   // mean over the batch, nats
	Gradient Params    // of Loss
}

func loadVectors(n node, o origin) File {
	n.object("case", "set", "seed", "model", "vocab_size", "seq_len", "heads", "problem", "x", "y", "points")
	v := &Vectors{origin: o, Architecture: n.architecture()}
	v.Problem = n.problem(v.Tokens, v.Length)
	v.Batch = n.batch(v.Tokens, v.Length)
	for _, e := range n.field("points").some() {
		e.object("name", "params", "f", "loss", "grad")
		v.Points = append(v.Points, Point{
			Name:     e.field("name").text(),
			Params:   e.field("params").params(v.Architecture),
			F:        e.field("f").flat(len(n.field("x").list(-1)), v.Tokens),
			Loss:     e.field("loss").number(),
			Gradient: e.field("grad").params(v.Architecture),
		})
	}
	v.ignored = n.ignored
	return v
}
