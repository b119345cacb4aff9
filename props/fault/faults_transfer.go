package fault

import (
	"math"
	"slices"

	"causalgrad/impl/measure"
	"causalgrad/impl/task"
	"causalgrad/props"
	"causalgrad/props/implaws"
)

// transferFaults are mistakes in what is measured of relabelled tokens and of
// spectra, and in float32 numbers.
func transferFaults() []Fault {
	return []Fault{
		patch("relabel-absolute", "the change of the loss is its absolute value", func(v *variant) {
			v.relabel = func(own measure.Relabelling) measure.Relabelling { own.LossChange = own.LossShift; return own }
		}, "relabel-two-tokens"),
		patch("relabel-not-undone", "the relabelled prediction is compared without relabelling it back: tokens that are treated alike show a defect", func(v *variant) {
			v.relabel = func(own measure.Relabelling) measure.Relabelling {
				own.Defect.Value += 0.01
				own.Worst += 0.01
				return own
			}
		}, "relabel-token-blind"),
		patch("relabel-summed", "the defect is summed over the relabellings", func(v *variant) {
			v.relabel = func(own measure.Relabelling) measure.Relabelling {
				own.Defect.Value *= float64(own.Permutations)
				return own
			}
		}, "relabel-ranges"),
		patch("spectra-rank-one-lost", "chains of rank one are in no band", func(v *variant) {
			v.spectra = func(own measure.Spectra, err error) (measure.Spectra, error) {
				own.Bands = slices.DeleteFunc(slices.Clone(own.Bands), func(b measure.SpectralBand) bool { return b.Name == "rank one" })
				return own, err
			}
		}, "spectra-bands"),
		patch("spectra-real-part", "the second eigenvalue is half its modulus", func(v *variant) {
			v.spectra = func(own measure.Spectra, err error) (measure.Spectra, error) {
				own.Bands = slices.Clone(own.Bands)
				for i := range own.Bands {
					own.Bands[i].Second.Value /= 2
				}
				return own, err
			}
		}, "spectra-bands"),
		patch("spectra-of-tensors", "a graph with several parents is sorted too", func(v *variant) {
			v.spectra = func(own measure.Spectra, _ error) (measure.Spectra, error) { return own, nil }
		}, "spectra-bands"),
		patch("float32-chain-to-zero", "entries below float32's smallest number become 0", func(v *variant) {
			v.sampleSingle = func(s implaws.Rounder, t props.TaskSpec, r task.Numbers, n int, seed uint64) (*task.Batch, error) {
				b, err := s.SampleRounded(t, r, n, seed)
				if err != nil || !r.Float32 {
					return b, err
				}
				clean := func(p float64) float64 {
					if p <= math.SmallestNonzeroFloat32 {
						return 0
					}
					return p
				}
				b.Chains, b.Targets = eachNumber(b.Chains, clean), eachNumber(b.Targets, clean)
				return b, nil
			}
		}, "float32-sample"),
		patch("float32-always", "chains are rounded to float32 whether asked to or not", func(v *variant) {
			v.sampleSingle = func(s implaws.Rounder, t props.TaskSpec, r task.Numbers, n int, seed uint64) (*task.Batch, error) {
				r.Float32 = true
				return s.SampleRounded(t, r, n, seed)
			}
		}, "float32-sample"),
		patch("float32-start-exact", "the initial parameters are not rounded", func(v *variant) {
			v.trainSingle = func(_ implaws.Rounder, own training, t props.TrainSpec) (training, error) {
				if t.Steps == 0 {
					own.params = t.Params
				}
				return own, nil
			}
		}, "float32-training"),
		patch("float32-gradient-exact", "the gradient is not rounded", func(v *variant) {
			v.trainSingle = func(_ implaws.Rounder, own training, t props.TrainSpec) (training, error) {
				s, err := capable[implaws.Resumer](v)
				if err != nil || t.Steps != 1 {
					return own, err
				}
				t.Params = eachNumber(t.Params, single)
				own.params, own.losses, err = s.TrainInParts(t, nil)
				own.params = eachNumber(own.params, single)
				return own, err
			}
		}, "float32-training"),
	}
}
