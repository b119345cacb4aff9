package construct

import (
	"fmt"

	"causalgrad/impl/measure"
	"causalgrad/impl/task"
	"causalgrad/theory/detmath"
)

// Between these bounds q can be read back from f = softmax(scale q): above,
// exp(-scale) is a normal number; below, log f is not all rounding.
const minScale, maxScale = 0.1, 500.0

// BestScale is the construction with the read-out scale that minimises the loss
// on calibration sequences, apart from those that Measure uses; the reduced
// model is returned as it is.
//
// softmax(c q) has all entries within a factor e^c, so it is not q for any c:
// at q_s = 0 it is positive, and two positive frequencies have the ratio
// e^(c(q_s - q_r)) instead of q_s/q_r. What it can do is measured here. In W
// the loss is convex, and under a permutation-symmetric prior averaging W over
// conjugations leaves c I + d 11^T, of which d moves all logits alike: so no
// read-out of q alone (on average over the prior) beats the best c.
func (b Built) BestScale(t task.Task, o Options) (Built, error) {
	if b.Scale == 0 {
		return b, nil
	}
	seen, err := b.Scaled(1).observe(t, o, calibrates)
	if err != nil {
		return Built{}, err
	}
	return b.Scaled(bestScale(seen.frequency, seen.target, seen.tokens)), nil
}

// ReadoutFloor is what softmax(c q) leaves of L - L* when q is the target
// itself, as when T, B and beta are infinite: the best c and the mean of
// KL(y || softmax(c y)), which does not vanish.
func ReadoutFloor(t task.Task, o Options) (scale float64, gap measure.Mean, err error) {
	if err := o.check(); err != nil {
		return 0, measure.Mean{}, err
	}
	targets := func(use uint64) []float64 {
		y := make([]float64, o.Sequences*t.Tokens())
		measure.ForEachShard(t, o.on(use), func() func(int, *task.Batch) {
			return func(from int, b *task.Batch) { copy(y[from*b.S:], b.Targets) }
		})
		return y
	}
	y := targets(calibrates)
	scale = bestScale(y, y, t.Tokens())
	gaps, f := make([]float64, o.Sequences), make([]float64, t.Tokens())
	y = targets(measuring)
	for n := range gaps {
		row := y[n*len(f) : (n+1)*len(f)]
		scaledSoftmax(scale, row, f)
		gaps[n] = task.CrossEntropy(row, f) - task.Entropy(row)
	}
	return scale, mean(gaps), nil
}

// bestScale minimises the mean of -y log softmax(c q) over c in
// [minScale, maxScale].
// It is convex in c with derivative mean(q . (softmax(c q) - y)), whose sign is
// bisected to the last bits.
func bestScale(q, y []float64, tokens int) float64 {
	f := make([]float64, tokens)
	slope := func(c float64) float64 {
		sum := 0.0
		for at := 0; at < len(q); at += tokens {
			row := q[at : at+tokens]
			scaledSoftmax(c, row, f)
			for v, p := range f {
				sum += float64(row[v] * (p - y[at+v]))
			}
		}
		return sum
	}
	low, high := minScale, maxScale
	for range 50 {
		if middle := (low + high) / 2; slope(middle) < 0 {
			low = middle
		} else {
			high = middle
		}
	}
	return (low + high) / 2
}

// scaledSoftmax writes softmax(c q) to f. q is at most 1, so c is a shift that
// keeps the exponentials from overflow; the largest q is at least 1/S.
func scaledSoftmax(c float64, q, f []float64) {
	sum := 0.0
	for v := range q {
		f[v] = detmath.Exp(float64(c * (q[v] - 1)))
		sum += f[v]
	}
	for v := range f {
		f[v] /= sum
	}
}

// checkConstruction rejects a value that was not built here.
func (b Built) checkConstruction() error {
	if b.Model == nil {
		return fmt.Errorf("construction: empty, want one made by Reduced, Forest or Parents")
	}
	return nil
}
