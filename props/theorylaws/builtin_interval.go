package theorylaws

import (
	"fmt"
	"math"

	"causalgrad/theory/interval"
)

var _ IntervalArithmetic = builtin{}

// Interval implements IntervalArithmetic.
func (builtin) Interval(operation string, v, w interval.Interval) (interval.Interval, error) {
	switch operation {
	case "add":
		return interval.Add(v, w), nil
	case "sub":
		return interval.Sub(v, w), nil
	case "mul":
		return interval.Mul(v, w), nil
	case "div":
		return interval.Div(v, w), nil
	case "hull":
		return interval.Hull(v, w), nil
	case "min":
		return interval.Min(v, w), nil
	case "intersect":
		both, ok := interval.Intersect(v, w)
		if !ok {
			both = interval.Interval{Lo: math.Inf(1), Hi: math.Inf(-1)}
		}
		return both, nil
	case "neg":
		return interval.Neg(v), nil
	case "abs":
		return interval.Abs(v), nil
	case "sqr":
		return interval.Sqr(v), nil
	case "sqrt":
		return interval.Sqrt(v), nil
	case "width":
		return interval.Interval{Lo: 0, Hi: v.Width()}, nil
	case "nearest":
		return interval.Nearest(v.Lo, v.Hi), nil
	case "point":
		return interval.Point(v.Lo), nil
	case "whole":
		return interval.Whole(), nil
	}
	return interval.Interval{}, fmt.Errorf("interval operation %q, want one of %v", operation, IntervalOperations())
}

// IntervalIs implements IntervalArithmetic.
func (builtin) IntervalIs(predicate string, v, w interval.Interval) (bool, error) {
	switch predicate {
	case "contains":
		return v.Contains(w.Lo), nil
	case "within":
		return v.Within(w), nil
	case "meets":
		_, ok := interval.Intersect(v, w)
		return ok, nil
	case "positive":
		return v.Positive(), nil
	case "not-positive":
		return v.NotPositive(), nil
	}
	return false, fmt.Errorf("interval predicate %q, want one of %v", predicate, IntervalPredicates())
}
