package experiment

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"runtime"
	"slices"
	"sync"

	"causalgrad/impl/memory"
	"causalgrad/theory/stream"
)

// Parallel says how many runs go on at once and who hears of them. Nothing in
// it changes a bit of a record.
type Parallel struct {
	Cores  int   // 0 means all processors
	Memory int64 // bytes that all runs together may take; 0 means DefaultMemory
	// Start is called when run i starts and returns who is told of its steps,
	// which may be nil; End is called when it has ended. Both may be nil and are
	// called from several goroutines.
	Start func(i int) func(step int)
	End   func(i int, err error)
	// Fails is told of the error of run i and says whether the other runs go on
	// all the same, the record of run i staying empty; nil stops them. It may be
	// called from several goroutines, and is not called once the context ended.
	Fails func(i int, err error) bool
	// Trained is given a run's trained parameters where there is no store to keep
	// them. It may be nil and is called from several goroutines.
	Trained func(i int, params []float64)
	// Again trains what the store already holds and compares (Store.Again).
	Again bool
}

// DefaultMemory is what RunAll's runs may take together by default, in bytes.
const DefaultMemory = 2 << 30

// RunAll runs the specs, as many at once as cores and memory allow, and returns
// their records in the specs' order. Long runs start first, so that no core
// waits long for the last. Specs at which another process is at work come last.
// With a store, records are kept and found in it; nil runs without one. The
// first failure cancels the other runs, unless o.Fails decides otherwise; they
// leave checkpoints in the store.
func RunAll(ctx context.Context, store *Store, specs []Spec, o Parallel) ([]Record, error) {
	for _, s := range specs {
		if err := s.Validate(); err != nil {
			return nil, fmt.Errorf("spec %q: %w", s.ID, err)
		}
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	at, workers := o.split(specs)
	records, busy := make([]Record, len(specs)), make([]bool, len(specs))
	run := func(i int, wait bool) {
		r, err := o.one(ctx, store, specs[i], i, workers, wait)
		if busy[i] = errors.Is(err, ErrBusy); busy[i] {
			return
		}
		records[i] = r
		if err != nil && (o.Fails == nil || ctx.Err() != nil || !o.Fails(i, err)) {
			cancel(err) // the first cause stays
		}
	}
	order := longestFirst(specs)
	each(ctx, order, at, func(i int) { run(i, false) })
	order = slices.DeleteFunc(order, func(i int) bool { return !busy[i] })
	each(ctx, order, at, func(i int) { run(i, true) })
	if err := context.Cause(ctx); err != nil {
		return nil, err
	}
	return records, nil
}

// one is run i, between Start and End.
func (o Parallel) one(ctx context.Context, store *Store, s Spec, i, workers int, wait bool) (r Record, err error) {
	options := Options{Workers: workers}
	if o.Start != nil {
		options.Progress = o.Start(i)
	}
	if o.End != nil {
		defer func() { o.End(i, err) }()
	}
	switch {
	case store == nil:
		var params []float64
		if r, params, err = Run(ctx, s, options); err == nil && o.Trained != nil {
			o.Trained(i, params)
		}
	case o.Again:
		r, err = store.Again(ctx, s, options)
	case wait:
		r, err = store.Run(ctx, s, options)
	default:
		r, err = store.TryRun(ctx, s, options)
	}
	return r, err
}

// each calls do for every index of order, at most limit at once, each started
// in that order, until the context ends.
func each(ctx context.Context, order []int, limit int, do func(i int)) {
	slots := make(chan struct{}, limit)
	var group sync.WaitGroup
	for _, i := range order {
		slots <- struct{}{}
		if ctx.Err() != nil {
			break
		}
		group.Go(func() {
			defer func() { <-slots }()
			do(i)
		})
	}
	group.Wait()
}

// Processors is how many the runs take together.
func (o Parallel) Processors(specs []Spec) int {
	at, workers := o.split(specs)
	return at * workers
}

// split decides how many runs go on at once and how many goroutines each has.
func (o Parallel) split(specs []Spec) (at, workers int) {
	cores, bytes := o.Cores, o.Memory
	if cores <= 0 {
		cores = runtime.GOMAXPROCS(0)
	}
	if bytes <= 0 {
		bytes = int64(math.Min(DefaultMemory, memory.Available()))
	}
	largest := int64(1)
	for _, s := range specs {
		largest = max(largest, s.memory(1))
	}
	at = max(1, min(cores, len(specs), int(min(bytes/largest, int64(cores)))))
	return at, max(1, cores/at)
}

// memory estimates the bytes of a run with that many workers: one gradient a
// shard, the parameters with a pass's copies and the optimiser's moments, each
// worker's own copies, activations, which are as many as the tokens of a shard,
// one-hot, take 16 times, and five arrays of the chains that a worker draws side by
// side. Measured from 30 to 600 MB, it is 1.1 to twice what such a run takes.
func (s Spec) memory(workers int) int64 {
	const fixed = 10 << 20
	shards := int64(s.Batch/64 + 1)
	copies := int64(s.parameters()) * (shards + 16 + 4*int64(workers))
	activations := int64(workers+1) * 64 * 16 * int64(s.Length) * int64(s.Tokens)
	chains := int64(workers) * 5 * stream.Width * int64(s.Tokens) * int64(s.Tokens)
	return fixed + 8*(copies+activations+chains+int64(s.TestSequences))
}

// planMemory refuses a run that would take more memory than there is.
func (s Spec) planMemory(workers int) error {
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	return memory.Plan(float64(s.memory(workers)), fmt.Sprintf("a smaller batch (%d), length (%d) or fewer workers (%d) take less", s.Batch, s.Length, workers))
}

// parameters is the size of the spec's parameter vector; the spec is valid.
func (s Spec) parameters() int {
	_, params, err := s.buildModel()
	if err != nil {
		return 0
	}
	return len(params)
}

// Work estimates the work of a valid spec's training in arbitrary units: steps
// times sequences times parameters. It orders runs and weighs their progress.
func (s Spec) Work() float64 {
	return float64(s.Steps) * float64(s.Batch) * float64(s.parameters())
}

// longestFirst orders the specs by the estimated work of their training.
func longestFirst(specs []Spec) []int {
	work, order := make([]float64, len(specs)), make([]int, len(specs))
	for i, s := range specs {
		order[i] = i
		work[i] = s.Work()
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(work[j], work[i]) })
	return order
}
