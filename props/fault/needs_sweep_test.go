package fault

import (
	"causalgrad/impl/experiment"
	"causalgrad/impl/sweep"
	"causalgrad/props"
	"causalgrad/props/implaws"
)

// watchedSweeps notes what is asked of the part around grids.
func watchedSweeps(note func(props.Capability)) sweeps {
	return sweeps{
		expandGrid: func(own implaws.Gridder, file string) (implaws.Grid, error) {
			note(implaws.CanGrid)
			return own.ExpandGrid(file)
		},
		dealCells: func(own []int, _ int, _ string) ([]int, error) { note(implaws.CanGrid); return own, nil },
		sweepGrid: func(own implaws.Sweeper, r sweepRequest) ([]int, error) { note(implaws.CanSweep); return r.of(own) },
		surveyed:  func(own implaws.Swept) (implaws.Swept, error) { note(implaws.CanSweep); return own, nil },
		submitGrid: func(own implaws.Submitter, r submitRequest) (sweep.Submission, error) {
			note(implaws.CanSubmit)
			return r.of(own)
		},
		taskCells: func(own []experiment.Spec) ([]experiment.Spec, error) { note(implaws.CanSubmit); return own, nil },
		queued: func(own implaws.Submitter, file, folder string, slurm implaws.Answer) ([]bool, error) {
			note(implaws.CanSubmit)
			return own.Queued(file, folder, slurm)
		},
	}
}
