package fault

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"

	"causalgrad/impl/model"
	"causalgrad/impl/optim"
	"causalgrad/impl/task"
	"causalgrad/impl/train"
	"causalgrad/props"
	"causalgrad/props/outcome"
	"causalgrad/theory/graph"
)

// Witness is a subject whose answers are compared with the built-in subject's, and
// the last ones kept, so that it can be told afterwards what is wrong with them.
// Trainings are not kept: they have no one right answer, and cost too much to be
// repeated until their means tell. It is safe for concurrent use if the subject is;
// one for each law keeps their questions apart.
type Witness struct {
	props.Subject
	right props.Subject
	mu    sync.Mutex
	kept  map[bool][]exchange // by whether the answer is wrong, the oldest first
	drawn map[bool][]drawn
}

// exchange is a question, as what asks it again, with the subject's answer.
type exchange struct {
	in  props.Capability
	ask func(s props.Subject) ([]float64, error)
	got []float64
	// off is the largest difference from the right answer, and size the right
	// answer's largest entry.
	off, size float64
}

// maxKept bounds the questions of each kind that are kept: the smallest cases come
// last.
const maxKept = 8

// NewWitness is a witness of s.
func NewWitness(s props.Subject) *Witness {
	return &Witness{Subject: s, right: props.Builtin(), kept: map[bool][]exchange{}, drawn: map[bool][]drawn{}}
}

// Can is the subject's.
func (w *Witness) Can(c props.Capability) bool { return c.Of(w.Subject) }

// Scope is the subject's.
func (w *Witness) Scope() props.Scope { return props.ScopeOf(w.Subject) }

// keep notes an answer, one with a NaN in it too; any other error is none.
func (w *Witness) keep(in props.Capability, err error, ask func(s props.Subject) ([]float64, error), got ...[]float64) {
	var told interface{ Kind() string }
	if err != nil && !(errors.As(err, &told) && told.Kind() == outcome.WrongAnswer) {
		return
	}
	want, err := ask(w.right)
	answer := slices.Concat(got...)
	if err != nil || len(want) != len(answer) {
		return
	}
	x := exchange{in, ask, answer, distance(answer, want), largestSize(want)}
	w.mu.Lock()
	defer w.mu.Unlock()
	wrong := !(x.off <= w.noise(x))
	kept := append(w.kept[wrong], x)
	w.kept[wrong] = kept[max(0, len(kept)-maxKept):]
}

// Sample implements props.Sampler.
func (w *Witness) Sample(t task.Spec, n int, seed uint64) (*task.Batch, error) {
	b, err := w.Subject.(props.Sampler).Sample(t, n, seed)
	if err == nil && b != nil {
		w.keepDrawn(t, seed, b)
	}
	return b, err
}

// Train implements props.Trainer.
func (w *Witness) Train(t train.Spec) (params, losses []float64, err error) {
	return w.Subject.(props.Trainer).Train(t)
}

// Stationary implements props.Stationary.
func (w *Witness) Stationary(chain [][]float64) ([]float64, error) {
	chain = copied(chain)
	mu, err := w.Subject.(props.Stationary).Stationary(chain)
	w.keep(props.CanStationary, err, func(s props.Subject) ([]float64, error) { return s.(props.Stationary).Stationary(chain) }, mu)
	return mu, err
}

// Information implements props.Informant.
func (w *Witness) Information(f graph.Forest, chain [][]float64) (signal, information [][]float64, err error) {
	chain = copied(chain)
	ask := func(s props.Subject) ([]float64, error) {
		signal, information, err := s.(props.Informant).Information(f, chain)
		return slices.Concat(slices.Concat(signal...), slices.Concat(information...)), err
	}
	signal, information, err = w.Subject.(props.Informant).Information(f, chain)
	w.keep(props.CanInform, err, ask, slices.Concat(signal...), slices.Concat(information...))
	return signal, information, err
}

// FirstStep implements props.FirstStepper.
func (w *Witness) FirstStep(f graph.Forest, chain [][]float64, eps float64) ([][]float64, error) {
	chain = copied(chain)
	ask := func(s props.Subject) ([]float64, error) {
		g, err := s.(props.FirstStepper).FirstStep(f, chain, eps)
		return slices.Concat(g...), err
	}
	g, err := w.Subject.(props.FirstStepper).FirstStep(f, chain, eps)
	w.keep(props.CanFirstStep, err, ask, g...)
	return g, err
}

// CountEstimate implements props.Estimator.
func (w *Witness) CountEstimate(t task.Spec, b *task.Batch, alpha float64) ([]float64, error) {
	b = copiedBatch(b)
	f, err := w.Subject.(props.Estimator).CountEstimate(t, b, alpha)
	w.keep(props.CanEstimate, err, func(s props.Subject) ([]float64, error) { return s.(props.Estimator).CountEstimate(t, b, alpha) }, f)
	return f, err
}

// Evaluate implements props.Evaluator.
func (w *Witness) Evaluate(m model.Spec, params []float64, b *task.Batch) (props.Evaluation, error) {
	params, b = slices.Clone(params), copiedBatch(b)
	flat := func(e props.Evaluation) []float64 { return slices.Concat([]float64{e.Loss}, e.Predictions, e.Gradient) }
	ask := func(s props.Subject) ([]float64, error) {
		e, err := s.(props.Evaluator).Evaluate(m, params, b)
		return flat(e), err
	}
	e, err := w.Subject.(props.Evaluator).Evaluate(m, params, b)
	w.keep(props.CanEvaluate, err, ask, flat(e))
	return e, err
}

