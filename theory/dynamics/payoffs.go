package dynamics

import (
	"fmt"
	"math"

	"causalgrad/theory/detmath"
)

// Payoffs are the payoffs w of every row of the first layer: T rows, of which
// row i has i+1 entries, each row with mean 0.
type Payoffs [][]float64

// FromGradient reads the payoffs off the first gradient of one chain or the mean
// over a prior (firststep.Gradient, firststep.Average): T x T, of which the
// lower triangle counts. At the uniform start a[i][k] = 1/(i+1).
func FromGradient(gradient [][]float64) (Payoffs, error) {
	if err := checkTriangle("gradient", gradient, len(gradient)); err != nil {
		return nil, err
	}
	p := make(Payoffs, len(gradient))
	for i, row := range gradient {
		p[i] = make([]float64, i+1)
		for k, v := range row[:i+1] {
			p[i][k] = float64(float64(i+1) * v)
		}
	}
	return p, nil
}

// Gradient is the coefficient of beta0 in -dL/dA1 at the logits a1 (T x T, of
// which the lower triangle counts): T x T, zero above the diagonal.
func (p Payoffs) Gradient(a1 [][]float64) ([][]float64, error) {
	a, err := Attention(a1)
	if err != nil {
		return nil, err
	}
	return a, p.Gain(a)
}

// Gain replaces attention (T x T, of which the lower triangle counts) by Gradient at
// its logits.
func (p Payoffs) Gain(attention [][]float64) error {
	if len(attention) != len(p) {
		return fmt.Errorf("A1: %d rows, want %d", len(attention), len(p))
	}
	for i, row := range attention {
		gain(row[:i+1], p[i])
	}
	return nil
}

// Attention is the causal softmax of logits, T x T, of which the lower triangle
// counts: row i gives its attention to k <= i. A logit that is not finite or a
// missing one is an error.
func Attention(a1 [][]float64) ([][]float64, error) {
	if err := checkTriangle("A1", a1, len(a1)); err != nil {
		return nil, err
	}
	a := square(len(a1))
	for i, row := range a1 {
		softmax(a[i][:i+1], row[:i+1])
	}
	return a, nil
}

// Zero are the logits of uniform attention, T x T, where Algorithm 1 begins.
func Zero(length int) [][]float64 { return square(length) }

// checkTriangle asks for finite numbers in a lower triangle of n rows.
func checkTriangle(name string, m [][]float64, n int) error {
	if n == 0 {
		return fmt.Errorf("%s: no rows", name)
	}
	for i, row := range m {
		if len(row) < i+1 {
			return fmt.Errorf("%s[%d]: %d entries, want at least %d", name, i, len(row), i+1)
		}
		for k, v := range row[:i+1] {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				return fmt.Errorf("%s[%d][%d] = %v, want a finite number", name, i, k, v)
			}
		}
	}
	return nil
}

// softmax writes the softmax of logits to dst.
func softmax(dst, logits []float64) {
	largest := math.Inf(-1)
	for _, v := range logits {
		largest = math.Max(largest, v)
	}
	sum := 0.0
	for k, v := range logits {
		dst[k] = detmath.Exp(v - largest)
		sum += dst[k]
	}
	for k := range dst {
		dst[k] /= sum
	}
}

// gain replaces attention a by a (w - mean of w), what the logits gain.
func gain(a, w []float64) {
	mean := 0.0
	for k, v := range a {
		mean += float64(v * w[k])
	}
	for k := range a {
		a[k] = float64(a[k] * (w[k] - mean))
	}
}

// Tail is the constant of the flow's last phase: the attention that the largest
// payoffs of a row lack falls like Tail/(rate x time). With m largest payoffs
// (m = 1 unless they tie) and n smaller ones it is
//
//	m/(m+n) sum over the smaller ones of 1/gap,
//
// gap being the difference from the largest: each loser's share b of the
// attention obeys b' = -b (b gap + sum of all b gap / m), whose solution falling
// like 1/time has all b gap equal. It is 0 where all payoffs are equal.
func Tail(payoffs []float64) float64 {
	largest := math.Inf(-1)
	for _, w := range payoffs {
		largest = math.Max(largest, w)
	}
	winners, sum := 0, 0.0
	for _, w := range payoffs {
		if w == largest {
			winners++
		} else {
			sum += 1 / (largest - w)
		}
	}
	return sum * float64(winners) / float64(len(payoffs))
}

// square is an n x n matrix of zeros in one piece of memory.
func square(n int) [][]float64 {
	rows, flat := make([][]float64, n), make([]float64, n*n)
	for i := range rows {
		rows[i] = flat[i*n : (i+1)*n]
	}
	return rows
}
