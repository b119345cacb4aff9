package props

import (
	"errors"
	"fmt"
	"math"
	"strings"

	"causalgrad/impl/model"
	"causalgrad/impl/optim"
	"causalgrad/impl/task"
	"causalgrad/impl/train"
	"causalgrad/props/outcome"
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
	"pgregory.net/rapid"
)

// A law asks the subject through the functions below. An error, a panic, an
// answer of the wrong shape or one with a NaN in it violates the law that asked.

// ask calls the subject and turns a panic into an error.
func ask[T any](t *rapid.T, c question, what string, call func() (T, error)) T {
	answer, err := guarded(call)
	if errors.Is(err, ErrUnsupported) {
		leaveOut(t, unsupported, err.Error())
	}
	if err != nil {
		fail(t, outcome.Counterexample{Kind: kindOf(err), Case: c.String(), What: what, Expected: "an answer", Got: err.Error()})
	}
	return answer
}

// kindOf is what an error says by a method Kind() string, as those of a subject
// behind a command do; any other is a refusal, or comes from a panic.
func kindOf(err error) string {
	var told interface{ Kind() string }
	switch {
	case errors.As(err, &told):
		return told.Kind()
	case strings.HasPrefix(err.Error(), panicked):
		return outcome.NoAnswer
	}
	return outcome.Refusal
}

// panicked begins the error that guarded makes of a panic.
const panicked = "panic: "

// guarded calls the subject and turns a panic into an error that begins with "panic: ".
func guarded[T any](call func() (T, error)) (answer T, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf(panicked+"%v", p)
		}
	}()
	return call()
}

// finite demands n finite numbers.
func finite(t *rapid.T, c question, what string, values []float64, n int) {
	if len(values) != n {
		violate(t, c, what, fmt.Sprintf("%d numbers", n), fmt.Sprintf("%d numbers", len(values)))
	}
	for i, v := range values {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			violate(t, c, fmt.Sprintf("%s[%d]", what, i), "a finite number", fmt.Sprint(v))
		}
	}
}

// finiteSquare demands an n x n matrix of finite numbers.
func finiteSquare(t *rapid.T, c question, what string, rows [][]float64, n int) {
	if len(rows) != n {
		violate(t, c, what, fmt.Sprintf("%d rows", n), fmt.Sprintf("%d rows", len(rows)))
	}
	for i, row := range rows {
		finite(t, c, fmt.Sprintf("%s[%d]", what, i), row, n)
	}
}

// distribution demands rows of probabilities, each summing to 1 up to slack.
func distribution(t *rapid.T, c question, what string, values []float64, width int, slack float64) {
	for n := 0; n < len(values); n += width {
		sum := 0.0
		for v := range width {
			atLeast(t, c, fmt.Sprintf("%s[%d][%d]", what, n/width, v), values[n+v], 0, 0)
			sum += values[n+v]
		}
		within(t, c, fmt.Sprintf("sum of %s[%d]", what, n/width), sum, 1, slack)
	}
}

// askSample asks for n sequences. Tokens must lie in the vocabulary, targets
// (and chains, when given) must be finite.
func askSample(t *rapid.T, s Subject, c question, spec task.Spec, n int, seed uint64) *task.Batch {
	covered(t, ScopeOf(s).task(spec))
	b := ask(t, c, "sample", func() (*task.Batch, error) { return s.(Sampler).Sample(spec, n, seed) })
	ok := b != nil && b.N == n && b.T == spec.Length && b.S == spec.Tokens && len(b.Tokens) == n*b.T
	demand(t, c, ok, "sample", fmt.Sprintf("%d sequences of %d tokens", n, spec.Length), "another shape")
	for i, token := range b.Tokens {
		if int(token) >= b.S {
			violate(t, c, fmt.Sprintf("sample token [%d][%d]", i/b.T, i%b.T),
				fmt.Sprintf("0 to %d", b.S-1), fmt.Sprint(token))
		}
	}
	finite(t, c, "sample targets", b.Targets, n*b.S)
	if b.Chains != nil {
		finite(t, c, "sample chains", b.Chains, n*b.S*b.S)
	}
	return b
}

func askStationary(t *rapid.T, s Subject, c question, chain *markov.Chain) []float64 {
	covered(t, ScopeOf(s).tokens(chain.Tokens()))
	mu := ask(t, c, "stationary distribution", func() ([]float64, error) { return s.(Stationary).Stationary(chain.Rows()) })
	finite(t, c, "stationary distribution", mu, chain.Tokens())
	return mu
}

