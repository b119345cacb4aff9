package fault

import (
	"causalgrad/impl/experiment"
	"causalgrad/props/implaws"
)

// keeping is the part of a variant around training runs.
type keeping struct {
	// Most replacements here get the subject, for faults in what is refused and
	// in what becomes of files.
	readSpec func(own implaws.Specifier, file string) (experiment.Spec, error)
	hashSpec func(own implaws.Specifier, s experiment.Spec) (string, error)
	plan     func(own []experiment.Spec, size string) ([]experiment.Spec, error)
	runSpecs func(own implaws.Runner, specs []experiment.Spec, o implaws.RunOptions) ([]implaws.Ran, error)
	measured func(own experiment.Record, s experiment.Spec, params []float64) (experiment.Record, error)
	keep     func(own implaws.Archivist, folder string, r experiment.Record, params []float64) error
	find     func(own implaws.Found, folder string, s experiment.Spec) (implaws.Found, error)
	findAll  func(own []experiment.Record, folder string) ([]experiment.Record, error)
	failure  func(own implaws.Archivist, folder string, s experiment.Spec, text string) error
}

// ReadSpec implements implaws.Specifier.
func (v *variant) ReadSpec(file string) (experiment.Spec, error) {
	s, err := capable[implaws.Specifier](v)
	if err != nil {
		return experiment.Spec{}, err
	}
	if v.readSpec == nil {
		return s.ReadSpec(file)
	}
	return v.readSpec(s, file)
}

// HashSpec implements implaws.Specifier.
func (v *variant) HashSpec(spec experiment.Spec) (string, error) {
	s, err := capable[implaws.Specifier](v)
	if err != nil {
		return "", err
	}
	if v.hashSpec == nil {
		return s.HashSpec(spec)
	}
	return v.hashSpec(s, spec)
}

// Plan implements implaws.Planner.
func (v *variant) Plan(size string, forests [][]int, seeds int) ([]experiment.Spec, error) {
	s, err := capable[implaws.Planner](v)
	if err != nil {
		return nil, err
	}
	own, err := s.Plan(size, forests, seeds)
	if err != nil || v.plan == nil {
		return own, err
	}
	return v.plan(own, size)
}

// RunSpecs implements implaws.Runner.
func (v *variant) RunSpecs(specs []experiment.Spec, o implaws.RunOptions) ([]implaws.Ran, error) {
	s, err := capable[implaws.Runner](v)
	if err != nil {
		return nil, err
	}
	if v.runSpecs == nil {
		return s.RunSpecs(specs, o)
	}
	return v.runSpecs(s, specs, o)
}

// MeasureSpec implements implaws.Runner.
func (v *variant) MeasureSpec(spec experiment.Spec, params []float64, workers int) (experiment.Record, error) {
	s, err := capable[implaws.Runner](v)
	if err != nil {
		return experiment.Record{}, err
	}
	own, err := s.MeasureSpec(spec, params, workers)
	if err != nil || v.measured == nil {
		return own, err
	}
	return v.measured(own, spec, params)
}

// Keep implements implaws.Archivist.
func (v *variant) Keep(folder string, r experiment.Record, params []float64) error {
	s, err := capable[implaws.Archivist](v)
	if err != nil {
		return err
	}
	if v.keep == nil {
		return s.Keep(folder, r, params)
	}
	return v.keep(s, folder, r, params)
}

// Find implements implaws.Archivist.
func (v *variant) Find(folder string, spec experiment.Spec) (implaws.Found, error) {
	s, err := capable[implaws.Archivist](v)
	if err != nil {
		return implaws.Found{}, err
	}
	own, err := s.Find(folder, spec)
	if err != nil || v.find == nil {
		return own, err
	}
	return v.find(own, folder, spec)
}

// FindAll implements implaws.Archivist.
func (v *variant) FindAll(folder string) ([]experiment.Record, error) {
	s, err := capable[implaws.Archivist](v)
	if err != nil {
		return nil, err
	}
	own, err := s.FindAll(folder)
	if err != nil || v.findAll == nil {
		return own, err
	}
	return v.findAll(own, folder)
}

// NoteFailure implements implaws.Archivist.
func (v *variant) NoteFailure(folder string, spec experiment.Spec, text string) error {
	s, err := capable[implaws.Archivist](v)
	if err != nil {
		return err
	}
	if v.failure == nil {
		return s.NoteFailure(folder, spec, text)
	}
	return v.failure(s, folder, spec, text)
}
