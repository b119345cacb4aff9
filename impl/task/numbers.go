package task

import (
	"fmt"
	"math"
)

// Numbers says in what the numbers behind a task's sequences differ from ours:
// the official implementation's are float32. The zero value is ours.
type Numbers struct {
	Float32 bool // every drawn chain is rounded to float32, and so is the target
	SVD32   bool // stationary distributions are those of markov.StationarySVD32
}

// WithNumbers is the task with such numbers. Only forests have it: a DAG draws no
// stationary distribution, and no published value of one depends on the precision.
func WithNumbers(t Task, n Numbers) (Task, error) {
	if n == (Numbers{}) {
		return t, nil
	}
	f, ok := t.(forestTask)
	if !ok {
		return nil, fmt.Errorf("graph %v: float32 chains and distributions are for forests alone", t.Graph())
	}
	f.numbers = n
	return f, nil
}

// roundChain rounds a chain's entries to float32. None becomes 0, so that the
// stationary distribution stays unique: the smallest is the smallest positive float32.
func roundChain(p []float64) {
	for i, v := range p {
		p[i] = max(float64(float32(v)), math.SmallestNonzeroFloat32)
	}
}
