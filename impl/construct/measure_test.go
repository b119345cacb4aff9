package construct

import (
	"math"
	"testing"

	"causalgrad/impl/measure"
	"causalgrad/impl/task"
	"causalgrad/theory/close"
	"causalgrad/theory/graph"
	"causalgrad/theory/stream"

	"github.com/stretchr/testify/require"
)

// measureTolerance: means of 300 numbers of order 1 to 10 after some 50
// operations each, and log f read back with an error of 2^-53 log f / scale.
const measureTolerance = 1e-12

// fresh are the sequences that Options names, in one batch.
func fresh(t task.Task, o Options, use uint64) *task.Batch {
	all := task.NewBatch(o.Sequences, t.SequenceLength(), t.Tokens())
	for from := 0; from < o.Sequences; from += 256 {
		t.NewSampler().Sample(stream.New(stream.Key{Seed: o.Seed, Purpose: stream.Test, Step: use, Shard: uint64(from / 256)}),
			all.Slice(from, min(from+256, o.Sequences)))
	}
	return all
}

func textbook(x []float64) measure.Mean {
	sum, square, n := 0.0, 0.0, float64(len(x))
	for _, v := range x {
		sum += v
	}
	for _, v := range x {
		square += (v - sum/n) * (v - sum/n)
	}
	return measure.Mean{Value: sum / n, StdErr: math.Sqrt(square / (n - 1) / n)}
}

func requireMean(t *testing.T, want []float64, got measure.Mean, what string) {
	t.Helper()
	m := textbook(want)
	require.NoError(t, close.Within(got.Value, m.Value, measureTolerance, measureTolerance), what)
	require.NoError(t, close.Within(got.StdErr, m.StdErr, 1e-10, measureTolerance), "standard error of %s", what)
}

// Every number of a row again, from the sequences and the definitions.
func TestMeasureIsTheDefinitions(t *testing.T) {
	f, err := graph.NewForest([]int{-1, 0, 0, 2, -1})
	require.NoError(t, err)
	const s, eps, alpha = 3, 0.05, 0.5
	tk := dirichletTask(t, f, s, alpha)
	o := Options{Sequences: 300, Seed: 5}
	for _, kind := range []string{"reduced", "disentangled"} {
		built, err := Build(kind, f, s, Settings{B: 3, Beta: 2, Roots: RootsSink, Eps: eps})
		require.NoError(t, err)
		row, err := Measure(built, tk, o)
		require.NoError(t, err)
		scaled := built
		if kind == "disentangled" {
			scaled = built.Scaled(row.Scale)
		}
		b := fresh(tk, o, measuring)
		predicted := make([]float64, b.N*s)
		pass := scaled.Model.NewPass()
		pass.Bind(scaled.Params)
		pass.NewWorker().Predict(b, predicted)
		q, limit, count, smoothed := run(scaled, b), make([]float64, b.N*s), make([]float64, b.N*s), make([]float64, b.N*s)
		scaled.Limit(b, limit)
		tk.CountEstimate(b, 0, count)
		tk.CountEstimate(b, alpha, smoothed)
		var toCount, predictionTo, toLimit, gap, linear, countGap []float64
		unmatched, largest := 0, 0.0
		for n := range b.N {
			at := n * s
			far := func(a, c []float64) float64 {
				return max(math.Abs(a[at]-c[at]), math.Abs(a[at+1]-c[at+1]), math.Abs(a[at+2]-c[at+2]))
			}
			if math.IsNaN(count[at]) {
				unmatched++
			} else {
				toCount, predictionTo = append(toCount, far(q, count)), append(predictionTo, far(predicted, count))
				largest = max(largest, far(q, count))
			}
			toLimit = append(toLimit, far(q, limit))
			var model, read, estimator, entropy float64
			for v, y := range b.Target(n) {
				entropy -= y * math.Log(y)
				read -= y * math.Log(q[at+v]+eps)
				estimator -= y * math.Log(smoothed[at+v])
				if kind == "reduced" {
					model -= y * math.Log(predicted[at+v]+eps)
				} else {
					model -= y * math.Log(predicted[at+v])
				}
			}
			gap, linear, countGap = append(gap, model-entropy), append(linear, read-entropy), append(countGap, estimator-entropy)
		}
		require.Positive(t, unmatched)
		require.Equal(t, float64(unmatched)/300, row.Unmatched)
		requireMean(t, toCount, row.Frequency.Mean, "frequencies to the count")
		requireMean(t, predictionTo, row.Prediction.Mean, "prediction to the count")
		requireMean(t, toLimit, row.Limit.Mean, "frequencies to the limit")
		requireMean(t, gap, row.Gap, "gap")
		requireMean(t, linear, row.LinearGap, "linear gap")
		requireMean(t, countGap, row.CountGap, "gap of the count estimator")
		require.NoError(t, close.Within(row.Frequency.Max, largest, measureTolerance, measureTolerance))
		require.Equal(t, []any{built.Model.Name(), RootsSink, 3.0, 2.0, 6, eps, 300},
			[]any{row.Model, row.Roots, row.B, row.Beta, row.Length, row.Eps, row.Sequences})
	}
}

