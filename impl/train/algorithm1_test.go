package train

import (
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"causalgrad/impl/optim"
	"causalgrad/impl/task"
	"causalgrad/theory/close"
	"causalgrad/theory/graph"
	"causalgrad/theory/markov"
)

// stagedTask is a forest of six positions with two roots, S = 3.
func stagedTask(t *testing.T, tokens int, parents ...int) task.Task {
	t.Helper()
	f, err := graph.NewForest(parents)
	require.NoError(t, err)
	k, err := task.New(f, markov.Dirichlet{Size: tokens, Alpha: 0.5})
	require.NoError(t, err)
	return k
}

var staged = Algorithm1{Beta0: 0.5, Rate1: 8, Rate2: 0.125, Steps1: 3, Steps2: 2, Eps: 0.0625, Batch: 130, Seed: 4, Workers: 1}

// halves cuts the reduced model's parameters into A1 and A2.
func halves(k task.Task, params []float64) (a1, a2 []float64) {
	n := k.SequenceLength() * k.SequenceLength()
	return params[:n], params[n:]
}

// Stage 1 leaves A2 at beta0 I and A1 zero above the diagonal, stage 2 leaves A1
// alone, every step is reported once, and workers change no bit.
func TestAlgorithm1TrainsOneBlockAStage(t *testing.T) {
	k := stagedTask(t, 3, -1, 0, -1, 1, 2)
	start := []float64{0.5, 0, 0, 0, 0.5, 0, 0, 0, 0.5}
	var progress []int
	s, err := staged.Run(k, func(steps int) { progress = append(progress, steps) })
	require.NoError(t, err)
	require.Equal(t, []int{1, 2, 3, 4, 5}, progress)
	require.Equal(t, []int{3, 6}, []int{s.Model.Tokens(), s.Model.SequenceLength()})
	first1, first2 := halves(k, s.First)
	last1, last2 := halves(k, s.Params)
	require.Equal(t, start, first2, "A2 after stage 1")
	require.Equal(t, first1, last1, "A1 after stage 2")
	require.NotEqual(t, start, last2, "A2 after stage 2")
	for i, v := range first1 {
		if query, key := i/6, i%6; key > query {
			require.Zero(t, v, "A1[%d][%d]", query, key)
		} else if query > 0 {
			require.NotZero(t, v, "A1[%d][%d]", query, key)
		}
	}
	many := staged
	many.Workers = 3
	again, err := many.Run(k, nil)
	require.NoError(t, err)
	require.Equal(t, s.Params, again.Params)

	none := staged
	none.Steps1, none.Steps2 = 0, 0
	still, err := none.Run(k, nil)
	require.NoError(t, err)
	require.Equal(t, append(make([]float64, 36), start...), still.Params)
}

// From A1 = 0 the first step is -Rate1 g, so a doubled rate doubles every bit of
// it. A softmax does not see a constant in its scores, so a row of g sums to 0, up
// to the rounding of a mean over the batch of terms below 2 beta0/eps each; the
// first row has one key.
func TestAlgorithm1sFirstStepIsTheGradient(t *testing.T) {
	k := stagedTask(t, 3, -1, 0, -1, 1, 2)
	a := staged
	a.Steps1, a.Steps2 = 1, 0
	one, err := a.Run(k, nil)
	require.NoError(t, err)
	a.Rate1 *= 2
	two, err := a.Run(k, nil)
	require.NoError(t, err)
	step, twice := halves1(k, one), halves1(k, two)
	slack := staged.Rate1 * 2 * a.Beta0 / a.Eps * 8 * float64(6+a.Batch+8) * 0x1p-53
	for i := range 6 {
		sum := 0.0
		for j := range 6 {
			require.Equal(t, 2*step[i*6+j], twice[i*6+j], "A1[%d][%d] after one step at twice the rate", i, j)
			sum += step[i*6+j]
		}
		require.NoError(t, close.Within(sum, 0, 0, slack), "sum of row %d of the step", i)
	}
	require.NoError(t, close.Within(step[0], 0, 0, slack), "A1[0][0]")
}

func halves1(k task.Task, s Stages) []float64 { a1, _ := halves(k, s.First); return a1 }

