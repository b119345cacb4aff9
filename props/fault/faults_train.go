package fault

import "causalgrad/props/fault/plain"

// optimizerFaults are mistakes in an update rule or a schedule.
func optimizerFaults() []Fault {
	return []Fault{
		slip(plain.CosineShifted, "the cosine schedule is one step ahead", inOptimize, "cosine-ends"),
		slip(plain.CosineTooShort, "the cosine schedule ends one step early", inOptimize, "cosine-formula"),
		slip(plain.CosineToFloor, "the cosine schedule ends at a tenth of the rate", inOptimize, "cosine-formula"),
		slip(plain.CosineIgnored, "the cosine schedule is constant", inOptimize, "cosine-formula"),
		slip(plain.CosineQuarter, "the schedule is a quarter period of the cosine", inOptimize, "cosine-formula"),
		slip(plain.DecayCoupled, "AdamW's decay goes through the moments (Adam with L2)", inOptimize, "adamw-recurrence"),
		slip(plain.DecayUnscaled, "weight decay is not multiplied by the rate", inOptimize, "decay-without-gradient"),
		slip(plain.DecayIgnored, "AdamW ignores its decay", inOptimize, "decay-without-gradient"),
		slip(plain.DecayOfSGDIgnored, "gradient descent ignores its decay", inOptimize, "decay-without-gradient"),
		slip(plain.DecayAfterStep, "decay is applied to the parameters after the step", inOptimize, "sgd-recurrence"),
		slip(plain.BiasUncorrected, "AdamW has no bias correction", inOptimize, "adamw-recurrence"),
		slip(plain.BiasOfSecondForgotten, "AdamW does not correct the second moment's bias", inOptimize, "adamw-recurrence"),
		slip(plain.BiasOffByOne, "AdamW's bias correction counts steps from 2", inOptimize, "adamw-recurrence"),
		slip(plain.EpsilonInsideRoot, "AdamW's epsilon is inside the square root", inOptimize, "adamw-recurrence"),
		slip(plain.EpsilonBeforeBias, "AdamW's epsilon is added before the bias correction", inOptimize, "adamw-recurrence"),
		slip(plain.SecondBetaWrong, "AdamW's second decay rate is 0.99", inOptimize, "adamw-recurrence"),
		slip(plain.SecondNotSquared, "AdamW's second moment averages |g| instead of g^2", inOptimize, "adamw-recurrence"),
		slip(plain.MomentsSwapped, "AdamW's first moment weights old and new the wrong way round", inOptimize, "adamw-recurrence"),
		slip(plain.Ascent, "updates go up the gradient", inOptimize, "sgd-recurrence"),
		slip(plain.MomentsLeak, "an optimiser starts with the second moment of the last one", inOptimize, "adamw-recurrence"),
		slip(plain.StepFloat32Optimizer, "parameters are rounded to single precision after each step", inOptimize, "sgd-recurrence"),
		slip(plain.FirstStepSkipped, "the first update is skipped", inOptimize, "sgd-recurrence"),
	}
}

// trainFaults are mistakes in the training loop.
func trainFaults() []Fault {
	return []Fault{
		slip(plain.TrainOnlyIgnored, "all blocks are trained though one was asked for", inTrain, "train-only"),
		slip(plain.TrainOnlyDecaysAll, "blocks that are not trained decay", inTrain, "train-decay"),
		slip(plain.TrainWrongBlock, "blocks that are not trained drift", inTrain, "train-only"),
		slip(plain.TrainLossAfterStep, "the recorded loss is that after the step", inTrain, "train-loss-at-zero"),
		slip(plain.TrainSum, "the step follows the sum over the batch instead of the mean", inTrain, "train-batch-mean"),
		slip(plain.TrainShardTwice, "the first shard of every batch is counted twice", inTrain, "train-batch-mean"),
		slip(plain.TrainTailDropped, "the smaller last shard is dropped", inTrain, "train-batch-mean"),
		slip(plain.TrainGradientKept, "the gradient of the step before is not cleared", inTrain, "train-steps-add-up"),
		slip(plain.TrainSameBatch, "every step sees the first batch", inTrain, "train-fresh-batches"),
		slip(plain.TrainWorkersSeed, "each worker has its own stream: the batch depends on their number", inTrain, "train-workers"),
		slip(plain.TrainWorkersOrder, "gradients are added worker by worker: their rounding depends on the number", inTrain, "train-workers"),
		slip(plain.TrainSeedIgnored, "the seed is ignored in training", inTrain, "train-other-seed"),
		slip(plain.TrainLastStepLost, "the last update is not applied", inTrain, "train-batch-mean"),
		slip(plain.TrainParametersFloat32, "parameters are kept in single precision", inTrain, "train-decay"),
		slip(plain.TrainShuffledBits, "the last bits of a run differ from call to call", inTrain, "train-same-seed"),
		slip(plain.TrainStepCountKept, "the schedule does not advance", inTrain, "train-cosine"),
	}
}
