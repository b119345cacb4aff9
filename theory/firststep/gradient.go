package firststep

import (
	"errors"
	"fmt"
	"runtime"

	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
)

// MaxEps bounds eps. A frequency is at most 1, so eps far above 1 leaves
// nothing of it: the gradient of a chain near the uniform one then comes from
// differences of size 1/eps, and loses as many digits.
const MaxEps = 1e6

// Gradient is the first-step gradient G of the package comment for one chain:
// T x T, zero above the diagonal, 0-based, 0 <= eps <= MaxEps. Row T-1 is that
// of the last token, which equals q.
//
// Errors are relative to the largest entry: below 1e-12, and 4e-14 at worst over
// some thousand tiny instances against Rational, eps <= 1. Rows much smaller
// than that of the last token keep their own digits where one token dominates,
// and lose some on sticky or nearly deterministic chains: with rates of 1e-9,
// rows of size 1e-9 are right to 4e-6 of themselves.
//
// # Cost
//
// O(sqrt(T) S^2 T^2) for the pairs and O(sqrt(T) S^4 T log T) for what leads to
// them (about S^3 in place of S^4 on bushy forests), memory O(T^2 + S^2 T) for each
// processor, of which it takes up to eight where there is work for milliseconds.
// Processor time on an AMD EPYC server: S = 3, the chain, 0.2 ms at T = 20,
// 17 ms at 200, 70 ms at 400, 0.5 s at 1024 (exponent 2.1 from 200 on); a random
// forest half of that; T = 50, the chain, 0.8, 3, 9, 40, 160 ms at S = 2, 4, 6,
// 10, 16, and a random forest 0.5 to 17 ms. On a busy Intel one, the chain: 0.16 s
// at S = 10, T = 100 and 4.3 s at S = 24, T = 128, for all processors together.
// BenchmarkGradient repeats it.
func Gradient(f graph.Forest, c *markov.Chain, eps float64) ([][]float64, error) {
	if c == nil {
		return nil, errors.New("first step: no chain")
	}
	p, err := newPlan(f, c.Tokens(), eps)
	if err != nil {
		return nil, err
	}
	g := square(f.SequenceLength())
	newCorrelator(p, runtime.GOMAXPROCS(0)).gradient(c, g)
	return g, nil
}

// plan is what the gradients of all chains on one forest share. It is
// immutable.
type plan struct {
	forest     graph.Forest
	tokens     int // S
	rule       rule
	width      int // quadrature nodes treated together
	separators []separator
	trees      separator
}

func newPlan(f graph.Forest, tokens int, eps float64) (*plan, error) {
	if err := checkArguments(f, eps); err != nil {
		return nil, err
	}
	t := f.SequenceLength()
	p := &plan{forest: f, tokens: tokens, separators: separators(f), trees: trees(f)}
	p.rule = newRule(t, float64(t)*eps)
	p.width = blockWidth(len(p.rule.node), t*tokens*tokens)
	return p, nil
}

func checkArguments(f graph.Forest, eps float64) error {
	if t := f.SequenceLength(); t < graph.MinSequenceLength {
		return fmt.Errorf("first step: sequence length %d, want at least %d", t, graph.MinSequenceLength)
	}
	if !(eps >= 0 && eps <= MaxEps) {
		return fmt.Errorf("first step: eps = %v, want 0 to %g", eps, float64(MaxEps))
	}
	return nil
}

// blockWidth splits the nodes into equal blocks of at most 16, fewer where a
// table of T S^2 numbers (pairs) per node would outgrow the cache. It is part
// of the definition of the bits: the partial sums follow the blocks.
func blockWidth(nodes, pairs int) int {
	most := max(1, min(16, (1<<18)/pairs))
	blocks := (nodes + most - 1) / most
	return (nodes + blocks - 1) / blocks
}

// gradient writes the gradient of one chain to dst, T x T.
func (c *correlator) gradient(chain *markov.Chain, dst [][]float64) {
	c.correlate(chain)
	t := c.forest.SequenceLength()
	for k := range c.column {
		c.column[k] /= float64(t)
	}
	for i, row := range dst {
		for k := range i + 1 {
			row[k] = c.pairs[i*t+k] - c.column[k]
		}
		clear(row[i+1:])
		// 1/(muhat+eps) is T times the quadrature, which cancels the 1/T.
		centre(row[:i+1], float64(c.tokens*(i+1)))
	}
}

// centre subtracts the mean of a row and divides by scale.
func centre(row []float64, scale float64) {
	mean := 0.0
	for _, v := range row {
		mean += v
	}
	mean /= float64(len(row))
	for k := range row {
		row[k] = (row[k] - mean) / scale
	}
}

// square is an n x n matrix of zeros in one piece of memory.
func square(n int) [][]float64 {
	rows, flat := make([][]float64, n), make([]float64, n*n)
	for i := range rows {
		rows[i] = flat[i*n : (i+1)*n]
	}
	return rows
}
