package optim

import (
	"fmt"
	"strings"

	"causalgrad/theory/suggest"
)

// Spec describes an optimiser: Kind "sgd" or "adamw"; Schedule
// "constant" or "cosine" over Steps.
type Spec struct {
	Kind     string  `json:"kind"`
	Schedule string  `json:"schedule"`
	LR       float64 `json:"lr"`
	Decay    float64 `json:"decay"`
	Steps    int     `json:"steps"`
}

// Kinds are the values of Spec.Kind.
func Kinds() []string { return []string{"sgd", "adamw"} }

// Schedules are the values of Spec.Schedule.
func Schedules() []string { return []string{"constant", "cosine"} }

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
	return nil, fmt.Errorf("optimizer %q, want %s%s", s.Kind, strings.Join(Kinds(), " or "), suggest.Meant(s.Kind, Kinds()...))
}

func (s Spec) schedule() (Schedule, error) {
	switch s.Schedule {
	case "constant":
		return NewConstant(s.LR)
	case "cosine":
		return NewCosine(s.LR, s.Steps)
	}
	return nil, fmt.Errorf("schedule %q, want %s%s", s.Schedule, strings.Join(Schedules(), " or "), suggest.Meant(s.Schedule, Schedules()...))
}
