package fault

import (
	"math"
)

// The mistakes of one attention head of the disentangled transformer: those of
// the forward pass with the gradient of what is really computed, so that only a
// law about the function itself can notice.
var (
	scoresTransposed = mistake(inModel, "scores-transposed",
		"scores are x_j^T A x_i: A is transposed", "attention-exact-disentangled")
	scoresScaled = mistake(inModel, "scores-scaled",
		"scores are divided by the square root of the width", "attention-exact-disentangled")
	maskExcludesSelf = mistake(inModel, "mask-excludes-self",
		"the causal mask is off by one: a position does not attend to itself", "attention-uniform-at-zero")
	maskSeesNext = mistake(inModel, "mask-sees-next",
		"the causal mask is off by one: a position sees the next", "attention-uniform-at-zero")
	maskMissing = mistake(inModel, "mask-missing",
		"there is no causal mask", "attention-distribution")
	maskAfterSoftmax = mistake(inModel, "mask-after-softmax",
		"the mask is applied after the softmax, without normalising again", "attention-distribution")
	softmaxOverQueries = mistake(inModel, "softmax-over-queries",
		"the attention softmax runs over queries instead of keys", "attention-exact-disentangled")
	softmaxWithoutShift = mistake(inModel, "softmax-without-shift",
		"the attention softmax does not subtract the largest score", "attention-distribution", "prediction-distribution")
	softmaxMeanKept = mistake(inModel, "softmax-mean-kept",
		"the softmax's derivative lacks the mean", "gradient-exact-disentangled")
)

// head is one softmax over keys, for all queries: scores in, weights out. It is
// kept for the backward pass.
type head struct {
	makes   *Mistake
	n       int
	full    matrix // before a mask applied too late
	weights matrix
}

// keys is the number of keys that query i sees.
func keys(makes *Mistake, i, n int) int {
	switch makes {
	case maskExcludesSelf:
		return max(i, 1)
	case maskSeesNext:
		return min(i+2, n)
	case maskMissing, maskAfterSoftmax:
		return n
	}
	return i + 1
}

func attend(makes *Mistake, n int, score func(i, j int) float64) *head {
	h := &head{makes: makes, n: n, full: newMatrix(n, n)}
	for i := range n {
		for j := range n {
			h.full.row(i)[j] = math.Inf(-1)
		}
		for j := range keys(makes, i, n) {
			h.full.row(i)[j] = score(i, j)
		}
	}
	h.full = h.turned(h.full)
	for i := range n {
		copy(h.full.row(i), h.normalise(h.full.row(i)))
	}
	h.full = h.turned(h.full)
	h.weights = newMatrix(n, n)
	copy(h.weights.v, h.full.v)
	h.maskLate(h.weights)
	return h
}

// turned exchanges queries and keys where the softmax runs over the wrong ones.
func (h *head) turned(m matrix) matrix {
	if h.makes == softmaxOverQueries {
		return m.transposed()
	}
	return m
}

// maskLate clears what a query must not see.
func (h *head) maskLate(weights matrix) {
	if h.makes == maskAfterSoftmax {
		for i := range h.n {
			clear(weights.row(i)[i+1:])
		}
	}
}

func (h *head) normalise(scores []float64) []float64 {
	if h.makes == softmaxWithoutShift {
		return shiftedSoftmax(scores, 0)
	}
	return softmax(scores)
}

// backward turns the derivative with respect to the weights into that with
// respect to the scores.
func (h *head) backward(dWeights matrix) matrix {
	h.maskLate(dWeights)
	p, dp, ds := h.turned(h.full), h.turned(dWeights), newMatrix(h.n, h.n)
	for i := range h.n {
		row := dp.row(i)
		switch {
		case allZero(row):
		case h.makes == softmaxMeanKept:
			for j, v := range p.row(i) {
				ds.row(i)[j] = v * row[j]
			}
		default:
			copy(ds.row(i), softmaxBackward(p.row(i), row))
		}
	}
	return h.turned(ds)
}