// Stage 2 sees fresh sequences. Rate2 is a power of 2, so off its diagonal, where
// A2 is 0, one step of stage 2 divided by the rate is the gradient of its batch to
// the last bit, and tells the batch: it is that of stage 2's first batch, and of
// none of a run of one stage with the same seed.
func TestAlgorithm1sStagesHaveBatchesOfTheirOwn(t *testing.T) {
	k := stagedTask(t, 3, -1, 0, -1, 1, 2)
	a := staged
	a.Steps2 = 1
	s, err := a.Run(k, nil)
	require.NoError(t, err)
	_, a2 := halves(k, s.Params)
	step := []float64{-8 * a2[1], -8 * a2[2], -8 * a2[3]} // entries [0][1], [0][2], [1][0]
	gradient := func(stage uint64, n int) []float64 {
		sgd, err := optim.NewSGD(optim.Constant{LR: 1}, 0)
		require.NoError(t, err)
		trainer, err := New(Config{Model: s.Model, Task: k, Optimizer: sgd, Params: slices.Clone(s.First), Batch: a.Batch, Seed: a.Seed, Stage: stage, Workers: 1})
		require.NoError(t, err)
		defer trainer.Close()
		_, g := trainer.Gradient(n)
		_, g2 := halves(k, g)
		return slices.Clone(g2[1:4])
	}
	require.Equal(t, gradient(2, 0), step)
	for stage := range uint64(2) {
		for n := range a.Steps1 + 2 {
			require.NotEqual(t, gradient(stage, n), step, "batch %d of stage %d", n, stage)
		}
	}
}

func TestAlgorithm1RefusesByName(t *testing.T) {
	k := stagedTask(t, 3, -1, 0, -1, 1, 2)
	for want, change := range map[string]func(a *Algorithm1){
		"beta0 = 0, want above 0 and at most 10": func(a *Algorithm1) { a.Beta0 = 0 },
		"beta0 = 10.5":                           func(a *Algorithm1) { a.Beta0 = 10.5 },
		"beta0 = NaN":                            func(a *Algorithm1) { a.Beta0 = math.NaN() },
		"stage 1: learning rate = 0":             func(a *Algorithm1) { a.Rate1 = 0 },
		"stage 2: learning rate = -1":            func(a *Algorithm1) { a.Rate2 = -1 },
		"batch = 0":                              func(a *Algorithm1) { a.Batch = 0 },
		"eps = 1.5":                              func(a *Algorithm1) { a.Eps = 1.5 },
	} {
		a := staged
		change(&a)
		_, err := a.Run(k, nil)
		require.ErrorContains(t, err, want)
	}
	edge := staged
	edge.Beta0, edge.Steps1, edge.Steps2 = 10, 1, 0
	_, err := edge.Run(k, nil)
	require.NoError(t, err)
	// Three positions cannot hold four tokens: the loss is infinite at eps = 0.
	a := staged
	a.Eps = 0
	_, err = a.Run(stagedTask(t, 4, -1, 0), nil)
	require.EqualError(t, err, "algorithm 1, stage 1: step 0: the loss is +Inf: training diverged")
}

// Both stages are plain gradient descent, without decay, on the mean gradient of
// their batches, replayed step by step.
func TestAlgorithm1IsGradientDescent(t *testing.T) {
	k := stagedTask(t, 3, -1, 0, -1, 1, 2)
	s, err := staged.Run(k, nil)
	require.NoError(t, err)
	params := make([]float64, len(s.Params))
	for v := range 3 {
		params[36+4*v] = staged.Beta0
	}
	for stage, rate := range []float64{staged.Rate1, staged.Rate2} {
		trainer, err := New(Config{Model: s.Model, Task: k, Params: params, Batch: staged.Batch, Seed: staged.Seed, Stage: uint64(stage + 1), Workers: 1})
		require.NoError(t, err)
		defer trainer.Close()
		from, to, steps := 0, 36, staged.Steps1
		if stage == 1 {
			from, to, steps = 36, 45, staged.Steps2
		}
		for n := range steps {
			_, g := trainer.Gradient(n)
			for i := from; i < to; i++ {
				params[i] -= float64(rate * g[i])
			}
		}
		if stage == 0 {
			require.Equal(t, params, s.First, "after stage 1")
		}
	}
	require.Equal(t, params, s.Params, "after stage 2")
}
