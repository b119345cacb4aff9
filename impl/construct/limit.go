package construct

import (
	"math"

	"causalgrad/impl/task"
	"causalgrad/theory/detmath"
)

// Limit writes, for each sequence of b, what the construction's frequencies
// tend to as B and then beta go to infinity, N x S: the frequencies of s_i over
// the positions with the largest score. The score of a position is the number
// of its k parents whose tokens agree with the target's; that of a silent row
// is as Roots says. It is found by counting, without a model.
//
// Masked, and where a position agrees in all k parents, this is the count
// estimator at alpha = 0 (in a DAG: of the positions before T-1).
func (b Built) Limit(batch *task.Batch, out []float64) {
	clear(out[:batch.N*batch.S])
	scores := make([]float64, batch.T)
	for n := range batch.N {
		tokens, row := batch.Sequence(n), out[n*batch.S:(n+1)*batch.S]
		best := math.Inf(-1)
		for i := range scores {
			scores[i] = b.limitScore(tokens, i)
			best = math.Max(best, scores[i])
		}
		members := 0.0
		for i, z := range scores {
			// Scores are correctly rounded fractions with denominators up to
			// MaxSequenceLength: equal ones have equal bits, others do not.
			if z == best {
				row[tokens[i]]++
				members++
			}
		}
		for v := range row {
			row[v] /= members
		}
	}
}

// limitScore is the second layer's score of key i, in units of beta.
func (b Built) limitScore(tokens []uint16, i int) float64 {
	c := b.context
	agreeing := func(own func(j int) int) float64 {
		n := 0
		for j, p := range c.target {
			if tokens[own(j)] == tokens[p] {
				n++
			}
		}
		return float64(n)
	}
	switch parents := c.parents[i]; {
	case parents != nil:
		return agreeing(func(j int) int { return parents[j] })
	case b.Settings.Roots == RootsMasked:
		return math.Inf(-1)
	case i == c.length-1 && !c.forest:
		return float64(c.arity()) // its own context
	case b.Settings.Roots == RootsSink:
		return agreeing(func(int) int { return 0 })
	}
	sum := 0.0
	for l := range i + 1 {
		sum += agreeing(func(int) int { return l })
	}
	return sum / float64(i+1)
}

// Bound bounds the sup-norm distance of the frequencies to Limit on a sequence
// in which matches >= 1 positions agree in all k parents, with masked roots; for
// other treatments and for numbers of matches that are 0 or above the number of
// positions that are evidence it is 1, which claims nothing.
//
// Derivation. Row i keeps 1 - d_i on its parent, d_i = i/(e^B + i), and so does
// the query's row (d = 0 in a forest, where the query is s_T itself). Two rows'
// token histograms have inner product at least 1 - h if the parents agree and
// at most h if not, with h the sum of the query's d and the largest d_i. So a
// matched score lies in [k beta (1-h), k beta], an unmatched one is at most
// beta (k-1+h), a silent one at most -B. Hence the attention off the M matched
// positions is at most
//
//	(n-M)/M e^(-beta (1-(k+1)h)) + (T-n)/M e^(-B - k beta (1-h)),
//
// n being the positions that are evidence, and within them it is e^(k beta h)
// from uniform, 1 - e^(-k beta h) in total variation.
//
// So B must grow like log T + log beta, and beta like log T.
func (b Built) Bound(matches int) float64 {
	if b.Settings.Roots != RootsMasked || matches < 1 || matches > b.context.evidence() {
		return 1
	}
	c, k := b.context, float64(b.context.arity())
	leak := func(i int) float64 {
		// i/(e^B + i), without overflow.
		r := float64(float64(i) * detmath.Exp(-b.Settings.B))
		return r / (1 + r)
	}
	h := 0.0
	for i, p := range c.parents {
		if p != nil {
			h = leak(i) // ascending in i
		}
	}
	if !c.forest {
		h += leak(c.length - 1)
	}
	beta, m, n := b.Settings.Beta, float64(matches), float64(c.evidence())
	within := 1 - detmath.Exp(-float64(k*float64(beta*h)))
	unmatched := float64((n - m) / m * detmath.Exp(-float64(beta*(1-float64((k+1)*h)))))
	silent := float64((float64(c.length) - n) / m * detmath.Exp(-b.Settings.B-float64(float64(k*beta)*(1-h))))
	return math.Min(1, within+(unmatched+silent))
}

// BalancedBeta is log(T/(S alpha)): the beta at which the T (1-1/S) unmatched
// positions of the reduced construction weigh about as much as the pseudo-counts
// of a Dirichlet(alpha) prior, S alpha in all: e^-beta T = S alpha. It grows like
// log T, as L -> L* needs; 0 where T is smaller than S alpha.
func BalancedBeta(length, tokens int, alpha float64) float64 {
	return math.Max(0, detmath.Log(float64(length)/(float64(tokens)*alpha)))
}
