package props

import (
	"fmt"

	"causalgrad/impl/model"
	"causalgrad/impl/task"
	"causalgrad/props/gen"
	"pgregory.net/rapid"
)

// batchLaws: a batch is nothing but its sequences.
func batchLaws() []Law {
	evaluates := []Capability{CanEvaluate}
	return []Law{
		{ID: "batch-order", Source: section("2"), Needs: evaluates, Check: batchOrder,
			Sentence: "Permuting the sequences of a batch permutes the predictions and keeps loss and gradient."},
		{ID: "batch-concatenation", Source: section("2"), Needs: evaluates, Check: batchConcatenation,
			Sentence: "Loss and gradient of two batches together are the means of theirs weighted by size, and the predictions are " +
				"theirs in order."},
		{ID: "batch-duplication", Source: section("2"), Needs: evaluates, Check: batchDuplication,
			Sentence: "A batch repeated three times has the same loss and gradient."},
		{ID: "sequence-independence", Source: section("2"), Needs: evaluates, Check: sequenceIndependence,
			Sentence: "The prediction of a sequence does not depend on what else is in the batch or came before it."},
	}
}

// gathered is the batch made of the sequences of b in that order.
func gathered(b *task.Batch, order []int) *task.Batch {
	out := task.NewBatch(len(order), b.T, b.S)
	for n, from := range order {
		copy(out.Sequence(n), b.Sequence(from))
		copy(out.Target(n), b.Target(from))
	}
	return out
}

// gatheredRows is the same of N x S numbers.
func gatheredRows(rows []float64, s int, order []int) []float64 {
	var out []float64
	for _, from := range order {
		out = append(out, rows[from*s:(from+1)*s]...)
	}
	return out
}

func (x trial) regathered(what string, order []int) {
	e, y := x.Evaluate(), x.on(gathered(x.Batch, order))
	got := y.Evaluate()
	y.agree(what, got, Evaluation{Loss: e.Loss, Predictions: gatheredRows(e.Predictions, x.Batch.S, order)})
	y.agreeGradients(what, got.Gradient, e.Gradient)
}

func batchOrder(t *rapid.T, s Subject) {
	x := smoothTrial(t, s, model.KindDisentangled, model.KindReduced, model.KindTransformer)
	x.regathered("in another order", rapid.Permutation(identity(x.Batch.N)).Draw(t, "order"))
}

func batchDuplication(t *rapid.T, s Subject) {
	x := smoothTrial(t, s, model.KindDisentangled, model.KindReduced, model.KindTransformer)
	once := identity(x.Batch.N)
	x.regathered("repeated", append(append(once, once...), once...))
}

func batchConcatenation(t *rapid.T, s Subject) {
	x := smoothTrial(t, s, model.KindDisentangled, model.KindReduced, model.KindTransformer)
	other := gen.Batches(rapid.IntRange(1, 3).Draw(t, "more"), x.Spec.Length, x.Spec.Tokens).Draw(t, "other batch")
	if x.Spec.Kind == model.KindReduced && x.Spec.Eps == 0 {
		support(other)
	}
	both := task.NewBatch(x.Batch.N+other.N, x.Batch.T, x.Batch.S)
	both.Tokens = append(append(both.Tokens[:0], x.Batch.Tokens...), other.Tokens...)
	both.Targets = append(append(both.Targets[:0], x.Batch.Targets...), other.Targets...)
	a, b := x.Evaluate(), x.on(other).Evaluate()
	share := float64(x.Batch.N) / float64(both.N)
	want := Evaluation{Loss: share*a.Loss + (1-share)*b.Loss, Predictions: append(a.Predictions, b.Predictions...)}
	for k := range a.Gradient {
		want.Gradient = append(want.Gradient, share*a.Gradient[k]+(1-share)*b.Gradient[k])
	}
	x = x.on(both)
	got := x.Evaluate()
	x.agree("of both batches", got, want)
	x.agreeGradients("of both batches", got.Gradient, want.Gradient)
}

func sequenceIndependence(t *rapid.T, s Subject) {
	x := drawTrial(t, s, model.KindDisentangled, model.KindReduced, model.KindTransformer)
	together := x.Evaluate().Predictions
	for n := range x.Batch.N {
		alone := x.on(x.Batch.Slice(n, n+1)).Evaluate().Predictions
		withinAll(t, x.text(), fmt.Sprintf("prediction of sequence %d", n), together[n*x.Batch.S:(n+1)*x.Batch.S], alone, 2*x.bounds().prediction)
	}
}
