package fault

import (
	"causalgrad/impl/experiment"
	"causalgrad/impl/sweep"
	"causalgrad/props/implaws"
)

// sweeps is the part of a variant around grids of runs.
type sweeps struct {
	expandGrid func(own implaws.Gridder, file string) (implaws.Grid, error)
	dealCells  func(own []int, cells int, shard string) ([]int, error)
	sweepGrid  func(own implaws.Sweeper, r sweepRequest) ([]int, error)
	surveyed   func(own implaws.Swept) (implaws.Swept, error)
	submitGrid func(own implaws.Submitter, r submitRequest) (sweep.Submission, error)
	taskCells  func(own []experiment.Spec) ([]experiment.Spec, error)
	queued     func(own implaws.Submitter, file, folder string, slurm implaws.Answer) ([]bool, error)
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
		slurm                 implaws.Answer
	}
)

func (r sweepRequest) of(own implaws.Sweeper) ([]int, error) {
	return own.SweepGrid(r.file, r.folder, r.shard, r.cores, r.again)
}

func (r submitRequest) of(own implaws.Submitter) (sweep.Submission, error) {
	return own.SubmitGrid(r.file, r.folder, r.program, r.resources, r.slurm)
}

// ExpandGrid implements implaws.Gridder.
func (v *variant) ExpandGrid(file string) (implaws.Grid, error) {
	s, err := capable[implaws.Gridder](v)
	if err != nil {
		return implaws.Grid{}, err
	}
	if v.expandGrid == nil {
		return s.ExpandGrid(file)
	}
	return v.expandGrid(s, file)
}

// DealCells implements implaws.Gridder.
func (v *variant) DealCells(cells int, shard string) ([]int, error) {
	s, err := capable[implaws.Gridder](v)
	if err != nil {
		return nil, err
	}
	own, err := s.DealCells(cells, shard)
	if err != nil || v.dealCells == nil {
		return own, err
	}
	return v.dealCells(own, cells, shard)
}

// SweepGrid implements implaws.Sweeper.
func (v *variant) SweepGrid(file, folder, shard string, cores int, again bool) ([]int, error) {
	s, err := capable[implaws.Sweeper](v)
	if err != nil {
		return nil, err
	}
	r := sweepRequest{file, folder, shard, cores, again}
	if v.sweepGrid == nil {
		return r.of(s)
	}
	return v.sweepGrid(s, r)
}

// SurveyGrid implements implaws.Sweeper.
func (v *variant) SurveyGrid(file, folder string) (implaws.Swept, error) {
	s, err := capable[implaws.Sweeper](v)
	if err != nil {
		return implaws.Swept{}, err
	}
	own, err := s.SurveyGrid(file, folder)
	if err != nil || v.surveyed == nil {
		return own, err
	}
	return v.surveyed(own)
}

// SubmitGrid implements implaws.Submitter.
func (v *variant) SubmitGrid(file, folder, program string, r sweep.Resources, slurm implaws.Answer) (sweep.Submission, error) {
	s, err := capable[implaws.Submitter](v)
	if err != nil {
		return sweep.Submission{}, err
	}
	request := submitRequest{file, folder, program, r, slurm}
	if v.submitGrid == nil {
		return request.of(s)
	}
	return v.submitGrid(s, request)
}

// TaskCells implements implaws.Submitter.
func (v *variant) TaskCells(file string, k int) ([]experiment.Spec, error) {
	s, err := capable[implaws.Submitter](v)
	if err != nil {
		return nil, err
	}
	own, err := s.TaskCells(file, k)
	if err != nil || v.taskCells == nil {
		return own, err
	}
	return v.taskCells(own)
}

// Queued implements implaws.Submitter.
func (v *variant) Queued(file, folder string, slurm implaws.Answer) ([]bool, error) {
	s, err := capable[implaws.Submitter](v)
	if err != nil {
		return nil, err
	}
	if v.queued == nil {
		return s.Queued(file, folder, slurm)
	}
	return v.queued(s, file, folder, slurm)
}
