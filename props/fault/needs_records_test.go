package fault

import (
	"causalgrad/impl/experiment"
	"causalgrad/props"
	"causalgrad/props/implaws"
)

// watchedKeeping notes what is asked of the part around training runs.
func watchedKeeping(note func(props.Capability)) keeping {
	return keeping{
		readSpec: func(own implaws.Specifier, file string) (experiment.Spec, error) {
			note(implaws.CanSpecify)
			return own.ReadSpec(file)
		},
		hashSpec: func(own implaws.Specifier, s experiment.Spec) (string, error) {
			note(implaws.CanSpecify)
			return own.HashSpec(s)
		},
		plan: func(own []experiment.Spec, _ string) ([]experiment.Spec, error) {
			note(implaws.CanPlan)
			return own, nil
		},
		runSpecs: func(own implaws.Runner, specs []experiment.Spec, o implaws.RunOptions) ([]implaws.Ran, error) {
			note(implaws.CanRun)
			return own.RunSpecs(specs, o)
		},
		measured: func(own experiment.Record, _ experiment.Spec, _ []float64) (experiment.Record, error) {
			note(implaws.CanRun)
			return own, nil
		},
		keep: func(own implaws.Archivist, folder string, r experiment.Record, params []float64) error {
			note(implaws.CanStore)
			return own.Keep(folder, r, params)
		},
		find: func(own implaws.Found, _ string, _ experiment.Spec) (implaws.Found, error) {
			note(implaws.CanStore)
			return own, nil
		},
		findAll: func(own []experiment.Record, _ string) ([]experiment.Record, error) {
			note(implaws.CanStore)
			return own, nil
		},
		failure: func(own implaws.Archivist, folder string, s experiment.Spec, text string) error {
			note(implaws.CanStore)
			return own.NoteFailure(folder, s, text)
		},
	}
}
