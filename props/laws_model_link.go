package props

import (
	"fmt"
	"slices"

	"causalgrad/golden/stat"
	"causalgrad/impl/model"
	"causalgrad/impl/task"
	"causalgrad/props/gen"
	"pgregory.net/rapid"
)

// linkLaws tie the models to each other, to the constructions and to the
// theory of the first step.
func linkLaws() []Law {
	return []Law{
		{ID: "reduced-in-disentangled", Source: section("2"), Needs: []Capability{CanEvaluate}, Check: reducedInDisentangled,
			Sentence: "A two-layer disentangled transformer with only the position block of A1 and the token block of A2 predicts " +
				"softmax(M^T f), f the reduced model's prediction and M the read-out of its last head."},
		{ID: "hard-attention-counts", Source: section("6"), Needs: []Capability{CanEvaluate}, Check: hardAttentionCounts,
			Sentence: "With hard attention of i to q(i) the reduced model predicts the frequencies of s_i over the i with s_q(i) = s_T."},
		{ID: "construction-count-estimator", Source: section("6"), Needs: []Capability{CanEvaluate, CanEstimate}, Check: constructionCounts,
			Sentence: "With hard attention to the parents the reduced model is the count estimator at alpha = 0, where no root sees s_T " +
				"alone and some parent holds s_T."},
		{ID: "first-step-sampled", Source: section("3"), Needs: []Capability{CanSample, CanEvaluate, CanFirstStep}, Draws: 10,
			FalseAlarm: firstStepAlpha, Check: firstStepSampled,
			Sentence: "The reduced model's mean gradient on samples at A1 = 0, A2 = beta0 I is -beta0 times the exact first-step gradient."},
	}
}

// reducedInDisentangled: feature block 2 enters the read-out as the last
// head's average of tokens, f itself.
func reducedInDisentangled(t *rapid.T, s Subject) {
	x := smoothTrial(t, s, model.KindReduced)
	m := x.Spec
	m.Kind, m.Heads, m.Eps = model.KindDisentangled, []int{1, 1}, 0
	y := trial{T: t, S: s, Spec: m, Layout: layoutOf(t, m), Batch: x.Batch}
	y.Params = make([]float64, y.Layout.Size())
	size, width := m.Tokens, m.Tokens+m.Length
	for i := range m.Length {
		copy(y.positionBlock(0, 0, i), x.positionBlock(0, 0, i))
	}
	// Layer 2 scores the token of x_T (block 0) against the tokens that the
	// first head has averaged (block 1).
	for a := range size {
		copy(y.block(y.Params, "A1.0")[a*2*width+width:][:size], x.block(x.Params, "A2")[a*size:][:size])
	}
	readout := gen.Moderate(size*size, 4).Draw(t, "read-out").Values
	copy(y.block(y.Params, "W")[2*width*size:], readout)

	f := x.Evaluate().Predictions
	var want []float64
	for n := range x.Batch.N {
		logits := make([]float64, size)
		for a := range size {
			for b := range size {
				logits[b] += f[n*size+a] * readout[a*size+b]
			}
		}
		want = append(want, softmaxOf(logits)...)
	}
	slack := y.bounds().prediction + 2*4*x.bounds().prediction // 4 bounds the read-out
	withinAll(t, y.text(), "prediction", y.Evaluate().Predictions, want, slack)
}

// hardTrial is the reduced model with A1[i][key[i]] and the diagonal of A2 so
// large that the second softmax keeps matches alone: a difference of 1/T in z
// leaves e^-700 of the rest.
func hardTrial(t *rapid.T, s Subject, tokens int, b *task.Batch, key func(i int) int) trial {
	m := model.Spec{Kind: model.KindReduced, Tokens: tokens, Length: b.T, Eps: 0.125}
	x := trial{T: t, S: s, Spec: m, Layout: layoutOf(t, m), Batch: b}
	x.Params = make([]float64, x.Layout.Size())
	for i := range b.T {
		if k := key(i); k >= 0 {
			x.positionBlock(0, 0, i)[k] = hard
		}
	}
	for a := range tokens {
		x.block(x.Params, "A2")[a*tokens+a] = hard * float64(b.T)
	}
	return x
}

// hardSlack bounds the rounding of a prediction of hardTrial. Scores of matches
// are exactly equal, so weights round in a sum and a quotient alone. Who forms
// log f_s as a difference of two logarithms of sums of exponentials rounds
// numbers of the size of a score, at most hard T, four times (two sums, the
// difference and its parts): that much is absolute in log f, so relative in f.
func hardSlack(s Subject, length int) float64 {
	return 4 * (float64(length+8) + hard*float64(length)) * s.Roundoff()
}

// frequencies of s_i over the positions that count; all of them if none does.
func frequencies(tokens []uint16, s int, counts func(i int) bool) []float64 {
	f, n := make([]float64, s), 0.0
	for i, a := range tokens {
		if counts(i) {
			f[a]++
			n++
		}
	}
	if n == 0 {
		return frequencies(tokens, s, func(int) bool { return true })
	}
	for a := range f {
		f[a] /= n
	}
	return f
}

