package reference

import (
	"fmt"

	"causalgrad/theory/count"
	"causalgrad/theory/dynamics"
	"causalgrad/theory/firststep"
)

// Both sides sum over all prefixes in effect, each right to 1e-12 of the largest
// entry; 25 steps of stage 1 multiply that by a hundred at most, since a step
// moves a logit by rate x beta0 x entry, below 4 in these files.
const (
	dynamicsTolerance    = 1e-10
	dynamicsToleranceWhy = "exact gradients within 1e-12 of their largest entry, followed over the steps of stage 1: below 1e-10"
)

// check compares the gradients, the attention of stage 1 and the losses.
func (d *Dynamics) check(Options) ([]Row, error) {
	var first, second, attention, losses comparison
	for i, e := range d.Examples {
		name := fmt.Sprintf("[%d]", i)
		if err := e.compare(name, &first, &second, &attention); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		losses.add(name+".irreducible", []float64{count.Irreducible(e.Chain)}, []float64{e.Irreducible})
		for n, c := range e.Count {
			loss, err := count.Loss(e.Forest, e.Chain, c.Alpha)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
			losses.add(fmt.Sprintf("%s.count[%d]", name, n), []float64{loss}, []float64{c.Loss})
		}
	}
	return []Row{
		first.rounding("gradient in A1", dynamicsTolerance, dynamicsToleranceWhy),
		second.rounding("gradient in A2", dynamicsTolerance, dynamicsToleranceWhy),
		attention.rounding("attention in stage 1", dynamicsTolerance, dynamicsToleranceWhy),
		losses.rounding("count estimator's and irreducible losses", theoryTolerance, "sums of non-negative terms over at most T S^2 counts: below 1e-12"),
	}, nil
}

func (e DynamicsExample) compare(name string, first, second, attention *comparison) error {
	g, err := firststep.Gradient(e.Forest, e.Chain, e.Eps)
	if err != nil {
		return err
	}
	payoffs, err := dynamics.FromGradient(g)
	if err != nil {
		return err
	}
	inFirst, err := payoffs.Gradient(e.A1)
	if err != nil {
		return err
	}
	first.add(name+".a1_gradient", flatten(inFirst), flatten(e.FirstLayer))
	a, err := dynamics.Attention(e.A1)
	if err != nil {
		return err
	}
	inSecond, err := firststep.SecondLayer(e.Forest, e.Chain, e.Eps, a)
	if err != nil {
		return err
	}
	second.add(name+".a2_gradient", flatten(inSecond), flatten(e.SecondLayer))
	stage := dynamics.Stage1{Forest: e.Forest, Payoffs: payoffs, Rate: e.Stage1.Rate * e.Stage1.Beta0}
	_, err = stage.Steps(e.Stage1.Steps, func(step int) bool { return step == 1 || step == e.Stage1.Steps },
		func(step int, a [][]float64) {
			if step == 1 {
				attention.add(name+".stage1.first", flatten(a), flatten(e.Stage1.First))
			}
			if step == e.Stage1.Steps {
				attention.add(name+".stage1.attention", flatten(a), flatten(e.Stage1.Last))
			}
		})
	return err
}
