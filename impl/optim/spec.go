package optim

import "fmt"

// Spec describes an optimiser: Kind "sgd" or "adamw"; Schedule
// "constant" or "cosine" over Steps.
type Spec struct {
	Kind     string  `json:"kind"`
	Schedule string  `json:"schedule"`
	LR       float64 `json:"lr"`
	Decay    float64 `json:"decay"`
	Steps    int     `json:"steps"`
}

// Optimizer builds the optimiser that the specification describes, for vectors
// of the given size.
func (s Spec) Optimizer(size int) (Optimizer, error) {
	schedule, err := s.schedule()
	if err != nil {
		return nil, fmt.Errorf("lr = %v, schedule = %q: %w", s.LR, s.Schedule, err)
	}
	switch s.Kind {
	case "sgd":
		return NewSGD(schedule, s.Decay)
	case "adamw":
		return NewAdamW(schedule, s.Decay, size)
	}
	return nil, fmt.Errorf("optimizer %q, want sgd or adamw", s.Kind)
}

func (s Spec) schedule() (Schedule, error) {
	switch s.Schedule {
	case "constant":
		return NewConstant(s.LR)
	case "cosine":
		return NewCosine(s.LR, s.Steps)
	}
	return nil, fmt.Errorf("schedule %q, want constant or cosine", s.Schedule)
}
