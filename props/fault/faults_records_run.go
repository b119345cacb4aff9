package fault

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"math"
	"os"
	"path/filepath"
	"slices"

	"causalgrad/impl/experiment"
	"causalgrad/props/implaws"
)

// planFaults are mistakes in the list of experiments.
func planFaults() []Fault {
	altered := func(id, description string, alter func(s experiment.Spec, size string) experiment.Spec, expect ...string) Fault {
		return patch(id, description, func(v *variant) {
			v.plan = func(own []experiment.Spec, size string) ([]experiment.Spec, error) {
				for i := range own {
					own[i] = alter(own[i], size)
				}
				return own, nil
			}
		}, expect...)
	}
	return []Fault{
		altered("plan-small-batches", "the quick size divides the batch as well", func(s experiment.Spec, size string) experiment.Spec {
			if size == "quick" {
				s.Batch /= 4
			}
			return s
		}, "plan-sizes"),
		altered("plan-steps-of-the-chain", "every experiment on two parents takes the chain's steps", func(s experiment.Spec, size string) experiment.Spec {
			if s.ID == "multi-parent" && size == "full" {
				s.Steps = 131072
			}
			return s
		}, "plan-official"),
		altered("plan-one-seed", "every repetition has seed 1", func(s experiment.Spec, _ string) experiment.Spec {
			s.Seed = 1
			return s
		}, "plan-seeds"),
	}
}

// runFaults are mistakes in how runs are made.
func runFaults() []Fault {
	return []Fault{
		makes("run-batch-by-worker", "several workers draw their sequences from a stream of their own", func(s *experiment.Spec, o *implaws.RunOptions) {
			if o.Workers > 1 {
				s.Seed++
			}
		}, "run-workers"),
		patch("run-records-as-they-end", "records of runs at once come in the order in which they ended", func(v *variant) {
			v.runSpecs = func(own implaws.Runner, specs []experiment.Spec, o implaws.RunOptions) ([]implaws.Ran, error) {
				ran, err := own.RunSpecs(specs, o)
				if o.Cores > 0 {
					slices.SortStableFunc(ran, func(a, b implaws.Ran) int { return a.Record.Spec.Steps - b.Record.Spec.Steps })
				}
				return ran, err
			}
		}, "run-parallel"),
		patch("run-starts-over", "a stopped run starts again", func(v *variant) {
			v.runSpecs = func(own implaws.Runner, specs []experiment.Spec, o implaws.RunOptions) ([]implaws.Ran, error) {
				for _, name := range checkpoints(o.Folder) {
					if err := os.Remove(name); err != nil {
						return nil, err
					}
				}
				return own.RunSpecs(specs, o)
			}
		}, "run-resumed"),
		patch("run-forgets-the-curve", "a resumed run has the curve's points from then on", func(v *variant) {
			v.runSpecs = func(own implaws.Runner, specs []experiment.Spec, o implaws.RunOptions) ([]implaws.Ran, error) {
				resumed := len(checkpoints(o.Folder)) > 0
				ran, err := own.RunSpecs(specs, o)
				if resumed && err == nil {
					ran[0].Record.Curve = ran[0].Record.Curve[1:]
				}
				return ran, err
			}
		}, "run-resumed"),
		patch("run-checkpoint-unchecked", "a checkpoint's checksum is not looked at", func(v *variant) {
			v.runSpecs = func(own implaws.Runner, specs []experiment.Spec, o implaws.RunOptions) ([]implaws.Ran, error) {
				for _, name := range checkpoints(o.Folder) {
					if err := reseal(name); err != nil {
						return nil, err
					}
				}
				return own.RunSpecs(specs, o)
			}
		}, "run-damaged-checkpoint"),
		makes("run-again-from-store", "what the store holds is never trained again", func(_ *experiment.Spec, o *implaws.RunOptions) { o.Again = false }, "run-again"),
		makes("run-ignores-initial-weights", "the initial weights that are given are not used", func(s *experiment.Spec, o *implaws.RunOptions) {
			if o.Initial != nil {
				s.InitialWeights, o.Initial = "", nil
			}
		}, "run-continued"),
		makes("run-constant-is-cosine", "the constant schedule decays", func(s *experiment.Spec, _ *implaws.RunOptions) { s.Schedule = "cosine" }, "run-curve-prefix"),
		makes("run-noisy-start", "a zero start has noise of size 1e-3", func(s *experiment.Spec, _ *implaws.RunOptions) {
			if s.InitScale == 0 {
				s.InitScale = 1e-3
			}
		}, "run-starts-at-log-s"),
		leaves("run-curve-without-end", "the curve lacks its last point", func(r *implaws.Ran) {
			r.Record.Curve = r.Record.Curve[:len(r.Record.Curve)-1]
		}, "run-record"),
		leaves("run-hash-big-endian", "the parameters' hash is of their bits, big-endian", func(r *implaws.Ran) {
			var data []byte
			for _, v := range r.Params {
				data = binary.BigEndian.AppendUint64(data, math.Float64bits(v))
			}
			sum := sha256.Sum256(data)
			r.Record.WeightsHash = hex.EncodeToString(sum[:])
		}, "run-record"),
		leaves("run-gap-to-count", "the gap is to the count estimator's loss", func(r *implaws.Ran) { r.Record.Final.Gap = r.Record.Final.OverCount }, "run-record"),
		patch("measure-other-sequences", "given parameters are measured on other sequences", func(v *variant) {
			v.measured = func(own experiment.Record, s experiment.Spec, params []float64) (experiment.Record, error) {
				other := s
				other.Seed++
				r, err := v.Subject.(implaws.Runner).MeasureSpec(other, params, 1)
				r.Spec = s
				return r, err
			}
		}, "run-measured"),
	}
}

// makes alters specs and options before a run; the records name the spec asked for.
func makes(id, description string, alter func(s *experiment.Spec, o *implaws.RunOptions), expect ...string) Fault {
	return patch(id, description, func(v *variant) {
		v.runSpecs = func(own implaws.Runner, specs []experiment.Spec, o implaws.RunOptions) ([]implaws.Ran, error) {
			other := slices.Clone(specs)
			options := o
			for i := range other {
				options = o
				alter(&other[i], &options)
			}
			ran, err := own.RunSpecs(other, options)
			for i := range ran {
				ran[i].Record.Spec = specs[i]
			}
			return ran, err
		}
	}, expect...)
}

// leaves alters what runs leave.
func leaves(id, description string, alter func(r *implaws.Ran), expect ...string) Fault {
	return patch(id, description, func(v *variant) {
		v.runSpecs = func(own implaws.Runner, specs []experiment.Spec, o implaws.RunOptions) ([]implaws.Ran, error) {
			ran, err := own.RunSpecs(specs, o)
			for i := range ran {
				alter(&ran[i])
			}
			return ran, err
		}
	}, expect...)
}

// checkpoints of a store's unfinished runs.
func checkpoints(folder string) []string {
	if folder == "" {
		return nil
	}
	names, err := filepath.Glob(filepath.Join(folder, "unfinished", "*.checkpoint"))
	if err != nil {
		return nil // no pattern in a temporary folder's name
	}
	return names
}

// reseal puts a right checksum under whatever a checkpoint holds.
func reseal(name string) error {
	data, err := os.ReadFile(name)
	if err != nil || len(data) < sha256.Size {
		return err
	}
	body := data[:len(data)-sha256.Size]
	sum := sha256.Sum256(body)
	return os.WriteFile(name, append(body, sum[:]...), 0o600)
}