// Attention implements props.Attender.
func (w *Witness) Attention(m model.Spec, params []float64, b *task.Batch) ([]float64, error) {
	params, b = slices.Clone(params), copiedBatch(b)
	a, err := w.Subject.(props.Attender).Attention(m, params, b)
	w.keep(props.CanAttend, err, func(s props.Subject) ([]float64, error) { return s.(props.Attender).Attention(m, params, b) }, a)
	return a, err
}

// Optimize implements props.Optimizer.
func (w *Witness) Optimize(o optim.Spec, params []float64, gradients [][]float64) ([][]float64, error) {
	params, gradients = slices.Clone(params), copied(gradients)
	ask := func(s props.Subject) ([]float64, error) {
		path, err := s.(props.Optimizer).Optimize(o, params, gradients)
		return slices.Concat(path...), err
	}
	path, err := w.Subject.(props.Optimizer).Optimize(o, params, gradients)
	w.keep(props.CanOptimize, err, ask, path...)
	return path, err
}

// Measure implements props.Measurer.
func (w *Witness) Measure(b *task.Batch, f []float64) (props.Measurement, error) {
	b, f = copiedBatch(b), slices.Clone(f)
	flat := func(m props.Measurement) []float64 { return []float64{m.Loss, m.Irreducible, m.SupError} }
	ask := func(s props.Subject) ([]float64, error) {
		m, err := s.(props.Measurer).Measure(b, f)
		return flat(m), err
	}
	m, err := w.Subject.(props.Measurer).Measure(b, f)
	w.keep(props.CanMeasure, err, ask, flat(m))
	return m, err
}

func copied(m [][]float64) [][]float64 {
	own := make([][]float64, len(m))
	for i, row := range m {
		own[i] = slices.Clone(row)
	}
	return own
}

func copiedBatch(b *task.Batch) *task.Batch {
	own := *b
	own.Tokens, own.Targets, own.Chains = slices.Clone(b.Tokens), slices.Clone(b.Targets), slices.Clone(b.Chains)
	return &own
}

// Explain says what the kept answers look like where they are wrong: the planted
// mistakes that answer every kept question as the subject did, two where the cases
// cannot tell them apart, or single precision that was not declared; where no such
// answer is wrong, the mistakes that a sampler draws as with. It is empty where
// nothing fits.
func (w *Witness) Explain() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.kept[true]) == 0 {
		return w.sampler()
	}
	asked := slices.Concat(w.kept[true], w.kept[false])
	var fitting []string
	for _, m := range All() {
		if w.explains(m, asked) {
			fitting = append(fitting, m.ID+": "+m.Description)
		}
	}
	if len(fitting) == 0 {
		return w.precision(asked)
	}
	return answersAs + strings.Join(fitting, orWith)
}

// How Explain names the known mistakes that answer as a subject does.
const (
	answersAs = "answers as with the known mistake "
	orWith    = "; or with "
)

// Mistakes splits what Explain said of a case that cannot tell some known mistakes
// apart: what it says where it can, of each of them.
func Mistakes(explanation string) []string {
	text, ok := strings.CutPrefix(explanation, answersAs)
	if !ok {
		return nil
	}
	all := strings.Split(text, orWith)
	for i, one := range all {
		all[i] = answersAs + one
	}
	return all
}

// noise is a difference that rounding may make: a thousand roundoffs of the largest
// entry, as much as the laws' usual tolerances.
func (w *Witness) noise(x exchange) float64 { return 1024 * w.Roundoff() * x.size }

// explains reports whether the mistake answers as the subject did, right answers
// included, within a thousandth of what is wrong.
func (w *Witness) explains(m *Mistake, asked []exchange) bool {
	planted := m.Plant(w.right)
	for _, j := range asked {
		answer, err := j.ask(planted)
		if err != nil || len(answer) != len(j.got) {
			return false
		}
		allowed := w.noise(j)
		if !math.IsInf(j.off, 0) {
			allowed += j.off / 1000
		}
		if !(distance(j.got, answer) <= allowed) {
			return false
		}
	}
	return true
}

// precision says that undeclared single precision fits: every number in the answers
// is one of single precision, which of sums and quotients in double precision hardly
// any is, and all are within 512 of its roundoffs of the right ones.
func (w *Witness) precision(asked []exchange) string {
	const single = 0x1p-24
	worst := 0.0
	for _, x := range asked {
		for _, v := range x.got {
			if v != float64(float32(v)) {
				return ""
			}
		}
		worst = math.Max(worst, x.off/math.Max(x.size, math.SmallestNonzeroFloat64))
	}
	if w.Roundoff() >= single || !(worst <= 512*single) {
		return ""
	}
	return fmt.Sprintf("fits single precision, off by up to %.2g of the largest entry: if that is meant, declare a roundoff of 6e-8", worst)
}

// distance is the largest difference of two vectors where both are finite. It is
// infinite where a is finite and b is not, and where a has a NaN or an infinity and
// b none at all: how far a NaN spreads depends on how zeros are multiplied.
func distance(a, b []float64) float64 {
	d, bad, finite := 0.0, false, true
	for i, v := range a {
		w := b[i]
		switch {
		case v == w:
		case math.IsNaN(v) || math.IsInf(v, 0):
			bad = true
		case math.IsNaN(w) || math.IsInf(w, 0):
			return math.Inf(1)
		default:
			d = math.Max(d, math.Abs(v-w))
		}
		finite = finite && !math.IsNaN(w) && !math.IsInf(w, 0)
	}
	if bad && finite {
		return math.Inf(1)
	}
	return d
}

// largestSize is the largest finite entry in size.
func largestSize(v []float64) float64 {
	size := 0.0
	for _, x := range v {
		if a := math.Abs(x); !math.IsInf(a, 0) && !math.IsNaN(a) {
			size = math.Max(size, a)
		}
	}
	return size
}
