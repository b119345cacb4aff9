package fault

import "causalgrad/props/fault/plain"

// sampleFaults are mistakes in how sequences are drawn.
func sampleFaults() []Fault {
	return []Fault{
		slip(plain.SampleParentShifted, "the sampler's parent index is off by one", inSample, "sample-edges"),
		slip(plain.SampleRootsUniform, "roots are uniform instead of stationary", inSample, "sample-marginals"),
		slip(plain.SampleRootsWrapped, "a root's parent index -1 wraps to the position before it", inSample, "sample-trees", "sample-pairs"),
		slip(plain.SampleRootsAlike, "one draw of the root is shared by all trees", inSample, "sample-trees"),
		slip(plain.SampleRootsUnconverged, "roots come from one step of the power iteration", inSample, "sample-marginals"),
		slip(plain.SampleChainTransposed, "children follow the columns of pi, normalised, instead of its rows", inSample, "sample-transitions"),
		slip(plain.SampleChainReversed, "children follow the time-reversed chain", inSample, "sample-transitions"),
		slip(plain.SampleLastFromChain, "the last token follows the token before it instead of being uniform", inSample, "sample-last-token-alone"),
		slip(plain.SampleLastFromMu, "the last token is stationary instead of uniform", inSample, "sample-last-token"),
		slip(plain.SampleLastNeverTop, "the last token is never the largest one: an upper bound taken as exclusive", inSample, "sample-last-token"),
		slip(plain.SampleTargetDrawn, "the target is one draw from the row instead of the row", inSample, "sample-target"),
		slip(plain.SampleTargetOfPrevious, "the target is the row of the last token but one", inSample, "sample-target"),
		slip(plain.SampleTargetColumn, "the target is the column of the last token, normalised", inSample, "sample-target"),
		slip(plain.SampleBiased, "one draw in a hundred is token 0 whatever its law", inSample, "sample-transitions", "sample-marginals"),
		slip(plain.SampleBoundary, "the cumulative sums start with 0: the token found is the next one", inSample, "sample-marginals"),
		slip(plain.SampleOneChain, "one chain serves the whole batch", inSample, "sample-other-seed"),
		slip(plain.SampleChainStale, "the tokens follow the chain of the sequence before", inSample, "sample-children-follow-their-row"),
		slip(plain.SampleAlphaIgnored, "the Dirichlet prior has concentration 1 whatever alpha", inSample, "sample-dirichlet-moments"),
		slip(plain.SampleAlphaDivided, "the Dirichlet prior has concentration alpha/S", inSample, "sample-dirichlet-moments"),
		slip(plain.SampleRowsAlike, "all rows of a chain are one draw", inSample, "sample-rows-independent"),
		slip(plain.SampleFloorIgnored, "the floor prior's lower bound is ignored", inSample, "sample-floor"),
		slip(plain.SampleFloorUnscaled, "the floor prior's lower bound is gamma/S^2 instead of gamma/S", inSample, "sample-floor"),
		slip(plain.SampleSeedIgnored, "the seed is ignored: every batch is the same", inSample, "sample-other-seed"),
		slip(plain.SampleClock, "the batch depends on hidden state beside the seed", inSample, "sample-same-seed"),
		slip(plain.SampleSequencesAlike, "all sequences of a batch are the first", inSample, "sample-other-seed"),
		slip(plain.SampleFloat32, "the target rows are stored in single precision", inSample, "sample-target"),
		slip(plain.SampleParentsSwapped, "the target's row is looked up with the parents in reverse order", inSample, "sample-dag-same-context", "sample-dag-other-context"),
		slip(plain.SampleFirstParentOnly, "only the first of several parents is used", inSample, "sample-dag-other-context"),
		slip(plain.SampleTensorRedrawn, "a tensor's row is drawn anew at every use", inSample, "sample-dag-same-context"),
		slip(plain.SampleOrphansSkewed, "positions without parents share a Dirichlet row instead of being uniform", inSample, "sample-dag-roots"),
		slip(plain.SampleTensorShared, "the tensors of different arities share their first rows", inSample, "sample-dag-other-context"),
	}
}
