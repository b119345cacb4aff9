package fault

import (
	"causalgrad/impl/experiment"
	"causalgrad/impl/sweep"
	"causalgrad/props"
)

// watchedSweeps notes what is asked of the part around grids.
func watchedSweeps(note func(props.Capability)) sweeps {
	return sweeps{
		expandGrid: func(own props.Gridder, file string) (props.Grid, error) {
			note(props.CanGrid)
			return own.ExpandGrid(file)
		},
		dealCells: func(own []int, _ int, _ string) ([]int, error) { note(props.CanGrid); return own, nil },
		sweepGrid: func(own props.Sweeper, r sweepRequest) ([]int, error) { note(props.CanSweep); return r.of(own) },
		surveyed:  func(own props.Swept) (props.Swept, error) { note(props.CanSweep); return own, nil },
		submitGrid: func(own props.Submitter, r submitRequest) (sweep.Submission, error) {
			note(props.CanSubmit)
			return r.of(own)
		},
		taskCells: func(own []experiment.Spec) ([]experiment.Spec, error) { note(props.CanSubmit); return own, nil },
		queued: func(own props.Submitter, file, folder string, slurm props.Answer) ([]bool, error) {
			note(props.CanSubmit)
			return own.Queued(file, folder, slurm)
		},
	}
}
