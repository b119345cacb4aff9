package evidence

import (
	"fmt"
	"math"

	"causalgrad/impl/task"
	"causalgrad/theory/firststep"
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
	"causalgrad/theory/stream"
)

// SampleGradient estimates the first-step gradient from sequences, each with a
// chain and a query of its own and the whole row of the target: an unbiased
// mean with a standard error for every entry, O(T^2) a sequence. Draws of the
// result are sequences.
func SampleGradient(f graph.Forest, prior markov.Prior, eps float64, sequences int, seed uint64) (firststep.Estimate, error) {
	if sequences < 2 || sequences > 1<<26 {
		return firststep.Estimate{}, fmt.Errorf("%d sequences, want 2 to %d", sequences, 1<<26)
	}
	if !(eps >= 0 && eps <= firststep.MaxEps) {
		return firststep.Estimate{}, fmt.Errorf("eps = %v, want 0 to %g", eps, float64(firststep.MaxEps))
	}
	t, err := task.New(f, prior)
	if err != nil {
		return firststep.Estimate{}, err
	}
	length := f.SequenceLength()
	sums, squares := matrix(length), matrix(length)
	sampler, b := t.NewSampler(), task.NewBatch(1, length, prior.Tokens())
	source := stream.New(stream.Key{Seed: seed, Purpose: stream.Test, Shard: 1 << 33})
	frequency := make([]float64, prior.Tokens())
	for range sequences {
		sampler.Sample(source, b)
		addGradient(b, eps, frequency, sums, squares)
	}
	n := float64(sequences)
	for i := range length {
		for k := range i + 1 {
			mean := sums[i][k] / n
			variance := (squares[i][k] - float64(sums[i][k]*mean)) / (n - 1)
			sums[i][k], squares[i][k] = mean, math.Sqrt(math.Max(variance, 0)/n)
		}
	}
	return firststep.Estimate{Mean: sums, StdErr: squares, Draws: sequences}, nil
}

// addGradient adds one sequence's c_i (1[s_k=q] - mean over l <= i) / (T i) and
// its square. A token that occurs nowhere adds no term to c_i.
func addGradient(b *task.Batch, eps float64, frequency []float64, sums, squares [][]float64) {
	tokens, y := b.Sequence(0), b.Target(0)
	clear(frequency)
	for _, v := range tokens {
		frequency[v] += 1 / float64(b.T)
	}
	base := 0.0
	for v, p := range y {
		if frequency[v] > 0 {
			base += float64(p * frequency[v] / (frequency[v] + eps))
		}
	}
	query := tokens[b.T-1]
	matches := 0.0
	for i, v := range tokens {
		if v == query {
			matches++
		}
		c := (y[v]/(frequency[v]+eps) - base) / float64(b.T*(i+1))
		mean := matches / float64(i+1)
		for k, w := range tokens[:i+1] {
			z := -float64(c * mean)
			if w == query {
				z = c * (1 - mean)
			}
			sums[i][k] += z
			squares[i][k] += float64(z * z)
		}
	}
}

func matrix(n int) [][]float64 {
	rows, flat := make([][]float64, n), make([]float64, n*n)
	for i := range rows {
		rows[i] = flat[i*n : (i+1)*n]
	}
	return rows
}
