package props

import (
	"fmt"
	"math"

	"causalgrad/impl/model"
	"causalgrad/theory/stream"
	"pgregory.net/rapid"
)

// gradientLaws: for each kind of model and each of its blocks, against the
// derivative of the formulas and against the subject's own loss.
func gradientLaws() []Law {
	var laws []Law
	for _, kind := range []string{model.KindDisentangled, model.KindReduced, model.KindTransformer} {
		laws = append(laws, Law{
			ID: "gradient-exact-" + kind, Source: section("2"), Needs: []Capability{CanEvaluate}, Draws: 60,
			Sentence: "The gradient of each block of the " + kind + " model, along a direction, " +
				"is the derivative of the written formulas in dual numbers of 106 bits.",
			Check: func(t *rapid.T, s Subject) { gradientExact(smoothTrial(t, s, kind)) },
		}, Law{
			ID: "gradient-difference-" + kind, Source: section("2"), Needs: []Capability{CanEvaluate},
			Sentence: "The gradient of each block of the " + kind + " model, along a direction, is the central difference of the loss.",
			Check:    func(t *rapid.T, s Subject) { gradientDifference(smoothTrial(t, s, kind)) },
		})
	}
	return laws
}

// direction draws one block, or all, and entries -1, 0 and 1 in it.
func (x trial) direction() (v []float64, blocks []string) {
	at := rapid.IntRange(0, len(x.Layout)).Draw(x.T, "block")
	source := stream.New(stream.Key{Seed: rapid.Uint64().Draw(x.T, "direction"), Purpose: stream.Law})
	v = make([]float64, len(x.Params))
	for k, b := range x.Layout {
		if at != k && at != len(x.Layout) {
			continue
		}
		blocks = append(blocks, b.Name)
		for i := range b.Size() {
			b.Of(v)[i] = float64(source.IntN(3) - 1)
		}
	}
	return v, blocks
}

// gradientExact: both sides are exact but for the subject's rounding.
func gradientExact(x trial) {
	v, blocks := x.direction()
	oracle := newModelOracle(x.Spec, x.Layout, x.Params, v)
	r := x.bounds(blocks...)
	for n := range x.Batch.N {
		for _, h := range oracle.sequence(x.Batch.Sequence(n)).hidden {
			if math.Abs(h.value.hi) <= r.hidden && h.slope.hi != 0 {
				leaveOut(x.T, noClaim, "a relu sits on its kink")
			}
		}
	}
	got, want := along(x.Evaluate().Gradient, v), oracle.loss(x.Batch).slope.hi
	within(x.T, x.text(), fmt.Sprintf("gradient of %v along a direction", blocks), got, want, r.loss.slopeError)
}

// gradientDifference: D(h) = (L(p+hv) - L(p-hv))/2h misses the derivative by
// a h^2 + b h^4 + ..., and D(2h) - D(h) = 3 a h^2 + 15 b h^4 + ... bounds that
// with a factor to spare. A loss is off by its rounding, 1/h times as much in
// D. The step h = u^(1/3) balances the two; p + hv is exact, since p has few
// digits.
func gradientDifference(x trial) {
	v, blocks := x.direction()
	h := math.Exp2(math.Round(math.Log2(x.S.Roundoff()) / 3))
	x.skipKinks(v, 2*h)
	difference := func(h float64) float64 {
		return (x.moved(v, h).Evaluate().Loss - x.moved(v, -h).Evaluate().Loss) / (2 * h)
	}
	r := x.bounds(blocks...)
	got, want, wide := along(x.Evaluate().Gradient, v), difference(h), difference(2*h)
	within(x.T, x.text(), fmt.Sprintf("gradient of %v along a direction", blocks), got, want,
		2*math.Abs(wide-want)+2*r.loss.error/h+r.loss.slopeError)
}

// skipKinks ends the draw when a relu switches between p - hv and p + hv:
// there is no derivative to compare.
func (x trial) skipKinks(v []float64, h float64) {
	if x.Spec.Kind != model.KindTransformer {
		return
	}
	still := make([]float64, len(v))
	active := func(h float64) (on []bool) {
		oracle := newModelOracle(x.Spec, x.Layout, x.moved(v, h).Params, still)
		for n := range x.Batch.N {
			for _, hidden := range oracle.sequence(x.Batch.Sequence(n)).hidden {
				on = append(on, hidden.value.hi > 0)
			}
		}
		return on
	}
	middle, up, down := active(0), active(h), active(-h)
	for i := range middle {
		if up[i] != middle[i] || down[i] != middle[i] {
			leaveOut(x.T, noClaim, "a relu switches within the step")
		}
	}
}

// moved is the trial at p + h v.
func (x trial) moved(v []float64, h float64) trial {
	p := make([]float64, len(v))
	for i := range p {
		p[i] = x.Params[i] + float64(h*v[i])
	}
	return x.With(p)
}

// along is the inner product, rounded once.
func along(gradient, v []float64) float64 {
	sum := wide{}
	for i, g := range gradient {
		if v[i] != 0 {
			sum = sum.plus(wide{hi: g}.times(wide{hi: v[i]}))
		}
	}
	return sum.hi
}
