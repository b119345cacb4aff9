package optim

import (
	"fmt"

	"causalgrad/theory/detmath"
)

// Schedule gives the learning rate of each step, counted from 0.
type Schedule interface{ Rate(step int) float64 }

// Constant is the same rate at every step.
type Constant struct{ LR float64 }

// NewConstant validates the rate.
func NewConstant(rate float64) (Constant, error) { return Constant{rate}, checkRate(rate) }

// Rate implements Schedule.
func (c Constant) Rate(int) float64 { return c.LR }

// Cosine is LR (1 + cos(pi step/Steps))/2, and 0 from step Steps on: optax's
// cosine_decay_schedule.
type Cosine struct {
	LR    float64
	Steps int
}

// NewCosine validates the rate and the number of steps, at least 1.
func NewCosine(rate float64, steps int) (Cosine, error) {
	if steps < 1 {
		return Cosine{}, fmt.Errorf("cosine schedule: %d steps, want at least 1", steps)
	}
	return Cosine{rate, steps}, checkRate(rate)
}

// Rate implements Schedule.
func (c Cosine) Rate(step int) float64 {
	if step >= c.Steps {
		return 0
	}
	return 0.5 * c.LR * (1 + detmath.CosPi(float64(step)/float64(c.Steps)))
}

func checkRate(rate float64) error {
	if !(rate > 0 && rate <= 1e12) {
		return fmt.Errorf("learning rate = %v, want above 0 and at most 1e12", rate)
	}
	return nil
}
