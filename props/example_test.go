package props_test

import (
	"fmt"
	"math"
	"testing"

	"causalgrad/impl/model"
	"causalgrad/impl/task"
	"causalgrad/props"
	"causalgrad/props/outcome"
)

// mine is an implementation under test: the reduced model, its loss, its
// prediction and its gradient, written from the formulas.
type mine struct{}

func (mine) Name() string       { return "mine" }
func (mine) Roundoff() float64  { return 0x1p-53 } // float64
func (mine) Scope() props.Scope { return props.Scope{Models: []string{model.KindReduced}} }

// Evaluate has the parameters A1 (T x T) and A2 (S x S), row-major. Position i
// looks at the positions j <= i with weights softmax(A1[i]); the last token q
// scores i by z_i, the mean of A2[q][x_j] under them; f_s is the share of token s
// among the positions, weighted by softmax(z); the loss is -sum y_s log(f_s + eps).
func (mine) Evaluate(m model.Spec, params []float64, b *task.Batch) (props.Evaluation, error) {
	a1, a2 := params[:b.T*b.T], params[b.T*b.T:]
	e := props.Evaluation{Predictions: make([]float64, b.N*b.S), Gradient: make([]float64, len(params))}
	g1, g2 := e.Gradient[:b.T*b.T], e.Gradient[b.T*b.T:]
	for n := range b.N {
		x, y, f := b.Sequence(n), b.Target(n), e.Predictions[n*b.S:(n+1)*b.S]
		q := int(x[b.T-1]) * b.S
		weights, z := make([][]float64, b.T), make([]float64, b.T)
		for i := range b.T {
			weights[i] = softmax(a1[i*b.T : i*b.T+i+1])
			for j, w := range weights[i] {
				z[i] += w * a2[q+int(x[j])]
			}
		}
		v := softmax(z)
		for i, s := range x {
			f[s] += v[i]
		}
		slope, mean := make([]float64, b.S), 0.0 // of the loss, in f; and its mean under v
		for s := range y {
			if y[s] > 0 {
				e.Loss -= y[s] * math.Log(f[s]+m.Eps) / float64(b.N)
				slope[s] = -y[s] / (f[s] + m.Eps) / float64(b.N)
			}
			mean += f[s] * slope[s]
		}
		for i, s := range x {
			dz := v[i] * (slope[s] - mean)
			for j, w := range weights[i] {
				g2[q+int(x[j])] += dz * w
				g1[i*b.T+j] += dz * w * (a2[q+int(x[j])] - z[i])
			}
		}
	}
	return e, nil
}

func softmax(z []float64) []float64 {
	w, largest, sum := make([]float64, len(z)), math.Inf(-1), 0.0
	for _, v := range z {
		largest = math.Max(largest, v)
	}
	for i, v := range z {
		w[i] = math.Exp(v - largest)
		sum += w[i]
	}
	for i := range w {
		w[i] /= sum
	}
	return w
}

// In a test file this is all there is to write; CanEvaluate says that the test
// is not to pass if the method is renamed one day.
func ExampleTest() {
	_ = func(t *testing.T) { // func TestMine(t *testing.T) {
		props.Test(t, mine{}, props.CanEvaluate)
	}
}

// Outside of a test the results are values.
func Example() {
	count := map[outcome.Verdict]int{}
	for _, r := range props.Run(props.All(), mine{}, props.Options{Seed: 1, Draws: 20}) {
		count[r.Verdict]++
		if r.Verdict == outcome.Failed {
			fmt.Println(r)
		}
	}
	fmt.Println(count)
	// Output:
	// map[not applicable:160 passed:23]
}
