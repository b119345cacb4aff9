package count

import (
	"errors"
	"fmt"
	"math"
	"runtime"
	"sync"

	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
)

// Options says how to average over a prior that is not finite. The result
// depends on Draws and Seed alone.
type Options struct {
	Draws   int // chains to draw, at least 2; ignored for a finite prior
	Seed    uint64
	Workers int // goroutines; 0: one for each processor
}

// Mean is a mean over the prior. StdErr is 0 where the prior is finite.
type Mean struct{ Value, StdErr float64 }

// Losses are means over a prior, in nats. Gap is Count - Irreducible, with the
// smaller error of the paired difference.
type Losses struct {
	Irreducible, Count, Gap Mean
	// Draws is the number of chains averaged over; Exact tells that they are the
	// whole prior.
	Draws int
	Exact bool
}

// Average is the mean of L*, Loss and their gap over the prior: a finite sum
// for a markov.Finite, Monte Carlo over chains alone otherwise. Its bits do not
// depend on Workers. A draw that is no valid chain is an error that names it.
func Average(f graph.Forest, prior markov.Prior, alpha float64, o Options) (Losses, error) {
	if prior == nil {
		return Losses{}, errors.New("count estimator: no prior")
	}
	chain, n, exact := markov.Chains(prior, o.Draws, o.Seed)
	if n < 2 && !exact {
		return Losses{}, fmt.Errorf("count estimator: draws = %d, want at least 2 (a standard error needs them)", n)
	}
	irreducible, count, gap := make([]float64, n), make([]float64, n), make([]float64, n)
	failures := make([]error, n)
	forEach(n, o.Workers, func(d int) {
		c, err := chain(d)
		if err == nil {
			count[d], err = Loss(f, c, alpha)
		}
		if err != nil {
			failures[d] = fmt.Errorf("count estimator: %w", err)
			return
		}
		irreducible[d] = Irreducible(c)
		gap[d] = count[d] - irreducible[d]
	})
	for _, err := range failures {
		if err != nil {
			return Losses{}, err
		}
	}
	return Losses{Irreducible: mean(irreducible, exact), Count: mean(count, exact), Gap: mean(gap, exact), Draws: n, Exact: exact}, nil
}

// forEach calls do for 0 to n-1 over the workers.
func forEach(n, workers int, do func(d int)) {
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	queue := make(chan int)
	var group sync.WaitGroup
	for range min(workers, n) {
		group.Go(func() {
			for d := range queue {
				do(d)
			}
		})
	}
	for d := range n {
		queue <- d
	}
	close(queue)
	group.Wait()
}

// mean is the mean in the order of the draws, by Welford's recurrence.
func mean(values []float64, exact bool) Mean {
	var m, squares float64
	for i, v := range values {
		deviation := v - m
		m += deviation / float64(i+1)
		squares += float64(deviation * (v - m))
	}
	if exact {
		return Mean{Value: m}
	}
	n := float64(len(values))
	return Mean{m, math.Sqrt(squares / float64(n*(n-1)))}
}
