package necessity

import (
	"fmt"

	"causalgrad/theory/chisq"
	"causalgrad/theory/condition"
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
)

// The star, where every position but the first is a child of the first, shows
// that effective length, not length, carries the theorem. Given the root's
// token the frequencies of a star do not settle at the stationary law however
// long it is: their shift is of the size of B, and moves the gradient by as
// much as the signal, B^2. T_eff says so, it tends to 1/rho^2.

// StarRow is the outcome on the star of one length.
type StarRow struct {
	Length          int     `json:"length"`
	EffectiveLength float64 `json:"effective_length"`
	// Margin is the smallest lead of a parent over its strongest competitor,
	// relative to the row's largest entry; negative: the first step misses it.
	Margin     float64 `json:"margin"`
	Child      int     `json:"child"`
	Competitor int     `json:"competitor"`
	// SignalMargin is the same on the signal.
	SignalMargin float64 `json:"signal_margin"`
}

// StarChain is the chain of three tokens whose rows are the cyclic shifts of
// 1/3, 1/3-delta, 1/3+delta, for 0 < delta < 1/3. It and its transpose, its only
// other relabelled copy, make a prior that satisfies A1 with gamma = 1-3 delta,
// A2 with ||B||_F = sqrt(6) delta, A3 and A4; rho^2 = 3 delta^2 = ||B||_F^2/2.
func StarChain(delta float64) (*markov.Chain, error) {
	const third = 1. / 3
	if !(delta > 0 && delta < third) {
		return nil, fmt.Errorf("star: delta = %v, want a number strictly between 0 and 1/3", delta)
	}
	row := []float64{third, third - delta, third + delta}
	return markov.NewChain([][]float64{{row[0], row[1], row[2]}, {row[2], row[0], row[1]}, {row[1], row[2], row[0]}})
}

// Star evaluates the first step on stars with the prior of StarChain (one
// chain of it: the other has the same gradient). It fails from T = 5 on for
// delta up to 1/6 and from a later length on for a larger one (T = 10 at 0.32),
// at every delta and length that was tried, while the signal has the parent
// ahead. Since T_eff comes as near to 1/rho^2 = 2/||B||_F^2 as one likes, the
// theorem's requirement on T_eff can be no smaller than 2/gamma^2 for S = 3.
func Star(delta float64, lengths []int) ([]StarRow, error) {
	c, err := StarChain(delta)
	if err != nil {
		return nil, err
	}
	var rows []StarRow
	for _, length := range lengths {
		f, err := star(length)
		if err != nil {
			return nil, fmt.Errorf("star: length %d: %w", length, err)
		}
		effective, err := condition.EffectiveLengthOf(f, c)
		if err != nil {
			return nil, fmt.Errorf("star: length %d: %w", length, err)
		}
		got, ok := space{}.evaluate(candidate{forest: f, construction: Point, rows: c.Rows()})
		if !ok {
			return nil, fmt.Errorf("star: length %d: no gradient", length)
		}
		rows = append(rows, StarRow{
			Length: length, EffectiveLength: effective, Margin: got.margin, Child: got.child, Competitor: got.competitor,
			SignalMargin: worstRow(f, chisq.Compute(f, c).Signal).margin,
		})
	}
	return rows, nil
}

func star(length int) (graph.Forest, error) {
	if length < graph.MinSequenceLength || length > graph.MaxSequenceLength {
		return graph.Forest{}, fmt.Errorf("want %d to %d", graph.MinSequenceLength, graph.MaxSequenceLength)
	}
	parents := make([]int, length-1)
	parents[0] = graph.Root
	return graph.NewForest(parents)
}
