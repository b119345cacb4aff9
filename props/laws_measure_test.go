package props

import (
	"math"
	"testing"

	"causalgrad/impl/task"
)

// metrics is the mean over sequences of one function for each metric.
func metrics(loss, entropy func(y, f float64) float64, distance func(y, f []float64) float64) spoiled {
	return spoiled{measure: func(b *task.Batch, f []float64) Measurement {
		var m Measurement
		for n := range b.N {
			y, p := b.Target(n), f[n*b.S:(n+1)*b.S]
			for a := range y {
				m.Loss += loss(y[a], p[a]) / float64(b.N)
				m.Irreducible += entropy(y[a], p[a]) / float64(b.N)
			}
			m.SupError += distance(y, p) / float64(b.N)
		}
		return m
	}}
}

func cross(y, f float64) float64 {
	if y == 0 {
		return 0
	}
	return -y * math.Log(f)
}

func own(y, _ float64) float64 { return cross(y, y) }

func supremum(y, f []float64) float64 {
	d := 0.0
	for a := range y {
		d = math.Max(d, math.Abs(f[a]-y[a]))
	}
	return d
}

func oneNorm(y, f []float64) float64 {
	d := 0.0
	for a := range y {
		d += math.Abs(f[a] - y[a])
	}
	return d
}

func leastError(y, f []float64) float64 {
	d := 1.0
	for a := range y {
		d = math.Min(d, math.Abs(f[a]-y[a]))
	}
	return d
}

// edited changes the right answer.
func edited(change func(b *task.Batch, m *Measurement)) spoiled {
	return spoiled{measure: func(b *task.Batch, f []float64) Measurement {
		m := right(builtin{}.Measure(b, f))
		change(b, &m)
		return m
	}}
}

func TestEveryMeasureLawCatchesAMistake(t *testing.T) {
	inBits := edited(func(_ *task.Batch, m *Measurement) { m.Loss /= math.Ln2 })
	withEps := metrics(func(y, f float64) float64 { return cross(y, f+1e-8) }, own, supremum)
	requireCaught(t, measureLaws(), map[string]spoiled{
		"measure-definition": metrics(cross, own, oneNorm),
		"measure-perfect":    withEps,
		"measure-uniform":    inBits,
		"measure-ranges":     edited(func(_ *task.Batch, m *Measurement) { m.Irreducible = -m.Irreducible }),
		"measure-pinsker":    metrics(cross, own, oneNorm),
		"measure-impossible": withEps,
		"measure-order": edited(func(b *task.Batch, m *Measurement) {
			m.SupError += 1e-9 * float64(b.Targets[0]) // the first sequence counts for more
		}),
		"measure-concatenation": edited(func(b *task.Batch, m *Measurement) { m.SupError *= float64(b.N) }),
		"measure-convex":        metrics(cross, own, leastError),
		"measure-shrinks": metrics(cross, own, func(y, f []float64) float64 {
			d := supremum(y, f)
			return d * d
		}),
		"measure-of-evaluation": inBits,
	})
}

// TestTheTestsOwnMetricsAreRight: without a mistake they obey every law.
func TestTheTestsOwnMetricsAreRight(t *testing.T) {
	requirePassed(t, measureLaws(), metrics(cross, own, supremum))
}
