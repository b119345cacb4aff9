package props

import (
	"fmt"
	"math"
	"slices"

	"causalgrad/impl/task"
	"causalgrad/props/gen"
	"causalgrad/theory/graph"
	"gonum.org/v1/gonum/integrate/quad"
	"pgregory.net/rapid"
)

// estimateLaws are about the count estimator (theory/README.md, section 1, count estimator).
func estimateLaws() []Law {
	return slices.Concat(estimateValueLaws(), estimateSymmetryLaws())
}

var estimating = []Capability{CanEstimate}

func estimateValueLaws() []Law {
	return []Law{
		{ID: "estimate-counts", Source: section("1, count estimator"), Needs: estimating,
			Sentence: "The estimator is the counts of what followed s_T at non-root positions, plus alpha, normalised.",
			Check: estimated(func(t *rapid.T, x estimate) {
				withinAll(t, x.question, "f", x.f, x.byCounting(), x.slack)
			})},
		{ID: "estimate-normalised", Source: section("1, count estimator"), Needs: estimating,
			Sentence: "Every row of the estimator is a positive probability vector.",
			Check: estimated(func(t *rapid.T, x estimate) {
				distribution(t, x.question, "f", x.f, x.b.S, x.slack)
				for i, v := range x.f {
					atLeast(t, x.question, fmt.Sprintf("f[%d]", i), v, x.alpha/(float64(x.b.S)*x.alpha+float64(x.b.T)), x.slack)
				}
			})},
		{ID: "estimate-posterior", Source: section("1, count estimator"), Needs: estimating,
			Sentence: "For S = 2 the estimator is the posterior mean of the row, by integration, when roots tell nothing.",
			Check:    estimatePosterior},
		{ID: "estimate-no-wrapped-root", Source: section("1, count estimator"), Needs: estimating,
			Sentence: "Roots do not count: without edges the estimator is uniform.", Check: estimateWithoutEdges},
		{ID: "estimate-large-alpha", Source: section("1, count estimator"), Needs: estimating,
			Sentence: "As alpha grows the estimator becomes uniform.", Check: estimateLargeAlpha},
		{ID: "estimate-small-alpha", Source: section("6"), Needs: estimating,
			Sentence: "As alpha vanishes the estimator becomes the empirical conditional frequency.", Check: estimateSmallAlpha},
		{ID: "estimate-gibbs", Source: section("1, irreducible loss"), Needs: estimating,
			Sentence: "The estimator's loss on a sequence is at least the entropy of its target.", Check: estimated(estimateGibbs)},
		{ID: "estimate-dag-of-a-forest", Source: section("1"), Needs: estimating,
			Sentence: "A forest written as a DAG, the target a child of s_T, has the forest's estimator.", Check: estimateDAGOfForest},
	}
}

// estimate is a batch of any sequences on a forest or a DAG, and the subject's
// estimator of it.
type estimate struct {
	question
	spec  task.Spec
	b     *task.Batch
	alpha float64
	f     []float64
	slack float64
}

func estimated(check func(t *rapid.T, x estimate)) func(*rapid.T, Subject) {
	return func(t *rapid.T, s Subject) { check(t, estimateOn(t, s, drawTask(t))) }
}

func estimateOn(t *rapid.T, s Subject, spec task.Spec) estimate {
	return estimateWith(t, s, spec, drawSequences(t, spec), drawAlpha(t))
}

func estimateWith(t *rapid.T, s Subject, spec task.Spec, b *task.Batch, alpha float64) estimate {
	k := taskQuestion(spec).Where("the estimator's alpha is %v", alpha).Where("sequences %v", b.Tokens)
	// Sums of at most T ones and S alphas, and one division: S + T roundings.
	slack := 4 * float64(b.S+b.T) * s.Roundoff()
	return estimate{k, spec, b, alpha, askEstimate(t, s, k, spec, b, alpha), slack}
}

// drawSequences draws a few sequences, token by token.
func drawSequences(t *rapid.T, spec task.Spec) *task.Batch {
	return gen.Batches(rapid.IntRange(1, 3).Draw(t, "sequences"), spec.Length, spec.Tokens).Draw(t, "batch")
}

// drawAlpha draws the estimator's alpha, which need not be the prior's.
func drawAlpha(t *rapid.T) float64 {
	return rapid.SampledFrom([]float64{1, 0.1, 0.01, 10}).Draw(t, "estimator alpha")
}

// contexts lists each entry's parents, the target's last; nil for a root.
func contexts(spec task.Spec) [][]int {
	if spec.DAG != nil {
		return spec.DAG
	}
	all := make([][]int, spec.Length+1)
	for i, p := range spec.Parents {
		if p != graph.Root {
			all[i] = []int{p}
		}
	}
	all[spec.Length] = []int{spec.Length - 1}
	return all
}

// countsOf counts what followed the target's context in one sequence.
func countsOf(spec task.Spec, x []uint16) []float64 {
	counts, all := make([]float64, spec.Tokens), contexts(spec)
	words := func(entry int) (w []uint16) {
		for _, p := range all[entry] {
			w = append(w, x[p])
		}
		return w
	}
	for i := range x {
		if len(all[i]) > 0 && slices.Equal(words(i), words(spec.Length)) {
			counts[x[i]]++
		}
	}
	return counts
}

