package construct

import (
	"fmt"

	"causalgrad/impl/measure"
	"causalgrad/impl/model"
	"causalgrad/impl/optim"
	"causalgrad/impl/task"
	"causalgrad/impl/train"
	"causalgrad/theory/stream"
)

// The official configuration of the several-parents experiment (theory/README.md,
// section 7, multi-parent).
const (
	rate      = 1e-2 // AdamW, cosine to 0
	decay     = 1e-4
	initScale = 1e-4 // every attention matrix ~ initScale N(0, 1); the read-out starts at 0
)

// Training says how long to train.
type Training struct {
	Heads         []int // of each layer: {1, 1} is what one head reaches
	Steps, Batch  int
	Seed          uint64
	Workers       int
	TestSequences int
}

// Reached is where a training run ended.
type Reached struct {
	Heads  []int          `json:"heads"`
	Steps  int            `json:"steps"`
	Batch  int            `json:"batch"`
	Losses measure.Losses `json:"losses"`
	Params []float64      `json:"-"`
}

// Train trains a disentangled transformer with given heads as the official
// several-parents experiment does, and measures it on fresh sequences. It shows
// what one run with these heads reached; a bound on what others could reach is
// not claimed.
func Train(t task.Task, c Training) (Reached, error) {
	if c.Steps < 1 || c.Steps > 1<<30 {
		return Reached{}, fmt.Errorf("steps = %d, want 1 to %d", c.Steps, 1<<30)
	}
	m, err := model.NewDisentangled(t.Tokens(), t.SequenceLength(), c.Heads)
	if err != nil {
		return Reached{}, err
	}
	params, readout := make([]float64, m.Layout().Size()), m.Layout()[len(m.Layout())-1]
	random := stream.New(stream.Key{Seed: c.Seed, Purpose: stream.Init})
	for i := range params[:readout.Offset] {
		params[i] = initScale * random.Normal()
	}
	schedule, err := optim.NewCosine(rate, c.Steps)
	if err != nil {
		return Reached{}, err
	}
	adam, err := optim.NewAdamW(schedule, decay, len(params))
	if err != nil {
		return Reached{}, err
	}
	trainer, err := train.New(train.Config{Model: m, Task: t, Optimizer: adam, Params: params,
		Batch: c.Batch, Seed: c.Seed, Workers: c.Workers})
	if err != nil {
		return Reached{}, err
	}
	defer trainer.Close()
	for range c.Steps {
		if _, err := trainer.Step(); err != nil {
			return Reached{}, fmt.Errorf("heads %v: %w", c.Heads, err)
		}
	}
	losses, err := measure.Evaluate(m, params, t, measure.EstimatorAlpha(t.Prior(), 1), measure.Options{
		Sequences: c.TestSequences, Seed: c.Seed, Purpose: stream.Test, Workers: c.Workers})
	if err != nil {
		return Reached{}, err
	}
	return Reached{Heads: c.Heads, Steps: c.Steps, Batch: c.Batch, Losses: losses, Params: params}, nil
}
