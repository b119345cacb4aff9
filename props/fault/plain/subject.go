package plain

import (
	"sync"
	"sync/atomic"

	"causalgrad/props"
)

// Subject is the plain implementation with at most one slip. It is safe for
// concurrent use.
type Subject struct {
	Slip Slip

	// What the slips that forget to clear something keep between calls.
	calls   atomic.Uint64
	memory  sync.Mutex
	moments map[int][]float64 // by size
}

// Name implements props.Subject.
func (s *Subject) Name() string {
	if s.Slip == None {
		return "plain"
	}
	return "plain with " + string(s.Slip)
}

// Roundoff implements props.Subject: everything is float64.
func (s *Subject) Roundoff() float64 { return 0x1p-53 }

// Can implements props.Subject. The transformer with an MLP and large
// enumerations are errors.
func (s *Subject) Can(c props.Capability) bool {
	switch c {
	case props.CanSample, props.CanStationary, props.CanInform, props.CanFirstStep, props.CanEstimate,
		props.CanEvaluate, props.CanAttend, props.CanOptimize, props.CanTrain, props.CanMeasure:
		return true
	}
	return false
}

// recall starts an optimiser with the second moment that the last one of its
// size was left with.
func (s *Subject) recall(o *optimizer) {
	s.memory.Lock()
	defer s.memory.Unlock()
	if s.moments == nil {
		s.moments = map[int][]float64{}
	}
	if old := s.moments[len(o.second)]; old != nil {
		copy(o.second, old)
	}
	s.moments[len(o.second)] = o.second
}
