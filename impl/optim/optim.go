// Package optim holds the optimisers of the paper's experiments: gradient
// descent and AdamW (as optax defines it), with constant and cosine learning
// rates. State is explicit, so that a run can be resumed to the same bits.
//
// It never evaluates a model and never clips, rescales or averages a gradient.
package optim

import (
	"fmt"
	"math"
)

// Optimizer changes parameters in place.
type Optimizer interface {
	// Step takes one step along gradient, which has the length of params and
	// is not changed.
	Step(params, gradient []float64)
	// Steps is the number of steps taken.
	Steps() int
	// State is the optimiser's memory beyond the step count, as views: what a
	// checkpoint must keep. Gradient descent has none.
	State() [][]float64
	// Restore sets the step count; the caller has filled State's views.
	Restore(steps int)
}

// SGD is p <- p - rate (g + decay p).
type SGD struct {
	schedule Schedule
	decay    float64
	steps    int
}

// NewSGD returns gradient descent with a schedule and a weight decay >= 0 that
// is coupled to the gradient, as in the official code.
func NewSGD(schedule Schedule, decay float64) (*SGD, error) {
	if err := checkDecay(decay); err != nil {
		return nil, err
	}
	return &SGD{schedule: schedule, decay: decay}, nil
}

func checkDecay(decay float64) error {
	if !(decay >= 0 && decay <= 1) {
		return fmt.Errorf("weight decay = %v, want 0 to 1", decay)
	}
	return nil
}

// Step implements Optimizer.
func (o *SGD) Step(params, gradient []float64) {
	rate := o.schedule.Rate(o.steps)
	o.steps++
	for i, g := range gradient {
		g += float64(o.decay * params[i])
		params[i] -= float64(rate * g)
	}
}

// Steps implements Optimizer.
func (o *SGD) Steps() int { return o.steps }

// State implements Optimizer.
func (o *SGD) State() [][]float64 { return nil }

// Restore implements Optimizer.
func (o *SGD) Restore(steps int) { o.steps = steps }

// The moments' decay rates and the regulariser of AdamW, as in optax.
const (
	beta1   = 0.9
	beta2   = 0.999
	epsilon = 1e-8 // outside the square root
)

// AdamW is Adam with bias correction and decoupled weight decay:
//
//	m <- b1 m + (1-b1) g,  v <- b2 v + (1-b2) g^2,
//	p <- p - rate ( m/(1-b1^t) / (sqrt(v/(1-b2^t)) + eps) + decay p ).
type AdamW struct {
	schedule      Schedule
	decay         float64
	steps         int
	first, second []float64
}

// NewAdamW returns AdamW for vectors of the given size.
func NewAdamW(schedule Schedule, decay float64, size int) (*AdamW, error) {
	if err := checkDecay(decay); err != nil {
		return nil, err
	}
	return &AdamW{schedule: schedule, decay: decay, first: make([]float64, size), second: make([]float64, size)}, nil
}

// Step implements Optimizer.
func (o *AdamW) Step(params, gradient []float64) {
	rate := o.schedule.Rate(o.steps)
	o.steps++
	correction1 := 1 - power(beta1, o.steps)
	correction2 := 1 - power(beta2, o.steps)
	for i, g := range gradient {
		m := float64(beta1*o.first[i]) + float64((1-beta1)*g)
		v := float64(beta2*o.second[i]) + float64((1-beta2)*float64(g*g))
		o.first[i], o.second[i] = m, v
		update := (m/correction1)/(math.Sqrt(v/correction2)+epsilon) + float64(o.decay*params[i])
		params[i] -= float64(rate * update)
	}
}

// power is b^n by repeated squaring: the same bits everywhere, unlike math.Pow.
func power(b float64, n int) float64 {
	p := 1.0
	for ; n > 0; n >>= 1 {
		if n&1 == 1 {
			p *= b
		}
		b *= b
	}
	return p
}

// Steps implements Optimizer.
func (o *AdamW) Steps() int { return o.steps }

// State implements Optimizer: the first and the second moment.
func (o *AdamW) State() [][]float64 { return [][]float64{o.first, o.second} }

// Restore implements Optimizer.
func (o *AdamW) Restore(steps int) { o.steps = steps }
