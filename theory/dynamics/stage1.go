package dynamics

import (
	"fmt"
	"math"

	"causalgrad/theory/embedding"
	"causalgrad/theory/graph"
)

// The attention whose times a Row tells.
const (
	Half = 0.5
	Most = 0.99
)

// Row is what stage 1 does to the row of one child.
type Row struct {
	Child  int
	Parent int
	Argmax int     // where the row's attention is largest at the end; of equal ones the first
	Final  float64 // attention on the parent at the end
	// ToHalf and ToMost are the first times, in steps, at which the parent has at
	// least Half and Most of the attention; NaN where that does not happen.
	ToHalf, ToMost float64
}

// Stage1 is stage 1 of Algorithm 1 from A1 = 0, in the limit of small beta0.
type Stage1 struct {
	Forest  graph.Forest
	Payoffs Payoffs
	// Rate is the learning rate of A1 times beta0: what multiplies the payoffs.
	Rate float64
	// Embedding is what positions are to the scores; nil for orthogonal vectors, for
	// which alone the rows are independent of each other. Flow knows no other.
	Embedding *embedding.Embedding
}

// Visit receives the attention (T x T, zero above the diagonal) at a logged
// step; it must not keep the matrix.
type Visit func(step int, attention [][]float64)

func (s Stage1) check(steps int) error {
	if t := s.Forest.SequenceLength(); len(s.Payoffs) != t {
		return fmt.Errorf("stage 1: payoffs of %d rows, want %d", len(s.Payoffs), t)
	}
	if !(s.Rate > 0) || math.IsInf(s.Rate, 0) {
		return fmt.Errorf("stage 1: rate x beta0 = %v, want a finite number above 0", s.Rate)
	}
	if e := s.Embedding; e != nil && e.Positions() != len(s.Payoffs) {
		return fmt.Errorf("stage 1: embedding %v: %d positions, want %d", e, e.Positions(), len(s.Payoffs))
	}
	if steps < 1 {
		return fmt.Errorf("stage 1: steps = %d, want at least 1", steps)
	}
	return nil
}

// Steps takes the algorithm's finite steps, A1 += Rate x gradient, and visits
// the attention at those of 0..steps that logged admits (nil: none).
func (s Stage1) Steps(steps int, logged func(step int) bool, visit Visit) ([]Row, error) {
	if s.Embedding != nil {
		return s.embedded(steps, logged, visit)
	}
	return s.follow(steps, logged, visit, func(w []float64, watched int) mover { return newStepper(w, s.Rate, watched) })
}

// Flow is Steps in continuous time: dA1/dt = Rate x gradient, one unit of time
// a step. The logits are integrated to about 1e-10.
func (s Stage1) Flow(steps int, logged func(step int) bool, visit Visit) ([]Row, error) {
	if s.Embedding != nil {
		return nil, fmt.Errorf("stage 1: embedding %v: continuous time needs orthogonal vectors", s.Embedding)
	}
	return s.follow(steps, logged, visit, func(w []float64, watched int) mover { return newFlow(w, s.Rate, watched) })
}

// mover carries one row through time and watches one of its entries.
type mover interface {
	// to goes on to a time, a whole number of steps not before the last one.
	to(step int)
	attention() []float64
	// first are the first times at which the watched entry had at least Half and
	// Most; NaN if it never had.
	first() (half, most float64)
}

func (s Stage1) follow(steps int, logged func(step int) bool, visit Visit, start func(w []float64, watched int) mover) ([]Row, error) {
	if err := s.check(steps); err != nil {
		return nil, err
	}
	rows := make([]mover, len(s.Payoffs))
	for i, w := range s.Payoffs {
		watched := 0 // a root's or the last token's row: nobody asks
		if i < s.Forest.Positions() && s.Forest.Parent(i) != graph.Root {
			watched = s.Forest.Parent(i)
		}
		rows[i] = start(w, watched)
	}
	attention := square(len(rows))
	for step := range steps + 1 {
		log := logged != nil && logged(step)
		if !log && step < steps {
			continue
		}
		for i, row := range rows {
			row.to(step)
			copy(attention[i], row.attention())
		}
		if log {
			visit(step, attention)
		}
	}
	var list []Row
	for _, e := range s.Forest.Edges() {
		half, most := rows[e.Child].first()
		list = append(list, newRow(e, attention, half, most))
	}
	return list, nil
}

// newRow is what became of an edge where the attention ends so.
func newRow(e graph.Edge, attention [][]float64, half, most float64) Row {
	a, argmax := attention[e.Child][:e.Child+1], 0
	for k, v := range a {
		if v > a[argmax] {
			argmax = k
		}
	}
	return Row{e.Child, e.Parent, argmax, a[e.Parent], half, most}
}

// watch notes when an entry first has Half and Most of the attention.
type watch struct {
	entry int
	times [2]float64 // NaN until then
}

var levels = [2]float64{Half, Most}

func newWatch(entry int) watch { return watch{entry, [2]float64{math.NaN(), math.NaN()}} }

// reach notes the levels that a share of the attention reaches for the first time.
func (w *watch) reach(share, time float64) {
	for n, level := range levels {
		if math.IsNaN(w.times[n]) && share >= level {
			w.times[n] = time
		}
	}
}

func (w *watch) first() (half, most float64) { return w.times[0], w.times[1] }

// stepper takes finite steps.
type stepper struct {
	watch
	payoffs, logits, a, gains []float64
	rate                      float64
	step                      int
}

func newStepper(w []float64, rate float64, watched int) *stepper {
	n := len(w)
	s := &stepper{newWatch(watched), w, make([]float64, n), make([]float64, n), make([]float64, n), rate, 0}
	s.look()
	return s
}

func (s *stepper) attention() []float64 { return s.a }

// look computes the attention and notes the watched entry.
func (s *stepper) look() {
	softmax(s.a, s.logits)
	s.reach(s.a[s.entry], float64(s.step))
}

func (s *stepper) to(step int) {
	for ; s.step < step; s.look() {
		s.step++
		copy(s.gains, s.a)
		gain(s.gains, s.payoffs)
		for k, g := range s.gains {
			s.logits[k] += float64(s.rate * g)
		}
	}
}
