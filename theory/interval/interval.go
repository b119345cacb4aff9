// Package interval is arithmetic on closed intervals of real numbers with
// float64 ends: the result of every operation contains the result on any real
// numbers drawn from its arguments, so a strict inequality that an enclosure
// satisfies is proved (theory/README.md, section 4: certainty "exact").
//
// It never changes the processor's rounding mode: each end is rounded to
// nearest by the ordinary operation and then moved outward by one
// math.Nextafter, except that a sum of 0 and a product with 0 are exact and
// that no product or quotient crosses 0 by underflow. The enclosure is
// therefore one unit wider than the best one, and the same on every machine.
package interval

import "math"

// Interval is the set of reals x with Lo <= x <= Hi. Lo may be -Inf and Hi
// +Inf, an unbounded set; the other way round never. A NaN end makes every
// predicate false, so that nothing is ever concluded from it.
type Interval struct{ Lo, Hi float64 }

// Point is the interval that holds x alone.
func Point(x float64) Interval { return Interval{x, x} }

// Whole is the real line: nothing is known.
func Whole() Interval { return Interval{math.Inf(-1), math.Inf(1)} }

// Contains reports whether x lies in v.
func (v Interval) Contains(x float64) bool { return v.Lo <= x && x <= v.Hi }

// Positive reports whether every number of v is above 0.
func (v Interval) Positive() bool { return v.Lo > 0 && v.Lo <= v.Hi }

// NotPositive reports whether every number of v is at most 0.
func (v Interval) NotPositive() bool { return v.Hi <= 0 && v.Lo <= v.Hi }

// Width bounds the length Hi - Lo from above.
func (v Interval) Width() float64 { return sumUp(v.Hi, -v.Lo) }

// Hull is the smallest interval that contains v and w.
func Hull(v, w Interval) Interval { return Interval{min(v.Lo, w.Lo), max(v.Hi, w.Hi)} }

// Intersect is what v and w have in common; ok is false when that is nothing.
// Two enclosures of the same number always meet.
func Intersect(v, w Interval) (both Interval, ok bool) {
	both = Interval{max(v.Lo, w.Lo), min(v.Hi, w.Hi)}
	return both, both.Lo <= both.Hi
}

// Min contains min(x, y) for every x in v and y in w.
func Min(v, w Interval) Interval { return Interval{min(v.Lo, w.Lo), min(v.Hi, w.Hi)} }

// Nearest contains every number from x to y when lo and hi are x and y, each
// rounded to nearest.
func Nearest(lo, hi float64) Interval { return Interval{down(lo), up(hi)} }
