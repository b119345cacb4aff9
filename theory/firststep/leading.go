package firststep

import (
	"errors"
	"fmt"
	"math"

	"causalgrad/theory/chisq"
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
)

// leadingOrder writes to dst, T x T, the large-T form of Gradient at eps = 0
// (theory/README.md, section 3, beta0 divided out): row i, 1-based, is the signal
// g_ik minus its mean over k <= i, times 1/(S T i). It covers the prefix rows
// 0..T-2; row T-1, of the last token, has no signal and is left as it is.
func leadingOrder(f graph.Forest, c *markov.Chain, dst [][]float64) {
	for i, row := range chisq.Compute(f, c).Signal {
		clear(dst[i])
		copy(dst[i], row[:i+1])
		centre(dst[i][:i+1], float64(c.Tokens()*f.SequenceLength()*(i+1)))
	}
}

// Comparison measures an exact gradient against its leading-order form over
// the prefix rows, once as the matrices are and once with the factor
// 1/(S T i) divided out, so that every row counts alike (as they are, the first
// few rows dominate, and their finite-T terms with them).
type Comparison struct {
	Length int // T
	// Relative is the Frobenius norm of the difference over that of the
	// leading order; RowRelative the same with every row counted alike.
	Relative, RowRelative float64
	// Slope is that of the regression of the exact gradient on the leading
	// order, through the origin (every row has mean 0); RowSlope likewise.
	Slope, RowSlope float64
}

// compare measures exact against leading, both T x T, on the prefix rows. It
// fails when the leading order is 0: a chain without signal.
func compare(exact, leading [][]float64) (Comparison, error) {
	if len(exact) != len(leading) {
		return Comparison{}, fmt.Errorf("first step: comparing %d rows with %d", len(exact), len(leading))
	}
	c := Comparison{Length: len(exact)}
	var plain, rows regression
	for i := range max(len(exact)-1, 0) {
		n := float64(i + 1)
		for k := range i + 1 {
			plain.add(leading[i][k], exact[i][k])
			rows.add(float64(n*leading[i][k]), float64(n*exact[i][k]))
		}
	}
	if plain.xx == 0 {
		return Comparison{}, errors.New("first step: the leading order is 0, want a chain with a signal")
	}
	c.Relative, c.Slope = plain.result()
	c.RowRelative, c.RowSlope = rows.result()
	return c, nil
}

// regression accumulates the sums of y = slope x.
type regression struct{ xx, xy, residual float64 }

func (r *regression) add(x, y float64) {
	r.xx += float64(x * x)
	r.xy += float64(x * y)
	r.residual += float64((y - x) * (y - x))
}

func (r *regression) result() (relative, slope float64) {
	return math.Sqrt(r.residual / r.xx), r.xy / r.xx
}

// Ladder compares the mean of Gradient at eps = 0 with the mean of the
// large-T form over a prior (markov.Point for one chain), the same draws for both, on a
// growing family of forests: one Comparison for each length. Fitting the rate
// is left to the caller. A sampled prior leaves the Monte Carlo error in both
// means, largely the same in each.
func Ladder(family func(length int) (graph.Forest, error), prior markov.Prior, lengths []int, o Options) ([]Comparison, error) {
	var ladder []Comparison
	for _, length := range lengths {
		f, err := family(length)
		if err != nil {
			return nil, fmt.Errorf("ladder: length %d: %w", length, err)
		}
		exact, err := Average(f, prior, 0, o)
		if err != nil {
			return nil, fmt.Errorf("ladder: length %d: %w", length, err)
		}
		leading, err := average(triangle(length), prior, o, func(int) evaluator {
			return func(c *markov.Chain, dst [][]float64) { leadingOrder(f, c, dst) }
		})
		if err != nil {
			return nil, fmt.Errorf("ladder: length %d: %w", length, err)
		}
		comparison, err := compare(exact.Mean, leading.Mean)
		if err != nil {
			return nil, fmt.Errorf("ladder: length %d: %w", length, err)
		}
		ladder = append(ladder, comparison)
	}
	return ladder, nil
}
