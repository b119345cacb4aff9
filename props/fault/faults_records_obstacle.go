package fault

import (
	"encoding/json"
	"errors"

	"causalgrad/impl/experiment"
	"causalgrad/props/implaws"
)

// obstacleFaults are mistakes where a disk or a run fails.
func obstacleFaults() []Fault {
	return []Fault{
		patch("store-errors-swallowed", "a record that cannot be kept is silently left out", func(v *variant) {
			v.keep = func(own implaws.Archivist, folder string, r experiment.Record, params []float64) error {
				if err := own.Keep(folder, r, params); errors.Is(err, experiment.ErrMismatch) {
					return err
				}
				return nil
			}
		}, "store-obstacles", "store-numbers"),
		patch("store-zero-for-infinite", "a number that JSON has no word for is kept as 0", func(v *variant) {
			v.keep = func(own implaws.Archivist, folder string, r experiment.Record, params []float64) error {
				if _, err := json.Marshal(r); err != nil {
					r.Curve = []experiment.CurvePoint{}
					r.Final.Gap.Value = 0
				}
				return own.Keep(folder, r, params)
			}
		}, "store-numbers"),
		patch("run-diverges-quietly", "a run whose loss is no number ends there with a record of it", func(v *variant) {
			v.runSpecs = func(own implaws.Runner, specs []experiment.Spec, o implaws.RunOptions) ([]implaws.Ran, error) {
				ran, err := own.RunSpecs(specs, o)
				if err != nil && specs[0].LR == 1e12 {
					return make([]implaws.Ran, len(specs)), nil
				}
				return ran, err
			}
		}, "run-refusals"),
		patch("run-without-lock", "every process trains what has no record yet", func(v *variant) {
			v.runSpecs = func(own implaws.Runner, specs []experiment.Spec, o implaws.RunOptions) ([]implaws.Ran, error) {
				ran, err := own.RunSpecs(specs, o)
				for i := range ran {
					ran[i].Steps = specs[i].Steps
				}
				return ran, err
			}
		}, "run-two-at-once", "run-resumed"),
		patch("run-running-is-missing", "a run under way looks as if it were not started", func(v *variant) {
			v.find = func(own implaws.Found, _ string, _ experiment.Spec) (implaws.Found, error) {
				if own.State == experiment.Running {
					own.State = experiment.Missing
				}
				return own, nil
			}
		}, "run-two-at-once"),
		patch("run-ends-at-checkpoint", "a checkpoint that says more steps than the run has counts as its end", func(v *variant) {
			v.runSpecs = func(own implaws.Runner, specs []experiment.Spec, o implaws.RunOptions) ([]implaws.Ran, error) {
				resumed := len(checkpoints(o.Folder)) > 0
				ran, err := own.RunSpecs(specs, o)
				if resumed && err != nil && o.Stop == 0 {
					return []implaws.Ran{{Record: experiment.Record{Spec: specs[0]}}}, nil
				}
				return ran, err
			}
		}, "run-forged-checkpoint"),
	}
}
