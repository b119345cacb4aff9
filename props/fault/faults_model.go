package fault

import "causalgrad/props/fault/plain"

// attentionFaults are mistakes in a head's weights. Their gradients are those of
// what is computed.
func attentionFaults() []Fault {
	return []Fault{
		slip(plain.ScoresTransposed, "scores are x_j^T A x_i: A is transposed", inModel),
		slip(plain.ScoresScaled, "scores are divided by the square root of the width", inModel),
		slip(plain.MaskExcludesSelf, "the causal mask is off by one: a position does not attend to itself", inModel),
		slip(plain.MaskSeesNext, "the causal mask is off by one: a position sees the next", inModel),
		slip(plain.MaskMissing, "there is no causal mask", inModel),
		slip(plain.MaskAfterSoftmax, "the mask is applied after the softmax, without normalising again", inModel),
		slip(plain.SoftmaxOverQueries, "the attention softmax runs over queries instead of keys", inModel),
		slip(plain.SoftmaxWithoutShift, "the attention softmax does not subtract the largest score", inModel),
		slip(plain.SoftmaxPlusOne, "the attention softmax has an extra key of score 0", inModel),
		slip(plain.AttentionFloat32, "attention weights are rounded to single precision", inModel),
	}
}

// disentangledFaults are mistakes in the disentangled transformer's forward pass.
func disentangledFaults() []Fault {
	return []Fault{
		slip(plain.HeadsReversed, "head outputs are concatenated in reverse order", inModel),
		slip(plain.SkipMissing, "a layer's input is not carried to its output", inModel),
		slip(plain.ReadsPenultimate, "the read-out takes the last position but one", inModel),
		slip(plain.PositionOffByOne, "position one-hots are off by one and wrap", inModel),
		slip(plain.PositionEncodingLost, "positions are not encoded", inModel),
		slip(plain.QueryTokenLost, "queries see positions only", inModel),
		slip(plain.SecondLayerUniform, "later layers attend uniformly", inModel),
		slip(plain.OneHeadForAll, "all heads of a layer share the first head's matrix", inModel),
		slip(plain.StaleHeadOutput, "a head's output buffer is not cleared between sequences", inModel),
		slip(plain.LogOfUnderflow, "the loss takes the logarithm of a probability that may underflow", inModel),
		slip(plain.LogWithFloor, "1e-6 is added inside the logarithm", inModel),
		slip(plain.OutputWithoutShift, "the output softmax does not subtract the largest logit", inModel),
	}
}

// reducedFaults are mistakes in the reduced model, forward and backward.
func reducedFaults() []Fault {
	return []Fault{
		slip(plain.ReducedMaskExcludesSelf, "reduced model: the mask is off by one, i does not see itself", inModel),
		slip(plain.ReducedMaskMissing, "reduced model: the first layer has no causal mask", inModel),
		slip(plain.ReducedMaskAfterSoftmax, "reduced model: row i is normalised over all T keys, the factor 1/i is lost", inModel),
		slip(plain.ReducedSoftmaxOverQueries, "reduced model: the softmax of A1 runs over columns", inModel),
		slip(plain.ReducedScoresTransposed, "reduced model: A1 is transposed", inModel),
		slip(plain.ReducedLastExcluded, "reduced model: the second layer leaves out the last position", inModel),
		slip(plain.ReducedLookUpTransposed, "reduced model: A2[s_j][s_T] instead of A2[s_T][s_j]", inModel),
		slip(plain.ReducedFirstLayerSkipped, "reduced model: the second layer scores tokens without the first layer's average", inModel),
		slip(plain.ReducedOutputSoftmax, "reduced model: a softmax is applied to the frequencies", inModel),
		slip(plain.ReducedEpsOutside, "reduced model: eps is added to the logarithm instead of inside it", inModel),
		slip(plain.ReducedEpsMissing, "reduced model: the loss ignores eps", inModel),
		slip(plain.ReducedEpsNotInGradient, "reduced model: eps is missing in the gradient alone", inModel),
		slip(plain.ReducedStaleCounts, "reduced model: the prediction is not cleared between sequences", inModel),
		slip(plain.ReducedFirstMeanKept, "reduced model: the first softmax's derivative lacks the mean", inModel),
		slip(plain.ReducedSecondMeanKept, "reduced model: the second softmax's derivative lacks the mean", inModel),
		slip(plain.ReducedLastKeyDropped, "reduced model: the last token gives no gradient to A2", inModel),
		slip(plain.ReducedFirstDetached, "reduced model: the path to A1 is dropped", inModel),
		slip(plain.ReducedSecondDetached, "reduced model: the path to A2 is dropped", inModel),
		slip(plain.ReducedGradientTurned, "reduced model: the gradient of A1 is transposed", inModel),
		slip(plain.ReducedRowScaled, "reduced model: row i of the gradient of A1 lacks the factor 1/i", inModel),
	}
}
