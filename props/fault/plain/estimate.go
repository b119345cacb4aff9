package plain

import (
	"math"

	"causalgrad/impl/task"
	"causalgrad/props"
	"causalgrad/theory/graph"
)

// The slips of the count estimator and of the metrics.
const (
	EstimateRootWrapped   Slip = "estimate-root-wrapped"
	EstimateWithoutAlpha  Slip = "estimate-without-alpha"
	EstimateAlphaDivided  Slip = "estimate-alpha-divided"
	EstimateBySequence    Slip = "estimate-divided-by-length"
	EstimateParentCounted Slip = "estimate-parent-counted"
	EstimateShifted       Slip = "estimate-off-by-one"
	EstimateLastMissed    Slip = "estimate-last-position-missed"
	EstimateAnyArity      Slip = "estimate-any-arity"
	EstimateAnyParent     Slip = "estimate-any-parent"
	EstimateStale         Slip = "estimate-stale-counts"
	EstimateFloat32       Slip = "estimate-float32"

	EstimateTokenSkipped  Slip = "estimate-token-skipped"
	MeasureLargestOfBatch Slip = "measure-largest-of-batch"
	MeasureVariation      Slip = "measure-total-variation"
	MeasureSigned         Slip = "measure-signed"
	MeasureOwnEntropy     Slip = "measure-own-entropy"
	MeasureZeroLogZero    Slip = "measure-zero-log-zero"
	MeasureDivergence     Slip = "measure-divergence"
	MeasureBits           Slip = "measure-bits"
	MeasureLastMissed     Slip = "measure-last-missed"
	MeasureReversed       Slip = "measure-arguments-swapped"
)

// CountEstimate implements props.Estimator.
func (s *Subject) CountEstimate(t props.TaskSpec, b *task.Batch, alpha float64) ([]float64, error) {
	if s.Slip == EstimateAlphaDivided {
		alpha /= float64(b.S)
	}
	out := make([]float64, b.N*b.S)
	counts := make([]float64, b.S)
	for n := range b.N {
		if s.Slip != EstimateStale {
			clear(counts)
		}
		tokens := b.Sequence(n)
		for i := range tokens {
			if s.Slip == EstimateTokenSkipped && tokens[i] == 0 {
				continue
			}
			if s.agrees(t, tokens, i) {
				counts[s.counted(t, tokens, i)]++
			}
		}
		row := out[n*b.S : (n+1)*b.S]
		for v, c := range counts {
			row[v] = c + alpha
			if s.Slip == EstimateWithoutAlpha {
				row[v] = c + 1e-9
			}
		}
		sum := total(row)
		if s.Slip == EstimateBySequence {
			sum = float64(b.T-1) + alpha*float64(b.S)
		}
		for v := range row {
			row[v] /= sum
		}
	}
	if s.Slip == EstimateFloat32 {
		single(out)
	}
	return out, nil
}

// agrees reports whether position i has the target's context.
func (s *Subject) agrees(t props.TaskSpec, tokens []uint16, i int) bool {
	if t.DAG != nil {
		return s.agreesDAG(t.DAG, tokens, i)
	}
	last := len(tokens) - 1
	if i == last || s.Slip == EstimateLastMissed && i == last-1 {
		return false
	}
	p := t.Parents[i]
	if p == graph.Root {
		if s.Slip != EstimateRootWrapped {
			return false
		}
		p = last - 1
	}
	return tokens[p] == tokens[last]
}

func (s *Subject) agreesDAG(parents [][]int, tokens []uint16, i int) bool {
	own, target := parents[i], parents[len(tokens)]
	if len(own) == 0 || len(own) != len(target) && s.Slip != EstimateAnyArity {
		return false
	}
	if s.Slip == EstimateLastMissed && i == len(tokens)-1 {
		return false
	}
	same := 0
	shared := min(len(own), len(target))
	for j := range shared {
		if tokens[own[j]] == tokens[target[j]] {
			same++
		}
	}
	if s.Slip == EstimateAnyParent {
		return same > 0
	}
	return same == shared
}

// counted is the token that position i contributes.
func (s *Subject) counted(t props.TaskSpec, tokens []uint16, i int) uint16 {
	switch {
	case s.Slip == EstimateParentCounted && t.DAG == nil && t.Parents[i] != graph.Root:
		return tokens[t.Parents[i]]
	case s.Slip == EstimateShifted && i+1 < len(tokens):
		return tokens[i+1]
	}
	return tokens[i]
}

// Measure implements props.Measurer.
func (s *Subject) Measure(b *task.Batch, f []float64) (props.Measurement, error) {
	var m props.Measurement
	n := b.N
	if s.Slip == MeasureLastMissed && n > 1 {
		n--
	}
	for i := range n {
		y, row := b.Target(i), f[i*b.S:(i+1)*b.S]
		if s.Slip == MeasureReversed {
			y, row = row, y
		}
		m.Loss += s.crossEntropy(y, row)
		switch s.Slip {
		case MeasureOwnEntropy:
			m.Irreducible += s.crossEntropy(row, row)
		default:
			m.Irreducible += s.crossEntropy(y, y)
		}
		d := s.distance(y, row)
		if s.Slip == MeasureLargestOfBatch {
			m.SupError = math.Max(m.SupError, d*float64(n))
		} else {
			m.SupError += d
		}
	}
	if s.Slip == MeasureDivergence {
		m.Loss -= m.Irreducible
	}
	scale := 1 / float64(n)
	m.Loss, m.Irreducible, m.SupError = m.Loss*scale, m.Irreducible*scale, m.SupError*scale
	if s.Slip == MeasureBits {
		m.Loss, m.Irreducible = m.Loss/math.Ln2, m.Irreducible/math.Ln2
	}
	return m, nil
}

// crossEntropy is -sum y log f; a term with y = 0 is 0.
func (s *Subject) crossEntropy(y, f []float64) float64 {
	h := 0.0
	for v, p := range y {
		if p != 0 || s.Slip == MeasureZeroLogZero {
			h -= p * math.Log(f[v])
		}
	}
	return h
}

// distance is the largest error of one row.
func (s *Subject) distance(y, f []float64) float64 {
	d := 0.0
	for v := range y {
		e := math.Abs(f[v] - y[v])
		switch s.Slip {
		case MeasureVariation:
			d += e / 2
		case MeasureSigned:
			d = math.Max(d, f[v]-y[v])
		default:
			d = math.Max(d, e)
		}
	}
	return d
}
