package fault

import (
	"causalgrad/impl/experiment"
	"causalgrad/props"
)

// keeping is the part of a variant around training runs.
type keeping struct {
	// Most replacements here get the subject, for faults in what is refused and
	// in what becomes of files.
	readSpec func(own props.Specifier, file string) (experiment.Spec, error)
	hashSpec func(own props.Specifier, s experiment.Spec) (string, error)
	plan     func(own []experiment.Spec, size string) ([]experiment.Spec, error)
	runSpecs func(own props.Runner, specs []experiment.Spec, o props.RunOptions) ([]props.Ran, error)
	measured func(own experiment.Record, s experiment.Spec, params []float64) (experiment.Record, error)
	keep     func(own props.Archivist, folder string, r experiment.Record, params []float64) error
	find     func(own props.Found, folder string, s experiment.Spec) (props.Found, error)
	findAll  func(own []experiment.Record, folder string) ([]experiment.Record, error)
	failure  func(own props.Archivist, folder string, s experiment.Spec, text string) error
}

// ReadSpec implements props.Specifier.
func (v *variant) ReadSpec(file string) (experiment.Spec, error) {
	s, err := capable[props.Specifier](v)
	if err != nil {
		return experiment.Spec{}, err
	}
	if v.readSpec == nil {
		return s.ReadSpec(file)
	}
	return v.readSpec(s, file)
}

// HashSpec implements props.Specifier.
func (v *variant) HashSpec(spec experiment.Spec) (string, error) {
	s, err := capable[props.Specifier](v)
	if err != nil {
		return "", err
	}
	if v.hashSpec == nil {
		return s.HashSpec(spec)
	}
	return v.hashSpec(s, spec)
}

// Plan implements props.Planner.
func (v *variant) Plan(size string, forests [][]int, seeds int) ([]experiment.Spec, error) {
	s, err := capable[props.Planner](v)
	if err != nil {
		return nil, err
	}
	own, err := s.Plan(size, forests, seeds)
	if err != nil || v.plan == nil {
		return own, err
	}
	return v.plan(own, size)
}

// RunSpecs implements props.Runner.
func (v *variant) RunSpecs(specs []experiment.Spec, o props.RunOptions) ([]props.Ran, error) {
	s, err := capable[props.Runner](v)
	if err != nil {
		return nil, err
	}
	if v.runSpecs == nil {
		return s.RunSpecs(specs, o)
	}
	return v.runSpecs(s, specs, o)
}

// MeasureSpec implements props.Runner.
func (v *variant) MeasureSpec(spec experiment.Spec, params []float64, workers int) (experiment.Record, error) {
	s, err := capable[props.Runner](v)
	if err != nil {
		return experiment.Record{}, err
	}
	own, err := s.MeasureSpec(spec, params, workers)
	if err != nil || v.measured == nil {
		return own, err
	}
	return v.measured(own, spec, params)
}

// Keep implements props.Archivist.
func (v *variant) Keep(folder string, r experiment.Record, params []float64) error {
	s, err := capable[props.Archivist](v)
	if err != nil {
		return err
	}
	if v.keep == nil {
		return s.Keep(folder, r, params)
	}
	return v.keep(s, folder, r, params)
}

// Find implements props.Archivist.
func (v *variant) Find(folder string, spec experiment.Spec) (props.Found, error) {
	s, err := capable[props.Archivist](v)
	if err != nil {
		return props.Found{}, err
	}
	own, err := s.Find(folder, spec)
	if err != nil || v.find == nil {
		return own, err
	}
	return v.find(own, folder, spec)
}

// FindAll implements props.Archivist.
func (v *variant) FindAll(folder string) ([]experiment.Record, error) {
	s, err := capable[props.Archivist](v)
	if err != nil {
		return nil, err
	}
	own, err := s.FindAll(folder)
	if err != nil || v.findAll == nil {
		return own, err
	}
	return v.findAll(own, folder)
}

// NoteFailure implements props.Archivist.
func (v *variant) NoteFailure(folder string, spec experiment.Spec, text string) error {
	s, err := capable[props.Archivist](v)
	if err != nil {
		return err
	}
	if v.failure == nil {
		return s.NoteFailure(folder, spec, text)
	}
	return v.failure(s, folder, spec, text)
}