// byCounting is the definition, for all sequences.
func (x estimate) byCounting() []float64 {
	var f []float64
	for n := range x.b.N {
		counts := countsOf(x.spec, x.b.Sequence(n))
		total := float64(x.b.S) * x.alpha
		for _, c := range counts {
			total += c
		}
		for _, c := range counts {
			f = append(f, (c+x.alpha)/total)
		}
	}
	return f
}

// estimatePosterior integrates p * p^n0 (1-p)^n1 over the prior, p^(alpha-1)
// (1-p)^(alpha-1) with a whole alpha: polynomials, which a Gauss rule of
// (T + 2 alpha)/2 nodes integrates exactly. The data are the edges' tokens
// alone: the likelihood of roots and of the other row does not contain p.
func estimatePosterior(t *rapid.T, s Subject) {
	f := drawForest(t, 3, 9)
	spec := task.Spec{Tokens: 2, Length: f.SequenceLength(), Parents: f.Parents(), Alpha: 1}
	alpha := rapid.IntRange(1, 3).Draw(t, "whole alpha")
	x := estimateWith(t, s, spec, drawSequences(t, spec), float64(alpha))
	for n := range x.b.N {
		counts := countsOf(spec, x.b.Sequence(n))
		weight := func(p float64) float64 {
			return math.Pow(p, counts[0]+float64(alpha-1)) * math.Pow(1-p, counts[1]+float64(alpha-1))
		}
		const nodes = 12 // exact to degree 23; T + 2 alpha <= 15
		evidence := quad.Fixed(weight, 0, 1, nodes, nil, 0)
		mean := quad.Fixed(func(p float64) float64 { return p * weight(p) }, 0, 1, nodes, nil, 0) / evidence
		// All terms are positive; the rule's nodes and weights are right to 1e-14.
		within(t, x.question, fmt.Sprintf("f[%d][0]", n), x.f[2*n], mean, x.slack+1e-12)
	}
}

func estimateWithoutEdges(t *rapid.T, s Subject) {
	tokens, alpha := drawPrior(t)
	parents := make([]int, drawLength(t, 3, 10)-1)
	for i := range parents {
		parents[i] = graph.Root
	}
	x := estimateOn(t, s, task.Spec{Tokens: tokens, Length: len(parents) + 1, Parents: parents, Alpha: alpha})
	for i, v := range x.f {
		within(t, x.question, fmt.Sprintf("f[%d]", i), v, 1/float64(tokens), x.slack)
	}
}

// estimateLargeAlpha: f - 1/S = (c - n/S)/(S alpha + n), at most T/(S alpha).
func estimateLargeAlpha(t *rapid.T, s Subject) {
	spec := drawTask(t)
	const alpha = 1e6
	x := estimateWith(t, s, spec, drawSequences(t, spec), alpha)
	for i, v := range x.f {
		within(t, x.question, fmt.Sprintf("f[%d]", i), v, 1/float64(x.b.S), float64(x.b.T)/(float64(x.b.S)*alpha)+x.slack)
	}
}

// estimateSmallAlpha: f - c/n = alpha (1 - S c/n)/(n + S alpha), at most S alpha.
func estimateSmallAlpha(t *rapid.T, s Subject) {
	spec := drawTask(t)
	const alpha = 1e-4
	x := estimateWith(t, s, spec, drawSequences(t, spec), alpha)
	for n := range x.b.N {
		counts, total := countsOf(spec, x.b.Sequence(n)), 0.0
		for _, c := range counts {
			total += c
		}
		for v, c := range counts {
			want := 1 / float64(x.b.S) // nothing seen
			if total > 0 {
				want = c / total
			}
			within(t, x.question, fmt.Sprintf("f[%d][%d]", n, v), x.f[n*x.b.S+v], want, float64(x.b.S)*alpha+x.slack)
		}
	}
}

func estimateGibbs(t *rapid.T, x estimate) {
	for n := range x.b.N {
		loss, entropy := 0.0, 0.0
		for v, y := range x.b.Target(n) {
			if y > 0 {
				loss -= y * math.Log(x.f[n*x.b.S+v])
				entropy -= y * math.Log(y)
			}
		}
		// A logarithm of a number off by slack, at least alpha/(S alpha + T).
		least := x.alpha / (float64(x.b.S)*x.alpha + float64(x.b.T))
		atLeast(t, x.question, fmt.Sprintf("loss of sequence %d", n), loss, entropy, 2*x.slack/least+x.slack)
	}
}

func estimateDAGOfForest(t *rapid.T, s Subject) {
	tokens, alpha := drawPrior(t)
	f := drawForest(t, 3, 9)
	spec := task.Spec{Tokens: tokens, Length: f.SequenceLength(), Parents: f.Parents(), Alpha: alpha}
	x := estimateOn(t, s, spec)
	dag := spec
	dag.Parents, dag.DAG = nil, contexts(spec)
	for i, list := range dag.DAG {
		dag.DAG[i] = append([]int{}, list...) // an empty list, not null
	}
	y := estimateWith(t, s, dag, x.b, x.alpha)
	withinAll(t, x.Where("and as a DAG"), "f", y.f, x.f, 2*x.slack)
}
