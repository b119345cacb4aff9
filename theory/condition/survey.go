package condition

import (
	"math"
	"runtime"
	"sync"

	"causalgrad/theory/chisq"
	"causalgrad/theory/firststep"
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
)

// leads accumulates, over chains, by how much the parent's entry of each
// child's row exceeds every other entry k <= i of a matrix (a signal or a
// gradient). Differences of one chain are taken first, so that a standard
// error is that of the difference, not of two entries that vary together.
type leads struct {
	edges []graph.Edge
	lead  [][]moment // [edge][k]: the parent's entry minus entry k
	scale moment     // largest magnitude in the matrix: what rounding is relative to
}

func newLeads(f graph.Forest) *leads {
	l := &leads{edges: f.Edges()}
	for _, e := range l.edges {
		l.lead = append(l.lead, make([]moment, e.Child+1))
	}
	return l
}

func (l *leads) add(matrix [][]float64) {
	for n, e := range l.edges {
		row := matrix[e.Child]
		for k := range l.lead[n] {
			l.lead[n][k].add(row[e.Parent] - row[k])
		}
	}
	largest := 0.0
	for i, row := range matrix {
		for _, v := range row[:i+1] {
			largest = math.Max(largest, math.Abs(v))
		}
	}
	l.scale.add(largest)
}

// survey is one pass over all chains.
type survey struct {
	numbers  []numbers
	signal   *leads
	gradient *leads
}

// reading is what one chain contributes.
type reading struct {
	numbers          numbers
	signal, gradient [][]float64
	err              error
}

// takeSurvey visits every chain. Chains are read in parallel and added up in
// order, so the result does not depend on the number of workers.
func takeSurvey(f graph.Forest, c chains, o Options) (survey, error) {
	workers := o.Workers
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	workers = min(workers, c.count)
	s := survey{make([]numbers, 0, c.count), newLeads(f), newLeads(f)}
	d := CountDistances(f)
	readings := make([]reading, workers)
	for first := 0; first < c.count; first += workers {
		busy := readings[:min(workers, c.count-first)]
		var group sync.WaitGroup
		for w := range busy {
			group.Go(func() { busy[w] = read(f, d, c, first+w, o.Eps) })
		}
		group.Wait()
		for _, r := range busy {
			if r.err != nil {
				return survey{}, r.err
			}
			s.numbers = append(s.numbers, r.numbers)
			s.signal.add(r.signal)
			s.gradient.add(r.gradient)
		}
	}
	return s, nil
}

func read(f graph.Forest, d Distances, c chains, n int, eps float64) (r reading) {
	var chain *markov.Chain
	if chain, r.err = c.at(n); r.err != nil {
		return r
	}
	matrices := chisq.Compute(f, chain)
	r.signal = matrices.Signal
	if r.numbers, r.err = measure(f, d, chain, matrices); r.err != nil {
		return r
	}
	r.gradient, r.err = firststep.Gradient(f, chain, eps)
	return r
}
