package fault

import (
	"causalgrad/impl/experiment"
	"causalgrad/props"
)

// watchedKeeping notes what is asked of the part around training runs.
func watchedKeeping(note func(props.Capability)) keeping {
	return keeping{
		readSpec: func(own props.Specifier, file string) (experiment.Spec, error) {
			note(props.CanSpecify)
			return own.ReadSpec(file)
		},
		hashSpec: func(own props.Specifier, s experiment.Spec) (string, error) {
			note(props.CanSpecify)
			return own.HashSpec(s)
		},
		plan: func(own []experiment.Spec, _ string) ([]experiment.Spec, error) { note(props.CanPlan); return own, nil },
		runSpecs: func(own props.Runner, specs []experiment.Spec, o props.RunOptions) ([]props.Ran, error) {
			note(props.CanRun)
			return own.RunSpecs(specs, o)
		},
		measured: func(own experiment.Record, _ experiment.Spec, _ []float64) (experiment.Record, error) {
			note(props.CanRun)
			return own, nil
		},
		keep: func(own props.Archivist, folder string, r experiment.Record, params []float64) error {
			note(props.CanStore)
			return own.Keep(folder, r, params)
		},
		find: func(own props.Found, _ string, _ experiment.Spec) (props.Found, error) {
			note(props.CanStore)
			return own, nil
		},
		findAll: func(own []experiment.Record, _ string) ([]experiment.Record, error) {
			note(props.CanStore)
			return own, nil
		},
		failure: func(own props.Archivist, folder string, s experiment.Spec, text string) error {
			note(props.CanStore)
			return own.NoteFailure(folder, s, text)
		},
	}
}