func hardAttentionCounts(t *rapid.T, s Subject) {
	tokens, length := drawTokens(t, 2, 4), drawLength(t, 3, 8)
	b := gen.Batches(rapid.IntRange(1, 3).Draw(t, "sequences"), length, tokens).Draw(t, "batch")
	key := make([]int, length)
	for i := range key {
		key[i] = rapid.IntRange(0, i).Draw(t, "key")
	}
	x := hardTrial(t, s, tokens, b, func(i int) int { return key[i] })
	var want []float64
	for n := range b.N {
		q := b.Sequence(n)
		want = append(want, frequencies(q, tokens, func(i int) bool { return q[key[i]] == q[length-1] })...)
	}
	withinAll(t, x.text(), "prediction", x.Evaluate().Predictions, want, hardSlack(s, length))
}

// constructionCounts: the last position, like a root, attends uniformly and
// so scores less than a match unless all it sees is s_T. So the first token is
// another one, and one that a later parent holds is s_T.
func constructionCounts(t *rapid.T, s Subject) {
	f := drawConnected(t, 4, 8)
	var later []int
	for _, e := range f.Edges() {
		if e.Parent > 0 {
			later = append(later, e.Parent)
		}
	}
	if len(later) == 0 {
		leaveOut(t, noClaim, "only the first position has children")
	}
	tokens := drawTokens(t, 2, 3)
	b := gen.Batches(1, f.SequenceLength(), tokens).Draw(t, "batch")
	q := b.Sequence(0)
	last := q[len(q)-1]
	q[rapid.SampledFrom(later).Draw(t, "parent")] = last
	if q[0] == last {
		q[0] = (last + 1) % uint16(tokens)
	}
	x := hardTrial(t, s, tokens, b, func(i int) int {
		if i == f.Positions() {
			return -1
		}
		return f.Parent(i)
	})
	spec := task.Spec{Tokens: tokens, Length: b.T, Parents: f.Parents(), Alpha: 1}
	want := askEstimate(t, s, taskQuestion(spec), spec, b, 0)
	withinAll(t, x.text(), "prediction", x.Evaluate().Predictions, want, hardSlack(s, b.T))
}

// The first step by sampling: batches of sequences, and the error rate.
const (
	firstStepBatches = 64
	firstStepSize    = 64
	firstStepAlpha   = 1e-10
)

// firstStepSampled: the gradient at beta0 is beta0 times the exact one up to
// O(beta0^2), which at 2^-30 is far below the standard errors of 4096
// sequences. Means over batches are compared by t tests with Bonferroni's
// correction; every entry that is constant over batches, such as the masked
// ones, must be that constant.
func firstStepSampled(t *rapid.T, s Subject) {
	const beta0 = 0x1p-30
	f := drawConnected(t, 3, 6)
	c := drawKind(t, "small integers", 2, 3)
	eps := rapid.SampledFrom([]float64{0.125, 0x1p-10}).Draw(t, "eps")
	spec := task.Spec{Tokens: c.Tokens(), Length: f.SequenceLength(), Parents: f.Parents(), Chain: c.Rows()}
	kase := forestQuestion(f.Forest, c, fmt.Sprintf("--eps %v", eps))
	exact := askFirstStep(t, s, kase, f.Forest, c, eps)
	m := model.Spec{Kind: model.KindReduced, Tokens: spec.Tokens, Length: spec.Length, Eps: eps}
	params := make([]float64, layoutOf(t, m).Size())
	for a := range spec.Tokens {
		params[spec.Length*spec.Length+a*spec.Tokens+a] = beta0
	}
	all := askSample(t, s, kase, spec, firstStepBatches*firstStepSize, rapid.Uint64Range(0, 1<<32).Draw(t, "seed"))
	entries := make([][]float64, spec.Length*spec.Length)
	for n := range firstStepBatches {
		e := askEvaluate(t, s, kase, m, params, all.Slice(n*firstStepSize, (n+1)*firstStepSize))
		for k := range entries {
			entries[k] = append(entries[k], -e.Gradient[k]/beta0)
		}
	}
	for k, x := range entries {
		i, j := k/spec.Length, k%spec.Length
		what := fmt.Sprintf("gradient[%d][%d]", i, j)
		if j > i || i == 0 { // masked, or a softmax of one
			withinAll(t, kase, what, x, make([]float64, len(x)), 64*float64(spec.Length)*s.Roundoff())
			continue
		}
		sameMean(t, kase, what, x, exact[i][j], firstStepAlpha/float64(len(entries)), 64*float64(spec.Length)*s.Roundoff())
	}
}

// sameMean demands that the expectation of x, whose values are independent, is
// want up to slack, at error rate alpha.
func sameMean(t *rapid.T, c question, what string, x []float64, want, alpha, slack float64) {
	m, err := stat.MeanInterval(x, 1-alpha)
	if err != nil { // no spread: nothing random reaches this entry
		withinAll(t, c, what, x, slices.Repeat([]float64{want}, len(x)), slack)
		return
	}
	half := (m.Interval.Hi - m.Interval.Lo) / 2
	within(t, c, "mean "+what, m.Mean, want, half+slack)
}
