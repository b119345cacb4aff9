package model

import (
	"math"

	"causalgrad/impl/internal/kernel"
	"causalgrad/theory/detmath"
)

// Kernel is the variant of the inner loops that runs ("portable", "avx2" or "avx512": the
// bits are the same) and what is wrong with the environment variable that forces
// one, nil if nothing. A command reports the error once, before it starts.
func Kernel() (name string, err error) { return kernel.Name(), kernel.Err() }

// Kernels lists the variants that this machine can run, portable first.
func Kernels() []string { return kernel.Available() }

// WithKernel calls f while a variant is in use, and then goes back to the one
// before. A second call waits for the first; what else runs meanwhile takes the
// variant too.
func WithKernel(name string, f func() error) error { return kernel.With(name, f) }

// axpy adds a*x to dst, each element with one fused rounding.
func axpy(dst []float64, a float64, x []float64) {
	x = x[:len(dst)]
	for i := range dst {
		dst[i] = math.FMA(a, x[i], dst[i])
	}
}

// add adds x to dst.
func add(dst, x []float64) {
	x = x[:len(dst)]
	for i := range dst {
		dst[i] += x[i]
	}
}

// softmax replaces scores by their softmax.
func softmax(scores []float64) {
	largest := math.Inf(-1)
	for _, v := range scores {
		largest = math.Max(largest, v)
	}
	sum := 0.0
	for i, v := range scores {
		e := detmath.Exp(v - largest)
		scores[i] = e
		sum += e
	}
	scale := 1 / sum
	for i := range scores {
		scores[i] *= scale
	}
}

// softmaxBackward turns the gradient with respect to softmax outputs p into
// the gradient with respect to its scores, in place.
func softmaxBackward(p, gradient []float64) {
	mean := 0.0
	for i, v := range p {
		mean = math.FMA(v, gradient[i], mean)
	}
	for i, v := range p {
		gradient[i] = v * (gradient[i] - mean)
	}
}

// crossEntropy returns -sum y log softmax(logits) and writes softmax(logits) to f.
// It stays finite where a softmax output underflows.
func crossEntropy(logits, y, f []float64) float64 {
	largest := math.Inf(-1)
	for _, v := range logits {
		largest = math.Max(largest, v)
	}
	sum := 0.0
	for i, v := range logits {
		f[i] = detmath.Exp(v - largest)
		sum += f[i]
	}
	logSum, loss := detmath.Log(sum), 0.0
	for i, v := range logits {
		f[i] /= sum
		loss = math.FMA(y[i], logSum-(v-largest), loss)
	}
	return loss
}

// dot is the inner product, in four interleaved fused sums that are added in a
// fixed order: one shape whatever the vector unit.
func dot(x, y []float64) float64 {
	y = y[:len(x)]
	var s0, s1, s2, s3 float64
	n := len(x) &^ 3
	for i := 0; i < n; i += 4 {
		s0 = math.FMA(x[i], y[i], s0)
		s1 = math.FMA(x[i+1], y[i+1], s1)
		s2 = math.FMA(x[i+2], y[i+2], s2)
		s3 = math.FMA(x[i+3], y[i+3], s3)
	}
	for i := n; i < len(x); i++ {
		s0 = math.FMA(x[i], y[i], s0)
	}
	return (s0 + s1) + (s2 + s3)
}
