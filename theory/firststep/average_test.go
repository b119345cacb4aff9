package firststep

import (
	"math"
	"testing"

	"causalgrad/theory/close"
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
	"causalgrad/theory/stream"

	"github.com/stretchr/testify/require"
)

func orbit(t *testing.T, text string, tokens int) markov.Finite {
	prior, err := markov.ParsePrior(text, tokens)
	require.NoError(t, err)
	return prior.(markov.Finite)
}

// sampled hides that a prior is finite.
type sampled struct{ markov.Prior }

func TestFiniteAverageIsTheFiniteSum(t *testing.T) {
	prior := orbit(t, "orbit:1,3", 3)
	f := graph.Manual()
	e, err := Average(f, prior, 0.01, Options{})
	require.NoError(t, err)
	require.True(t, e.Exact)
	require.Nil(t, e.StdErr)
	require.Equal(t, 36, e.Draws)
	want := square(6)
	for _, c := range prior.Support() {
		g, err := Gradient(f, c, 0.01)
		require.NoError(t, err)
		for i := range g {
			for k := range g[i] {
				want[i][k] += g[i][k] / 36
			}
		}
	}
	// Two ways to add 36 numbers, each at most a few times the mean.
	requireClose(t, e.Mean, want, 500*0x1p-53, "mean over the support")
}

func TestSampledAverageAgainstTheExactOne(t *testing.T) {
	prior := orbit(t, "orbit:1,3", 3)
	f, err := graph.Chain(6)
	require.NoError(t, err)
	exact, err := Average(f, prior, 0, Options{})
	require.NoError(t, err)
	const n = 3000
	e, err := Average(f, sampled{prior}, 0, Options{Draws: n, Seed: 11})
	require.NoError(t, err)
	require.False(t, e.Exact)
	require.Equal(t, n, e.Draws)
	deviation := supportDeviation(t, f, prior, exact.Mean)
	for i := 1; i < 6; i++ {
		for k := range i + 1 {
			// 6 standard errors at 20 entries: false alarm 4e-8.
			require.NoError(t, close.Within(e.Mean[i][k], exact.Mean[i][k], 0, 6*e.StdErr[i][k]))
			// A sample deviation errs by sqrt((kurtosis-1)/(4n)); kurtosis of 36
			// atoms is at most 36, so 6 of these are 0.33.
			require.NoError(t, close.Within(e.StdErr[i][k], deviation[i][k]/math.Sqrt(n), 0.33, 0))
		}
	}
}

// supportDeviation is the standard deviation of the gradient over the support.
func supportDeviation(t *testing.T, f graph.Forest, prior markov.Finite, mean [][]float64) [][]float64 {
	out := square(f.SequenceLength())
	for _, c := range prior.Support() {
		g, err := Gradient(f, c, 0)
		require.NoError(t, err)
		for i := range g {
			for k := range i + 1 {
				out[i][k] += (g[i][k] - mean[i][k]) * (g[i][k] - mean[i][k]) / float64(len(prior.Support()))
			}
		}
	}
	for _, row := range out {
		for k := range row {
			row[k] = math.Sqrt(row[k])
		}
	}
	return out
}

// TestSampledAverageByHand fixes which stream a draw comes from, and the mean
// and standard error over draws that do not fill their last shard.
func TestSampledAverageByHand(t *testing.T) {
	f := graph.Manual()
	prior := markov.Dirichlet{Size: 2, Alpha: 1}
	const n = 2*shardChains + 5
	e, err := Average(f, prior, 0.1, Options{Draws: n, Seed: 8})
	require.NoError(t, err)
	var draws [][][]float64
	mean, deviation := square(6), square(6)
	for d := range uint64(n) {
		p := make([]float64, 4)
		prior.Draw(stream.New(stream.Key{Seed: 8, Purpose: stream.Prior, Step: d}), p)
		c, err := markov.NewChain(nested(p, 2))
		require.NoError(t, err)
		g, err := Gradient(f, c, 0.1)
		require.NoError(t, err)
		draws = append(draws, g)
		for i := range g {
			for k := range g[i] {
				mean[i][k] += g[i][k] / n
			}
		}
	}
	for _, g := range draws {
		for i := range g {
			for k := range g[i] {
				deviation[i][k] += (g[i][k] - mean[i][k]) * (g[i][k] - mean[i][k]) / (n - 1) / n
			}
		}
	}
	for _, row := range deviation {
		for k := range row {
			row[k] = math.Sqrt(row[k])
		}
	}
	// Some 3n roundings, of numbers a few times the mean's largest entry.
	requireClose(t, e.Mean, mean, 1000*0x1p-53, "mean")
	requireClose(t, e.StdErr, deviation, 1000*0x1p-53, "standard error")
}

func TestAverageDoesNotDependOnWorkers(t *testing.T) {
	f, err := graph.Random(9, 0.3, stream.New(stream.Key{Seed: 5}))
	require.NoError(t, err)
	prior := markov.Dirichlet{Size: 3, Alpha: 0.5}
	o := Options{Draws: 5*shardChains + 3, Seed: 2, Workers: 1}
	want, err := Average(f, prior, 0, o)
	require.NoError(t, err)
	for _, workers := range []int{0, 2, 3, 50} {
		o.Workers = workers
		got, err := Average(f, prior, 0, o)
		require.NoError(t, err)
		require.Equal(t, want, got, "%d workers", workers)
	}
	o.Seed++
	other, err := Average(f, prior, 0, o)
	require.NoError(t, err)
	require.NotEqual(t, want, other)
}

// TestNoWorkerWithoutWork: a worker's tables are large, so no more are built
// than there are shards.
func TestNoWorkerWithoutWork(t *testing.T) {
	f := graph.Manual()
	for draws, want := range map[int]int{2: 1, shardChains: 1, shardChains + 1: 2, 2 * shardChains: 2} {
		built := 0
		_, err := average(triangle(f.SequenceLength()), markov.Dirichlet{Size: 2, Alpha: 1}, Options{Draws: draws, Workers: 9}, func(int) evaluator {
			built++
			return func(*markov.Chain, [][]float64) {}
		})
		require.NoError(t, err)
		require.Equal(t, want, built, "%d draws", draws)
	}
}

func TestAverageRejects(t *testing.T) {
	f := graph.Manual()
	_, err := Average(f, markov.Dirichlet{Size: 3, Alpha: 1}, 0, Options{Draws: 1})
	require.ErrorContains(t, err, "draws = 1, want at least 2")
	_, err = Average(f, nil, 0, Options{})
	require.ErrorContains(t, err, "no prior")
	_, err = Average(f, markov.Dirichlet{Size: 3, Alpha: 1}, math.NaN(), Options{Draws: 9})
	require.ErrorContains(t, err, "eps = NaN")
	// At this concentration rows are point masses, and many chains reducible in
	// floating point.
	_, err = Average(f, markov.Dirichlet{Size: 3, Alpha: 0.001}, 0, Options{Draws: 100, Seed: 1})
	require.ErrorContains(t, err, "drawing a chain: chain: numerically reducible")
}
