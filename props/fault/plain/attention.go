package plain

import "math"

// The slips of one attention head: all of them in the forward pass, with the
// gradient of what is really computed, so that only a law about the function
// itself can notice.
const (
	ScoresTransposed    Slip = "scores-transposed"
	ScoresScaled        Slip = "scores-scaled"
	MaskExcludesSelf    Slip = "mask-excludes-self"
	MaskSeesNext        Slip = "mask-sees-next"
	MaskMissing         Slip = "mask-missing"
	MaskAfterSoftmax    Slip = "mask-after-softmax"
	SoftmaxOverQueries  Slip = "softmax-over-queries"
	SoftmaxWithoutShift Slip = "softmax-without-shift"
	SoftmaxPlusOne      Slip = "softmax-plus-one"
	AttentionFloat32    Slip = "attention-float32"
)

// And of its gradient.
const (
	SoftmaxMeanKept    Slip = "softmax-mean-kept"
	SelfKeyGradientOff Slip = "self-key-gradient-dropped"
)

// head is one softmax over keys, for all queries: scores in, weights out. It is
// kept for the backward pass.
type head struct {
	slip     Slip
	n        int
	full     matrix // before a mask applied too late
	weights  matrix
	byColumn bool
}

// keys is the number of keys that query i sees.
func keys(slip Slip, i, n int) int {
	switch slip {
	case MaskExcludesSelf:
		return max(i, 1)
	case MaskSeesNext:
		return min(i+2, n)
	case MaskMissing, MaskAfterSoftmax:
		return n
	}
	return i + 1
}

func attend(slip Slip, n int, score func(i, j int) float64) *head {
	h := &head{slip: slip, n: n, full: newMatrix(n, n), byColumn: slip == SoftmaxOverQueries}
	for i := range n {
		for j := range n {
			h.full.row(i)[j] = math.Inf(-1)
		}
		for j := range keys(slip, i, n) {
			h.full.row(i)[j] = score(i, j)
		}
	}
	if h.byColumn {
		h.full = h.full.transposed()
	}
	for i := range n {
		copy(h.full.row(i), h.normalise(h.full.row(i)))
	}
	if h.byColumn {
		h.full = h.full.transposed()
	}
	h.weights = newMatrix(n, n)
	copy(h.weights.v, h.full.v)
	if slip == MaskAfterSoftmax {
		for i := range n {
			clear(h.weights.row(i)[i+1:])
		}
	}
	return h
}

func (h *head) normalise(scores []float64) []float64 {
	switch h.slip {
	case SoftmaxWithoutShift:
		return shiftedSoftmax(scores, 0)
	case SoftmaxPlusOne: // "off by one": a key that is not there takes weight
		p := softmax(append(append([]float64(nil), scores...), 0))
		return p[:len(scores)]
	case AttentionFloat32:
		p := softmax(scores)
		single(p)
		return p
	}
	return softmax(scores)
}

// backward turns the derivative with respect to the weights into that with
// respect to the scores.
func (h *head) backward(dWeights matrix) matrix {
	p := h.full
	if h.slip == MaskAfterSoftmax {
		for i := range h.n {
			clear(dWeights.row(i)[i+1:])
		}
	}
	if h.byColumn {
		p, dWeights = p.transposed(), dWeights.transposed()
	}
	ds := newMatrix(h.n, h.n)
	for i := range h.n {
		row := dWeights.row(i)
		if allZero(row) {
			continue
		}
		if h.slip == SoftmaxMeanKept {
			for j, v := range p.row(i) {
				ds.row(i)[j] = v * row[j]
			}
			continue
		}
		copy(ds.row(i), softmaxBackward(p.row(i), row))
	}
	if h.byColumn {
		ds = ds.transposed()
	}
	if h.slip == SelfKeyGradientOff {
		for i := range h.n {
			ds.row(i)[i] = 0
		}
	}
	return ds
}
