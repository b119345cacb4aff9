package fault

import "causalgrad/props/fault/plain"

// estimateFaults are mistakes in the count estimator.
func estimateFaults() []Fault {
	return []Fault{
		slip(plain.EstimateRootWrapped, "the count estimator counts a root as a child of the last prefix token", inEstimate),
		slip(plain.EstimateWithoutAlpha, "the count estimator adds no alpha", inEstimate),
		slip(plain.EstimateAlphaDivided, "the count estimator adds alpha/S", inEstimate),
		slip(plain.EstimateBySequence, "the counts are divided by the sequence length instead of their sum", inEstimate),
		slip(plain.EstimateParentCounted, "the parent's token is counted instead of the child's", inEstimate),
		slip(plain.EstimateShifted, "the token after the child is counted", inEstimate),
		slip(plain.EstimateLastMissed, "the last position that could count is left out", inEstimate),
		slip(plain.EstimateAnyArity, "positions of another arity than the target's are counted", inEstimate),
		slip(plain.EstimateAnyParent, "one agreeing parent is enough to count a position", inEstimate),
		slip(plain.EstimateStale, "the counts are not cleared between sequences", inEstimate),
		slip(plain.EstimateFloat32, "the estimate is rounded to single precision", inEstimate),
	}
}

// measureFaults are mistakes in the metrics of predictions.
func measureFaults() []Fault {
	return []Fault{
		slip(plain.MeasureLargestOfBatch, "the sup error is the batch's largest instead of the mean over sequences", inMeasure),
		slip(plain.MeasureVariation, "the sup error is the total variation", inMeasure),
		slip(plain.MeasureSigned, "the sup error ignores predictions that are too small", inMeasure),
		slip(plain.MeasureOwnEntropy, "the irreducible loss is the entropy of the prediction", inMeasure),
		slip(plain.MeasureZeroLogZero, "0 log 0 is not taken to be 0", inMeasure),
		slip(plain.MeasureDivergence, "the loss is the divergence, with the entropy subtracted", inMeasure),
		slip(plain.MeasureBits, "losses are in bits instead of nats", inMeasure),
		slip(plain.MeasureLastMissed, "the last sequence of the batch is not measured", inMeasure),
		slip(plain.MeasureReversed, "prediction and target are exchanged in the metrics", inMeasure),
	}
}
