package measure

import (
	"math"
	"testing"

	"causalgrad/impl/model"
	"causalgrad/theory/close"
	"causalgrad/theory/markov"
	"causalgrad/theory/stream"

	"github.com/stretchr/testify/require"
)

const eps = 0.05

func reduced(t *testing.T) (*model.Reduced, []float64) {
	t.Helper()
	m, err := model.NewReduced(3, 5, eps)
	require.NoError(t, err)
	return m, randomParams(m)
}

// predictReduced is section 2's reduced model, line by line.
func predictReduced(params []float64, tokens []uint16, s int) []float64 {
	t := len(tokens)
	a1, a2 := params[:t*t], params[t*t:]
	z := make([]float64, t)
	for i := range z {
		for j, a := range softmaxOf(a1[i*t : i*t+i+1]) {
			z[i] += a * a2[int(tokens[t-1])*s+int(tokens[j])]
		}
	}
	f := make([]float64, s)
	for i, v := range softmaxOf(z) {
		f[tokens[i]] += v
	}
	return f
}

func TestEvaluateIsTheDirectFormulas(t *testing.T) {
	m, params := reduced(t)
	parents := []int{-1, 0, 0, 2}
	tk := newTask(t, parents, markov.Dirichlet{Size: 3, Alpha: 0.5})
	for _, n := range []int{2, 300} { // one shard, and two of which the second is short
		o := Options{Sequences: n, Seed: 4, Purpose: stream.Shift, Stage: 7}
		const trainingAlpha = 2
		got, err := Evaluate(m, params, tk, trainingAlpha, o)
		require.NoError(t, err)

		columns := map[string][]float64{}
		note := func(name string, v float64) { columns[name] = append(columns[name], v) }
		for _, b := range sequences(tk, o) {
			for i := range b.N {
				tokens, y := b.Sequence(i), b.Target(i)
				f := predictReduced(params, tokens, 3)
				counts := func(alpha float64) []float64 {
					row := []float64{alpha, alpha, alpha}
					total := 3 * alpha
					for c, p := range parents {
						if p >= 0 && tokens[p] == tokens[4] {
							row[tokens[c]]++
							total++
						}
					}
					return []float64{row[0] / total, row[1] / total, row[2] / total}
				}
				var loss, entropy, count, training, sup, countSup float64
				for s, p := range y {
					loss -= p * math.Log(f[s]+eps)
					entropy -= p * math.Log(p)
					count -= p * math.Log(counts(0.5)[s])
					training -= p * math.Log(counts(trainingAlpha)[s])
					sup = math.Max(sup, math.Abs(f[s]-p))
					countSup = math.Max(countSup, math.Abs(counts(0.5)[s]-p))
				}
				note("loss", loss)
				note("entropy", entropy)
				note("gap", loss-entropy)
				note("count", count)
				note("training", training)
				note("over", loss-count)
				note("over training", loss-training)
				note("sup", sup)
				note("count sup", countSup)
			}
		}
		for name, mean := range map[string]Mean{"loss": got.Loss, "entropy": got.Irreducible, "gap": got.Gap, "count": got.Count,
			"training": got.TrainingCount, "over": got.OverCount, "over training": got.OverTraining, "sup": got.SupError, "count sup": got.CountSup} {
			want := meanOf(columns[name])
			require.Len(t, columns[name], n)
			require.NoError(t, close.Within(mean.Value, want.Value, rounding, rounding), "%s of %d", name, n)
			// The one-pass variance of the mean loses digits to cancellation: n
			// roundings of 2^-53 of the sum of squares, which is below 4 n^2, over n (n-1).
			require.NoError(t, close.Within(mean.StdErr*mean.StdErr, want.StdErr*want.StdErr, rounding, 1e-13), "variance of %s of %d", name, n)
		}
		require.Equal(t, "dirichlet:0.5", got.Prior)
		require.Equal(t, n, got.Sequences)
		require.Equal(t, 0.5, got.Alpha)
		require.Equal(t, 2.0, got.TrainingAlpha)
	}
}

func TestEvaluateIsTheSameForAnyNumberOfWorkers(t *testing.T) {
	m, params := reduced(t)
	tk := newTask(t, []int{-1, 0, 1, 2}, markov.Dirichlet{Size: 3, Alpha: 0.1})
	options := Options{Sequences: 5*256 + 10, Seed: 1, Purpose: stream.Test, Workers: 1}
	want, err := Evaluate(m, params, tk, 0.1, options)
	require.NoError(t, err)
	attention := AverageAttention(m, params, 1, tk, options)
	for _, options.Workers = range []int{2, 3, 8} {
		got, err := Evaluate(m, params, tk, 0.1, options)
		require.NoError(t, err)
		require.Equal(t, want, got, "%d workers", options.Workers)
		require.Equal(t, attention, AverageAttention(m, params, 1, tk, options), "%d workers", options.Workers)
	}
	options.Stage = 1
	other, err := Evaluate(m, params, tk, 0.1, options)
	require.NoError(t, err)
	require.NotEqual(t, want.Loss, other.Loss, "another stage has other sequences")
}

func TestAConstantHasNoStandardError(t *testing.T) {
	// One root chain with equal rows: every sequence has the same target.
	chain, err := markov.NewChain([][]float64{{0.5, 0.25, 0.25}, {0.5, 0.25, 0.25}, {0.5, 0.25, 0.25}})
	require.NoError(t, err)
	m, params := reduced(t)
	got, err := Evaluate(m, params, newTask(t, []int{-1, 0, 1, 2}, markov.Point{Chain: chain}), 1,
		Options{Sequences: 300, Seed: 1, Purpose: stream.Test})
	require.NoError(t, err)
	require.NoError(t, close.Within(got.Irreducible.Value, 1.5*math.Ln2, rounding, 0))
	// A variance of 0 comes out below 300 2^-53 of the mean square.
	require.NoError(t, close.Within(got.Irreducible.StdErr, 0, 0, 1e-7))
	require.False(t, math.IsNaN(got.Irreducible.StdErr))
}

func TestEvaluateRefusesWhatDoesNotFit(t *testing.T) {
	m, params := reduced(t)
	options := Options{Sequences: 2, Seed: 1, Purpose: stream.Test}
	_, err := Evaluate(m, params, newTask(t, []int{-1, 0, 1, 2}, markov.Dirichlet{Size: 4, Alpha: 1}), 1, options)
	require.EqualError(t, err, "task of 4 tokens and length 5, but the model has 3 and 5")
	_, err = Evaluate(m, params, newTask(t, []int{-1, 0, 1}, markov.Dirichlet{Size: 3, Alpha: 1}), 1, options)
	require.EqualError(t, err, "task of 3 tokens and length 4, but the model has 3 and 5")
	for _, options.Sequences = range []int{-1, 0, 1, 1<<26 + 1} {
		_, err = Evaluate(m, params, newTask(t, []int{-1, 0, 1, 2}, markov.Dirichlet{Size: 3, Alpha: 1}), 1, options)
		require.ErrorContains(t, err, "want 2 to 67108864")
	}
}

func TestEstimatorAlpha(t *testing.T) {
	require.Equal(t, 0.3, EstimatorAlpha(markov.Dirichlet{Size: 3, Alpha: 0.3}, 9))
	require.Equal(t, 0.4, EstimatorAlpha(markov.Floor{Size: 3, Alpha: 0.4, Gamma: 0.5}, 9))
	require.Equal(t, 9.0, EstimatorAlpha(markov.Sticky{Size: 3, Weight: 0.5, Alpha: 0.4}, 9))
}
