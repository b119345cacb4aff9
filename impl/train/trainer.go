// Package train runs gradient descent on a task's fresh sequences: joint
// training of all blocks, and the paper's two-stage Algorithm 1.
//
// A run is a function of its Config alone. Each step's batch is cut into
// shards of fixed size; shard j of step k is sampled from the stream keyed
// (seed, Train, k, j) by whichever worker is free, alone or beside others, and the
// shards' gradients are added in a fixed tree, so the bits do not depend on the number
// of workers. It never measures: that is impl/measure's.
package train

import (
	"errors"
	"fmt"
	"math"

	"causalgrad/impl/internal/shard"
	"causalgrad/impl/model"
	"causalgrad/impl/optim"
	"causalgrad/impl/task"
	"causalgrad/theory/stream"
)

// ShardSize is the number of sequences in a shard; the last shard of a batch
// may be smaller. It is part of the determinism contract.
const ShardSize = 64

// Config is what a run needs.
type Config struct {
	Model     model.Model
	Task      task.Task
	Optimizer optim.Optimizer
	// Params are the initial parameters; the trainer changes them in place.
	Params []float64
	// Only names the one block that is trained; empty means all of them. The
	// optimiser then sees that block alone.
	Only string
	// Batch is the number of fresh sequences a step.
	Batch int
	// Seed keys the batches; Stage separates runs that share a seed.
	Seed, Stage uint64
	// Workers is the number of goroutines; 0 means one a processor.
	Workers int
	// Float32 rounds the parameters at the start and after every step, and every
	// step's gradient, to float32. What a step computes in between, and the
	// optimiser's memory, stay float64.
	Float32 bool
}

// Trainer takes steps. Close it to end its workers.
type Trainer struct {
	config   Config
	from, to int // the trained part of the parameter vector
	pool     *shard.Pool
	pass     model.Pass
	workers  []worker
	parts    [][]float64 // one gradient a shard
	losses   []float64   // one sum a shard
	steps    int
	groups   int                 // of stream.Width shards that a worker samples at once
	sampled  int                 // the step whose batch run draws
	work     func(worker, i int) // t.run, made once: a method value allocates
}

// worker is what one goroutine owns.
type worker struct {
	stream  stream.Stream
	abreast stream.Abreast
	sampler task.Sampler
	model   model.Worker
	batches [stream.Width]*task.Batch // of a group; the first one of a shard that is sampled alone
	tail    *task.Batch               // the smaller last shard
}

// New validates c and prepares buffers.
func New(c Config) (*Trainer, error) {
	layout := c.Model.Layout()
	if len(c.Params) != layout.Size() {
		return nil, fmt.Errorf("params: %d numbers, want %d for model %q", len(c.Params), layout.Size(), c.Model.Name())
	}
	if c.Task.Tokens() != c.Model.Tokens() || c.Task.SequenceLength() != c.Model.SequenceLength() {
		return nil, fmt.Errorf("task of %d tokens and length %d, but the model has %d and %d",
			c.Task.Tokens(), c.Task.SequenceLength(), c.Model.Tokens(), c.Model.SequenceLength())
	}
	if c.Batch < 1 || c.Batch > 1<<24 {
		return nil, fmt.Errorf("batch = %d, want 1 to %d", c.Batch, 1<<24)
	}
	t := &Trainer{config: c, to: layout.Size(), pool: shard.NewPool(c.Workers), pass: c.Model.NewPass()}
	t.work = t.run
	if c.Only != "" {
		b, err := layout.Block(c.Only)
		if err != nil {
			t.pool.Close()
			return nil, err
		}
		t.from, t.to = b.Offset, b.Offset+b.Size()
	}
	if c.Float32 {
		roundToFloat32(c.Params)
	}
	shards := (c.Batch + ShardSize - 1) / ShardSize
	for range shards {
		t.parts = append(t.parts, make([]float64, layout.Size()))
	}
	t.losses = make([]float64, shards)
	// Groups that every worker has as many of: nobody waits for the last one.
	t.groups = c.Batch / ShardSize / stream.Width / t.pool.Workers() * t.pool.Workers()
	length, tokens := c.Task.SequenceLength(), c.Task.Tokens()
	for range t.pool.Workers() {
		w := worker{sampler: c.Task.NewSampler(), model: t.pass.NewWorker(), tail: task.NewBatch((c.Batch-1)%ShardSize+1, length, tokens)}
		for lane := range w.batches {
			w.batches[lane] = task.NewBatch(ShardSize, length, tokens)
		}
		t.workers = append(t.workers, w)
	}
	return t, nil
}

// Close ends the workers.
func (t *Trainer) Close() { t.pool.Close() }

// Steps is the number of steps taken.
func (t *Trainer) Steps() int { return t.steps }

// Resume sets the step count of a run whose parameters and optimiser state
// were restored from a checkpoint.
func (t *Trainer) Resume(steps int) { t.steps = steps }

// ErrDiverged says that a loss was not finite.
var ErrDiverged = errors.New("training diverged")

// Step takes one step and returns the batch's mean loss before it, in nats.
// A loss that is not finite is an ErrDiverged: the parameters are then left as they
// were.
func (t *Trainer) Step() (float64, error) {
	loss, gradient := t.Gradient(t.steps)
	if math.IsNaN(loss) || math.IsInf(loss, 0) {
		return loss, fmt.Errorf("step %d: the loss is %v: %w", t.steps, loss, ErrDiverged)
	}
	if t.config.Float32 {
		roundToFloat32(gradient)
	}
	t.config.Optimizer.Step(t.config.Params[t.from:t.to], gradient[t.from:t.to])
	if t.config.Float32 {
		roundToFloat32(t.config.Params)
	}
	t.steps++
	return loss, nil
}

// Gradient is the mean loss and gradient at the current parameters on the
// batch of the given step; it takes no step. The slice is reused by the next
// call.
func (t *Trainer) Gradient(step int) (float64, []float64) {
	t.pass.Bind(t.config.Params)
	t.sampled = step
	t.pool.Run(len(t.parts)-t.groups*(stream.Width-1), t.work)
	shard.Reduce(t.pool, t.parts)
	gradient, scale := t.parts[0], 1/float64(t.config.Batch)
	for i := range gradient {
		gradient[i] *= scale
	}
	return shard.Sum(t.losses) * scale, gradient
}

func roundToFloat32(x []float64) {
	for i, v := range x {
		x[i] = float64(float32(v))
	}
}

// run is the i-th piece of a step: a group of shards, or behind the groups a shard.
func (t *Trainer) run(w, i int) {
	own := &t.workers[w]
	if i < t.groups {
		first := i * stream.Width
		for lane := range stream.Width {
			own.abreast.Reset(lane, t.key(first+lane))
		}
		own.sampler.SampleAbreast(&own.abreast, &own.batches)
		for lane, batch := range own.batches {
			t.shardGradient(own, first+lane, batch)
		}
		return
	}
	s, batch := i+t.groups*(stream.Width-1), own.batches[0]
	if s == len(t.parts)-1 {
		batch = own.tail
	}
	own.stream.Reset(t.key(s))
	own.sampler.Sample(&own.stream, batch)
	t.shardGradient(own, s, batch)
}

// key is that of shard s of the step.
func (t *Trainer) key(s int) stream.Key {
	return stream.Key{Seed: t.config.Seed + t.config.Stage<<32, Purpose: stream.Train, Step: uint64(t.sampled), Shard: uint64(s)}
}

func (t *Trainer) shardGradient(own *worker, s int, batch *task.Batch) {
	clear(t.parts[s])
	t.losses[s] = own.model.LossGradient(batch, t.parts[s])
}
