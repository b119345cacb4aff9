package plain

import (
	"math"

	"causalgrad/props"
)

// The slips of the reduced model, forward and backward.
const (
	ReducedMaskExcludesSelf   Slip = "reduced-mask-excludes-self"
	ReducedMaskMissing        Slip = "reduced-mask-missing"
	ReducedMaskAfterSoftmax   Slip = "reduced-mask-after-softmax"
	ReducedSoftmaxOverQueries Slip = "reduced-softmax-over-queries"
	ReducedFirstMeanKept      Slip = "reduced-first-mean-kept"
	ReducedLastExcluded       Slip = "reduced-last-excluded"
	ReducedLookUpTransposed   Slip = "reduced-look-up-transposed"
	ReducedFirstLayerSkipped  Slip = "reduced-first-layer-skipped"
	ReducedScoresTransposed   Slip = "reduced-scores-transposed"
	ReducedOutputSoftmax      Slip = "reduced-output-softmax"
	ReducedEpsOutside         Slip = "reduced-eps-outside"
	ReducedEpsMissing         Slip = "reduced-eps-missing"
	ReducedEpsNotInGradient   Slip = "reduced-eps-not-in-gradient"
	ReducedSecondMeanKept     Slip = "reduced-second-mean-kept"
	ReducedLastKeyDropped     Slip = "reduced-last-key-dropped"
	ReducedFirstDetached      Slip = "reduced-first-detached"
	ReducedSecondDetached     Slip = "reduced-second-detached"
	ReducedGradientTurned     Slip = "reduced-gradient-transposed"
	ReducedRowScaled          Slip = "reduced-row-scaled"
	ReducedStaleCounts        Slip = "reduced-stale-counts"
)

// headSlips are the slips of an attention head as the reduced model names them.
var headSlips = map[Slip]Slip{
	ReducedMaskExcludesSelf:   MaskExcludesSelf,
	ReducedMaskMissing:        MaskMissing,
	ReducedMaskAfterSoftmax:   MaskAfterSoftmax,
	ReducedSoftmaxOverQueries: SoftmaxOverQueries,
	ReducedFirstMeanKept:      SoftmaxMeanKept,
}

// reduced is the theory's model, theory.md section 2.
type reduced struct {
	slip           Slip
	tokens, length int
	eps            float64
	a1, a2         matrix
	stale          []float64
}

func newReduced(m props.ModelSpec, params []float64, slip Slip) *reduced {
	r := &reduced{slip: slip, tokens: m.Tokens, length: m.Length, eps: m.Eps}
	r.a1, r.a2 = matrix{m.Length, m.Length, nil}, matrix{m.Tokens, m.Tokens, nil}
	if len(params) == r.size() {
		r.a1.v, r.a2.v = params[:m.Length*m.Length], params[m.Length*m.Length:]
	}
	return r
}

func (r *reduced) size() int { return r.length*r.length + r.tokens*r.tokens }

// first is the first layer's attention, the same for all sequences.
func (r *reduced) first() *head {
	return attend(headSlips[r.slip], r.length, func(i, j int) float64 {
		if r.slip == ReducedScoresTransposed {
			i, j = j, i
		}
		return r.a1.row(i)[j]
	})
}

// entry is the place in A2 that key token b meets.
func (r *reduced) entry(tokens []uint16, b uint16) (row, col int) {
	row, col = int(tokens[r.length-1]), int(b)
	if r.slip == ReducedLookUpTransposed {
		row, col = col, row
	}
	return row, col
}

// seen is the number of positions that the second layer averages.
func (r *reduced) seen() int {
	if r.slip == ReducedLastExcluded {
		return r.length - 1
	}
	return r.length
}

func (r *reduced) sequence(tokens []uint16, y, gradient []float64) (float64, []float64) {
	first := r.first()
	keyScore := make([]float64, r.length)
	for j, b := range tokens {
		row, col := r.entry(tokens, b)
		keyScore[j] = r.a2.row(row)[col]
	}
	z := first.weights.times(keyScore)
	if r.slip == ReducedFirstLayerSkipped {
		copy(z, keyScore)
	}
	v := softmax(z[:r.seen()])
	f := make([]float64, r.tokens)
	if r.slip == ReducedStaleCounts && r.stale != nil {
		accumulate(f, 0.5, r.stale)
	}
	for i, a := range v {
		f[tokens[i]] += a
	}
	r.stale = f
	var counts []float64
	if r.slip == ReducedOutputSoftmax {
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
		switch r.slip {
		case ReducedEpsMissing:
			p = f[s]
		case ReducedEpsOutside:
			p = f[s]
			loss -= v * r.eps
		}
		if v > 0 {
			loss -= v * math.Log(p)
		}
		if r.slip == ReducedEpsNotInGradient {
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
	dv := make([]float64, len(v))
	for i := range v {
		dv[i] = df[tokens[i]]
	}
	dz := make([]float64, r.length)
	copy(dz, softmaxBackward(v, dv))
	if r.slip == ReducedSecondMeanKept {
		for i := range v {
			dz[i] = v[i] * dv[i]
		}
	}
	dKey := first.weights.transposeTimes(dz)
	if r.slip == ReducedFirstLayerSkipped {
		copy(dKey, dz)
	}
	r.keyBackward(tokens, dKey, da2)
	if r.slip == ReducedFirstDetached || r.slip == ReducedFirstLayerSkipped {
		return
	}
	dWeights := newMatrix(r.length, r.length)
	dWeights.addOuter(dz, keyScore)
	ds := first.backward(dWeights)
	if r.slip == ReducedGradientTurned || r.slip == ReducedScoresTransposed {
		ds = ds.transposed()
	}
	for i := range r.length {
		scale := 1.0
		if r.slip == ReducedRowScaled {
			scale = float64(i + 1)
		}
		accumulate(da1.row(i), scale, ds.row(i))
	}
}

func (r *reduced) keyBackward(tokens []uint16, dKey []float64, da2 matrix) {
	if r.slip == ReducedSecondDetached {
		return
	}
	for j, b := range tokens {
		if r.slip == ReducedLastKeyDropped && j == r.length-1 {
			continue
		}
		row, col := r.entry(tokens, b)
		da2.row(row)[col] += dKey[j]
	}
}

func (r *reduced) attention([]uint16) []float64 { return r.first().weights.v }
