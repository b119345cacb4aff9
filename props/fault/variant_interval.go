package fault

import (
	"causalgrad/props/theorylaws"
	"causalgrad/theory/interval"
)

// intervals replaces operations on intervals and predicates; nil is the
// subject's own.
type intervals struct {
	calculate func(own interval.Interval, operation string, v, w interval.Interval) interval.Interval
	is        func(own bool, predicate string, v, w interval.Interval) bool
}

// Interval implements theorylaws.IntervalArithmetic.
func (v *variant) Interval(operation string, a, b interval.Interval) (interval.Interval, error) {
	s, err := capable[theorylaws.IntervalArithmetic](v)
	if err != nil {
		return interval.Interval{}, err
	}
	own, err := s.Interval(operation, a, b)
	if err != nil || v.intervals.calculate == nil {
		return own, err
	}
	return v.intervals.calculate(own, operation, a, b), nil
}

// IntervalIs implements theorylaws.IntervalArithmetic.
func (v *variant) IntervalIs(predicate string, a, b interval.Interval) (bool, error) {
	s, err := capable[theorylaws.IntervalArithmetic](v)
	if err != nil {
		return false, err
	}
	own, err := s.IntervalIs(predicate, a, b)
	if err != nil || v.intervals.is == nil {
		return own, err
	}
	return v.intervals.is(own, predicate, a, b), nil
}

// touched reports whether anything is replaced.
func (i intervals) touched() bool { return i.calculate != nil || i.is != nil }
