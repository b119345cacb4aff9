package fault

import "causalgrad/props/fault/plain"

// attentionFaults are mistakes in a head's weights. Their gradients are those of
// what is computed.
func attentionFaults() []Fault {
	return []Fault{
		slip(plain.ScoresTransposed, "scores are x_j^T A x_i: A is transposed", inModel, "attention-exact-disentangled"),
		slip(plain.ScoresScaled, "scores are divided by the square root of the width", inModel, "attention-exact-disentangled"),
		slip(plain.MaskExcludesSelf, "the causal mask is off by one: a position does not attend to itself", inModel, "attention-uniform-at-zero"),
		slip(plain.MaskSeesNext, "the causal mask is off by one: a position sees the next", inModel, "attention-uniform-at-zero"),
		slip(plain.MaskMissing, "there is no causal mask", inModel, "attention-distribution"),
		slip(plain.MaskAfterSoftmax, "the mask is applied after the softmax, without normalising again", inModel, "attention-distribution"),
		slip(plain.SoftmaxOverQueries, "the attention softmax runs over queries instead of keys", inModel, "attention-exact-disentangled"),
		slip(plain.SoftmaxWithoutShift, "the attention softmax does not subtract the largest score", inModel, "attention-distribution", "prediction-distribution"),
		slip(plain.SoftmaxPlusOne, "the attention softmax has an extra key of score 0", inModel, "attention-exact-disentangled"),
		slip(plain.AttentionFloat32, "attention weights are rounded to single precision", inModel, "attention-exact-disentangled"),
	}
}

// disentangledFaults are mistakes in the disentangled transformer's forward pass.
func disentangledFaults() []Fault {
	return []Fault{
		slip(plain.HeadsReversed, "head outputs are concatenated in reverse order", inModel, "evaluation-exact-disentangled"),
		slip(plain.SkipMissing, "a layer's input is not carried to its output", inModel, "evaluation-exact-disentangled"),
		slip(plain.ReadsPenultimate, "the read-out takes the last position but one", inModel, "evaluation-exact-disentangled"),
		slip(plain.PositionOffByOne, "position one-hots are off by one and wrap", inModel, "attention-exact-disentangled"),
		slip(plain.PositionEncodingLost, "positions are not encoded", inModel, "attention-exact-disentangled"),
		slip(plain.QueryTokenLost, "queries see positions only", inModel, "attention-exact-disentangled"),
		slip(plain.SecondLayerUniform, "later layers attend uniformly", inModel, "evaluation-exact-disentangled"),
		slip(plain.OneHeadForAll, "all heads of a layer share the first head's matrix", inModel, "evaluation-exact-disentangled"),
		slip(plain.StaleHeadOutput, "a head's output buffer is not cleared between sequences", inModel, "sequence-independence"),
		slip(plain.LogOfUnderflow, "the loss takes the logarithm of a probability that may underflow", inModel, "loss-finite"),
		slip(plain.LogWithFloor, "1e-6 is added inside the logarithm", inModel, "loss-cross-entropy"),
		slip(plain.OutputWithoutShift, "the output softmax does not subtract the largest logit", inModel, "loss-finite"),
	}
}

// reducedFaults are mistakes in the reduced model, forward and backward.
func reducedFaults() []Fault {
	return []Fault{
		slip(plain.ReducedMaskExcludesSelf, "reduced model: the mask is off by one, i does not see itself", inModel, "attention-exact-reduced"),
		slip(plain.ReducedMaskMissing, "reduced model: the first layer has no causal mask", inModel, "attention-exact-reduced"),
		slip(plain.ReducedMaskAfterSoftmax, "reduced model: row i is normalised over all T keys, the factor 1/i is lost", inModel, "attention-exact-reduced"),
		slip(plain.ReducedSoftmaxOverQueries, "reduced model: the softmax of A1 runs over columns", inModel, "attention-exact-reduced"),
		slip(plain.ReducedScoresTransposed, "reduced model: A1 is transposed", inModel, "attention-exact-reduced"),
		slip(plain.ReducedLastExcluded, "reduced model: the second layer leaves out the last position", inModel, "evaluation-exact-reduced"),
		slip(plain.ReducedLookUpTransposed, "reduced model: A2[s_j][s_T] instead of A2[s_T][s_j]", inModel, "evaluation-exact-reduced"),
		slip(plain.ReducedFirstLayerSkipped, "reduced model: the second layer scores tokens without the first layer's average", inModel, "evaluation-exact-reduced"),
		slip(plain.ReducedOutputSoftmax, "reduced model: a softmax is applied to the frequencies", inModel, "evaluation-exact-reduced"),
		slip(plain.ReducedEpsOutside, "reduced model: eps is added to the logarithm instead of inside it", inModel, "loss-cross-entropy"),
		slip(plain.ReducedEpsMissing, "reduced model: the loss ignores eps", inModel, "loss-cross-entropy"),
		slip(plain.ReducedEpsNotInGradient, "reduced model: eps is missing in the gradient alone", inModel, "gradient-exact-reduced"),
		slip(plain.ReducedStaleCounts, "reduced model: the prediction is not cleared between sequences", inModel, "sequence-independence"),
		slip(plain.ReducedFirstMeanKept, "reduced model: the first softmax's derivative lacks the mean", inModel, "gradient-exact-reduced"),
		slip(plain.ReducedSecondMeanKept, "reduced model: the second softmax's derivative lacks the mean", inModel, "gradient-exact-reduced"),
		slip(plain.ReducedLastKeyDropped, "reduced model: the last token gives no gradient to A2", inModel, "gradient-exact-reduced"),
		slip(plain.ReducedFirstDetached, "reduced model: the path to A1 is dropped", inModel, "gradient-exact-reduced"),
		slip(plain.ReducedSecondDetached, "reduced model: the path to A2 is dropped", inModel, "gradient-exact-reduced"),
		slip(plain.ReducedGradientTurned, "reduced model: the gradient of A1 is transposed", inModel, "gradient-exact-reduced"),
		slip(plain.ReducedRowScaled, "reduced model: row i of the gradient of A1 lacks the factor 1/i", inModel, "gradient-exact-reduced"),
	}
}
