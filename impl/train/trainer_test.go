package train

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"causalgrad/impl/model"
	"causalgrad/impl/optim"
	"causalgrad/impl/task"
	"causalgrad/theory/close"
	"causalgrad/theory/stream"
)

// small is a run of 70 sequences a step: a full shard and a tail.
func small(t *testing.T, o optim.Optimizer, only string) Config {
	t.Helper()
	m, err := model.NewDisentangled(3, 6, []int{1, 1})
	require.NoError(t, err)
	params := make([]float64, m.Layout().Size())
	for i := range params {
		params[i] = float64(i%7)/8 - 0.25
	}
	return Config{Model: m, Task: stagedTask(t, 3, -1, 0, -1, 1, 2), Optimizer: o, Params: params, Only: only, Batch: 70, Seed: 3, Workers: 1}
}

// optimizer is AdamW with a cosine schedule, so that a run depends on the
// optimiser's memory and its step count, or plain gradient descent.
func optimizer(t *testing.T, adam bool, size int) optim.Optimizer {
	t.Helper()
	if !adam {
		o, err := optim.NewSGD(optim.Constant{LR: 0x1p-6}, 0)
		require.NoError(t, err)
		return o
	}
	schedule, err := optim.NewCosine(0x1p-6, 7)
	require.NoError(t, err)
	o, err := optim.NewAdamW(schedule, 1e-3, size)
	require.NoError(t, err)
	return o
}

func steps(t *testing.T, trainer *Trainer, n int) []float64 {
	t.Helper()
	var losses []float64
	for range n {
		loss, err := trainer.Step()
		require.NoError(t, err)
		losses = append(losses, loss)
	}
	return losses
}

// A run that is interrupted at any step and resumed from its parameters and the
// optimiser's state ends in the same bits as one that is not, whether all blocks
// or one of them is trained.
func TestAResumedRunHasTheSameBits(t *testing.T) {
	const whole = 5
	for _, only := range []string{"", "A0.0", "W"} {
		for _, adam := range []bool{false, true} {
			c := small(t, nil, only)
			size := len(c.Params)
			if only != "" {
				b, err := c.Model.Layout().Block(only)
				require.NoError(t, err)
				size = b.Size()
			}
			start := func(params []float64, o optim.Optimizer) *Trainer {
				c.Params, c.Optimizer = slices.Clone(params), o
				trainer, err := New(c)
				require.NoError(t, err)
				t.Cleanup(trainer.Close)
				return trainer
			}
			first := c.Params
			uninterrupted := start(first, optimizer(t, adam, size))
			losses := steps(t, uninterrupted, whole)
			for stop := range whole + 1 {
				before := start(first, optimizer(t, adam, size))
				got := steps(t, before, stop)
				require.Equal(t, stop, before.Steps())
				next := optimizer(t, adam, size)
				for i, s := range before.config.Optimizer.State() {
					copy(next.State()[i], s)
				}
				next.Restore(stop)
				after := start(before.config.Params, next)
				after.Resume(stop)
				got = append(got, steps(t, after, whole-stop)...)
				require.Equal(t, losses, got, "losses, stopped after %d steps", stop)
				require.Equal(t, uninterrupted.config.Params, after.config.Params, "parameters, stopped after %d steps", stop)
			}
		}
	}
}

// The first step of gradient descent subtracts the rate times the gradient of the
// first batch, bit for bit; to look at a gradient takes no step, and another step
// has another batch.
func TestAStepFollowsTheGradientOfItsBatch(t *testing.T) {
	for _, only := range []string{"", "A1.0"} {
		c := small(t, optimizer(t, false, 0), only)
		trainer, err := New(c)
		require.NoError(t, err)
		defer trainer.Close()
		loss, g := trainer.Gradient(0)
		gradient := slices.Clone(g)
		want := slices.Clone(c.Params)
		b := model.Block{Rows: 1, Cols: len(want)}
		if only != "" {
			b, err = c.Model.Layout().Block(only)
			require.NoError(t, err)
		}
		for i, v := range b.Of(gradient) {
			b.Of(want)[i] -= float64(0x1p-6 * v)
		}
		require.NotEqual(t, want, c.Params)
		_, other := trainer.Gradient(1)
		require.NotEqual(t, gradient, slices.Clone(other), "the gradient of another batch")
		require.Zero(t, trainer.Steps())
		_, again := trainer.Gradient(0)
		require.Equal(t, gradient, again)
		require.Equal(t, []float64{loss}, steps(t, trainer, 1))
		require.Equal(t, want, c.Params)
		require.Equal(t, 1, trainer.Steps())
	}
}

// The seed and the stage key the batches, and nothing else does.
func TestSeedAndStageKeyTheBatches(t *testing.T) {
	gradient := func(seed, stage uint64) []float64 {
		c := small(t, optimizer(t, false, 0), "")
		c.Seed, c.Stage = seed, stage
		trainer, err := New(c)
		require.NoError(t, err)
		defer trainer.Close()
		_, g := trainer.Gradient(0)
		return slices.Clone(g)
	}
	base := gradient(3, 0)
	require.Equal(t, base, gradient(3, 0))
	require.NotEqual(t, base, gradient(4, 0))
	require.NotEqual(t, base, gradient(3, 1))
}

