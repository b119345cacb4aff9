package props

import (
	"fmt"
	"math"
	"slices"
	"strconv"

	"causalgrad/impl/task"
	"causalgrad/props/gen"
	"causalgrad/props/oracle"
	"causalgrad/theory/markov"
	"gonum.org/v1/gonum/stat/distuv"
	"pgregory.net/rapid"
)

func priorSampleLaws() []Law {
	return []Law{
		{ID: "sample-dirichlet-moments", Source: section("1, priors"), Needs: sampling, FalseAlarm: sampleAlarm, Draws: 4,
			Sentence: "Mean, square and product of a Dirichlet row's entries have their expectations.", Check: dirichletMoments},
		{ID: "sample-dirichlet-beta", Source: section("1, priors"), Needs: sampling, FalseAlarm: sampleAlarm, Draws: 6,
			Sentence: "An entry of a Dirichlet(alpha) row has the distribution Beta(alpha, (S-1) alpha).", Check: dirichletBeta},
		{ID: "sample-rows-independent", Source: section("1, priors"), Needs: sampling, FalseAlarm: sampleAlarm, Draws: 4,
			Sentence: "Different rows of a Dirichlet chain are independent.", Check: rowsIndependent},
		{ID: "sample-chains-independent", Source: section("1"), Needs: sampling, FalseAlarm: sampleAlarm, Draws: 4,
			Sentence: "Successive sequences have independent chains.", Check: chainsIndependent},
		{ID: "sample-roots-follow-mu", Source: section("1"), Needs: sampling, FalseAlarm: sampleAlarm, Draws: 4,
			Sentence: "A root follows the stationary distribution of its own sequence's chain.", Check: rootsFollowMu},
		{ID: "sample-children-follow-their-row", Source: section("1"), Needs: sampling, FalseAlarm: sampleAlarm, Draws: 4,
			Sentence: "A child follows its parent's row of its own sequence's chain.", Check: childrenFollowRow},
		{ID: "sample-floor", Source: section("1, priors"), Needs: sampling, FalseAlarm: sampleAlarm, Draws: 4,
			Sentence: "A floor prior's entries are gamma/S + (1-gamma) Beta, so at least gamma/S.", Check: floorEntries},
	}
}

// drawPrior draws the tokens and the concentration of a Dirichlet prior.
func drawPrior(t *rapid.T) (tokens int, alpha float64) {
	observePrior(t) // a Dirichlet prior
	return drawTokens(t, 2, 4), gen.Alphas().Draw(t, "alpha")
}

// dirichletMoment is E[x^p y^q] for two entries of a Dirichlet(alpha) row.
func dirichletMoment(tokens int, alpha float64, p, q int) float64 {
	moment, total := 1.0, alpha*float64(tokens)
	for i := range p {
		moment *= alpha + float64(i)
	}
	for i := range q {
		moment *= alpha + float64(i)
	}
	for i := range p + q {
		moment /= total + float64(i)
	}
	return moment
}

func dirichletMoments(t *rapid.T, s Subject) {
	tokens, alpha := drawPrior(t)
	k := sampleDirichlet(t, s, drawForest(t, 3, 4).Forest, tokens, alpha, 20000)
	moments := [][2]int{{1, 0}, {2, 0}, {1, 1}}
	alarm := sampleAlarm / float64(len(moments)*tokens*tokens)
	for a := range tokens {
		for b := range tokens {
			for _, m := range moments {
				mean := dirichletMoment(tokens, alpha, m[0], m[1])
				variance := dirichletMoment(tokens, alpha, 2*m[0], 2*m[1]) - mean*mean
				var off balance
				for n := range k.N {
					x, y := k.entry(n, a, b), k.entry(n, a, (b+1)%tokens)
					off.add(math.Pow(x, float64(m[0]))*math.Pow(y, float64(m[1]))-mean, variance)
				}
				off.zero(t, k.question, fmt.Sprintf("sum of pi[%d][%d]^%d pi[%d][%d]^%d minus its mean", a, b, m[0], a, (b+1)%tokens, m[1]), alarm)
			}
		}
	}
}

