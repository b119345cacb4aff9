package fault

import (
	"math"

	"causalgrad/impl/model"
)

// The mistakes of the reduced model, forward and backward.
var (
	reducedMaskExcludesSelf = mistake(inModel, "reduced-mask-excludes-self",
		"reduced model: the mask is off by one, i does not see itself", "attention-exact-reduced")
	reducedMaskAfterSoftmax = mistake(inModel, "reduced-mask-after-softmax",
		"reduced model: row i is normalised over all T keys, the factor 1/i is lost", "attention-exact-reduced")
	reducedScoresTransposed = mistake(inModel, "reduced-scores-transposed",
		"reduced model: A1 is transposed", "attention-exact-reduced")
	reducedLastExcluded = mistake(inModel, "reduced-last-excluded",
		"reduced model: the second layer leaves out the last position", "evaluation-exact-reduced")
	reducedLookUpTransposed = mistake(inModel, "reduced-look-up-transposed",
		"reduced model: A2[s_j][s_T] instead of A2[s_T][s_j]", "evaluation-exact-reduced")
	reducedOutputSoftmax = mistake(inModel, "reduced-output-softmax",
		"reduced model: a softmax is applied to the frequencies", "evaluation-exact-reduced")
	reducedEpsOutside = mistake(inModel, "reduced-eps-outside",
		"reduced model: eps is added to the logarithm instead of inside it", "loss-cross-entropy")
	reducedEpsNotInGradient = mistake(inModel, "reduced-eps-not-in-gradient",
		"reduced model: eps is missing in the gradient alone", "gradient-exact-reduced")
	reducedSecondMeanKept = mistake(inModel, "reduced-second-mean-kept",
		"reduced model: the second softmax's derivative lacks the mean", "gradient-exact-reduced")
	reducedFirstDetached = mistake(inModel, "reduced-first-detached",
		"reduced model: the path to A1 is dropped", "gradient-exact-reduced")
)

// reduced is the theory's model, theory/README.md, section 2.
type reduced struct {
	makes          *Mistake
	tokens, length int
	eps            float64
	a1, a2         matrix
}

func newReduced(m model.Spec, params []float64, makes *Mistake) *reduced {
	r := &reduced{makes: makes, tokens: m.Tokens, length: m.Length, eps: m.Eps}
	r.a1, r.a2 = matrix{m.Length, m.Length, nil}, matrix{m.Tokens, m.Tokens, nil}
	if len(params) == r.size() {
		r.a1.v, r.a2.v = params[:m.Length*m.Length], params[m.Length*m.Length:]
	}
	return r
}

func (r *reduced) size() int { return r.length*r.length + r.tokens*r.tokens }

// first is the first layer's attention, the same for all sequences.
func (r *reduced) first() *head {
	var of *Mistake
	switch r.makes {
	case reducedMaskExcludesSelf:
		of = maskExcludesSelf
	case reducedMaskAfterSoftmax:
		of = maskAfterSoftmax
	}
	return attend(of, r.length, func(i, j int) float64 {
		if r.makes == reducedScoresTransposed {
			i, j = j, i
		}
		return r.a1.row(i)[j]
	})
}

// entry is the place in A2 that key token b meets.
func (r *reduced) entry(tokens []uint16, b uint16) (row, col int) {
	row, col = int(tokens[r.length-1]), int(b)
	if r.makes == reducedLookUpTransposed {
		row, col = col, row
	}
	return row, col
}

func (r *reduced) sequence(tokens []uint16, y, gradient []float64) (float64, []float64) {
	first := r.first()
	keyScore := make([]float64, r.length)
	for j, b := range tokens {
		row, col := r.entry(tokens, b)
		keyScore[j] = r.a2.row(row)[col]
	}
	z := first.weights.times(keyScore)
	if r.makes == reducedLastExcluded {
		z = z[:r.length-1]
	}
	v := softmax(z)
	f := make([]float64, r.tokens)
	for i, a := range v {
		f[tokens[i]] += a
	}
	var counts []float64
	if r.makes == reducedOutputSoftmax {
		counts, f = f, softmax(f)
	}
	loss, df := r.loss(f, y)
	if counts != nil {
		df = softmaxBackward(f, df)
	}
	r.backward(first, tokens, keyScore, v, df, gradient)
	return loss, f
}

// loss is -sum y log(f + eps) and its derivative with respect to f. A token
// that no position carries adds no gradient.
func (r *reduced) loss(f, y []float64) (loss float64, df []float64) {
	df = make([]float64, len(f))
	for s, v := range y {
		p := f[s] + r.eps
		if r.makes == reducedEpsOutside {
			p = f[s]
			loss -= v * r.eps
		}
		if v > 0 {
			loss -= v * math.Log(p)
		}
		if r.makes == reducedEpsNotInGradient {
			p = f[s]
		}
		if p > 0 {
			df[s] = -v / p
		}
	}
	return loss, df
}

func (r *reduced) backward(first *head, tokens []uint16, keyScore, v, df, gradient []float64) {
	da1 := matrix{r.length, r.length, gradient[:r.length*r.length]}
	da2 := matrix{r.tokens, r.tokens, gradient[r.length*r.length:]}
	dv, dz := make([]float64, len(v)), make([]float64, r.length)
	for i := range v {
		dv[i] = df[tokens[i]]
		dz[i] = v[i] * dv[i]
	}
	if r.makes != reducedSecondMeanKept {
		copy(dz, softmaxBackward(v, dv))
	}
	dKey := first.weights.transposeTimes(dz)
	for j, b := range tokens {
		row, col := r.entry(tokens, b)
		da2.row(row)[col] += dKey[j]
	}
	if r.makes == reducedFirstDetached {
		return
	}
	dWeights := newMatrix(r.length, r.length)
	dWeights.addOuter(dz, keyScore)
	ds := first.backward(dWeights)
	if r.makes == reducedScoresTransposed {
		ds = ds.transposed()
	}
	accumulate(da1.v, 1, ds.v)
}

func (r *reduced) attention([]uint16) []float64 { return r.first().weights.v }
