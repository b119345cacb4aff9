package fault

import (
	"math"
	"slices"

	"causalgrad/impl/task"
	"causalgrad/props"
	"causalgrad/props/fault/plain"
)

// estimateFaults are mistakes in the count estimator.
func estimateFaults() []Fault {
	return []Fault{
		slip(plain.EstimateRootWrapped, "the count estimator counts a root as a child of the last prefix token", inEstimate, "estimate-no-wrapped-root"),
		slip(plain.EstimateWithoutAlpha, "the count estimator adds no alpha", inEstimate, "estimate-counts"),
		slip(plain.EstimateAlphaDivided, "the count estimator adds alpha/S", inEstimate, "estimate-counts"),
		slip(plain.EstimateBySequence, "the counts are divided by the sequence length instead of their sum", inEstimate, "estimate-counts"),
		slip(plain.EstimateParentCounted, "the parent's token is counted instead of the child's", inEstimate, "estimate-counts"),
		slip(plain.EstimateShifted, "the token after the child is counted", inEstimate, "estimate-counts"),
		slip(plain.EstimateLastMissed, "the last position that could count is left out", inEstimate, "estimate-counts"),
		slip(plain.EstimateAnyArity, "positions of another arity than the target's are counted", inEstimate, "estimate-counts"),
		slip(plain.EstimateAnyParent, "one agreeing parent is enough to count a position", inEstimate, "estimate-counts"),
		slip(plain.EstimateStale, "the counts are not cleared between sequences", inEstimate, "estimate-counts"),
		slip(plain.EstimateTokenSkipped, "token 0 is taken for padding and not counted", inEstimate, "estimate-counts", "estimate-relabelling"),
		patch("estimate-leak", "the target leaks into the estimate through a shared buffer", func(v *variant) {
			v.estimate = func(own []float64, _ props.TaskSpec, b *task.Batch, _ float64) ([]float64, error) {
				leaked := slices.Clone(own)
				for i := range leaked {
					leaked[i] = 0.75*own[i] + 0.25*b.Targets[i]
				}
				return leaked, nil
			}
		}, "estimate-ignores-the-target"),
		slip(plain.EstimateFloat32, "the estimate is rounded to single precision", inEstimate, "estimate-counts"),
	}
}

// measureFaults are mistakes in the metrics of predictions.
func measureFaults() []Fault {
	return []Fault{
		slip(plain.MeasureLargestOfBatch, "the sup error is the batch's largest instead of the mean over sequences", inMeasure, "measure-definition"),
		slip(plain.MeasureVariation, "the sup error is the total variation", inMeasure, "measure-definition"),
		slip(plain.MeasureSigned, "the sup error ignores predictions that are too small", inMeasure, "measure-definition"),
		slip(plain.MeasureOwnEntropy, "the irreducible loss is the entropy of the prediction", inMeasure, "measure-definition"),
		slip(plain.MeasureZeroLogZero, "0 log 0 is not taken to be 0", inMeasure, "measure-perfect"),
		slip(plain.MeasureDivergence, "the loss is the divergence, with the entropy subtracted", inMeasure, "measure-definition"),
		slip(plain.MeasureBits, "losses are in bits instead of nats", inMeasure, "measure-definition"),
		slip(plain.MeasureLastMissed, "the last sequence of the batch is not measured", inMeasure, "measure-definition"),
		patch("measure-capped", "a batch's loss is capped at that of chance, log S", func(v *variant) {
			v.measure = func(own props.Measurement, b *task.Batch, _ []float64) (props.Measurement, error) {
				own.Loss = math.Min(own.Loss, math.Log(float64(b.S)))
				return own, nil
			}
		}, "measure-definition", "measure-convex"),
		slip(plain.MeasureReversed, "prediction and target are exchanged in the metrics", inMeasure, "measure-definition"),
	}
}
