package conform

import (
	"fmt"
	"math"

	"causalgrad/impl/model"
	"causalgrad/impl/optim"
	"causalgrad/impl/task"
	"causalgrad/impl/train"
	"causalgrad/props"
	"causalgrad/props/outcome"
	"causalgrad/theory/graph"
)

// Each operation checks the form of the answer: shape, and no NaN.

// Sample implements props.Sampler.
func (s *Subject) Sample(t task.Spec, n int, seed uint64) (*task.Batch, error) {
	var r batchArg
	if err := s.call(props.CanSample, sampleArgs{wireTask(t), n, seed}, &r); err != nil {
		return nil, err
	}
	b, err := r.batch()
	if err == nil && (b.N != n || b.S != t.Tokens || b.T != t.Length) {
		err = fmt.Errorf("%d sequences of %d tokens and length %d, want %d of %d and %d", b.N, b.S, b.T, n, t.Tokens, t.Length)
	}
	return b, s.form(props.CanSample, err, shaped("targets", r.Targets, len(r.Targets)), shaped("chains", r.Chains, len(r.Chains)))
}

// Stationary implements props.Stationary.
func (s *Subject) Stationary(chain [][]float64) ([]float64, error) {
	var mu vector
	if err := s.call(props.CanStationary, chainArgs{Chain: chain}, &mu); err != nil {
		return nil, err
	}
	return mu, s.form(props.CanStationary, shaped("result", mu, len(chain)))
}

// Information implements props.Informant.
func (s *Subject) Information(f graph.Forest, chain [][]float64) (signal, information [][]float64, err error) {
	var r informationResult
	if err := s.call(props.CanInform, chainArgs{Parents: f.Parents(), Chain: chain}, &r); err != nil {
		return nil, nil, err
	}
	n := f.Positions()
	return r.Signal, r.Information, s.form(props.CanInform, table("signal", r.Signal, n, n), table("information", r.Information, n, n))
}

// FirstStep implements props.FirstStepper.
func (s *Subject) FirstStep(f graph.Forest, chain [][]float64, eps float64) ([][]float64, error) {
	var g matrix
	if err := s.call(props.CanFirstStep, chainArgs{f.Parents(), chain, number(eps)}, &g); err != nil {
		return nil, err
	}
	n := f.SequenceLength()
	return g, s.form(props.CanFirstStep, table("result", g, n, n))
}

// CountEstimate implements props.Estimator.
func (s *Subject) CountEstimate(t task.Spec, b *task.Batch, alpha float64) ([]float64, error) {
	var f vector
	if err := s.call(props.CanEstimate, estimateArgs{wireTask(t), wireBatch(b), number(alpha)}, &f); err != nil {
		return nil, err
	}
	return f, s.form(props.CanEstimate, shaped("result", f, b.N*b.S))
}

// Evaluate implements props.Evaluator.
func (s *Subject) Evaluate(m model.Spec, params []float64, b *task.Batch) (props.Evaluation, error) {
	var r evaluateResult
	if err := s.call(props.CanEvaluate, evaluateArgs{wireModel(m), params, wireBatch(b)}, &r); err != nil {
		return props.Evaluation{}, err
	}
	return props.Evaluation{Loss: float64(r.Loss), Predictions: r.Predictions, Gradient: r.Gradient},
		s.form(props.CanEvaluate, shaped("loss", vector{float64(r.Loss)}, 1),
			shaped("predictions", r.Predictions, b.N*b.S), shaped("gradient", r.Gradient, len(params)))
}

// Attention implements props.Attender.
func (s *Subject) Attention(m model.Spec, params []float64, b *task.Batch) ([]float64, error) {
	var w vector
	if err := s.call(props.CanAttend, evaluateArgs{wireModel(m), params, wireBatch(b)}, &w); err != nil {
		return nil, err
	}
	heads := 1
	if len(m.Heads) > 0 {
		heads = m.Heads[0]
	}
	return w, s.form(props.CanAttend, shaped("result", w, b.N*heads*b.T*b.T))
}

// Optimize implements props.Optimizer.
func (s *Subject) Optimize(o optim.Spec, params []float64, gradients [][]float64) ([][]float64, error) {
	var steps matrix
	if err := s.call(props.CanOptimize, optimizeArgs{wireOptimizer(o), params, gradients}, &steps); err != nil {
		return nil, err
	}
	return steps, s.form(props.CanOptimize, table("result", steps, len(gradients), len(params)))
}

// Train implements props.Trainer.
func (s *Subject) Train(t train.Spec) (params, losses []float64, err error) {
	var r trainResult
	args := trainArg{t, wireModel(t.Model), wireTask(t.Task), wireOptimizer(t.Optimizer), t.Params}
	if err := s.call(props.CanTrain, args, &r); err != nil {
		return nil, nil, err
	}
	return r.Params, r.Losses, s.form(props.CanTrain, shaped("params", r.Params, len(t.Params)), shaped("losses", r.Losses, t.Steps))
}

// Measure implements props.Measurer.
func (s *Subject) Measure(b *task.Batch, f []float64) (props.Measurement, error) {
	var r measureResult
	if err := s.call(props.CanMeasure, measureArgs{wireBatch(b), f}, &r); err != nil {
		return props.Measurement{}, err
	}
	m := props.Measurement{Loss: float64(r.Loss), Irreducible: float64(r.Irreducible), SupError: float64(r.SupError)}
	return m, s.form(props.CanMeasure, shaped("loss", vector{m.Loss}, 1), shaped("irreducible", vector{m.Irreducible}, 1),
		shaped("sup_error", vector{m.SupError}, 1))
}

// form is the first error, named.
func (s *Subject) form(op props.Capability, errs ...error) error {
	for _, err := range errs {
		if err != nil {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.noteOnce(string(op), "form", err)
			return failure{s.named(fmt.Errorf("%s: %w", op, err)), outcome.WrongAnswer}
		}
	}
	return nil
}

// shaped demands n numbers that are numbers.
func shaped(what string, v []float64, n int) error {
	if len(v) != n {
		return fmt.Errorf("%s has %d numbers, want %d", what, len(v), n)
	}
	for i, x := range v {
		if math.IsNaN(x) {
			if n == 1 {
				return fmt.Errorf("%s is NaN", what)
			}
			return fmt.Errorf("%s[%d] is NaN", what, i)
		}
	}
	return nil
}

// table demands rows of numbers.
func table(what string, m [][]float64, rows, columns int) error {
	if len(m) != rows {
		return fmt.Errorf("%s has %d rows, want %d", what, len(m), rows)
	}
	for i, row := range m {
		if err := shaped(fmt.Sprintf("%s[%d]", what, i), row, columns); err != nil {
			return err
		}
	}
	return nil
}
