package implaws

import (
	"context"

	"causalgrad/impl/experiment"
	"causalgrad/impl/sweep"
)

var _ interface {
	Gridder
	Sweeper
	Submitter
} = builtin{}

func (builtin) ExpandGrid(file string) (Grid, error) {
	loaded, err := sweep.Load(file)
	if err != nil {
		return Grid{}, err
	}
	g := Grid{Varied: sweep.Varied(loaded.Cells), Duplicates: loaded.Duplicates}
	for _, c := range loaded.Cells {
		g.Specs, g.Hashes = append(g.Specs, c.Spec), append(g.Hashes, c.Hash)
		g.Labels = append(g.Labels, sweep.Label(c.Spec, g.Varied))
	}
	if err := loaded.Validate(); err != nil {
		g.Invalid = err.Error()
	}
	return g, nil
}

func (builtin) DealCells(cells int, shard string) ([]int, error) {
	s, err := sweep.ParseShard(shard)
	if err != nil {
		return nil, err
	}
	all := make([]sweep.Cell, cells)
	for i := range all {
		all[i].Place = i
	}
	return places(s.Cells(all)), nil
}

func places(cells []sweep.Cell) []int {
	var all []int
	for _, c := range cells {
		all = append(all, c.Place)
	}
	return all
}

// opened is a grid and the store of its records.
func opened(file, folder string) (sweep.Grid, *experiment.Store, error) {
	g, err := sweep.Load(file)
	if err != nil {
		return g, nil, err
	}
	store, err := experiment.OpenStore(folder)
	return g, store, err
}

func (builtin) SweepGrid(file, folder, shard string, cores int, again bool) ([]int, error) {
	g, store, err := opened(file, folder)
	if err != nil {
		return nil, err
	}
	part, err := sweep.ParseShard(shard)
	if err != nil {
		return nil, err
	}
	cells := part.Cells(g.Cells)
	standing, err := sweep.Survey(store, cells)
	if err != nil {
		return nil, err
	}
	failures, err := sweep.Run(context.Background(), store, sweep.Pending(cells, standing, again), experiment.Parallel{Cores: cores})
	var failed []int
	for _, f := range failures {
		failed = append(failed, f.Cell.Place)
	}
	return failed, err
}

func (builtin) SurveyGrid(file, folder string) (Swept, error) {
	g, store, err := opened(file, folder)
	if err != nil {
		return Swept{}, err
	}
	standing, err := sweep.Survey(store, g.Cells)
	if err != nil {
		return Swept{}, err
	}
	results, err := sweep.Merge(store, g.Cells)
	if err != nil {
		return Swept{}, err
	}
	s := Swept{Counts: sweep.Count(standing), Order: sweep.States(), Pending: places(sweep.Pending(g.Cells, standing, false))}
	for i, r := range results {
		s.Records = append(s.Records, r.Record)
		s.States, s.Reasons = append(s.States, standing[i].State), append(s.Reasons, standing[i].Reason)
	}
	return s, nil
}

func scheduler(answer Answer) sweep.Scheduler {
	return func(_ context.Context, words ...string) (string, error) { return answer(words) }
}

func (builtin) SubmitGrid(file, folder, program string, r sweep.Resources, slurm Answer) (sweep.Submission, error) {
	g, err := sweep.Load(file)
	if err != nil {
		return sweep.Submission{}, err
	}
	return scheduler(slurm).Submit(context.Background(), program, folder, g, g.Cells, r)
}

func (builtin) TaskCells(file string, k int) ([]experiment.Spec, error) {
	cells, err := sweep.ReadChunk(file, k)
	var specs []experiment.Spec
	for _, c := range cells {
		specs = append(specs, c.Spec)
	}
	return specs, err
}

func (builtin) Queued(file, folder string, slurm Answer) ([]bool, error) {
	g, store, err := opened(file, folder)
	if err != nil {
		return nil, err
	}
	standing, err := sweep.Survey(store, g.Cells)
	if err != nil {
		return nil, err
	}
	inQueue := sweep.InQueue
	if slurm != nil {
		inQueue = scheduler(slurm).InQueue
	}
	hashes, err := inQueue(context.Background(), folder)
	if err != nil {
		return nil, err
	}
	sweep.MarkQueued(g.Cells, standing, hashes)
	queued := make([]bool, len(g.Cells))
	for i, s := range standing {
		queued[i] = s.State == sweep.Queued
	}
	return queued, nil
}