// betaBins counts values by bins between the sixteenths of a Beta distribution. A value v
// may be off by slack(v). A Beta(0.1, 0.1) has a sixteenth of its mass within
// 1e-12 of 1, where single precision has one number, so an edge is used only if
// the mass within slack of it displaces 1/100 of a value at most on average.
// That multiplies the probability of an outcome by at most
// (1 + 2 delta/p)^n <= exp(2 * 16/100) < 2 for a bin between two such edges.
func betaBins(t *rapid.T, c question, what string, values []float64, beta distuv.Beta, slack func(v float64) float64, alarm float64) {
	const parts = 16
	edges := []float64{} // as probabilities
	for k := 1; k < parts; k++ {
		e := beta.Quantile(float64(k) / parts)
		r := slack(e)
		mass := beta.CDF(math.Min(e+r, 1)) - beta.CDF(math.Max(e-r, 0))
		if mass*float64(len(values)) <= 0.01 {
			edges = append(edges, float64(k)/parts)
		}
	}
	counts, probability, low := make([]int, len(edges)+1), make([]float64, len(edges)+1), 0.0
	for i, e := range append(edges, 1) {
		probability[i], low = e-low, e
	}
	for _, v := range values {
		at, _ := slices.BinarySearch(edges, beta.CDF(math.Min(math.Max(v, 0), 1)))
		counts[at]++
	}
	tabulate(t, "beta edges", strconv.Itoa(len(edges)))
	counted(t, c, func(bin int) string { return fmt.Sprintf("P(%s in bin %d of %d)", what, bin, len(counts)) },
		counts, len(values), probability, alarm/2)
}

// entrySlack bounds the rounding of a Dirichlet entry: a sum of S positive
// variates and a quotient, relative to the entry.
func entrySlack(s Subject, tokens int) func(v float64) float64 {
	return func(v float64) float64 { return 2 * float64(tokens+2) * s.Roundoff() * v }
}

func dirichletBeta(t *rapid.T, s Subject) {
	tokens, alpha := drawPrior(t)
	k := sampleDirichlet(t, s, drawForest(t, 3, 4).Forest, tokens, alpha, 20000)
	a, b := rapid.IntRange(0, tokens-1).Draw(t, "row"), rapid.IntRange(0, tokens-1).Draw(t, "column")
	beta := distuv.Beta{Alpha: alpha, Beta: alpha * float64(tokens-1)}
	inChain, inTarget := make([]float64, k.N), make([]float64, k.N)
	for n := range k.N {
		inChain[n], inTarget[n] = k.entry(n, a, b), k.Target(n)[b]
	}
	betaBins(t, k.question, fmt.Sprintf("pi[%d][%d]", a, b), inChain, beta, entrySlack(s, tokens), sampleAlarm/2)
	betaBins(t, k.question, fmt.Sprintf("y[%d]", b), inTarget, beta, entrySlack(s, tokens), sampleAlarm/2)
}

// centredProduct sums (x - 1/S)(y - 1/S) of entries that should be independent.
func centredProduct(tokens int, alpha float64, pairs int, pair func(i int) (x, y float64)) balance {
	even := 1 / float64(tokens)
	variance := dirichletMoment(tokens, alpha, 2, 0) - even*even
	var off balance
	for i := range pairs {
		x, y := pair(i)
		off.add((x-even)*(y-even), variance*variance)
	}
	return off
}

func rowsIndependent(t *rapid.T, s Subject) {
	tokens, alpha := drawPrior(t)
	k := sampleDirichlet(t, s, drawForest(t, 3, 4).Forest, tokens, alpha, 20000)
	for a := range tokens {
		for c := range a {
			for b := range tokens {
				off := centredProduct(tokens, alpha, k.N, func(n int) (x, y float64) { return k.entry(n, a, b), k.entry(n, c, b) })
				off.zero(t, k.question, fmt.Sprintf("sum of centred pi[%d][%d] pi[%d][%d]", a, b, c, b), sampleAlarm/float64(tokens*tokens*tokens))
			}
		}
	}
}

