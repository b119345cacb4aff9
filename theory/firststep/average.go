package firststep

import (
	"errors"
	"fmt"
	"math"
	"runtime"
	"sync"

	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
	"causalgrad/theory/stream"
)

// Options says how to average over a prior that is not finite. The result
// depends on Draws, First and Seed alone.
type Options struct {
	Draws   int // chains to draw, at least 2; ignored for a finite prior
	First   int // number of the first draw; ignored for a finite prior
	Seed    uint64
	Workers int // goroutines; 0: one for each processor
}

// Estimate is the mean of a matrix over a prior: T x T, or S x S for the second
// layer.
type Estimate struct {
	Mean [][]float64
	// StdErr is the standard error of each entry of Mean; nil when exact.
	StdErr [][]float64
	// Draws is the number of chains averaged over.
	Draws int
	// Exact tells that the prior is finite and Mean its exact expectation, up
	// to rounding.
	Exact bool
}

// Average is the mean of Gradient over a prior: an exact finite sum for a
// markov.Finite, Monte Carlo over chains alone otherwise. Draw number d comes
// from the stream {Seed, Prior, Step: d}, and the reduction has a fixed shape,
// so the bits do not depend on Workers. A draw that is no valid chain
// (numerically reducible) is an error that names it.
func Average(f graph.Forest, prior markov.Prior, eps float64, o Options) (Estimate, error) {
	if prior == nil {
		return Estimate{}, errors.New("first step: no prior")
	}
	p, err := newPlan(f, prior.Tokens(), eps)
	if err != nil {
		return Estimate{}, err
	}
	return average(triangle(f.SequenceLength()), prior, o, func(workers int) evaluator { return newCorrelator(p, workers).gradient })
}

// triangle are the lengths of the rows of a lower triangle.
func triangle(n int) []int {
	rows := make([]int, n)
	for i := range rows {
		rows[i] = i + 1
	}
	return rows
}

// evaluator writes a square matrix that belongs to a chain to dst.
type evaluator func(c *markov.Chain, dst [][]float64)

// shardChains is the number of chains reduced one after the other; shards are
// then merged in order. It is part of the definition of the bits.
const shardChains = 16

// average reduces what evaluators, one for each goroutine, make of the chains
// of a prior, each with as many workers as are left for it: matrices of which the first rows[i] entries of row i count.
func average(rows []int, prior markov.Prior, o Options, newEvaluator func(workers int) evaluator) (Estimate, error) {
	chain, n := draws(prior, o)
	_, exact := prior.(markov.Finite)
	if n < 1 || n == 1 && !exact {
		return Estimate{}, fmt.Errorf("first step: draws = %d, want at least 2 (a standard error needs them)", n)
	}
	shards := (n + shardChains - 1) / shardChains
	workers := o.Workers
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	left := max(1, workers/shards)
	workers = min(workers, shards)
	evaluators := make([]evaluator, workers)
	parts, failures := make([]*moments, workers), make([]error, workers)
	for w := range workers {
		evaluators[w] = newEvaluator(left)
		parts[w] = newMoments(rows)
	}
	total := newMoments(rows)
	for first := 0; first < shards; first += workers {
		busy := min(workers, shards-first)
		var group sync.WaitGroup
		for w := range busy {
			group.Go(func() {
				from := (first + w) * shardChains
				failures[w] = parts[w].shard(chain, from, min(from+shardChains, n), evaluators[w])
			})
		}
		group.Wait()
		for w := range busy {
			if failures[w] != nil {
				return Estimate{}, failures[w]
			}
			total.merge(parts[w])
		}
	}
	return total.estimate(exact), nil
}

// draws returns the chains of a prior by number, and how many there are.
func draws(prior markov.Prior, o Options) (chain func(d int) (*markov.Chain, error), n int) {
	if finite, ok := prior.(markov.Finite); ok {
		support := finite.Support()
		return func(d int) (*markov.Chain, error) { return support[d], nil }, len(support)
	}
	return func(d int) (*markov.Chain, error) {
		c, err := markov.DrawChain(prior, stream.Key{Seed: o.Seed, Purpose: stream.Prior, Step: uint64(o.First + d)})
		if err != nil {
			return nil, fmt.Errorf("first step: draw %d: %w", o.First+d, err)
		}
		return c, nil
	}, o.Draws
}

// moments are the running mean and the sum of squared deviations of matrices.
type moments struct {
	n             int
	rows          []int       // entries of each row
	matrix        [][]float64 // scratch
	mean, squares [][]float64
}

func newMoments(rows []int) *moments {
	size := len(rows)
	return &moments{rows: rows, matrix: square(size), mean: square(size), squares: square(size)}
}

// shard replaces m by the moments over the chains from..to-1 (Welford).
func (m *moments) shard(chain func(d int) (*markov.Chain, error), from, to int, evaluate evaluator) error {
	m.n = 0
	for i := range m.mean {
		clear(m.mean[i])
		clear(m.squares[i])
	}
	for d := from; d < to; d++ {
		c, err := chain(d)
		if err != nil {
			return err
		}
		evaluate(c, m.matrix)
		m.n++
		for i, row := range m.matrix {
			for k, v := range row[:m.rows[i]] {
				deviation := v - m.mean[i][k]
				m.mean[i][k] += deviation / float64(m.n)
				m.squares[i][k] += float64(deviation * (v - m.mean[i][k]))
			}
		}
	}
	return nil
}

// merge adds the moments of other matrices (Chan, Golub and LeVeque).
func (m *moments) merge(other *moments) {
	a, b := float64(m.n), float64(other.n)
	m.n += other.n
	weight := b / (a + b)
	for i := range m.mean {
		for k := range m.rows[i] {
			difference := other.mean[i][k] - m.mean[i][k]
			m.mean[i][k] += float64(difference * weight)
			m.squares[i][k] += other.squares[i][k] + float64(float64(difference*difference)*float64(a*weight))
		}
	}
}

func (m *moments) estimate(exact bool) Estimate {
	e := Estimate{Mean: m.mean, Draws: m.n, Exact: exact}
	if exact {
		return e
	}
	e.StdErr = m.squares
	degrees := float64(m.n) * float64(m.n-1)
	for i, row := range e.StdErr {
		for k := range m.rows[i] {
			row[k] = math.Sqrt(row[k] / degrees)
		}
	}
	return e
}
