package fingerprint

import (
	"context"

	"causalgrad/impl/experiment"
	"causalgrad/impl/measure"
	"causalgrad/impl/task"
	"causalgrad/impl/train"
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
)

// Sizes of the shortened runs: two full shards and a tail of 9 a step.
const (
	steps         = 3
	batch         = 2*train.ShardSize + 9
	testSequences = 260 // a full shard of impl/measure and a tail
	shifted       = 1   // out-of-distribution priors that are kept
)

// specs are the paper's experiments and the small ones of the report, shortened.
func specs() []experiment.Spec {
	var all []experiment.Spec
	for _, p := range experiment.Presets() {
		all = append(all, p.Spec)
	}
	all = append(all, experiment.ManyGraph(0, []int{-1, 0, 0, 1, -1, 4, 2, 3, 5, 8, 0, 10}))
	all = append(all, experiment.Quick(steps, nil)...)
	for i := range all {
		all[i].Steps, all[i].Batch, all[i].TestSequences = steps, batch, testSequences
		all[i].Shifted = all[i].Shifted[:min(shifted, len(all[i].Shifted))]
	}
	return all
}

// trainings covers every spec: the trained weights and all that is measured.
func trainings() []part {
	var all []part
	for _, s := range specs() {
		all = append(all, training(s))
	}
	return all
}

func training(s experiment.Spec) part {
	return part{"train/" + s.ID, func(d *digest, workers int) error {
		record, params, err := experiment.Run(context.Background(), s, experiment.Options{Workers: workers})
		if err != nil {
			return err
		}
		d.numbers(params...)
		d.record(record)
		return nil
	}}
}

// record adds the measured numbers of a run, not their names: a new field of the
// record does not change a digest.
func (d *digest) record(r experiment.Record) {
	for _, p := range r.Curve {
		d.bits(uint64(p.Step))
		d.numbers(p.Loss, p.EdgeMean)
	}
	for _, l := range append([]measure.Losses{r.Final}, r.Shifted...) {
		for _, m := range []measure.Mean{l.Loss, l.Irreducible, l.Gap, l.Count, l.TrainingCount, l.OverCount, l.OverTraining, l.SupError, l.CountSup} {
			d.numbers(m.Value, m.StdErr)
		}
	}
	d.edges(r.Edges.Attention)
	if r.Edges.PositionBlock != nil {
		d.edges(*r.Edges.PositionBlock)
	}
}

func (d *digest) edges(e measure.Edges) {
	d.numbers(e.Mean, e.Min, e.Accuracy)
	for _, w := range e.Weights {
		d.bits(uint64(w.Child)<<32 | uint64(w.Parent)<<16 | uint64(w.Head))
		d.numbers(w.Weight)
	}
}

// algorithm1 covers the reduced model: both stages of the paper's Algorithm 1.
func algorithm1(d *digest, workers int) error {
	g, err := graph.Parse("random", 30, 1)
	if err != nil {
		return err
	}
	t, err := task.New(g, markov.Dirichlet{Size: 4, Alpha: 1})
	if err != nil {
		return err
	}
	stages, err := train.Algorithm1{Beta0: 0.1, Rate1: 50, Rate2: 5, Steps1: 3, Steps2: 3, Eps: 0.01,
		Batch: batch, Seed: 6, Workers: workers}.Run(t, nil)
	if err != nil {
		return err
	}
	d.numbers(stages.First...)
	d.numbers(stages.Params...)
	return nil
}
