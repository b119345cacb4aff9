package props

import (
	"math"

	"causalgrad/impl/model"
	"causalgrad/impl/task"
	"causalgrad/props/oracle"
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
	"pgregory.net/rapid"
)

func firstStepLimitLaws() []Law {
	return []Law{
		{ID: "first-step-in-eps", Source: section("3"), Needs: firstStep,
			Sentence: "|G(eps) - G(0)| <= 2 eps T / i: the gradient is Lipschitz in eps down to 0.", Check: firstStepInEps},
		{ID: "first-step-at-large-eps", Small: true, Source: section("3"), Needs: firstStep,
			Sentence: "eps G tends to a sum over two-point distributions as eps grows, at rate 1/eps.", Check: firstStepAtLargeEps},
	}
}

// firstStepInEps: where a term of c_i is not 0, m = muhat_s >= 1/T, so the term
// changes by at most pi[q][s] eps/m^2 <= pi[q][s] eps T^2, and c_i by eps T^2.
// F sums that over q, S eps T^2; centring doubles it; then 1/(S T i).
func firstStepInEps(t *rapid.T, s Subject) {
	f, c := drawForest(t, 3, 9).Forest, drawChain(t, 2, 4)
	x := steppedOn(t, s, f, c, 0)
	y := steppedOn(t, s, f, c, rapid.SampledFrom([]float64{1e-9, 1e-6, 1e-3}).Draw(t, "eps"))
	length := float64(f.SequenceLength())
	for i := range x.Gradient {
		for k := range i + 1 {
			within(t, y.question, entryText("gradient", i, k), y.Gradient[i][k], x.Gradient[i][k], 2*y.Eps*length/float64(i+1)+2*x.Slack)
		}
	}
}

// firstStepAtLargeEps: 1/(m+eps) is 1/eps up to m/eps^2 <= 1/eps^2, so eps c_i
// is pi[q][s_i] - sum_s pi[q][s] muhat_s up to 1/eps, which is linear in
// muhat; its expectation with 1[s_k=q] needs joint distributions of two positions
// alone. F is then off by S/eps and the gradient, centred, by 2/(T i eps).
func firstStepAtLargeEps(t *rapid.T, s Subject) {
	f, c := drawForest(t, 3, 9).Forest, drawChain(t, 2, 4)
	const eps = 1000.0
	x := steppedOn(t, s, f, c, eps)
	want := largeEpsLimit(f, c)
	for i := range x.Gradient {
		for k := range i + 1 {
			within(t, x.question, entryText("eps gradient", i, k), eps*x.Gradient[i][k], want[i][k],
				2/(float64(len(x.Gradient)*(i+1))*eps)+eps*x.Slack)
		}
	}
}

// largeEpsLimit is the limit of eps G, with D_ik(q) = sum_b pi[q][b]
// P(s_k = q, s_i = b | s_T = q) in place of the first term of c_i.
func largeEpsLimit(f graph.Forest, c *markov.Chain) [][]float64 {
	length, size := f.SequenceLength(), c.Tokens()
	pair := make([][]float64, length) // pair[i][k] = sum_q E[pi[q][s_i] 1[s_k=q] | s_T=q]
	for i := range pair {
		pair[i] = make([]float64, length)
		for k := range pair[i] {
			for q := range size {
				pair[i][k] += responseTo(f, c, i, k, q)
			}
		}
	}
	limit := make([][]float64, length)
	for i := range limit {
		limit[i] = make([]float64, length)
		mean := 0.0
		for k := range i + 1 {
			limit[i][k] = pair[i][k]
			for j := range length {
				limit[i][k] -= pair[j][k] / float64(length)
			}
			mean += limit[i][k] / float64(i+1)
		}
		for k := range i + 1 {
			limit[i][k] = (limit[i][k] - mean) / float64(size*length*(i+1))
		}
	}
	return limit
}

// responseTo is E[pi[q][s_i] 1[s_k=q] | s_T=q].
func responseTo(f graph.Forest, c *markov.Chain, i, k, q int) float64 {
	last, mu := f.SequenceLength()-1, c.Stationary()
	sum := 0.0
	for b, p := range c.Row(q) {
		switch {
		case i == last && k == last: // both are q
			if b == q {
				sum += p
			}
		case i == last:
			if b == q {
				sum += p * mu[q]
			}
		case k == last:
			sum += p * mu[b]
		case i == k:
			if b == q {
				sum += p * mu[q]
			}
		default:
			sum += p * oracle.Joint(f, c, k, i)[q][b]
		}
	}
	return sum
}

// firstStepOfModel differentiates the model's own gradient with respect to
// beta0, over the batch of all sequences, each with its target scaled by its
// probability (the loss is linear in the target).
//
// A central difference with step h is off by c h^2 + u/h; the one with step 2h
// by 4 c h^2. So their difference bounds the first one's truncation, three times
// over, and Richardson's combination (4 D(h) - D(2h))/3 is better still.
func firstStepOfModel(t *rapid.T, s Subject) {
	tokens := drawTokens(t, 2, 3)
	f := drawForest(t, 3, 8-tokens)
	c := drawChain(t, tokens, tokens)
	x := steppedOn(t, s, f.Forest, c, rapid.SampledFrom([]float64{0.1, 0.5}).Draw(t, "eps"))
	b := everySequence(f.Forest, c)
	h := math.Cbrt(s.Roundoff())
	fine, coarse := x.mixedDerivative(t, s, b, h), x.mixedDerivative(t, s, b, 2*h)
	for i := range x.Gradient {
		for k := range i + 1 {
			e := i*len(x.Gradient) + k
			got := (4*fine[e] - coarse[e]) / 3
			// Each gradient is a mean of terms of at most 1/eps; 3/h of it is left.
			slack := math.Abs(fine[e]-coarse[e]) + 64*s.Roundoff()/(h*x.Eps) + x.Slack
			within(t, x.question, entryText("-d2L/(dA1 dbeta0)", i, k), -got, x.Gradient[i][k], slack)
		}
	}
}

// everySequence is the batch of all S^T sequences; its mean loss is the
// expected loss.
func everySequence(f graph.Forest, c *markov.Chain) *task.Batch {
	n := int(math.Round(math.Pow(float64(c.Tokens()), float64(f.SequenceLength()))))
	b, at := task.NewBatch(n, f.SequenceLength(), c.Tokens()), 0
	oracle.ForEachSequence(f, c, func(tokens []int, probability float64) {
		for i, v := range tokens {
			b.Sequence(at)[i] = uint16(v)
		}
		// 1/S for the last token, n against the mean over the batch.
		scale := probability * float64(n) / float64(c.Tokens())
		for v, p := range c.Row(tokens[len(tokens)-1]) {
			b.Target(at)[v] = scale * p
		}
		at++
	})
	return b
}

// mixedDerivative is (dL/dA1 at beta0 = h minus that at -h) / 2h, T x T.
func (x stepInstance) mixedDerivative(t *rapid.T, s Subject, b *task.Batch, h float64) []float64 {
	m := model.Spec{Kind: "reduced", Tokens: b.S, Length: b.T, Eps: x.Eps}
	gradient := func(beta float64) []float64 {
		params := make([]float64, b.T*b.T+b.S*b.S)
		for v := range b.S {
			params[b.T*b.T+v*b.S+v] = beta
		}
		return askEvaluate(t, s, x.question, m, params, b).Gradient[:b.T*b.T]
	}
	up, down := gradient(h), gradient(-h)
	for i := range up {
		up[i] = (up[i] - down[i]) / (2 * h)
	}
	return up
}
