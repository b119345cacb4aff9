package implaws

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"causalgrad/impl/experiment"
)

var _ interface {
	Specifier
	Planner
	Runner
	Archivist
} = builtin{}

func (builtin) ReadSpec(file string) (experiment.Spec, error) { return experiment.Load(file) }

func (builtin) HashSpec(s experiment.Spec) (string, error) {
	if err := s.Validate(); err != nil {
		return "", err
	}
	return s.Hash()
}

func (builtin) Plan(size string, forests [][]int, seeds int) ([]experiment.Spec, error) {
	var specs []experiment.Spec
	for _, p := range experiment.Presets() {
		specs = append(specs, p.Spec)
	}
	for trial, parents := range forests {
		specs = append(specs, experiment.ManyGraph(trial, parents))
	}
	specs = append(specs, experiment.Quick(experiment.ManyGraph(0, []int{-1, 0}).Steps, forests)...)
	sizes := []experiment.Size{experiment.QuickSize, experiment.ReducedSize, experiment.FullSize}
	at := slices.IndexFunc(sizes, func(z experiment.Size) bool { return z.String() == size })
	if at < 0 {
		return nil, fmt.Errorf("size %q, want one of %v", size, sizes)
	}
	for i := range specs {
		specs[i] = sizes[at].Of(specs[i])
	}
	return experiment.Seeds(specs, seeds)
}

func (builtin) RunSpecs(specs []experiment.Spec, o RunOptions) ([]Ran, error) {
	r := running{ran: make([]Ran, len(specs)), options: o}
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	r.stop = stop
	if o.Folder != "" {
		store, err := experiment.OpenStore(o.Folder)
		if err != nil {
			return nil, err
		}
		r.store = store
	}
	run := r.oneByOne
	if o.Cores != 0 {
		run = r.atOnce
	}
	if err := run(ctx, specs); err != nil {
		return nil, err
	}
	for i, s := range specs {
		m, err := s.NewModel()
		if err != nil {
			return nil, err
		}
		r.ran[i].Size = m.Layout().Size()
		if r.store == nil {
			continue
		}
		if r.ran[i].Params, err = r.store.Weights(r.ran[i].Record); err != nil {
			return nil, err
		}
	}
	return r.ran, nil
}

// running is a RunSpecs under way.
type running struct {
	options RunOptions
	store   *experiment.Store // nil without a folder
	stop    func()
	mutex   sync.Mutex
	taken   int // steps of all runs
	ran     []Ran
}

// progress counts the steps of run i; a resumed run first tells where it is.
func (r *running) progress(i int) func(step int) {
	last := -1
	return func(step int) {
		r.mutex.Lock()
		defer r.mutex.Unlock()
		if last < 0 && step != 1 {
			last = step // resumed
			return
		}
		last = step
		r.ran[i].Steps++
		if r.taken++; r.taken == r.options.Stop {
			r.stop()
		}
		if r.options.Look != nil {
			r.options.Look()
		}
	}
}

func (r *running) atOnce(ctx context.Context, specs []experiment.Spec) error {
	records, err := experiment.RunAll(ctx, r.store, specs, experiment.Parallel{
		Cores: r.options.Cores, Memory: r.options.Memory, Again: r.options.Again, Start: r.progress,
		Trained: func(i int, params []float64) { r.ran[i].Params = params },
	})
	for i := range records {
		r.ran[i].Record = records[i]
	}
	return err
}

func (r *running) oneByOne(ctx context.Context, specs []experiment.Spec) error {
	for i, s := range specs {
		o := experiment.Options{Workers: r.options.Workers, Progress: r.progress(i), Initial: r.options.Initial}
		run := &r.ran[i]
		var err error
		switch {
		case r.store == nil:
			run.Record, run.Params, err = experiment.Run(ctx, s, o)
		case r.options.Again:
			run.Record, err = r.store.Again(ctx, s, o)
		default:
			run.Record, err = r.store.Run(ctx, s, o)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (builtin) MeasureSpec(s experiment.Spec, params []float64, workers int) (experiment.Record, error) {
	return experiment.Measure(context.Background(), s, params, experiment.Options{Workers: workers})
}

func (builtin) Keep(folder string, r experiment.Record, params []float64) error {
	store, err := experiment.OpenStore(folder)
	if err != nil {
		return err
	}
	return store.Put(r, params)
}

func (builtin) Find(folder string, s experiment.Spec) (Found, error) {
	store, err := experiment.OpenStore(folder)
	if err != nil {
		return Found{}, err
	}
	var f Found
	store.Note = func(line string) { f.Notes = append(f.Notes, line) }
	if f.State, f.Reason, err = store.State(s); err != nil {
		return Found{}, err
	}
	r, ok, err := store.Get(s)
	if err != nil || !ok {
		return f, err
	}
	f.Record = &r
	if f.Weights, err = store.Weights(r); err != nil {
		f.Weights = nil // missing or not the record's: there are none
	}
	return f, nil
}

func (builtin) FindAll(folder string) ([]experiment.Record, error) {
	store, err := experiment.OpenStore(folder)
	if err != nil {
		return nil, err
	}
	return store.Records()
}

func (builtin) NoteFailure(folder string, s experiment.Spec, text string) error {
	store, err := experiment.OpenStore(folder)
	if err != nil {
		return err
	}
	if text == "" {
		return store.ClearFailed(s)
	}
	return store.MarkFailed(s, errors.New(text))
}
