package fault

import "causalgrad/props/fault/plain"

// optimizerFaults are mistakes in an update rule or a schedule.
func optimizerFaults() []Fault {
	return []Fault{
		slip(plain.CosineShifted, "the cosine schedule is one step ahead", inOptimize),
		slip(plain.CosineTooShort, "the cosine schedule ends one step early", inOptimize),
		slip(plain.CosineToFloor, "the cosine schedule ends at a tenth of the rate", inOptimize),
		slip(plain.CosineIgnored, "the cosine schedule is constant", inOptimize),
		slip(plain.CosineQuarter, "the schedule is a quarter period of the cosine", inOptimize),
		slip(plain.DecayCoupled, "AdamW's decay goes through the moments (Adam with L2)", inOptimize),
		slip(plain.DecayUnscaled, "weight decay is not multiplied by the rate", inOptimize),
		slip(plain.DecayIgnored, "AdamW ignores its decay", inOptimize),
		slip(plain.DecayOfSGDIgnored, "gradient descent ignores its decay", inOptimize),
		slip(plain.DecayAfterStep, "decay is applied to the parameters after the step", inOptimize),
		slip(plain.BiasUncorrected, "AdamW has no bias correction", inOptimize),
		slip(plain.BiasOfSecondForgotten, "AdamW does not correct the second moment's bias", inOptimize),
		slip(plain.BiasOffByOne, "AdamW's bias correction counts steps from 2", inOptimize),
		slip(plain.EpsilonInsideRoot, "AdamW's epsilon is inside the square root", inOptimize),
		slip(plain.EpsilonBeforeBias, "AdamW's epsilon is added before the bias correction", inOptimize),
		slip(plain.SecondBetaWrong, "AdamW's second decay rate is 0.99", inOptimize),
		slip(plain.SecondNotSquared, "AdamW's second moment averages |g| instead of g^2", inOptimize),
		slip(plain.MomentsSwapped, "AdamW's first moment weights old and new the wrong way round", inOptimize),
		slip(plain.Ascent, "updates go up the gradient", inOptimize),
		slip(plain.MomentsLeak, "an optimiser starts with the second moment of the last one", inOptimize),
		slip(plain.StepFloat32Optimizer, "parameters are rounded to single precision after each step", inOptimize),
		slip(plain.FirstStepSkipped, "the first update is skipped", inOptimize),
	}
}

// trainFaults are mistakes in the training loop.
func trainFaults() []Fault {
	return []Fault{
		slip(plain.TrainOnlyIgnored, "all blocks are trained though one was asked for", inTrain),
		slip(plain.TrainOnlyDecaysAll, "blocks that are not trained decay", inTrain),
		slip(plain.TrainWrongBlock, "blocks that are not trained drift", inTrain),
		slip(plain.TrainLossAfterStep, "the recorded loss is that after the step", inTrain),
		slip(plain.TrainSum, "the step follows the sum over the batch instead of the mean", inTrain),
		slip(plain.TrainShardTwice, "the first shard of every batch is counted twice", inTrain),
		slip(plain.TrainTailDropped, "the smaller last shard is dropped", inTrain),
		slip(plain.TrainGradientKept, "the gradient of the step before is not cleared", inTrain),
		slip(plain.TrainSameBatch, "every step sees the first batch", inTrain),
		slip(plain.TrainWorkersSeed, "each worker has its own stream: the batch depends on their number", inTrain),
		slip(plain.TrainWorkersOrder, "gradients are added worker by worker: their rounding depends on the number", inTrain),
		slip(plain.TrainSeedIgnored, "the seed is ignored in training", inTrain),
		slip(plain.TrainLastStepLost, "the last update is not applied", inTrain),
		slip(plain.TrainParametersFloat32, "parameters are kept in single precision", inTrain),
		slip(plain.TrainShuffledBits, "the last bits of a run differ from call to call", inTrain),
		slip(plain.TrainStepCountKept, "the schedule does not advance", inTrain),
	}
}
