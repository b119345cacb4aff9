package theorylaws

import (
	"os"
	"path/filepath"

	"causalgrad/golden/stat"
	"causalgrad/theory/infer"
)

var _ Inferrer = builtin{}

// ReadSequences implements Inferrer, with a file in a temporary folder.
func (builtin) ReadSequences(csv string, tokens int, header bool) (infer.Sequences, error) {
	folder, err := os.MkdirTemp("", "causalgrad-sequences-")
	if err != nil {
		return infer.Sequences{}, err
	}
	defer func() { _ = os.RemoveAll(folder) }() // a leftover changes no answer
	name := filepath.Join(folder, "sequences.csv")
	if err := os.WriteFile(name, []byte(csv), 0o600); err != nil {
		return infer.Sequences{}, err
	}
	return infer.ReadCSV(name, tokens, header)
}

func (builtin) InferFirstStep(s infer.Sequences, weight infer.Weight, eps float64) (infer.FirstStepEstimate, error) {
	return infer.FirstStep(s, weight, eps)
}

func (builtin) InferShared(s infer.Sequences) (infer.SharedEstimate, error) {
	return infer.SharedChain(s), nil
}

func (builtin) InferTree(s infer.Sequences, columns int) (infer.ChowLiuTree, error) {
	return infer.ChowLiu(s, columns), nil
}

func (builtin) MarginInterval(r infer.Row, n int, confidence float64) (low, high float64, err error) {
	low, high = r.Interval(n, confidence)
	return low, high, nil
}

func (builtin) Select(p []float64, rate float64) ([]bool, error) {
	c, err := stat.BenjaminiHochberg(p, rate)
	return c.Rejected, err
}
