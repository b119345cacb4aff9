package fault

import (
	"errors"
	"slices"

	"causalgrad/impl/model"
	"causalgrad/impl/optim"
	"causalgrad/impl/task"
	"causalgrad/impl/train"
	"causalgrad/props"
	"causalgrad/theory/graph"
)

// planted is a subject with a mistake in it. The right subject is asked first:
// what it refuses stays refused, so that a mistake is never noticed for want of
// validation.
type planted struct {
	props.Subject
	mistake *Mistake
	wrong   any // answers with the mistake what it changes
}

// errBeyond is the wrong implementation's answer to what it does not cover: the
// right answer stands then.
var errBeyond = errors.New("beyond this implementation")

func (p *planted) Name() string { return p.Subject.Name() + " with " + p.mistake.ID }

// Can is that of the right subject, which is asked first.
func (p *planted) Can(c props.Capability) bool { return c.Of(p.Subject) }

// Scope is that of the right subject.
func (p *planted) Scope() props.Scope { return props.ScopeOf(p.Subject) }

// ask is one question: the right answer, or the wrong one where the mistake is.
func ask[I, A any](p *planted, c props.Capability, question func(I) (A, error)) (A, error) {
	own, err := question(p.Subject.(I))
	if err != nil || !slices.Contains(p.mistake.in, c) {
		return own, err
	}
	wrong, ok := p.wrong.(I)
	if !ok {
		return own, nil
	}
	answer, err := question(wrong)
	if errors.Is(err, errBeyond) {
		return own, nil
	}
	return answer, err
}

func (p *planted) Sample(t task.Spec, n int, seed uint64) (*task.Batch, error) {
	return ask(p, props.CanSample, func(s props.Sampler) (*task.Batch, error) { return s.Sample(t, n, seed) })
}

func (p *planted) Stationary(chain [][]float64) ([]float64, error) {
	return ask(p, props.CanStationary, func(s props.Stationary) ([]float64, error) { return s.Stationary(chain) })
}

func (p *planted) Information(f graph.Forest, chain [][]float64) (signal, information [][]float64, err error) {
	both, err := ask(p, props.CanInform, func(s props.Informant) (pair[[][]float64], error) {
		signal, information, err := s.Information(f, chain)
		return pair[[][]float64]{signal, information}, err
	})
	return both.first, both.second, err
}

// pair is an answer of two parts.
type pair[T any] struct{ first, second T }

func (p *planted) FirstStep(f graph.Forest, chain [][]float64, eps float64) ([][]float64, error) {
	return ask(p, props.CanFirstStep, func(s props.FirstStepper) ([][]float64, error) { return s.FirstStep(f, chain, eps) })
}

func (p *planted) CountEstimate(t task.Spec, b *task.Batch, alpha float64) ([]float64, error) {
	return ask(p, props.CanEstimate, func(s props.Estimator) ([]float64, error) { return s.CountEstimate(t, b, alpha) })
}

func (p *planted) Evaluate(m model.Spec, params []float64, b *task.Batch) (props.Evaluation, error) {
	return ask(p, props.CanEvaluate, func(s props.Evaluator) (props.Evaluation, error) { return s.Evaluate(m, params, b) })
}

func (p *planted) Attention(m model.Spec, params []float64, b *task.Batch) ([]float64, error) {
	return ask(p, props.CanAttend, func(s props.Attender) ([]float64, error) { return s.Attention(m, params, b) })
}

func (p *planted) Optimize(o optim.Spec, params []float64, gradients [][]float64) ([][]float64, error) {
	return ask(p, props.CanOptimize, func(s props.Optimizer) ([][]float64, error) { return s.Optimize(o, params, gradients) })
}

func (p *planted) Train(t train.Spec) (params, losses []float64, err error) {
	both, err := ask(p, props.CanTrain, func(s props.Trainer) (pair[[]float64], error) {
		params, losses, err := s.Train(t)
		return pair[[]float64]{params, losses}, err
	})
	return both.first, both.second, err
}

func (p *planted) Measure(b *task.Batch, f []float64) (props.Measurement, error) {
	return ask(p, props.CanMeasure, func(s props.Measurer) (props.Measurement, error) { return s.Measure(b, f) })
}
