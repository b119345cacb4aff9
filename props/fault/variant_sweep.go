package fault

import (
	"causalgrad/impl/experiment"
	"causalgrad/impl/sweep"
	"causalgrad/props"
)

// sweeps is the part of a variant around grids of runs.
type sweeps struct {
	expandGrid func(own props.Gridder, file string) (props.Grid, error)
	dealCells  func(own []int, cells int, shard string) ([]int, error)
	sweepGrid  func(own props.Sweeper, r sweepRequest) ([]int, error)
	surveyed   func(own props.Swept) (props.Swept, error)
	submitGrid func(own props.Submitter, r submitRequest) (sweep.Submission, error)
	taskCells  func(own []experiment.Spec) ([]experiment.Spec, error)
	queued     func(own props.Submitter, file, folder string, slurm props.Answer) ([]bool, error)
}

// sweepRequest and submitRequest are the arguments of their operations.
type (
	sweepRequest struct {
		file, folder, shard string
		cores               int
		again               bool
	}
	submitRequest struct {
		file, folder, program string
		resources             sweep.Resources
		slurm                 props.Answer
	}
)

func (r sweepRequest) of(own props.Sweeper) ([]int, error) {
	return own.SweepGrid(r.file, r.folder, r.shard, r.cores, r.again)
}

func (r submitRequest) of(own props.Submitter) (sweep.Submission, error) {
	return own.SubmitGrid(r.file, r.folder, r.program, r.resources, r.slurm)
}

// ExpandGrid implements props.Gridder.
func (v *variant) ExpandGrid(file string) (props.Grid, error) {
	s, err := capable[props.Gridder](v)
	if err != nil {
		return props.Grid{}, err
	}
	if v.expandGrid == nil {
		return s.ExpandGrid(file)
	}
	return v.expandGrid(s, file)
}

// DealCells implements props.Gridder.
func (v *variant) DealCells(cells int, shard string) ([]int, error) {
	s, err := capable[props.Gridder](v)
	if err != nil {
		return nil, err
	}
	own, err := s.DealCells(cells, shard)
	if err != nil || v.dealCells == nil {
		return own, err
	}
	return v.dealCells(own, cells, shard)
}

// SweepGrid implements props.Sweeper.
func (v *variant) SweepGrid(file, folder, shard string, cores int, again bool) ([]int, error) {
	s, err := capable[props.Sweeper](v)
	if err != nil {
		return nil, err
	}
	r := sweepRequest{file, folder, shard, cores, again}
	if v.sweepGrid == nil {
		return r.of(s)
	}
	return v.sweepGrid(s, r)
}

// SurveyGrid implements props.Sweeper.
func (v *variant) SurveyGrid(file, folder string) (props.Swept, error) {
	s, err := capable[props.Sweeper](v)
	if err != nil {
		return props.Swept{}, err
	}
	own, err := s.SurveyGrid(file, folder)
	if err != nil || v.surveyed == nil {
		return own, err
	}
	return v.surveyed(own)
}

// SubmitGrid implements props.Submitter.
func (v *variant) SubmitGrid(file, folder, program string, r sweep.Resources, slurm props.Answer) (sweep.Submission, error) {
	s, err := capable[props.Submitter](v)
	if err != nil {
		return sweep.Submission{}, err
	}
	request := submitRequest{file, folder, program, r, slurm}
	if v.submitGrid == nil {
		return request.of(s)
	}
	return v.submitGrid(s, request)
}

// TaskCells implements props.Submitter.
func (v *variant) TaskCells(file string, k int) ([]experiment.Spec, error) {
	s, err := capable[props.Submitter](v)
	if err != nil {
		return nil, err
	}
	own, err := s.TaskCells(file, k)
	if err != nil || v.taskCells == nil {
		return own, err
	}
	return v.taskCells(own)
}

// Queued implements props.Submitter.
func (v *variant) Queued(file, folder string, slurm props.Answer) ([]bool, error) {
	s, err := capable[props.Submitter](v)
	if err != nil {
		return nil, err
	}
	if v.queued == nil {
		return s.Queued(file, folder, slurm)
	}
	return v.queued(s, file, folder, slurm)
}
