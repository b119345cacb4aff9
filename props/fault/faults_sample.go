package fault

import "causalgrad/props/fault/plain"

// sampleFaults are mistakes in how sequences are drawn.
func sampleFaults() []Fault {
	return []Fault{
		slip(plain.SampleParentShifted, "the sampler's parent index is off by one", inSample),
		slip(plain.SampleRootsUniform, "roots are uniform instead of stationary", inSample),
		slip(plain.SampleRootsWrapped, "a root's parent index -1 wraps to the position before it", inSample),
		slip(plain.SampleRootsAlike, "one draw of the root is shared by all trees", inSample),
		slip(plain.SampleRootsUnconverged, "roots come from one step of the power iteration", inSample),
		slip(plain.SampleChainTransposed, "children follow the columns of pi, normalised, instead of its rows", inSample),
		slip(plain.SampleChainReversed, "children follow the time-reversed chain", inSample),
		slip(plain.SampleLastFromChain, "the last token follows the token before it instead of being uniform", inSample),
		slip(plain.SampleLastFromMu, "the last token is stationary instead of uniform", inSample),
		slip(plain.SampleLastNeverTop, "the last token is never the largest one: an upper bound taken as exclusive", inSample),
		slip(plain.SampleTargetDrawn, "the target is one draw from the row instead of the row", inSample),
		slip(plain.SampleTargetOfPrevious, "the target is the row of the last token but one", inSample),
		slip(plain.SampleTargetColumn, "the target is the column of the last token, normalised", inSample),
		slip(plain.SampleBiased, "one draw in a hundred is token 0 whatever its law", inSample),
		slip(plain.SampleBoundary, "the cumulative sums are searched from half the first probability", inSample),
		slip(plain.SampleOneChain, "one chain serves the whole batch", inSample),
		slip(plain.SampleChainStale, "the tokens follow the chain of the sequence before", inSample),
		slip(plain.SampleAlphaIgnored, "the Dirichlet prior has concentration 1 whatever alpha", inSample),
		slip(plain.SampleAlphaDivided, "the Dirichlet prior has concentration alpha/S", inSample),
		slip(plain.SampleRowsAlike, "all rows of a chain are one draw", inSample),
		slip(plain.SampleFloorIgnored, "the floor prior's lower bound is ignored", inSample),
		slip(plain.SampleFloorUnscaled, "the floor prior's lower bound is gamma/S^2 instead of gamma/S", inSample),
		slip(plain.SampleSeedIgnored, "the seed is ignored: every batch is the same", inSample),
		slip(plain.SampleClock, "the batch depends on hidden state beside the seed", inSample),
		slip(plain.SampleSequencesAlike, "all sequences of a batch are the first", inSample),
		slip(plain.SampleFloat32, "the target rows are stored in single precision", inSample),
		slip(plain.SampleParentsSwapped, "a tensor's row is looked up with the parents in reverse order", inSample),
		slip(plain.SampleFirstParentOnly, "only the first of several parents is used", inSample),
		slip(plain.SampleTensorRedrawn, "a tensor's row is drawn anew at every use", inSample),
		slip(plain.SampleOrphansSkewed, "positions without parents follow a Dirichlet row instead of the uniform law", inSample),
		slip(plain.SampleTensorShared, "the tensors of different arities share their first rows", inSample),
	}
}