func chainsIndependent(t *rapid.T, s Subject) {
	tokens, alpha := drawPrior(t)
	k := sampleDirichlet(t, s, drawForest(t, 3, 4).Forest, tokens, alpha, 20000)
	for a := range tokens {
		for b := range tokens {
			off := centredProduct(tokens, alpha, k.N/2, func(i int) (x, y float64) { return k.entry(2*i, a, b), k.entry(2*i+1, a, b) })
			off.zero(t, k.question, fmt.Sprintf("sum of centred pi[%d][%d] of sequences 2n and 2n+1", a, b), sampleAlarm/float64(tokens*tokens))
		}
	}
}

// rootsFollowMu weights by mu_v - 1/S: the mean of mu is uniform, so a root
// drawn uniformly would pass without a weight.
func rootsFollowMu(t *rapid.T, s Subject) {
	tokens, alpha := drawPrior(t)
	k := sampleDirichlet(t, s, drawForest(t, 3, 6).Forest, tokens, alpha, 20000)
	roots := rootsOf(k.f)
	work := make([]float64, tokens*tokens)
	mu := make([]float64, k.N*tokens)
	for n := range k.N {
		markov.Stationary(k.Chain(n), tokens, mu[n*tokens:(n+1)*tokens], work)
	}
	for _, root := range roots {
		for v := range tokens {
			var off balance
			for n := range k.N {
				m := mu[n*tokens+v]
				if math.IsNaN(m) {
					continue // rounding to single precision made the chain reducible, which the theory excludes
				}
				w := m - 1/float64(tokens)
				off.add(w*(oracle.Indicator(int(k.Sequence(n)[root]) == v)-m), w*w*m*(1-m))
			}
			off.zero(t, k.question, fmt.Sprintf("sum of (mu_%d - 1/S) (1[s_%d=%d] - mu_%d)", v, root, v, v), sampleAlarm/float64(len(roots)*tokens))
		}
	}
}

func childrenFollowRow(t *rapid.T, s Subject) {
	tokens, alpha := drawPrior(t)
	k := sampleDirichlet(t, s, drawConnected(t, 3, 6).Forest, tokens, alpha, 20000)
	for _, e := range k.f.Edges() {
		for v := range tokens {
			var off balance
			for n := range k.N {
				p := k.entry(n, int(k.Sequence(n)[e.Parent]), v)
				w := p - 1/float64(tokens)
				off.add(w*(oracle.Indicator(int(k.Sequence(n)[e.Child]) == v)-p), w*w*p*(1-p))
			}
			off.zero(t, k.question, fmt.Sprintf("sum of (p - 1/S) (1[s_%d=%d] - p), p = pi[s_%d][%d]", e.Child, v, e.Parent, v),
				sampleAlarm/float64(len(k.f.Edges())*tokens))
		}
	}
}

func floorEntries(t *rapid.T, s Subject) {
	tokens, alpha := drawPrior(t)
	gamma := rapid.SampledFrom([]float64{0.5, 0.1, 0.9}).Draw(t, "gamma")
	f := drawForest(t, 3, 4).Forest
	k := sampleTask(t, s, task.Spec{Tokens: tokens, Length: f.SequenceLength(), Parents: f.Parents(), Alpha: alpha, Gamma: gamma}, 10000)
	low := gamma / float64(tokens)
	values := make([]float64, k.N)
	for n := range k.N {
		for v, p := range k.Target(n) {
			atLeast(t, k.question, fmt.Sprintf("target %d[%d]", n, v), p, low, 4*s.Roundoff())
		}
		values[n] = (k.Target(n)[0] - low) / (1 - gamma)
	}
	// The mixture rounds three more times, relative to y = gamma/S + (1-gamma) v.
	slack := func(v float64) float64 { return entrySlack(s, tokens+2)(low+(1-gamma)*v) / (1 - gamma) }
	beta := distuv.Beta{Alpha: alpha, Beta: alpha * float64(tokens-1)}
	betaBins(t, k.question, "(y[0] - gamma/S)/(1-gamma)", values, beta, slack, sampleAlarm)
}
