package fault

import (
	"math"

	"causalgrad/theory/interval"
)

// intervalFaults are mistakes in arithmetic with enclosures.
func intervalFaults() []Fault {
	// wrong replaces one operation.
	wrong := func(id, description, operation string, do func(own, a, b interval.Interval) interval.Interval, expect ...string) Fault {
		return patch(id, description, func(v *variant) {
			v.intervals.calculate = func(own interval.Interval, op string, a, b interval.Interval) interval.Interval {
				if op != operation {
					return own
				}
				return do(own, a, b)
			}
		}, expect...)
	}
	type iv = interval.Interval
	return []Fault{
		wrong("interval-sum-unrounded", "the ends of a sum of intervals are rounded to nearest instead of outward", "add",
			func(_, a, b iv) iv { return iv{Lo: a.Lo + b.Lo, Hi: a.Hi + b.Hi} }, "interval-arithmetic"),
		wrong("interval-difference-of-ends", "intervals are subtracted end by end: lower from lower, upper from upper", "sub",
			func(_, a, b iv) iv { return ordered(a.Lo-b.Lo, a.Hi-b.Hi) }, "interval-arithmetic"),
		wrong("interval-product-of-ends", "a product of intervals multiplies the lower ends and the upper ends, whatever their signs", "mul",
			func(_, a, b iv) iv { return ordered(outward(a.Lo*b.Lo, a.Hi*b.Hi)) }, "interval-arithmetic"),
		wrong("interval-divisor-through-zero", "a division by an interval that holds 0 takes the quotients of the ends", "div",
			func(own, a, b iv) iv {
				if b.Lo > 0 || b.Hi < 0 || b.Lo == 0 || b.Hi == 0 {
					return own
				}
				return ordered(outward(a.Lo/b.Lo, a.Hi/b.Hi))
			}, "interval-undefined"),
		wrong("interval-square-of-independent", "a square is the product of an interval with itself, as if the factors were independent", "sqr",
			func(_, a, _ iv) iv { return interval.Mul(a, a) }, "interval-signs"),
		wrong("interval-absolute-of-ends", "the sizes of the ends stand for those of an interval that holds 0", "abs",
			func(_, a, _ iv) iv { return ordered(math.Abs(a.Lo), math.Abs(a.Hi)) }, "interval-functions"),
		wrong("interval-root-inward", "the lower end of a root is rounded up", "sqrt",
			func(own, _, _ iv) iv {
				own.Lo = math.Nextafter(math.Nextafter(own.Lo, own.Hi), own.Hi)
				return own
			}, "interval-functions"),
		wrong("interval-width-of-nearest", "the width of an interval is rounded down", "width",
			func(own, a, _ iv) iv { return iv{Lo: 0, Hi: math.Nextafter(a.Hi-a.Lo, 0)} }, "interval-functions"),
		wrong("interval-quotient-loose", "the ends of a quotient are moved outward by one part in a million", "div",
			func(own, _, _ iv) iv {
				return iv{Lo: own.Lo - 1e-6*math.Abs(own.Lo), Hi: own.Hi + 1e-6*math.Abs(own.Hi)}
			}, "interval-tight"),
		wrong("interval-hull-of-overlap", "the hull of two intervals is their intersection where they meet", "hull",
			func(own, a, b iv) iv {
				if both, ok := interval.Intersect(a, b); ok {
					return both
				}
				return own
			}, "interval-sets", "interval-isotone"),
		wrong("interval-sum-narrows", "an interval wider than 1000 is halved before it is added", "add",
			func(own, a, b iv) iv {
				if own.Hi-own.Lo > 1000 && own.Lo < 0 {
					own.Lo /= 2
				}
				return own
			}, "interval-isotone", "interval-arithmetic"),
		wrong("interval-nearest-as-is", "numbers that were rounded are taken for exact", "nearest",
			func(_, a, _ iv) iv { return a }, "interval-nearest"),
		patch("interval-nan-not-positive", "an interval with an end that is no number counts as not positive", func(v *variant) {
			v.intervals.is = func(own bool, predicate string, a, _ iv) bool {
				return own || predicate == "not-positive" && !(a.Lo > 0)
			}
		}, "interval-predicates"),
		patch("interval-ends-open", "two intervals with one common end count as apart", func(v *variant) {
			v.intervals.is = func(own bool, predicate string, a, b iv) bool {
				return own && (predicate != "meets" || a.Hi != b.Lo)
			}
		}, "interval-sets"),
	}
}

func outward(lo, hi float64) (float64, float64) {
	return math.Nextafter(lo, math.Inf(-1)), math.Nextafter(hi, math.Inf(1))
}

func ordered(a, b float64) interval.Interval { return interval.Interval{Lo: min(a, b), Hi: max(a, b)} }
