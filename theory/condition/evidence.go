package condition

import (
	"fmt"
	"math"
	"runtime"
	"sync"

	"causalgrad/theory/chisq"
	"causalgrad/theory/firststep"
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
	"causalgrad/theory/verdict"
)

// evidence is the summary of all chains that the findings and rows are made from.
type evidence struct {
	forest graph.Forest
	prior  markov.Prior // without roots of its own
	rooted markov.Prior // with them, if it has any: what chains are drawn from
	Options
	chains       chains
	measurements []measurement // of each chain
	signal       *comparison
	gradient     *comparison
	family       family
	known        bool // family is filled
}

// gather measures every chain. Chains are measured in parallel and added up in
// order, so the result does not depend on the number of workers.
func gather(f graph.Forest, prior markov.Prior, o Options) (*evidence, error) {
	c, err := chainsOf(prior, o, f.SequenceLength())
	if err != nil {
		return nil, err
	}
	e := &evidence{forest: f, prior: markov.Base(prior), rooted: prior, Options: o, chains: c, signal: newComparison(f), gradient: newComparison(f)}
	e.family, e.known = known(e.prior)
	workers := o.Workers
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	workers = min(workers, c.count)
	d := CountDistances(f)
	measured, failures := make([]matrices, workers), make([]error, workers)
	for first := 0; first < c.count; first += workers {
		busy := min(workers, c.count-first)
		var group sync.WaitGroup
		for w := range busy {
			group.Go(func() { measured[w], failures[w] = e.measure(d, first+w) })
		}
		group.Wait()
		for w, m := range measured[:busy] {
			if failures[w] != nil {
				return nil, failures[w]
			}
			e.measurements = append(e.measurements, m.measurement)
			e.signal.add(m.signal, signalError(m.signal))
			e.gradient.add(m.gradient.Gradient, m.gradient.Error)
		}
	}
	return e, nil
}

// matrices are what is measured of one chain, the matrices included.
type matrices struct {
	measurement
	signal   [][]float64
	gradient firststep.Rounded
}

// measure measures chain number n.
func (e *evidence) measure(d Distances, n int) (m matrices, err error) {
	chain, err := e.chains.at(n)
	if err != nil {
		return m, err
	}
	both := chisq.Compute(e.forest, chain)
	m.signal = both.Signal
	if m.measurement, err = measure(e.forest, d, chain, both); err != nil {
		return m, err
	}
	if m.gradient, err = firststep.GradientWithError(e.forest, chain, e.Eps); err != nil || e.Embedding == nil {
		return m, err
	}
	step, err := e.Embedding.Step(m.gradient.Gradient)
	if err != nil {
		return m, err
	}
	m.gradient.Error, err = e.Embedding.StepError(m.gradient.Gradient, m.gradient.Error)
	m.gradient.Gradient = step
	return m, err
}

// column extracts one number of every chain.
func (e *evidence) column(of func(measurement) float64) []float64 {
	values := make([]float64, len(e.measurements))
	for n, v := range e.measurements {
		values[n] = of(v)
	}
	return values
}

// witness is chain number n as text.
func (e *evidence) witness(n int) string {
	c, err := e.chains.at(n)
	if err != nil {
		return err.Error() // it was there a moment ago
	}
	return Text(c)
}

// exactly is the certainty of a finding that no draw decides.
func exactly(why string) string { return "exact: " + why }

// overChains is the certainty of a number that is exact for a finite prior.
func (e *evidence) overChains() string {
	switch {
	case e.chains.count == 1:
		return exactly("one chain")
	case e.chains.exact:
		return exactly(fmt.Sprintf("all %d chains of the prior, up to relabelling", e.chains.count))
	}
	return fmt.Sprintf("%d draws, seed %d", e.chains.count, e.Seed)
}

// noViolation is the certainty where no draw of an unknown prior violates a
// condition that is to hold almost surely: with n of n draws in order, the
// probability of a violation is below -log(ErrorRate)/n at this confidence,
// since (1-p)^n <= exp(-n p).
func (e *evidence) noViolation() string {
	return fmt.Sprintf("no draw violates it: at confidence %g a draw does with probability below %.2g (%s)",
		1-ErrorRate, -math.Log(ErrorRate)/float64(e.chains.count), e.overChains())
}

// bounded fills a finding that a number of every chain, with a known infimum
// for a family, is at least a constant (0: is above 0).
func (e *evidence) bounded(f Finding, values []float64, infimum float64, why string, constant float64) Finding {
	at := smallest(values)
	f.Number, f.Witness = values[at], e.witness(at)
	if e.chains.count > 1 {
		f.Quantiles = quantiles(values)
	}
	enough := func(v float64) bool { return v > 0 && v >= constant }
	switch {
	case e.chains.exact:
		f.Verdict, f.Certainty = decided(enough(f.Number)), e.overChains()
	case e.known:
		f.Number, f.Verdict, f.Certainty = infimum, decided(enough(infimum)), exactly(why)
	case !enough(f.Number):
		f.Verdict, f.Certainty = verdict.Fails, "exact: a drawn chain violates it"
	default:
		f.Verdict, f.Certainty = verdict.Undecided, e.noViolation()
	}
	return f
}
