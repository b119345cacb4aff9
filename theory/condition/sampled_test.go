package condition

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"causalgrad/theory/markov"
	"causalgrad/theory/verdict"

	"github.com/stretchr/testify/require"
)

// sampled is the evidence of a prior of which only draws are known.
func sampled(t require.TestingT, p markov.Prior, draws int, seed uint64) *evidence {
	o := Options{Draws: draws, Seed: seed}
	c, err := chainsOf(hidden{p}, o, 4)
	require.NoError(t, err)
	return &evidence{prior: hidden{p}, Options: o, chains: c}
}

// over accumulates a number of every drawn chain.
func over(t require.TestingT, e *evidence, of func(c *markov.Chain) float64) moment {
	var m moment
	for n := range e.chains.count {
		c, err := e.chains.at(n)
		require.NoError(t, err)
		m.add(of(c))
	}
	return m
}

// meanOfDraws is a moment of n numbers with a standard error.
func meanOfDraws(n int, mean, standardError float64) moment {
	return moment{n, mean, standardError * standardError * float64(n*(n-1))}
}

// TestMeansAreJudgedByTheirStandardErrors: the first of those most standard
// errors off decides, beyond the limit only, and rounding alone never.
func TestMeansAreJudgedByTheirStandardErrors(t *testing.T) {
	const n = 101 // sqrt(n (n-1) 2^-2k / (n (n-1))) has no rounding at powers of two
	one, three := Critical(1, n), Critical(3, n)
	for name, c := range map[string]struct {
		moments   []moment
		at        int
		verdict   verdict.Verdict
		certainty string
	}{
		"at the limit": {[]moment{meanOfDraws(n, one, 1)}, 0, verdict.Undecided,
			fmt.Sprintf("no deviation found: at confidence 0.99 it is at most %.3g (1 comparisons, ", 2*one)},
		"beyond it": {[]moment{meanOfDraws(n, one+0.01, 1)}, 0, verdict.Fails,
			fmt.Sprintf("confidence 0.99: %.3g standard errors, limit %.3g for 1 comparisons (", one+0.01, one)},
		"widest interval": {[]moment{meanOfDraws(n, 0.25, 0.125), meanOfDraws(n, -0.5, 0.5), meanOfDraws(n, 0.125, 0.25)}, 0, verdict.Undecided,
			fmt.Sprintf("at most %.3g (3 comparisons, ", 0.5+0.5*three)},
		"first of equals": {[]moment{meanOfDraws(n, 0.5, 0.5), meanOfDraws(n, -1, 0.5), meanOfDraws(n, 2, 1)}, 1, verdict.Undecided, "no deviation"},
		"rounding":        {[]moment{{n, arithmetic, 0}, {n, -arithmetic, 0}}, 0, verdict.Undecided, "no deviation"},
		"no spread":       {[]moment{{n, 0, 0}, {n, 2 * arithmetic, 0}}, 1, verdict.Fails, "+Inf standard errors"},
	} {
		e := evidence{chains: chains{count: n}}
		var f Finding
		require.Equal(t, c.at, e.test(&f, c.moments), name)
		require.Equal(t, c.verdict, f.Verdict, name)
		require.Equal(t, math.Abs(c.moments[c.at].mean), f.Number, name)
		require.Contains(t, f.Certainty, c.certainty, name)
	}
}

// TestSampledMeanNamesItsEntry: the entry that a plain search finds most
// standard errors off.
func TestSampledMeanNamesItsEntry(t *testing.T) {
	entries := map[string]bool{}
	for seed := range uint64(4) {
		for _, text := range []string{"cyclic:0.7,1", "sticky:0.6,1", "dirichlet:1"} {
			e := sampled(t, prior(t, text, 3), 100, seed)
			want, most := "", -1.0
			for a := range 3 {
				for b := range 3 {
					m := over(t, e, func(c *markov.Chain) float64 { return c.P(a, b) - 1./3 })
					if z := math.Abs(m.mean) / m.standardError(); z > most {
						// The mean has to stand in the witness itself, not its distance from 1/3.
						entry := over(t, e, func(c *markov.Chain) float64 { return c.P(a, b) })
						want, most = fmt.Sprintf("E pi[%d][%d] = %.6g +- %.2g", a, b, entry.mean, entry.standardError()), z
					}
				}
			}
			f, err := e.testConstantMean(finding(ConstantMean))
			require.NoError(t, err)
			require.Equal(t, want, f.Witness, text)
			entries[want[:9]] = true
		}
	}
	require.GreaterOrEqual(t, len(entries), 4, "the priors differ in their largest deviation")
}

func TestSampledTraceNamesItsMean(t *testing.T) {
	e := sampled(t, prior(t, "sticky:0.6,1", 3), 100, 1)
	m := over(t, e, (*markov.Chain).Trace)
	f, err := e.testConstantTrace(finding(ConstantTrace))
	require.NoError(t, err)
	require.Equal(t, fmt.Sprintf("E tr(pi) = %.6g +- %.2g", m.mean, m.standardError()), f.Witness)
	require.Equal(t, fmt.Sprintf("%.6g", m.mean-1), fmt.Sprintf("%.6g", f.Number))
}

// TestSampledSymmetryNamesItsEntries: the relabelling and the entry, or its
// square, that a plain search finds most standard errors off.
func TestSampledSymmetryNamesItsEntries(t *testing.T) {
	squares, maps := 0, map[string]bool{}
	for seed := range uint64(3) {
		for _, text := range []string{"cyclic:0.7,1", "sticky:0.6,1", "dirichlet:0.3"} {
			e := sampled(t, prior(t, text, 3), 100, seed)
			want, most := "", -1.0
			for _, g := range [][]int{{1, 0, 2}, {1, 2, 0}} {
				for a := range 3 {
					for b := range 3 {
						for _, power := range []int{1, 2} {
							m := over(t, e, func(c *markov.Chain) float64 {
								v, w := c.P(a, b), c.P(g[a], g[b])
								if power == 2 {
									v, w = float64(v*v), float64(w*w)
								}
								return v - w
							})
							if z := math.Abs(m.mean) / m.standardError(); z > most {
								want, most = fmt.Sprintf("relabelling %v: pi[%d][%d] and pi[%d][%d]", g, a, b, g[a], g[b]), z
								if power == 2 {
									want += ", squared"
								}
							}
						}
					}
				}
			}
			f, err := e.testSymmetry(finding(Symmetry))
			require.NoError(t, err)
			require.Equal(t, want, f.Witness, text)
			maps[want[:len("relabelling [1 2 0]")]] = true
			if strings.HasSuffix(want, "squared") {
				squares++
			}
		}
	}
	require.Len(t, maps, 2, "both relabellings are named")
	require.Greater(t, squares, 0)
	require.Less(t, squares, 9)
}
