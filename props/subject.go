package props

import (
	"errors"
	"fmt"

	"causalgrad/impl/model"
	"causalgrad/impl/optim"
	"causalgrad/impl/task"
	"causalgrad/impl/train"
	"causalgrad/theory/graph"
)

// Subject is an implementation under test. What it can do is told by the
// capability interfaces below, which it may or may not implement. An error, a
// panic, a wrong shape or a NaN in an answer fails the law that asked, but for
// ErrUnsupported. Tasks, models, optimisers and trainings are asked about as
// plain data: the Spec of impl/task, impl/model, impl/optim and impl/train.
type Subject interface {
	// Name identifies the subject in reports.
	Name() string
	// Roundoff is the unit roundoff of its arithmetic, 2^-53 for float64 and
	// 2^-24 for float32: the laws derive their tolerances from it.
	Roundoff() float64
}

// Capability names something that a subject may be able to do: it can if it has
// the methods of the capability's interface. A subject that has all methods
// whatever it can do, as one behind a command, has a method
// Can(Capability) bool besides.
type Capability string

// The capabilities, each with its interface below.
const (
	CanSample     Capability = "sample"      // Sampler
	CanStationary Capability = "stationary"  // Stationary
	CanInform     Capability = "information" // Informant
	CanFirstStep  Capability = "first_step"  // FirstStepper
	CanEstimate   Capability = "estimate"    // Estimator
	CanEvaluate   Capability = "evaluate"    // Evaluator
	CanAttend     Capability = "attend"      // Attender
	CanOptimize   Capability = "optimize"    // Optimizer
	CanTrain      Capability = "train"       // Trainer
	CanMeasure    Capability = "measure"     // Measurer
)

// Capabilities lists the capabilities of any implementation, in the order of
// the protocol.
func Capabilities() []Capability {
	return []Capability{CanSample, CanStationary, CanInform, CanFirstStep, CanEstimate,
		CanEvaluate, CanAttend, CanOptimize, CanTrain, CanMeasure}
}

// Of reports whether s has the capability.
func (c Capability) Of(s Subject) bool {
	if declared, ok := s.(interface{ Can(Capability) bool }); ok && !declared.Can(c) {
		return false
	}
	ok := false
	switch c {
	case CanSample:
		_, ok = s.(Sampler)
	case CanStationary:
		_, ok = s.(Stationary)
	case CanInform:
		_, ok = s.(Informant)
	case CanFirstStep:
		_, ok = s.(FirstStepper)
	case CanEstimate:
		_, ok = s.(Estimator)
	case CanEvaluate:
		_, ok = s.(Evaluator)
	case CanAttend:
		_, ok = s.(Attender)
	case CanOptimize:
		_, ok = s.(Optimizer)
	case CanTrain:
		_, ok = s.(Trainer)
	case CanMeasure:
		_, ok = s.(Measurer)
	}
	return ok
}

// checkSubject returns an error that says why s cannot be asked anything.
func checkSubject(s Subject) error {
	if s.Name() == "" {
		return errors.New("the subject has no name: Name() is empty")
	}
	if u := s.Roundoff(); !(u >= 0x1p-53 && u <= 0x1p-8) {
		return fmt.Errorf("%s: Roundoff() = %v, want the unit roundoff of its arithmetic, from 2^-53 (float64) over 2^-24 (float32) "+
			"to 2^-8 (bfloat16): tolerances are derived from it", s.Name(), u)
	}
	return ScopeOf(s).Check()
}

// Evaluation is what a model says of a batch.
type Evaluation struct {
	Loss        float64   `json:"loss"`        // mean over sequences of -sum y log f, nats
	Predictions []float64 `json:"predictions"` // f, N x S, row-major
	Gradient    []float64 `json:"gradient"`    // of Loss, in the layout of model.Spec
}

// Measurement is the out-of-distribution metrics of predictions on a batch.
type Measurement struct {
	Loss        float64 `json:"loss"`        // mean -sum y log f
	Irreducible float64 `json:"irreducible"` // mean H(y)
	SupError    float64 `json:"sup_error"`   // mean over sequences of max_s |f_s - y_s|
}

// Sampler draws sequences: tokens, targets and, for forests, the chains.
type Sampler interface {
	Sample(t task.Spec, n int, seed uint64) (*task.Batch, error)
}

// Stationary computes the stationary distribution of a chain.
type Stationary interface {
	Stationary(chain [][]float64) ([]float64, error)
}

// Informant computes the signal g and the chi-square information, both
// (T-1) x (T-1), [i][k], zero above the diagonal (theory/README.md, section 3).
type Informant interface {
	Information(f graph.Forest, chain [][]float64) (signal, information [][]float64, err error)
}

// FirstStepper computes the exact first-step gradient, T x T (theory/README.md, section 3).
type FirstStepper interface {
	FirstStep(f graph.Forest, chain [][]float64, eps float64) ([][]float64, error)
}

// Estimator computes the count estimator, N x S.
type Estimator interface {
	CountEstimate(t task.Spec, b *task.Batch, alpha float64) ([]float64, error)
}

// Evaluator computes a model's loss, predictions and gradient on a batch.
type Evaluator interface {
	Evaluate(m model.Spec, params []float64, b *task.Batch) (Evaluation, error)
}

// Attender computes the first layer's attention weights,
// N x heads x T x T, zero above the diagonal.
type Attender interface {
	Attention(m model.Spec, params []float64, b *task.Batch) ([]float64, error)
}

// Optimizer applies an optimiser to params for one step per gradient and
// returns the parameters after each.
type Optimizer interface {
	Optimize(o optim.Spec, params []float64, gradients [][]float64) ([][]float64, error)
}

// Trainer runs a short training and returns the final parameters and the loss
// before each step.
type Trainer interface {
	Train(t train.Spec) (params, losses []float64, err error)
}

// Measurer computes metrics of predictions f (N x S) against b's targets.
type Measurer interface {
	Measure(b *task.Batch, f []float64) (Measurement, error)
}
