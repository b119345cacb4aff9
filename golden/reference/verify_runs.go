package reference

import (
	"fmt"

	"causalgrad/impl/optim"
)

// AdamW divides a gradient by the root of its own second moment, so an entry
// that is rounding noise moves its parameter like any other. The official code
// differs from itself by 1.2e-11 in a parameter, compiled or not (the file
// records it), on arrays of size 1; other orders of summation do so too.
const (
	adamTolerance    = 1e-9
	adamToleranceWhy = "80 times the 1.2e-11 by which the official code differs from itself (%.1g in this run)"
)

// check repeats every run step by step.
func (r *Runs) check(o Options) ([]Row, error) {
	e, err := newEvaluator(o, r.Architecture, r.Batch)
	if err != nil {
		return nil, err
	}
	var rows []Row
	for _, run := range r.Runs {
		more, err := run.check(e)
		if err != nil {
			return nil, err
		}
		rows = append(rows, more...)
	}
	return rows, nil
}

func (r Run) check(e *evaluator) ([]Row, error) {
	layout := e.model.Layout()
	params, err := r.Initial.Vector(layout)
	if err != nil {
		return nil, err
	}
	optimizer, schedule, err := r.Optimizer.build(len(params))
	if err != nil {
		return nil, err
	}
	var rates, losses, after, copies comparison
	ourRates, ourLosses := make([]float64, len(r.Rates)), make([]float64, len(r.Losses))
	for step := range r.Losses {
		e.bind(params)
		var gradient []float64
		ourLosses[step], gradient = e.lossGradient()
		if step == len(r.Rates) {
			break
		}
		ourRates[step] = schedule.Rate(step)
		optimizer.Step(params, gradient)
		if err := after.compare(layout, params, r.After[step], 0); err != nil {
			return nil, err
		}
	}
	rates.add("lr_per_step", ourRates, r.Rates)
	losses.add("losses", ourLosses, r.Losses)
	r.copies(&copies)
	name := r.name()
	tolerance, why := passTolerance, passToleranceWhy
	if r.Optimizer.Name == "adamw" {
		tolerance, why = adamTolerance, fmt.Sprintf(adamToleranceWhy, r.Optimizer.Rounding)
	}
	return []Row{
		rates.rounding(name+": learning rates", 8*unit, "a cosine and four operations: 8 units of rounding"),
		losses.rounding(name+": losses", tolerance, why),
		after.rounding(name+": parameters after each step", tolerance, why),
		copies.exact(name+": final_params and final_loss", "the file's copies of its last step"),
	}, nil
}

// unit is the unit of rounding of float64.
const unit = 0x1p-53

func (r Run) name() string {
	return fmt.Sprintf("%s from %s, decay %g", r.Optimizer.Name, r.Start, r.Optimizer.Decay)
}

func (s OptimizerSpec) build(size int) (optim.Optimizer, optim.Schedule, error) {
	if s.Name == "adamw" {
		schedule, err := optim.NewCosine(s.LR, s.DecaySteps)
		if err != nil {
			return nil, nil, err
		}
		optimizer, err := optim.NewAdamW(schedule, s.Decay, size)
		return optimizer, schedule, err
	}
	schedule, err := optim.NewConstant(s.LR)
	if err != nil {
		return nil, nil, err
	}
	optimizer, err := optim.NewSGD(schedule, s.Decay)
	return optimizer, schedule, err
}

// copies compares the final parameters and loss with those of the last step.
func (r Run) copies(c *comparison) {
	last := r.After[len(r.After)-1]
	for i, array := range r.Final {
		c.add("final_params."+array.Name, array.Values, last[i].Values)
	}
	c.add("final_loss", []float64{r.FinalLoss}, r.Losses[len(r.Losses)-1:])
}