// A loss that is not finite ends a run with an error that names the step and
// leaves the parameters as they were. Three positions cannot hold four tokens, so
// the reduced model's loss is infinite at eps = 0.
func TestADivergedStepChangesNothing(t *testing.T) {
	m, err := model.NewReduced(4, 3, 0)
	require.NoError(t, err)
	params := make([]float64, m.Layout().Size())
	params[3] = 0.5
	before := slices.Clone(params)
	trainer, err := New(Config{Model: m, Task: stagedTask(t, 4, -1, 0), Optimizer: optimizer(t, false, 0), Params: params, Batch: 70, Seed: 1, Workers: 1})
	require.NoError(t, err)
	defer trainer.Close()
	trainer.Resume(6)
	loss, err := trainer.Step()
	require.EqualError(t, err, "step 6: the loss is +Inf: training diverged")
	require.Greater(t, loss, 1e300)
	require.Equal(t, before, params)
	require.Equal(t, 6, trainer.Steps())
}

func TestConfigsThatDoNotFitAreRefused(t *testing.T) {
	for want, change := range map[string]func(c *Config){
		`params: 512 numbers, want 513 for model "disentangled"`:   func(c *Config) { c.Params = c.Params[1:] },
		"batch = 0, want 1 to 16777216":                            func(c *Config) { c.Batch = 0 },
		"batch = 16777217":                                         func(c *Config) { c.Batch = 1<<24 + 1 },
		`block "B7"`:                                               func(c *Config) { c.Only = "B7" },
		"task of 4 tokens and length 6, but the model has 3 and 6": func(c *Config) { c.Task = stagedTask(t, 4, -1, 0, -1, 1, 2) },
		"task of 3 tokens and length 5, but the model has 3 and 6": func(c *Config) { c.Task = stagedTask(t, 3, -1, 0, -1, 1) },
	} {
		c := small(t, optimizer(t, false, 0), "")
		change(&c)
		_, err := New(c)
		require.ErrorContains(t, err, want)
	}
}

// The largest batch: a vector of 25 numbers for each of its shards, 60 MB.
func TestTheLargestBatchIsTaken(t *testing.T) {
	m, err := model.NewReduced(4, 3, 0)
	require.NoError(t, err)
	trainer, err := New(Config{Model: m, Task: stagedTask(t, 4, -1, 0), Optimizer: optimizer(t, false, 0), Params: make([]float64, m.Layout().Size()), Batch: 1 << 24, Workers: 1})
	require.NoError(t, err)
	trainer.Close()
}

// The mean over a batch is that over its sequences, whether they fill the shards
// or not: shard by shard, each evaluated by itself.
func TestABatchIsItsShards(t *testing.T) {
	for _, batch := range []int{1, ShardSize - 1, ShardSize, ShardSize + 1, 2 * ShardSize, stream.Width*ShardSize - 1, stream.Width * ShardSize, 2*stream.Width*ShardSize + 70} {
		c := small(t, optimizer(t, false, 0), "")
		c.Batch = batch
		trainer, err := New(c)
		require.NoError(t, err)
		defer trainer.Close()
		loss, gradient := trainer.Gradient(3)
		pass, want, sum := c.Model.NewPass(), make([]float64, len(c.Params)), 0.0
		pass.Bind(c.Params)
		for from, shard := 0, uint64(0); from < batch; from, shard = from+ShardSize, shard+1 {
			b := task.NewBatch(min(ShardSize, batch-from), 6, 3)
			c.Task.NewSampler().Sample(stream.New(stream.Key{Seed: c.Seed, Purpose: stream.Train, Step: 3, Shard: shard}), b)
			sum += pass.NewWorker().LossGradient(b, want)
		}
		// Sums of up to batch terms in two orders.
		for i := range want {
			want[i] /= float64(batch)
		}
		require.NoError(t, close.Within(loss, sum/float64(batch), float64(max(batch, 128))*0x1p-53, 0), "loss of a batch of %d", batch)
		require.LessOrEqual(t, close.RelativeError(gradient, want), 1e-12, "gradient of a batch of %d", batch)
	}
}

// Shards that are sampled in groups have the bits of shards that are sampled alone: as
// many groups as workers can share, whatever their number.
func TestGroupsOfShardsChangeNoBit(t *testing.T) {
	c := small(t, optimizer(t, false, 0), "")
	c.Batch = 3*stream.Width*ShardSize + 2*ShardSize + 1
	gradient := func(workers, groups int) []float64 {
		c.Workers = workers
		trainer, err := New(c)
		require.NoError(t, err)
		defer trainer.Close()
		require.Equal(t, groups, trainer.groups, "%d workers", workers)
		loss, g := trainer.Gradient(3)
		return append(slices.Clone(g), loss)
	}
	alone := gradient(4, 0)
	for workers, groups := range map[int]int{1: 3, 2: 2, 3: 3} {
		require.Equal(t, alone, gradient(workers, groups), "%d workers", workers)
	}
}