func TestMeasureIsTheSameForAnyNumberOfWorkers(t *testing.T) {
	g := randomDAG(t, 6, lawStream(8))
	tk := dirichletTask(t, g, 3, 0.5)
	built, err := Build("disentangled", g, 3, Settings{B: 4, Beta: 3, Roots: RootsMasked, Eps: 0.01})
	require.NoError(t, err)
	want, err := Measure(built, tk, Options{Sequences: 600, Seed: 1, Workers: 1})
	require.NoError(t, err)
	for _, workers := range []int{2, 3, 8} {
		got, err := Measure(built, tk, Options{Sequences: 600, Seed: 1, Workers: workers})
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
}

// The best scale has no better neighbour: the loss on its own calibration
// sequences is convex in the scale.
func TestBestScaleMinimises(t *testing.T) {
	f, err := graph.Chain(8)
	require.NoError(t, err)
	tk := dirichletTask(t, f, 3, 0.5)
	o := Options{Sequences: 300, Seed: 2}
	built, err := Build("disentangled", f, 3, Settings{B: 10, Beta: 4, Roots: RootsMasked, Eps: 0.01})
	require.NoError(t, err)
	best, err := built.BestScale(tk, o)
	require.NoError(t, err)
	b := fresh(tk, o, calibrates)
	loss := func(scale float64) float64 {
		scaled := built.Scaled(scale)
		pass := scaled.Model.NewPass()
		pass.Bind(scaled.Params)
		return pass.NewWorker().LossGradient(b, nil)
	}
	require.Greater(t, best.Scale, minScale)
	require.Less(t, best.Scale, maxScale)
	for _, factor := range []float64{0.5, 0.999, 1.001, 2} {
		require.Less(t, loss(best.Scale), loss(factor*best.Scale), "scale %v times %v", best.Scale, factor)
	}
}

// Distances leave out the sequences in which nothing was counted.
func TestDistanceLeavesOutNaN(t *testing.T) {
	nan := math.NaN()
	d := distance([]float64{0.5, 0.5, 1, 0, 0.25, 0.75}, []float64{0.25, 0.75, nan, nan, 1, 0}, 2)
	require.Equal(t, 0.75, d.Max)
	require.Equal(t, measure.Mean{Value: 0.5, StdErr: 0.25}, d.Mean) // of 0.25 and 0.75
	require.Equal(t, Distance{}, distance([]float64{1, 0}, []float64{nan, nan}, 2))
	require.Equal(t, Distance{Max: 0.75}, distance([]float64{0.25, 0.75}, []float64{1, 0}, 2), "one row has no standard error")
}

func TestLinearLossForgivesARounding(t *testing.T) {
	require.NoError(t, close.Within(linearLoss([]float64{0.25, 0.75}, []float64{0, 1}, 0.5), -0.25*math.Log(0.5)-0.75*math.Log(1.5), 1e-15, 0))
	// Below 0 counts as 0: an infinite loss, not one that is no number.
	require.True(t, math.IsInf(linearLoss([]float64{0.25, 0.75}, []float64{-1e-17, 1}, 0), 1))
}

func TestReadoutFloorIsTheTargetsOwnLoss(t *testing.T) {
	f, err := graph.NewForest([]int{-1, 0})
	require.NoError(t, err)
	tk := dirichletTask(t, f, 3, 1)
	o := Options{Sequences: 300, Seed: 4}
	scale, gap, err := ReadoutFloor(tk, o)
	require.NoError(t, err)
	b := fresh(tk, o, measuring)
	divergence := func(c float64) (each []float64) {
		for n := range b.N {
			y, sum, kl := b.Target(n), 0.0, 0.0
			for _, p := range y {
				sum += math.Exp(c * p)
			}
			for _, p := range y {
				kl += p * (math.Log(p) - c*p + math.Log(sum))
			}
			each = append(each, kl)
		}
		return each
	}
	requireMean(t, divergence(scale), gap, "the divergence")
	require.Positive(t, gap.Value)
	require.NotEqual(t, 1.0, scale)
	_, _, err = ReadoutFloor(tk, Options{})
	require.ErrorContains(t, err, "sequences = 0")
}

// Bound is the stated formula, on a forest and on two parents.
func TestBoundIsTheStatedFormula(t *testing.T) {
	const b, beta = 6, 2.0
	settings := Settings{B: b, Beta: beta, Roots: RootsMasked}
	leak := func(i float64) float64 { return i / (math.Exp(b) + i) }
	bound := func(k, h, length, n, m float64) float64 {
		return 1 - math.Exp(-k*beta*h) + (n-m)/m*math.Exp(-beta*(1-(k+1)*h)) + (length-n)/m*math.Exp(-b-k*beta*(1-h))
	}
	f, err := graph.NewForest([]int{-1, 0, 1, -1})
	require.NoError(t, err)
	built, err := Forest(f, 2, settings)
	require.NoError(t, err)
	require.NoError(t, close.Within(built.Bound(1), bound(1, leak(2), 5, 2, 1), measureTolerance, 0))
	g, err := graph.NewDAG([][]int{nil, nil, {0, 1}, {0, 2}, {1, 2}, nil, {1, 4}})
	require.NoError(t, err)
	built, err = Parents(g, 2, settings)
	require.NoError(t, err)
	require.NoError(t, close.Within(built.Bound(2), bound(2, leak(4)+leak(5), 6, 3, 2), measureTolerance, 0))
}

// Of two tokens with frequencies 1/2 +- d and targets (p, 1-p) the best scale has
// exp(2 c d) = p/(1-p), or is the bound that this lies beyond.
func TestBestScaleByHand(t *testing.T) {
	for _, c := range []struct{ d, p, want float64 }{{0.25, 0.75, math.Log(3) / 0.5}, {0.4, 0.9, math.Log(9) / 0.8},
		{0.003, 0.9, math.Log(9) / 0.006}, {0.001, 0.9, maxScale}, {0.25, 0.5, minScale}, {0.25, 0.25, minScale}} {
		got := bestScale([]float64{0.5 + c.d, 0.5 - c.d}, []float64{c.p, 1 - c.p}, 2)
		// 50 bisections of an interval of 500 leave 2^-41; the slope is d (f - p) with
		// roundings of 2^-52, and f has the slope 2 d p (1-p) in c.
		require.NoError(t, close.Within(got, c.want, 0, 1e-9), "frequencies 1/2 +- %v, targets %v and %v", c.d, c.p, 1-c.p)
	}
}
