package train

import (
	"fmt"

	"causalgrad/impl/model"
	"causalgrad/impl/optim"
	"causalgrad/impl/task"
	"causalgrad/theory/embedding"
)

// Algorithm1 is the paper's two-stage training of the reduced model: from
// A1 = 0 and A2 = Beta0 I, Steps1 steps on A1 alone at Rate1, then Steps2
// steps on A2 alone at Rate2.
type Algorithm1 struct {
	Beta0          float64
	Rate1, Rate2   float64
	Steps1, Steps2 int
	Eps            float64 // inside the loss's logarithm
	Batch          int
	Seed           uint64
	Workers        int
	// Embedding is what positions are to the first layer, frozen during training;
	// nil for one-hot vectors (theory/README.md, section 12).
	Embedding *embedding.Embedding
}

// Stages is what Algorithm 1 leaves behind.
type Stages struct {
	Model  *model.Reduced
	First  []float64 // parameters after stage 1
	Params []float64 // parameters after stage 2
}

// Run trains on t. progress, when not nil, is called after every step with the
// number of steps taken of both stages.
func (a Algorithm1) Run(t task.Task, progress func(steps int)) (Stages, error) {
	m, err := model.NewReduced(t.Tokens(), t.SequenceLength(), a.Eps)
	if err != nil {
		return Stages{}, err
	}
	if a.Embedding != nil && a.Embedding.Positions() != t.SequenceLength() {
		return Stages{}, fmt.Errorf("embedding %v: %d positions, want T = %d", a.Embedding, a.Embedding.Positions(), t.SequenceLength())
	}
	if !(a.Beta0 > 0 && a.Beta0 <= 10) {
		return Stages{}, fmt.Errorf("beta0 = %v, want above 0 and at most 10", a.Beta0)
	}
	params := make([]float64, m.Layout().Size())
	a2, err := m.Layout().Block("A2")
	if err != nil {
		return Stages{}, err
	}
	for s := range t.Tokens() {
		a2.Of(params)[s*t.Tokens()+s] = a.Beta0
	}
	stages := Stages{Model: m, Params: params}
	if err := a.stage(m, t, params, "A1", 1, a.Rate1, a.Steps1, 0, progress); err != nil {
		return Stages{}, err
	}
	stages.First = append([]float64(nil), params...)
	if err := a.stage(m, t, params, "A2", 2, a.Rate2, a.Steps2, a.Steps1, progress); err != nil {
		return Stages{}, err
	}
	return stages, nil
}

func (a Algorithm1) stage(m *model.Reduced, t task.Task, params []float64, block string, stage uint64,
	rate float64, steps, before int, progress func(int)) error {
	schedule, err := optim.NewConstant(rate)
	if err != nil {
		return fmt.Errorf("stage %d: %w", stage, err)
	}
	var optimizer optim.Optimizer
	if optimizer, err = optim.NewSGD(schedule, 0); err != nil {
		return err
	}
	if block == "A1" && a.Embedding != nil {
		optimizer = embedded{optimizer, *a.Embedding}
	}
	trainer, err := New(Config{Model: m, Task: t, Optimizer: optimizer, Params: params, Only: block,
		Batch: a.Batch, Seed: a.Seed, Stage: stage, Workers: a.Workers})
	if err != nil {
		return err
	}
	defer trainer.Close()
	for n := range steps {
		if _, err := trainer.Step(); err != nil {
			return fmt.Errorf("algorithm 1, stage %d: %w", stage, err)
		}
		if progress != nil {
			progress(before + n + 1)
		}
	}
	return nil
}