// information is a subject's answer about one forest and one chain.
type information struct{ Signal, Chi2 [][]float64 }

// askInformation asks for the signal and the information of one forest and one chain.
func askInformation(t *rapid.T, s Subject, c question, f graph.Forest, chain *markov.Chain) information {
	covered(t, ScopeOf(s).forest(f, chain.Tokens()))
	answer := ask(t, c, "information", func() (information, error) {
		g, info, err := s.(Informant).Information(f, chain.Rows())
		return information{g, info}, err
	})
	finiteSquare(t, c, "signal", answer.Signal, f.Positions())
	finiteSquare(t, c, "information", answer.Chi2, f.Positions())
	return answer
}

// askFirstStep asks for the exact first-step gradient.
func askFirstStep(t *rapid.T, s Subject, c question, f graph.Forest, chain *markov.Chain, eps float64) [][]float64 {
	covered(t, ScopeOf(s).forest(f, chain.Tokens()))
	g := ask(t, c, "first-step gradient", func() ([][]float64, error) { return s.(FirstStepper).FirstStep(f, chain.Rows(), eps) })
	finiteSquare(t, c, "first-step gradient", g, f.SequenceLength())
	return g
}

// askEstimate asks for the count estimate.
func askEstimate(t *rapid.T, s Subject, c question, spec task.Spec, b *task.Batch, alpha float64) []float64 {
	covered(t, ScopeOf(s).task(spec))
	f := ask(t, c, "count estimate", func() ([]float64, error) { return s.(Estimator).CountEstimate(spec, b, alpha) })
	finite(t, c, "count estimate", f, b.N*b.S)
	return f
}

// askEvaluate asks for loss, predictions and gradient. The loss may be +Inf
// (a prediction of 0), so only predictions and gradient must be finite.
func askEvaluate(t *rapid.T, s Subject, c question, m model.Spec, params []float64, b *task.Batch) Evaluation {
	covered(t, ScopeOf(s).model(m))
	e := ask(t, c, "evaluation", func() (Evaluation, error) { return s.(Evaluator).Evaluate(m, params, b) })
	finite(t, c, "predictions", e.Predictions, b.N*b.S)
	finite(t, c, "gradient", e.Gradient, len(params))
	demand(t, c, !math.IsNaN(e.Loss), "loss", "a number", "NaN")
	return e
}

// askAttention asks for the first layer's weights, N x heads x T x T.
func askAttention(t *rapid.T, s Subject, c question, m model.Spec, params []float64, b *task.Batch) []float64 {
	covered(t, ScopeOf(s).model(m))
	a := ask(t, c, "attention", func() ([]float64, error) { return s.(Attender).Attention(m, params, b) })
	finite(t, c, "attention", a, b.N*m.FirstHeads()*b.T*b.T)
	return a
}

func askOptimize(t *rapid.T, s Subject, c question, o optim.Spec, params []float64, gradients [][]float64) [][]float64 {
	steps := ask(t, c, "optimiser steps", func() ([][]float64, error) { return s.(Optimizer).Optimize(o, params, gradients) })
	demand(t, c, len(steps) == len(gradients), "optimiser steps", fmt.Sprint(len(gradients)), fmt.Sprint(len(steps)))
	for i, p := range steps {
		finite(t, c, fmt.Sprintf("parameters after step %d", i+1), p, len(params))
	}
	return steps
}

// training is a subject's answer to a training request.
type training struct{ Params, Losses []float64 }

func askTrain(t *rapid.T, s Subject, c question, spec train.Spec) training {
	covered(t, ScopeOf(s).model(spec.Model))
	covered(t, ScopeOf(s).task(spec.Task))
	answer := ask(t, c, "training", func() (training, error) {
		params, losses, err := s.(Trainer).Train(spec)
		return training{params, losses}, err
	})
	finite(t, c, "trained parameters", answer.Params, len(spec.Params))
	finite(t, c, "losses", answer.Losses, spec.Steps)
	return answer
}

func askMeasure(t *rapid.T, s Subject, c question, b *task.Batch, f []float64) Measurement {
	covered(t, ScopeOf(s).tokens(b.S))
	return ask(t, c, "measurement", func() (Measurement, error) { return s.(Measurer).Measure(b, f) })
}
