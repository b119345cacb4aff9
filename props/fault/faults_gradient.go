package fault

import "causalgrad/props/fault/plain"

// backwardFaults are mistakes in the disentangled transformer's backward pass:
// every path of the chain rule dropped in turn.
func backwardFaults() []Fault {
	return []Fault{
		slip(plain.SoftmaxMeanKept, "the softmax's derivative lacks the mean", inModel),
		slip(plain.SelfKeyGradientOff, "the score of a position on itself gets no gradient", inModel),
		slip(plain.QueryPathDropped, "the path through later layers' queries is dropped", inModel),
		slip(plain.KeyPathDropped, "the path through later layers' keys is dropped", inModel),
		slip(plain.ValuePathDropped, "the path through later layers' values is dropped", inModel),
		slip(plain.SkipPathDropped, "the path through the carried features is dropped", inModel),
		slip(plain.FirstLayerDetached, "the first layer gets no gradient", inModel),
		slip(plain.SecondLayerDetached, "later layers get no gradient", inModel),
		slip(plain.HeadGradientDropped, "the first layer's last head gets no gradient", inModel),
		slip(plain.HeadGradientsSwapped, "the gradients of a layer's heads are exchanged", inModel),
		slip(plain.ReadOutGradientDropped, "the read-out gets no gradient", inModel),
		slip(plain.ReadOutBlockDropped, "the read-out's rows of the raw input get no gradient", inModel),
		slip(plain.TokenRowsDropped, "rows of A for the query's token get no gradient", inModel),
		slip(plain.PositionRowsDropped, "rows of A for the query's position get no gradient", inModel),
		slip(plain.KernelGradientTurned, "the gradient of A is transposed", inModel),
		slip(plain.TargetHardened, "the gradient uses the target's largest entry as a label", inModel),
		slip(plain.TargetNotSubtracted, "the target is not subtracted from the prediction in the gradient", inModel),
		slip(plain.StaleGradientBuffer, "the gradient of the features is not cleared between sequences", inModel),
	}
}

// evaluationFaults are mistakes in a batch's bookkeeping.
func evaluationFaults() []Fault {
	return []Fault{
		slip(plain.LossSummed, "the loss is the sum over the batch instead of the mean", inModel),
		slip(plain.LossInBits, "the loss is in bits instead of nats", inModel),
		slip(plain.GradientSummed, "the gradient is the sum over the batch instead of the mean", inModel),
		slip(plain.GradientNegated, "the descent direction is returned as the gradient", inModel),
		slip(plain.ShardCountedTwice, "a race counts half of the batch twice", inEvaluate),
		slip(plain.LastSequenceLost, "the loss of the last sequence is lost", inEvaluate),
		slip(plain.LossOfFirst, "the loss is that of the batch's first sequence", inEvaluate),
		slip(plain.GradientNotAveraged, "the gradient is that of the batch's last sequence", inEvaluate),
		slip(plain.PredictionsStale, "predictions are written one sequence too early", inEvaluate),
		slip(plain.PredictionsFloat32, "predictions are rounded to single precision", inEvaluate),
		slip(plain.GradientFloat32, "the gradient is rounded to single precision", inEvaluate),
		slip(plain.ParametersFloat32, "parameters are rounded to single precision before use", inModel),
		slip(plain.GradientClipped, "gradient entries are clipped at 0.05", inEvaluate),
	}
}
