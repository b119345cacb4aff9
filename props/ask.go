package props

import (
	"errors"
	"fmt"
	"math"

	"causalgrad/impl/task"
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
	"pgregory.net/rapid"
)

// A law asks the subject through the functions below. An error, a panic, an
// answer of the wrong shape or one with a NaN in it violates the law that asked.

// Ask calls the subject and turns a panic into an error.
func Ask[T any](t *rapid.T, c Case, what string, call func() (T, error)) T {
	answer, err := Guarded(call)
	if errors.Is(err, ErrUnsupported) {
		leaveOut(t, unsupported, err.Error())
	}
	if err != nil {
		Violation(t, Counterexample{c.String(), what, "an answer", err.Error(), -1})
	}
	return answer
}

// panicked begins the error that Guarded makes of a panic.
const panicked = "panic: "

// Guarded calls the subject and turns a panic into an error that begins with "panic: ".
func Guarded[T any](call func() (T, error)) (answer T, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf(panicked+"%v", p)
		}
	}()
	return call()
}

// Finite demands n finite numbers.
func Finite(t *rapid.T, c Case, what string, values []float64, n int) {
	if len(values) != n {
		Violation(t, Counterexample{c.String(), what, fmt.Sprintf("%d numbers", n), fmt.Sprintf("%d numbers", len(values)), -1})
	}
	for i, v := range values {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			Violation(t, Counterexample{c.String(), fmt.Sprintf("%s[%d]", what, i), "a finite number", fmt.Sprint(v), -1})
		}
	}
}

// FiniteSquare demands an n x n matrix of finite numbers.
func FiniteSquare(t *rapid.T, c Case, what string, rows [][]float64, n int) {
	if len(rows) != n {
		Violation(t, Counterexample{c.String(), what, fmt.Sprintf("%d rows", n), fmt.Sprintf("%d rows", len(rows)), -1})
	}
	for i, row := range rows {
		Finite(t, c, fmt.Sprintf("%s[%d]", what, i), row, n)
	}
}

// Distribution demands rows of probabilities, each summing to 1 up to slack.
func Distribution(t *rapid.T, c Case, what string, values []float64, width int, slack float64) {
	for n := 0; n < len(values); n += width {
		sum := 0.0
		for v := range width {
			AtLeast(t, c, fmt.Sprintf("%s[%d][%d]", what, n/width, v), values[n+v], 0, 0)
			sum += values[n+v]
		}
		Within(t, c, fmt.Sprintf("sum of %s[%d]", what, n/width), sum, 1, slack)
	}
}

// AskSample asks for n sequences. Tokens must lie in the vocabulary, targets
// (and chains, when given) must be finite.
func AskSample(t *rapid.T, s Subject, c Case, spec TaskSpec, n int, seed uint64) *task.Batch {
	covered(t, ScopeOf(s).task(spec))
	b := Ask(t, c, "sample", func() (*task.Batch, error) { return s.(Sampler).Sample(spec, n, seed) })
	ok := b != nil && b.N == n && b.T == spec.Length && b.S == spec.Tokens && len(b.Tokens) == n*b.T
	Demand(t, c, ok, "sample", fmt.Sprintf("%d sequences of %d tokens", n, spec.Length), "another shape")
	for i, token := range b.Tokens {
		if int(token) >= b.S {
			Violation(t, Counterexample{c.String(), fmt.Sprintf("sample token [%d][%d]", i/b.T, i%b.T),
				fmt.Sprintf("0 to %d", b.S-1), fmt.Sprint(token), -1})
		}
	}
	Finite(t, c, "sample targets", b.Targets, n*b.S)
	if b.Chains != nil {
		Finite(t, c, "sample chains", b.Chains, n*b.S*b.S)
	}
	return b
}

func askStationary(t *rapid.T, s Subject, c Case, chain *markov.Chain) []float64 {
	covered(t, ScopeOf(s).tokens(chain.Tokens()))
	mu := Ask(t, c, "stationary law", func() ([]float64, error) { return s.(Stationary).Stationary(chain.Rows()) })
	Finite(t, c, "stationary law", mu, chain.Tokens())
	return mu
}

// Information is a subject's answer about one forest and one chain.
type Information struct{ Signal, Chi2 [][]float64 }

