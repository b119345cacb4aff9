package theorylaws

import (
	"causalgrad/props"
	"causalgrad/theory/infer"
)

// CanInfer is Inferrer's capability. It is for subjects in the same process
// only: the protocol of package conform has no operation for it.
const CanInfer props.Capability = "infer"

// Inferrer estimates a forest from sequences alone. What it cannot use is an
// error that names the value and, in a file, the line.
type Inferrer interface {
	// ReadSequences reads the contents of a CSV file; tokens is S, or 0 for the
	// largest token plus 1.
	ReadSequences(csv string, tokens int, header bool) (infer.Sequences, error)
	// InferFirstStep estimates the first gradient from prefix, query and answer.
	InferFirstStep(s infer.Sequences, weight infer.Weight, eps float64) (infer.FirstStepEstimate, error)
	// InferShared estimates the chi-square information of every two columns.
	InferShared(s infer.Sequences) (infer.SharedEstimate, error)
	// InferTree is the tree of Chow and Liu over the first columns.
	InferTree(s infer.Sequences, columns int) (infer.ChowLiuTree, error)
	// MarginInterval is a row's t interval over n sequences.
	MarginInterval(r infer.Row, n int, confidence float64) (low, high float64, err error)
	// Select tells which p-values are significant at a false discovery rate.
	Select(p []float64, rate float64) ([]bool, error)
}
