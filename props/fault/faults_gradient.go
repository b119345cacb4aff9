package fault

import "causalgrad/props/fault/plain"

// backwardFaults are mistakes in the disentangled transformer's backward pass:
// every path of the chain rule dropped in turn.
func backwardFaults() []Fault {
	return []Fault{
		slip(plain.SoftmaxMeanKept, "the softmax's derivative lacks the mean", inModel, "gradient-exact-disentangled"),
		slip(plain.SelfKeyGradientOff, "the score of a position on itself gets no gradient", inModel, "gradient-exact-disentangled"),
		slip(plain.QueryPathDropped, "the path through later layers' queries is dropped", inModel, "gradient-exact-disentangled"),
		slip(plain.KeyPathDropped, "the path through later layers' keys is dropped", inModel, "gradient-exact-disentangled"),
		slip(plain.ValuePathDropped, "the path through later layers' values is dropped", inModel, "gradient-exact-disentangled"),
		slip(plain.SkipPathDropped, "the path through the carried features is dropped", inModel, "gradient-exact-disentangled"),
		slip(plain.FirstLayerDetached, "the first layer gets no gradient", inModel, "gradient-exact-disentangled"),
		slip(plain.SecondLayerDetached, "later layers get no gradient", inModel, "gradient-exact-disentangled"),
		slip(plain.HeadGradientDropped, "the first layer's last head gets no gradient", inModel, "gradient-exact-disentangled"),
		slip(plain.HeadGradientsSwapped, "the gradients of a layer's heads are exchanged", inModel, "gradient-exact-disentangled"),
		slip(plain.ReadOutGradientDropped, "the read-out gets no gradient", inModel, "gradient-exact-disentangled"),
		slip(plain.ReadOutBlockDropped, "the read-out's rows of the raw input get no gradient", inModel, "gradient-exact-disentangled"),
		slip(plain.TokenRowsDropped, "rows of A for the query's token get no gradient", inModel, "gradient-exact-disentangled"),
		slip(plain.PositionRowsDropped, "rows of A for the query's position get no gradient", inModel, "gradient-exact-disentangled"),
		slip(plain.KernelGradientTurned, "the gradient of A is transposed", inModel, "gradient-exact-disentangled"),
		slip(plain.TargetHardened, "the gradient uses the target's largest entry as a label", inModel, "gradient-exact-disentangled"),
		slip(plain.TargetNotSubtracted, "the target is not subtracted from the prediction in the gradient", inModel, "gradient-exact-disentangled"),
		slip(plain.StaleGradientBuffer, "the gradient of the features is not cleared between sequences", inModel, "gradient-exact-disentangled"),
	}
}

// evaluationFaults are mistakes in a batch's bookkeeping.
func evaluationFaults() []Fault {
	return []Fault{
		slip(plain.LossSummed, "the loss is the sum over the batch instead of the mean", inModel, "loss-cross-entropy"),
		slip(plain.LossInBits, "the loss is in bits instead of nats", inModel, "loss-cross-entropy"),
		slip(plain.GradientSummed, "the gradient is the sum over the batch instead of the mean", inModel, "gradient-exact-disentangled"),
		slip(plain.GradientNegated, "the descent direction is returned as the gradient", inModel, "gradient-exact-disentangled"),
		slip(plain.ShardCountedTwice, "a race counts half of the batch twice", inEvaluate, "batch-concatenation"),
		slip(plain.LastSequenceLost, "the loss of the last sequence is lost", inEvaluate, "loss-cross-entropy"),
		slip(plain.LossOfFirst, "the loss is that of the batch's first sequence", inEvaluate, "loss-cross-entropy"),
		slip(plain.GradientNotAveraged, "the gradient is that of the batch's last sequence", inEvaluate, "batch-concatenation"),
		slip(plain.PredictionsStale, "predictions are written one sequence too early", inEvaluate, "evaluation-exact-disentangled"),
		slip(plain.PredictionsFloat32, "predictions are rounded to single precision", inEvaluate, "evaluation-exact-disentangled"),
		slip(plain.GradientFloat32, "the gradient is rounded to single precision", inEvaluate, "gradient-exact-disentangled"),
		slip(plain.ParametersFloat32, "parameters are rounded to single precision before use", inModel, "evaluation-exact-disentangled"),
		slip(plain.GradientClipped, "gradient entries are clipped at 0.05", inEvaluate, "gradient-exact-disentangled"),
	}
}
