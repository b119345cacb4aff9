package fault

import (
	"math"
	"slices"
	"strings"

	"causalgrad/impl/task"
	"causalgrad/impl/train"
	"causalgrad/props"
	"causalgrad/props/implaws"
)

// resumeFaults are mistakes in interrupted runs, Algorithm 1, initial parameters,
// validation and the variants of a task.
func resumeFaults() []Fault {
	return []Fault{
		patch("resume-batches-again", "a resumed run begins with the first batch again, and with an optimiser without memory", func(v *variant) {
			v.trainedInParts = func(s implaws.Resumer, t props.TrainSpec, stops []int, own training, err error) (training, error) {
				if err != nil {
					return own, err
				}
				return anew(s, t, stops)
			}
		}, "resume-same-bits"),
		patch("resume-float32", "a checkpoint keeps parameters in single precision", func(v *variant) {
			v.trainedInParts = func(_ implaws.Resumer, _ props.TrainSpec, _ []int, own training, err error) (training, error) {
				own.params = eachNumber(own.params, single)
				return own, err
			}
		}, "resume-same-bits"),
		patch("resume-gradient-of-first", "the gradient of any step is that of the first batch", func(v *variant) {
			v.gradientAt = func(s implaws.Resumer, t props.TrainSpec, _ int) (float64, []float64, error) {
				return s.GradientAt(t, 0)
			}
		}, "resume-gradient"),
		patch("resume-diverged-silently", "a loss that is not finite ends a run without an error", func(v *variant) {
			v.trainedInParts = func(_ implaws.Resumer, _ props.TrainSpec, _ []int, own training, _ error) (training, error) {
				return own, nil
			}
		}, "resume-diverged"),
		stagesFault("algorithm1-joint", "stage 1 trains A2 too", func(own implaws.Stages, _ props.TaskSpec, _ train.Algorithm1) implaws.Stages {
			own.First = slices.Clone(own.First)
			own.First[len(own.First)-1] = own.Params[len(own.Params)-1]
			return own
		}, "algorithm1-blocks"),
		stagesFault("algorithm1-progress-restarts", "the steps reported begin anew in stage 2", func(own implaws.Stages, _ props.TaskSpec, a train.Algorithm1) implaws.Stages {
			own.Progress = slices.Clone(own.Progress)
			for i := a.Steps1; i < len(own.Progress); i++ {
				own.Progress[i] -= a.Steps1
			}
			return own
		}, "algorithm1-blocks"),
		stagesFault("algorithm1-row-sum", "stage 1 leaves the mean of a row's gradient in", func(own implaws.Stages, t props.TaskSpec, _ train.Algorithm1) implaws.Stages {
			own.First = slices.Clone(own.First)
			for i := range t.Length {
				for k := range i + 1 {
					own.First[i*t.Length+k] *= 1 + float64(k)
				}
			}
			return own
		}, "algorithm1-first-step"),
		patch("algorithm1-same-batches", "stage 2 sees the batches of stage 1 again", func(v *variant) {
			v.stages = func(own implaws.Stages, t props.TaskSpec, a train.Algorithm1, err error) (implaws.Stages, error) {
				if r, ok := v.Subject.(implaws.Resumer); err == nil && ok && a.Steps2 > 0 {
					own.Params, err = secondStage(r, own.First, t, a)
				}
				return own, err
			}
		}, "algorithm1-batches"),
		patch("algorithm1-beta-unchecked", "an initial beta0 out of range is taken", func(v *variant) {
			v.stages = func(own implaws.Stages, _ props.TaskSpec, _ train.Algorithm1, err error) (implaws.Stages, error) {
				if err != nil && strings.Contains(err.Error(), "beta0") {
					return own, nil
				}
				return own, err
			}
		}, "algorithm1-refusals"),
		patch("initial-variance", "initial parameters have the variance 1/d^2", func(v *variant) {
			v.initial = func(own []float64, m props.ModelSpec) []float64 {
				return eachNumber(own, func(p float64) float64 { return p / math.Sqrt(float64(m.Tokens+m.Length)) })
			}
		}, "transformer-initial"),
		patch("initial-readout-random", "the read-out does not begin at 0", func(v *variant) {
			v.initial = func(own []float64, _ props.ModelSpec) []float64 {
				own = slices.Clone(own)
				own[len(own)-1] = own[0]
				return own
			}
		}, "transformer-initial"),
		lettingPass("validate-heads", "heads", "validate-model"),
		lettingPass("validate-decay", "weight decay", "validate-optimizer"),
		lettingPass("validate-length", "sequence length", "validate-task"),
		lettingPass("validate-batch", "batch", "validate-train"),
		patch("wrapped-count-right", "the official estimator leaves roots out, as it should have", func(v *variant) {
			v.wrapped = func(t props.TaskSpec, b *task.Batch, alpha float64) ([]float64, error) {
				s, err := capable[props.Estimator](v)
				if err != nil {
					return nil, err
				}
				return s.CountEstimate(t, b, alpha)
			}
		}, "wrapped-count"),
		patch("single-parent-first-slot", "every slot's estimator sees the first parent", func(v *variant) {
			v.slot = func(s implaws.TaskVariants, t props.TaskSpec, _ int, b *task.Batch, alpha float64) ([]float64, error) {
				return s.SingleParentCount(t, 0, b, alpha)
			}
		}, "single-parent-count"),
		patch("other-prior-ignored", "a task put under another prior keeps its own", func(v *variant) {
			v.under = func(s implaws.TaskVariants, t, _ props.TaskSpec, n int, seed uint64) (*task.Batch, error) {
				return s.SampleUnder(t, t, n, seed)
			}
		}, "task-other-prior"),
	}
}

// anew trains part after part, each as a run of its own.
func anew(s implaws.Resumer, t props.TrainSpec, stops []int) (all training, err error) {
	done := 0
	all.params = t.Params
	for _, stop := range append(slices.Clone(stops), t.Steps) {
		part := t
		part.Params, part.Steps = all.params, stop-done
		params, losses, err := s.TrainInParts(part, nil)
		if err != nil {
			return all, err
		}
		all.params, all.losses, done = params, append(all.losses, losses...), stop
	}
	return all, nil
}

// secondStage trains A2 from stage 1's parameters on stage 1's stream.
func secondStage(s implaws.Resumer, first []float64, t props.TaskSpec, a train.Algorithm1) ([]float64, error) {
	params, _, err := s.TrainInParts(props.TrainSpec{
		Model: props.ModelSpec{Kind: "reduced", Tokens: t.Tokens, Length: t.Length, Eps: a.Eps}, Task: t, Only: "A2",
		Optimizer: props.OptimizerSpec{Kind: "sgd", Schedule: "constant", LR: a.Rate2},
		Batch:     a.Batch, Steps: a.Steps2, Seed: a.Seed, Workers: 1, Params: first,
	}, nil)
	return params, err
}

func stagesFault(id, description string, change func(own implaws.Stages, t props.TaskSpec, a train.Algorithm1) implaws.Stages, expect ...string) Fault {
	return patch(id, description, func(v *variant) {
		v.stages = func(own implaws.Stages, t props.TaskSpec, a train.Algorithm1, err error) (implaws.Stages, error) {
			if err != nil {
				return own, err
			}
			return change(own, t, a), nil
		}
	}, expect...)
}

// lettingPass is a Validator that lets pass what is refused with a text.
func lettingPass(id, text string, expect ...string) Fault {
	return patch(id, "a description is not checked for its "+text, func(v *variant) {
		v.lets = func(err error) bool { return err != nil && strings.Contains(err.Error(), text) }
	}, expect...)
}
