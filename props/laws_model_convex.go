package props

import (
	"math"

	"causalgrad/impl/model"
	"pgregory.net/rapid"
)

// convexLaws: inequalities between losses and gradients.
func convexLaws() []Law {
	evaluates := []Capability{CanEvaluate}
	return []Law{
		{ID: "convex-in-readout", Source: section("2"), Needs: evaluates, Check: convexInReadout,
			Sentence: "With the attention fixed the loss is convex in W: it lies above its tangent, and its second difference along a " +
				"line is not negative."},
		{ID: "smooth-in-readout", Source: section("2"), Needs: evaluates, Check: smoothInReadout,
			Sentence: "The loss lies below its tangent in W plus |x_T|^2 |V|^2 / 4: the Hessian of a softmax cross entropy is at most 1/2."},
		{ID: "descent", Source: section("2"), Needs: evaluates, Check: descent,
			Sentence: "A step of length |g|_1 / K along the signs of the gradient, K a bound of the curvature, lowers the loss by half " +
				"the predicted amount at least."},
	}
}

// readoutLine is a direction within W: a few short steps, so that the tangent
// is most of the change.
func (x trial) readoutLine() []float64 {
	v := make([]float64, len(x.Params))
	w := x.block(v, "W")
	for range rapid.IntRange(1, 3).Draw(x.T, "steps") {
		w[x.draw("entry", len(w))] = float64(rapid.IntRange(-2, 2).Draw(x.T, "step")) / 32
	}
	return v
}

func convexInReadout(t *rapid.T, s Subject) {
	x := smoothTrial(t, s, model.KindDisentangled, model.KindTransformer)
	v := x.readoutLine()
	up, down := x.moved(v, 1), x.moved(v, -1)
	e, above, below := x.Evaluate(), up.Evaluate(), down.Evaluate()
	slack := up.bounds().loss.error + down.bounds().loss.error + 2*x.bounds().loss.error
	tangent := e.Loss + along(e.Gradient, v)
	atLeast(t, up.text(), "loss above its tangent", above.Loss, tangent, slack+2*x.bounds("W").loss.slopeError)
	atLeast(t, x.text(), "second difference", above.Loss-e.Loss+below.Loss-e.Loss, 0, slack)
}

// smoothInReadout: each half of a feature block has 2-norm at most 1, so a
// disentangled x_T has |x_T|^2 at most its number of halves.
func smoothInReadout(t *rapid.T, s Subject) {
	x := smoothTrial(t, s, model.KindDisentangled)
	v := x.readoutLine()
	square := 0.0
	for _, d := range v {
		square += d * d
	}
	rows := len(x.block(v, "W")) / x.Spec.Tokens
	halves := float64(2 * rows / (x.Spec.Tokens + x.Spec.Length))
	up, e := x.moved(v, 1), x.Evaluate()
	bound := e.Loss + along(e.Gradient, v) + halves*square/4
	atMost(t, up.text(), "loss", up.Evaluate().Loss, bound, up.bounds().loss.error+x.bounds().loss.error+2*x.bounds("W").loss.slopeError)
}

// descent: along v = -sign(g), whose entries are at most 1, |L”| <= K, so
// L(p + h v) <= L(p) - h |g|_1 + h^2 K/2, which is L - h |g|_1 / 2 at
// h = |g|_1 / K. K bounds L” at p; within h the parameters grow by less than
// h <= 1, so K is taken at p + 1. A draw whose promised decrease is lost in
// rounding shows nothing.
func descent(t *rapid.T, s Subject) {
	x := smoothTrial(t, s, model.KindDisentangled, model.KindReduced)
	e := x.Evaluate()
	v, around := make([]float64, len(x.Params)), make([]float64, len(x.Params))
	norm := 0.0
	for i, g := range e.Gradient {
		norm += math.Abs(g)
		if g != 0 {
			v[i] = -math.Copysign(1, g)
		}
		around[i] = math.Abs(x.Params[i]) + 1
	}
	bound := x.With(around).bounds().loss
	h := math.Min(norm/bound.second, 1)
	slack := 2*bound.error + 2*h*bound.slopeError
	if h*norm/2 <= 8*slack {
		tabulate(t, "descent step", "lost in rounding")
		return
	}
	tabulate(t, "descent step", "shown")
	atMost(t, x.text(), "loss after the step", x.moved(v, h).Evaluate().Loss, e.Loss-h*norm/2, slack)
}
