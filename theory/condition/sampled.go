package condition

import (
	"fmt"
	"math"

	"causalgrad/theory/markov"
	"causalgrad/theory/tail"
	"causalgrad/theory/verdict"
)

// Tests for a prior of which nothing is known but its draws. Each compares
// means with values that the condition fixes, all at once at ErrorRate
// (Bonferroni), and answers "fails" or "undecided": that a test finds nothing
// is no proof.

// moment is a running mean with its sum of squared deviations (Welford).
type moment struct {
	n             int
	mean, squares float64
}

func (m *moment) add(v float64) {
	m.n++
	deviation := v - m.mean
	m.mean += deviation / float64(m.n)
	m.squares += float64(deviation * (v - m.mean))
}

// standardError is that of the mean.
func (m *moment) standardError() float64 {
	return math.Sqrt(m.squares / (float64(m.n) * float64(m.n-1)))
}

// Critical is the number of standard errors beyond which one of several means
// of n draws each is called different from its value, with an error rate of
// ErrorRate for all of them together: a two-sided quantile of Student's distribution.
func Critical(comparisons, n int) float64 {
	return tail.StudentQuantile(ErrorRate/2/float64(max(comparisons, 1)), float64(n-1))
}

// overDraws accumulates functions of every drawn chain.
func (e *evidence) overDraws(count int, values func(c *markov.Chain, out []float64)) ([]moment, error) {
	moments, out := make([]moment, count), make([]float64, count)
	for n := range e.chains.count {
		c, err := e.chains.at(n)
		if err != nil {
			return nil, err
		}
		values(c, out)
		for i, v := range out {
			moments[i].add(v)
		}
	}
	return moments, nil
}

// arithmetic is what a mean of 0 may show by rounding alone: sums of S <= 512
// numbers of size 1. Where every draw agrees, a standard error is no larger.
const arithmetic = 1e-12

// test fills a finding that all means are 0. It returns the index of the mean
// that is the most standard errors away, or of the largest when all agree.
func (e *evidence) test(f *Finding, moments []moment) int {
	limit := Critical(len(moments), e.chains.count)
	at, largest := 0, -1.0
	widest := 0.0 // largest distance from 0 that an interval still allows
	for i, m := range moments {
		spread := m.standardError()
		z := math.Abs(m.mean) / spread
		if math.Abs(m.mean) <= arithmetic {
			z = 0
		}
		if z > largest {
			at, largest = i, z
		}
		widest = math.Max(widest, math.Abs(m.mean)+float64(limit*spread))
	}
	f.Number = math.Abs(moments[at].mean)
	if largest > limit {
		f.Verdict = verdict.Fails
		f.Certainty = fmt.Sprintf("confidence %g: %.3g standard errors, limit %.3g for %d comparisons (%s)",
			1-ErrorRate, largest, limit, len(moments), e.overChains())
		return at
	}
	f.Verdict = verdict.Undecided
	f.Certainty = fmt.Sprintf("no deviation found: at confidence %g it is at most %.3g (%d comparisons, %s)",
		1-ErrorRate, widest, len(moments), e.overChains())
	return at
}

func (e *evidence) testConstantMean(f Finding) (Finding, error) {
	s := e.prior.Tokens()
	moments, err := e.overDraws(s*s, func(c *markov.Chain, out []float64) {
		for i, v := range c.Flat() {
			out[i] = v - 1/float64(s)
		}
	})
	if err != nil {
		return Finding{}, err
	}
	at := e.test(&f, moments)
	f.Unit = "|E pi[a][b] - 1/S| of the entry most standard errors off"
	f.Witness = fmt.Sprintf("E pi[%d][%d] = %.6g +- %.2g", at/s, at%s, moments[at].mean+1/float64(s), moments[at].standardError())
	return f, nil
}

func (e *evidence) testConstantTrace(f Finding) (Finding, error) {
	moments, err := e.overDraws(1, func(c *markov.Chain, out []float64) { out[0] = c.Trace() - 1 })
	if err != nil {
		return Finding{}, err
	}
	e.test(&f, moments)
	f.Number = moments[0].mean
	f.Witness = fmt.Sprintf("E tr(pi) = %.6g +- %.2g", moments[0].mean+1, moments[0].standardError())
	return f, nil
}

// testSymmetry compares each entry, and its square, of the chain and of its
// copy under each generator: paired differences, of mean 0 for a symmetric prior.
func (e *evidence) testSymmetry(f Finding) (Finding, error) {
	s := e.prior.Tokens()
	maps := generators(s)
	moments, err := e.overDraws(2*s*s*len(maps), func(c *markov.Chain, out []float64) {
		at := 0
		for _, g := range maps {
			for a := range s {
				for b := range s {
					v, w := c.P(a, b), c.P(g[a], g[b])
					out[at], out[at+1] = v-w, float64(v*v)-float64(w*w)
					at += 2
				}
			}
		}
	})
	if err != nil {
		return Finding{}, err
	}
	at := e.test(&f, moments)
	f.Unit = "mean difference between an entry (or its square) and its relabelled copy, the one most standard errors off"
	g, a, b := maps[at/(2*s*s)], at/2%(s*s)/s, at/2%s
	f.Witness = fmt.Sprintf("relabelling %v: pi[%d][%d] and pi[%d][%d]", g, a, b, g[a], g[b])
	if at%2 == 1 {
		f.Witness += ", squared"
	}
	return f, nil
}
