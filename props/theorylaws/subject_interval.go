package theorylaws

import (
	"causalgrad/props"
	"causalgrad/theory/interval"
)

// CanEnclose is the capability of an IntervalArithmetic. It is in-process only:
// the protocol of package conform has no message for it, so the laws that need
// it do not apply to a foreign program.
const CanEnclose props.Capability = "interval"

// IntervalArithmetic calculates with closed intervals of real numbers with
// float64 ends (package interval). What it does not know is an error.
type IntervalArithmetic interface {
	// Interval applies one of IntervalOperations. Those of one argument ignore
	// w; "nearest" takes the ends of v for two rounded numbers, "width" answers
	// the interval from 0 to it, "intersect" one with Lo > Hi where nothing is
	// common.
	Interval(operation string, v, w interval.Interval) (interval.Interval, error)
	// IntervalIs tells whether one of IntervalPredicates is true; "contains" asks
	// of v about w.Lo.
	IntervalIs(predicate string, v, w interval.Interval) (bool, error)
}

// IntervalOperations lists the operations: the first seven have two arguments.
func IntervalOperations() []string {
	return []string{"add", "sub", "mul", "div", "hull", "min", "intersect", "neg", "abs", "sqr", "sqrt", "width", "nearest", "point", "whole"}
}

// IntervalPredicates lists the predicates.
func IntervalPredicates() []string {
	return []string{"contains", "within", "meets", "positive", "not-positive"}
}
