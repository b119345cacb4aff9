package dynamics

import (
	"errors"
	"fmt"
	"math"

	"causalgrad/theory/firststep"
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
)

// Mean are the payoffs of a prior.
type Mean struct {
	Payoffs Payoffs
	Draws   int  // chains averaged over
	Exact   bool // the prior is finite and the mean exact
	// Without are the payoffs of a sampled prior without each of some equal
	// groups of the draws (a jackknife), nil where exact.
	Without []Payoffs
}

// groups is the number of groups of the jackknife where there are draws enough.
const groups = 10

// Average is the mean of the payoffs over a prior: exact for a markov.Finite,
// over the draws of firststep.Average otherwise, at least 4.
func Average(f graph.Forest, prior markov.Prior, eps float64, o firststep.Options) (Mean, error) {
	if prior == nil {
		return Mean{}, errors.New("dynamics: no prior")
	}
	if _, finite := prior.(markov.Finite); finite {
		e, err := firststep.Average(f, prior, eps, o)
		if err != nil {
			return Mean{}, err
		}
		p, err := FromGradient(e.Mean)
		return Mean{Payoffs: p, Draws: e.Draws, Exact: true}, err
	}
	parts := min(groups, o.Draws/2)
	if parts < 2 {
		return Mean{}, fmt.Errorf("dynamics: draws = %d, want at least 4 (a standard error needs them)", o.Draws)
	}
	var means []Payoffs
	var sizes []float64
	for g := range parts {
		from, to := g*o.Draws/parts, (g+1)*o.Draws/parts
		part := o
		part.First, part.Draws = o.First+from, to-from
		e, err := firststep.Average(f, prior, eps, part)
		if err != nil {
			return Mean{}, err
		}
		p, err := FromGradient(e.Mean)
		if err != nil {
			return Mean{}, err
		}
		means, sizes = append(means, p), append(sizes, float64(to-from))
	}
	m := Mean{Payoffs: weighted(means, sizes), Draws: o.Draws}
	for g, size := range sizes {
		sizes[g] = 0
		m.Without = append(m.Without, weighted(means, sizes))
		sizes[g] = size
	}
	return m, nil
}

// weighted is the weighted mean of payoffs.
func weighted(means []Payoffs, weights []float64) Payoffs {
	total := 0.0
	for _, w := range weights {
		total += w
	}
	p := make(Payoffs, len(means[0]))
	for i := range p {
		p[i] = make([]float64, i+1)
		for g, w := range weights {
			for k, v := range means[g][i] {
				p[i][k] += float64(w / total * v)
			}
		}
	}
	return p
}

// StdErr is the standard error of numbers that follow from the payoffs, because
// chains were drawn: 0 each where the mean is exact.
func (m Mean) StdErr(of func(Payoffs) ([]float64, error)) ([]float64, error) {
	values, err := of(m.Payoffs)
	if err != nil || m.Exact {
		return make([]float64, len(values)), err
	}
	n := float64(len(m.Without))
	sums, squares := make([]float64, len(values)), make([]float64, len(values))
	for _, p := range m.Without {
		without, err := of(p)
		if err != nil {
			return nil, err
		}
		for j, v := range without {
			d := v - values[j]
			sums[j] += d
			squares[j] += float64(d * d)
		}
	}
	for j := range values {
		spread := math.Max(0, squares[j]-float64(sums[j]*sums[j])/n)
		values[j] = math.Sqrt(spread * (n - 1) / n)
	}
	return values, nil
}

// Finals are the attentions on the parents at the end of rows.
func Finals(rows []Row) []float64 {
	var list []float64
	for _, r := range rows {
		list = append(list, r.Final)
	}
	return list
}
