package dynamics

import "math"

// flow integrates one row in continuous time: the method of Dormand and Prince
// of order 5 with its error estimate of order 4, and steps that are halved or
// doubled only, so that the control adds no rounding of its own.
type flow struct {
	watch
	payoffs, logits, a []float64
	rate               float64
	time               float64
	length             float64 // of the next step

	slopes [7][]float64
	trial  []float64
}

// flowTolerance bounds the error estimate of one step in each logit. Errors of
// a few hundred steps then add up to 1e-10 at most: they do not grow, since the
// differences of the logits tend to the same asymptote.
const flowTolerance = 1e-13

// Coefficients of the method: stages[s] weighs the slopes before stage s+1;
// the last row is the solution of order 5. difference is that minus the
// embedded solution of order 4.
var (
	stages = [6][]float64{
		{1.0 / 5},
		{3.0 / 40, 9.0 / 40},
		{44.0 / 45, -56.0 / 15, 32.0 / 9},
		{19372.0 / 6561, -25360.0 / 2187, 64448.0 / 6561, -212.0 / 729},
		{9017.0 / 3168, -355.0 / 33, 46732.0 / 5247, 49.0 / 176, -5103.0 / 18656},
		{35.0 / 384, 0, 500.0 / 1113, 125.0 / 192, -2187.0 / 6784, 11.0 / 84},
	}
	difference = [7]float64{71.0 / 57600, 0, -71.0 / 16695, 71.0 / 1920, -17253.0 / 339200, 22.0 / 525, -1.0 / 40}
)

func newFlow(w []float64, rate float64, watched int) *flow {
	n := len(w)
	f := &flow{watch: newWatch(watched), payoffs: w, logits: make([]float64, n), a: make([]float64, n), rate: rate,
		length: 1, trial: make([]float64, n)}
	for s := range f.slopes {
		f.slopes[s] = make([]float64, n)
	}
	f.reach(f.share(f.logits), 0)
	f.slope(0, f.logits)
	return f
}

func (f *flow) attention() []float64 { return f.a }

// slope sets slopes[s] at logits.
func (f *flow) slope(s int, logits []float64) {
	dst := f.slopes[s]
	softmax(dst, logits)
	gain(dst, f.payoffs)
	for k := range dst {
		dst[k] = float64(f.rate * dst[k])
	}
}

// try writes the logits after a step of length h to trial and returns the
// estimated error; slopes[0] belongs to the current logits.
func (f *flow) try(h float64) float64 {
	for s, weights := range stages {
		for k, x := range f.logits {
			sum := 0.0
			for j, c := range weights {
				sum += float64(c * f.slopes[j][k])
			}
			f.trial[k] = x + float64(h*sum)
		}
		f.slope(s+1, f.trial)
	}
	worst := 0.0
	for k := range f.trial {
		sum := 0.0
		for j, c := range difference {
			sum += float64(c * f.slopes[j][k])
		}
		worst = math.Max(worst, math.Abs(float64(h*sum)))
	}
	return worst
}

func (f *flow) to(step int) {
	end := float64(step)
	for f.time < end {
		left := end - f.time
		h := math.Min(f.length, left)
		worst := f.try(h)
		for !(worst <= flowTolerance) {
			f.length = h / 2
			h = f.length
			worst = f.try(h)
		}
		if h == f.length && worst < flowTolerance/64 {
			f.length *= 2
		}
		f.note(h)
		copy(f.logits, f.trial)
		f.slopes[0], f.slopes[6] = f.slopes[6], f.slopes[0]
		softmax(f.a, f.logits)
		if f.time += h; h == left {
			f.time = end
		}
	}
}

// note looks for the moment at which the watched entry first has half or most
// of the attention, within the step of length h that was tried last.
func (f *flow) note(h float64) {
	for n, level := range levels {
		if !math.IsNaN(f.times[n]) || f.share(f.trial) < level {
			continue
		}
		low, high := 0.0, h
		for {
			middle := low + float64((high-low)/2)
			if middle <= low || middle >= high {
				break
			}
			f.try(middle)
			if f.share(f.trial) < level {
				low = middle
			} else {
				high = middle
			}
		}
		f.times[n] = f.time + high
		f.try(h)
	}
}

// share is the attention that logits give the watched entry; it overwrites a.
func (f *flow) share(logits []float64) float64 {
	softmax(f.a, logits)
	return f.a[f.entry]
}