// AskInformation asks for the signal and the information of one forest and one chain.
func AskInformation(t *rapid.T, s Subject, c Case, f graph.Forest, chain *markov.Chain) Information {
	covered(t, ScopeOf(s).forest(f, chain.Tokens()))
	answer := Ask(t, c, "information", func() (Information, error) {
		g, info, err := s.(Informant).Information(f, chain.Rows())
		return Information{g, info}, err
	})
	FiniteSquare(t, c, "signal", answer.Signal, f.Positions())
	FiniteSquare(t, c, "information", answer.Chi2, f.Positions())
	return answer
}

// AskFirstStep asks for the exact first-step gradient.
func AskFirstStep(t *rapid.T, s Subject, c Case, f graph.Forest, chain *markov.Chain, eps float64) [][]float64 {
	covered(t, ScopeOf(s).forest(f, chain.Tokens()))
	g := Ask(t, c, "first-step gradient", func() ([][]float64, error) { return s.(FirstStepper).FirstStep(f, chain.Rows(), eps) })
	FiniteSquare(t, c, "first-step gradient", g, f.SequenceLength())
	return g
}

// AskEstimate asks for the count estimate.
func AskEstimate(t *rapid.T, s Subject, c Case, spec TaskSpec, b *task.Batch, alpha float64) []float64 {
	covered(t, ScopeOf(s).task(spec))
	f := Ask(t, c, "count estimate", func() ([]float64, error) { return s.(Estimator).CountEstimate(spec, b, alpha) })
	Finite(t, c, "count estimate", f, b.N*b.S)
	return f
}

// AskEvaluate asks for loss, predictions and gradient. The loss may be +Inf
// (a prediction of 0), so only predictions and gradient must be finite.
func AskEvaluate(t *rapid.T, s Subject, c Case, m ModelSpec, params []float64, b *task.Batch) Evaluation {
	covered(t, ScopeOf(s).model(m))
	e := Ask(t, c, "evaluation", func() (Evaluation, error) { return s.(Evaluator).Evaluate(m, params, b) })
	Finite(t, c, "predictions", e.Predictions, b.N*b.S)
	Finite(t, c, "gradient", e.Gradient, len(params))
	Demand(t, c, !math.IsNaN(e.Loss), "loss", "a number", "NaN")
	return e
}

// AskAttention asks for the first layer's weights, N x heads x T x T.
func AskAttention(t *rapid.T, s Subject, c Case, m ModelSpec, params []float64, b *task.Batch) []float64 {
	covered(t, ScopeOf(s).model(m))
	a := Ask(t, c, "attention", func() ([]float64, error) { return s.(Attender).Attention(m, params, b) })
	Finite(t, c, "attention", a, b.N*m.FirstHeads()*b.T*b.T)
	return a
}

func askOptimize(t *rapid.T, s Subject, c Case, o OptimizerSpec, params []float64, gradients [][]float64) [][]float64 {
	steps := Ask(t, c, "optimiser steps", func() ([][]float64, error) { return s.(Optimizer).Optimize(o, params, gradients) })
	Demand(t, c, len(steps) == len(gradients), "optimiser steps", fmt.Sprint(len(gradients)), fmt.Sprint(len(steps)))
	for i, p := range steps {
		Finite(t, c, fmt.Sprintf("parameters after step %d", i+1), p, len(params))
	}
	return steps
}

// Training is a subject's answer to a training request.
type Training struct{ Params, Losses []float64 }

func askTrain(t *rapid.T, s Subject, c Case, spec TrainSpec) Training {
	covered(t, ScopeOf(s).model(spec.Model))
	covered(t, ScopeOf(s).task(spec.Task))
	answer := Ask(t, c, "training", func() (Training, error) {
		params, losses, err := s.(Trainer).Train(spec)
		return Training{params, losses}, err
	})
	Finite(t, c, "trained parameters", answer.Params, len(spec.Params))
	Finite(t, c, "losses", answer.Losses, spec.Steps)
	return answer
}

func askMeasure(t *rapid.T, s Subject, c Case, b *task.Batch, f []float64) Measurement {
	covered(t, ScopeOf(s).tokens(b.S))
	return Ask(t, c, "measurement", func() (Measurement, error) { return s.(Measurer).Measure(b, f) })
}
