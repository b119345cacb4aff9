package theorylaws

import (
	"fmt"
	"math"

	"causalgrad/props"
	"causalgrad/theory/interval"
	"pgregory.net/rapid"
)

// contains is the definition, in which no end is rounded.
func contains(v interval.Interval, x float64) bool { return v.Lo <= x && x <= v.Hi }

// intervalSets: an interval that contains all that it must, and whose ends are
// themselves among what it must contain, is the smallest.
func intervalSets(t *rapid.T, s props.Subject) {
	c := calculate(t, s)
	v, w := drawInterval(t, "v"), drawInterval(t, "w")
	if rapid.Bool().Draw(t, "touching") && !math.IsInf(v.Hi, 1) { // a common end
		w = interval.Interval{Lo: v.Hi, Hi: max(v.Hi, w.Hi)}
	}
	x, y := drawMember(t, v, "x"), drawMember(t, w, "y")
	hull, both, least := c.do("hull", v, w), c.do("intersect", v, w), c.do("min", v, w)
	text := func(name string) props.Case { return intervalCase(name, v, w).Where("at %v and %v", x, y) }
	props.Demand(t, text("hull"), contains(hull, x) && contains(hull, y), "hull", "an interval that contains both", fmt.Sprint(hull))
	props.Demand(t, text("min"), contains(least, min(x, y)), "min", fmt.Sprintf("an interval that contains %v", min(x, y)), fmt.Sprint(least))
	for _, member := range []float64{x, y, v.Lo, v.Hi, w.Lo, w.Hi} {
		want := contains(v, member) && contains(w, member)
		props.Demand(t, text("intersect"), contains(both, member) == want, "intersect", fmt.Sprintf("%v inside: %v", member, want), fmt.Sprint(both))
	}
	for _, end := range []float64{hull.Lo, hull.Hi} {
		props.Demand(t, text("hull"), end == v.Lo || end == v.Hi || end == w.Lo || end == w.Hi, "hull", "ends of the two", fmt.Sprint(hull))
	}
	// Either end of the minimum is the smaller of two numbers of the intervals.
	for _, end := range []float64{least.Lo, least.Hi} {
		ok := contains(v, end) && w.Hi >= end || contains(w, end) && v.Hi >= end
		props.Demand(t, text("min"), ok, "min", "ends that are minima", fmt.Sprint(least))
	}
	meets := c.is("meets", v, w)
	props.Demand(t, text("meets"), meets == (both.Lo <= both.Hi), "meets", fmt.Sprint(both.Lo <= both.Hi), fmt.Sprint(meets))
}

func intervalPredicates(t *rapid.T, s props.Subject) {
	c := calculate(t, s)
	v, w := drawInterval(t, "v"), drawInterval(t, "w")
	switch rapid.IntRange(0, 7).Draw(t, "place") {
	case 5: // the same interval, and one of its ends
		w = v
	case 6:
		v.Lo = max(v.Lo, 0)
		v.Hi = max(v.Lo, v.Hi)
	case 7:
		v.Hi = min(v.Hi, 0)
		v.Lo = min(v.Lo, v.Hi)
	}
	x := drawMember(t, v, "x")
	truth := func(predicate string, v, w interval.Interval, want bool) {
		got := c.is(predicate, v, w)
		props.Demand(t, intervalCase(predicate, v, w), got == want, predicate, fmt.Sprint(want), fmt.Sprint(got))
	}
	truth("contains", v, interval.Interval{Lo: x}, true)
	truth("contains", v, w, v.Lo <= w.Lo && w.Lo <= v.Hi)
	truth("within", v, w, contains(w, v.Lo) && contains(w, v.Hi))
	truth("positive", v, w, !contains(v, 0) && v.Hi > 0)
	truth("not-positive", v, w, !contains(v, 0) && v.Hi < 0 || v.Hi == 0)
	for _, bad := range []interval.Interval{{Lo: math.NaN(), Hi: v.Hi}, {Lo: v.Lo, Hi: math.NaN()}} {
		for _, predicate := range IntervalPredicates() {
			truth(predicate, bad, w, false)
		}
	}
}
