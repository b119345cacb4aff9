package implaws

import (
	"causalgrad/impl/measure"
	"causalgrad/impl/task"
	"causalgrad/props"
)

// CanTransfer is the capability of a Transferrer, CanRound that of a Rounder;
// both are in-process only.
const (
	CanTransfer props.Capability = "transfer"
	CanRound    props.Capability = "float32"
)

// Transferrer measures parameters on what they were not trained on.
type Transferrer interface {
	// Relabel compares predictions on sequences and on their relabellings.
	Relabel(m props.ModelSpec, params []float64, t props.TaskSpec, alpha float64, o measure.Options) (measure.Relabelling, error)
	// SortSpectra sorts chains of many priors by their spectrum.
	SortSpectra(m props.ModelSpec, params []float64, t props.TaskSpec, trainingAlpha float64, o measure.Options) (measure.Spectra, error)
}

// Rounder works with the official implementation's float32 numbers.
type Rounder interface {
	// SampleRounded is Sampler.Sample with chains or stationary laws in float32,
	// chains included.
	SampleRounded(t props.TaskSpec, r task.Numbers, n int, seed uint64) (*task.Batch, error)
	// TrainRounded is Trainer.Train with parameters and gradients in float32.
	TrainRounded(t props.TrainSpec) (params, losses []float64, err error)
}
